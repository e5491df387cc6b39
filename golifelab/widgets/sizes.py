"""The size map: an editor, and beside it what every byte of the executable is for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any, NamedTuple

import traitlets

from golifelab.errors import GolifelabError, Superseded
from golifelab.link.sizes import Sizes, SizesDifference, sizes, sizes_difference
from golifelab.position import Position
from golifelab.program import Program
from golifelab.toolchain.install import installed_versions
from golifelab.toolchain.link import Mode
from golifelab.views.sizes import sizes_payload
from golifelab.views.sizestwin import panel_html, panel_text
from golifelab.widgets.edited import Bench, Payload

STRIPPED = "-s -w"
_SMALL = Mode(flags=("-s", "-w"))
# The other program is the text with which the map began.
_FIRST = "the text as it was"
_OTHER = "another program"
# Builds that are remembered, each without names for what has no symbol, and with them.
_KEPT = 9


class _Build(NamedTuple):
    """A program and how it is linked."""

    program: Program
    stripped: bool = False


class SizeMap(Bench):
    """The bytes of a program's executable by package, section, kind and symbol, as areas.

    `SizeMap(program, against="-s -w")` compares: with nothing the text as it was at first; with
    "-s -w", "GOARCH=arm64", "CGO_ENABLED=1" or "go1.24.11" the same text built in that way; with a
    Program that one.
    """

    against = traitlets.Unicode().tag(sync=True)
    measure = traitlets.Unicode("file").tag(sync=True)
    grouping = traitlets.Unicode("package").tag(sync=True)

    def __init__(
        self,
        program: Program,
        at: str | Position = "",
        *,
        against: str | Program = "",
        **options: Any,
    ) -> None:
        self._first = program
        self._other = against if isinstance(against, Program) else None
        self._now: Sizes | None = None
        self._change: SizesDifference | None = None
        self._known: dict[tuple[_Build, bool], Sizes] = {}
        named = against if isinstance(against, str) else _OTHER
        if named and self._other is None:
            _variant(program, named)
        super().__init__(
            "sizes",
            program,
            at,
            panel=self._payloads,
            html=lambda shown: panel_html(shown, self._now, self._change),
            text=lambda shown: panel_text(shown, self._now),
            against=named,
            **options,
        )

    @property
    def sizes(self) -> Sizes | None:
        """What the bytes of the program are for; None while it was not linked."""
        return self._now

    @property
    def change(self) -> SizesDifference | None:
        """How the two sides differ; None where there is only one."""
        return self._change

    @traitlets.observe("against")
    def _on_against(self, _: object) -> None:
        if self.comm is not None:
            self._session.again()

    def _payloads(self, program: Program) -> Iterator[Payload]:
        told = {"choices": self._choices(program), "against": self.against}
        try:
            now, before, labels = self._sides(program)
            # What is in no symbol takes longest to name: the rest is shown before that.
            for detailed in (False, True):
                self._now = self._of(now, detailed=detailed)
                other = self._of(before, detailed=detailed) if before is not None else None
                self._change = None if other is None else sizes_difference(other, self._now)
                yield {**sizes_payload(self._now, other, labels=labels), **told}
        except Superseded:
            raise
        except GolifelabError as error:
            yield {"failed": error.brief, **told}

    def _sides(self, program: Program) -> tuple[_Build, _Build | None, tuple[str, str]]:
        """What is shown, what it is compared with, and what the two are called."""
        now = _Build(program)
        if self._other is not None and self.against == _OTHER:
            return now, _Build(self._other), ("the other program", "this one")
        if self.against:
            return _variant(program, self.against), now, ("as it is", self.against)
        first = None if program == self._first else _Build(self._first)
        return now, first, (_FIRST, "the text now")

    def _of(self, build: _Build, *, detailed: bool) -> Sizes:
        key = build, detailed
        if key not in self._known:
            made = build.program.link(_SMALL if build.stripped else None)
            # The first text is kept, and what an edit may come back to.
            while len(self._known) > _KEPT:
                self._known.pop(next(one for one in self._known if one[0].program != self._first))
            self._known[key] = made.sizes if detailed else sizes(made)
        return self._known[key]

    def _choices(self, program: Program) -> list[dict[str, str]]:
        named = [(_OTHER, _OTHER)] if self._other is not None else []
        named += [("", _FIRST), (STRIPPED, "stripped: -s -w")]
        other = "arm64" if program.target.goarch == "amd64" else "amd64"
        named.append((f"GOARCH={other}", f"another processor: {other}"))
        cgo = not program.target.cgo
        if not cgo or shutil.which("gcc"):
            named.append((f"CGO_ENABLED={cgo:d}", "with C linked in" if cgo else "without C"))
        versions = [one for one in installed_versions() if one != program.target.go]
        named += [(f"go{one}", f"another Go: {one}") for one in versions]
        return [{"id": one, "label": label} for one, label in named]


def _variant(program: Program, named: str) -> _Build:
    """The program, built in another way."""
    if named == STRIPPED:
        return _Build(program, stripped=True)
    if named.startswith("GOARCH="):
        return _Build(program.for_target(goarch=named.removeprefix("GOARCH=")))
    if named in ("CGO_ENABLED=0", "CGO_ENABLED=1"):
        return _Build(program.for_target(cgo=named.endswith("1")))
    if named.startswith("go1."):
        return _Build(program.for_target(go=named.removeprefix("go")))
    raise GolifelabError(
        f"there is nothing to compare with called {named!r}",
        remedy='there are "-s -w", "GOARCH=arm64", "CGO_ENABLED=1", "go1.24.11", and any Program',
    )
