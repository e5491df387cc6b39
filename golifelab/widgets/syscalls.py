"""Traces without names: which program made each of them? And the system calls of an edited one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import traitlets

from golifelab.errors import GolifelabError
from golifelab.load.syscalls.forensics import Cases, cases
from golifelab.load.syscalls.kept import plain_calls
from golifelab.load.syscalls.stage import SystemCalls
from golifelab.load.syscalls.ways import KINDS
from golifelab.position import Position
from golifelab.program import Program
from golifelab.program.face import sample
from golifelab.views.forensics import forensics_payload
from golifelab.views.html import Markup, tag
from golifelab.views.syscalls import calls_payload
from golifelab.views.syscallstwin import calls_html, calls_text, cases_html, cases_text
from golifelab.widgets.edited import Bench, Payload, failing_in_panel
from golifelab.widgets.live import PATIENCE
from golifelab.widgets.view import View, pack
from golifelab.widgets.work import Work

_WAITING = "Go is building the programs; run the cell again to see their traces."


class Forensics(View):
    """A game: real traces of one program, built in several ways, and nothing says which is which.

    `Forensics(program, kinds=("static", "pie", "dynamic"), seed=3)`. Another `seed` is another
    order. `answers` is what the reader guessed: the name of a trace to the name of a kind; it may
    be set from Python. Where nobody may trace, the traces are recorded ones.
    """

    answers = traitlets.Dict().tag(sync=True, echo_update=False)

    def __init__(
        self,
        program: Program | None = None,
        *,
        kinds: tuple[str, ...] = tuple(KINDS),
        seed: int = 0,
        **options: Any,
    ) -> None:
        self._work, self._found = Work(), None
        self._failed = ""
        waiting = {"cases": [], "kinds": [], "waiting": _WAITING}
        super().__init__(
            "forensics", waiting, twin=self._html, text=self._plain, answers={}, **options
        )
        value = program or sample("hello")
        self._work.start(lambda: self._make(value, kinds, seed), self._fail)

    _found: Cases | None

    @property
    def cases(self) -> Cases:
        """The traces with their answers; waits until they are made."""
        self.wait()
        if self._found is None:
            raise GolifelabError(self._failed or _WAITING)
        return self._found

    @property
    def right(self) -> int:
        """How many of the answers are right."""
        return sum(self.answers.get(case.name) == case.answer for case in self.cases.rows)

    def wait(self, timeout: float = 300.0) -> bool:
        """Wait until the traces are made."""
        return self._work.wait(timeout)

    def close(self) -> None:
        """Give up what is under way, and leave the page."""
        self._work.stop()
        super().close()

    def _make(self, program: Program, kinds: tuple[str, ...], seed: int) -> None:
        self._found = cases(program.source, program.target, kinds=kinds, seed=seed)
        self.payload = pack(forensics_payload(self._found))

    def _fail(self, said: str) -> None:
        self._failed = said
        self.payload = pack({"cases": [], "kinds": [], "waiting": said})

    def _html(self) -> str:
        self._work.wait(PATIENCE)
        return str(cases_html(self._found) if self._found else tag("p", self._failed or _WAITING))

    def _plain(self) -> str:
        self._work.wait(PATIENCE)
        return cases_text(self._found) if self._found else self._failed or _WAITING


def forensics(program: Program | None = None, **options: Any) -> Forensics:
    """The game of traces without names, of a program that prints hello by default."""
    return Forensics(program, **options)


class SystemCallsPage(Bench):
    """An editor, and below it every system call of what is in it, with what they do to addresses.

    `show(program, view="syscalls")`.
    """

    def __init__(self, program: Program, at: str | Position = "", **options: Any) -> None:
        self._calls: SystemCalls | None = None
        self._worded: SystemCalls | None = None
        super().__init__(
            "syscalls",
            program,
            at,
            panel=self._traces,
            html=self._calls_html,
            text=self._calls_text,
            **options,
        )

    @property
    def calls(self) -> SystemCalls | None:
        """The calls of the newest text that runs."""
        return self._calls

    @failing_in_panel
    def _traces(self, program: Program) -> Iterator[Payload]:
        self._calls = program.system_calls
        self._worded = plain_calls(self._calls)
        yield {"traces": [calls_payload(self._worded, "this program")]}

    def _calls_html(self, shown: Payload) -> Markup:
        known = self._worded
        return calls_html(known) if known else tag("p", str(shown.get("failed") or _WAITING))

    def _calls_text(self, shown: Payload) -> str:
        known = self._worded
        return calls_text(known) if known else str(shown.get("failed") or _WAITING)
