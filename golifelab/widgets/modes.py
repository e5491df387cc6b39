"""The ways to build a program: an editor, and what every way makes of what is in it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import traitlets

from golifelab.errors import Superseded
from golifelab.link.cgo import CPackages, c_packages
from golifelab.link.modes import WAYS, Build, ModeMatrix, Way, built
from golifelab.link.modes.matrix import matrix_of, plain
from golifelab.position import Position
from golifelab.program import Program
from golifelab.source import Source
from golifelab.target import Target
from golifelab.views.html import Markup, tag
from golifelab.views.modes import builds_payload, import_places, way_of, way_payload
from golifelab.views.modestwin import mode_matrix_html, mode_matrix_text
from golifelab.widgets.edited import Bench, Payload
from golifelab.widgets.live import PATIENCE
from golifelab.widgets.view import pack
from golifelab.widgets.work import Work

# Between two looks at the builds so far, in seconds: a page has no use for more.
_PAUSE = 0.1
# Before an edited program is built in all ways, in seconds: whoever types will soon change it.
_SETTLE = 0.5

_MARKED = (
    'The compiler marks import "C": it cannot read such a file. go build lets cgo translate the'
    " file first."
)

# What builds belong to.
Key = tuple[Source, Target]


class Modes(Bench):
    """Who links a program and who starts it, by every setting that has a say; built for real.

    `Modes(program, way=Way(cgo=True))`. `way` is the one in view, as a Way or, in the browser, as
    its settings; one that is not among `ways` is built when it is chosen. All of it follows the
    editor.
    """

    way = traitlets.Dict().tag(sync=True, echo_update=False)
    measured = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        program: Program,
        at: str | Position = "",
        *,
        way: Way | None = None,
        ways: Sequence[Way] = WAYS,
        **options: Any,
    ) -> None:
        self._ways = tuple(ways)
        self._building, self._asking = Work(), Work()
        self._edit = 0
        self._key: Key | None = None
        self._rows: tuple[Build, ...] = ()
        self._c: tuple[CPackages, ...] = ()
        super().__init__(
            "modes",
            program,
            at,
            panel=self._facts,
            html=self._matrix_html,
            text=self._matrix_text,
            way=way_payload(way or Way(cgo=True)),
            **options,
        )

    @property
    def matrix(self) -> ModeMatrix:
        """The builds so far."""
        return matrix_of(self._rows)

    @property
    def build(self) -> Build | None:
        """The build in view; None while it is not made."""
        chosen = way_of(self.way)
        return next((row for row in self._rows if row.way == chosen), None)

    def choose(self, way: Way) -> None:
        """Look at another way; it is built if need be. Does not wait."""
        self.way = way_payload(way)

    def wait(self, timeout: float = 120.0) -> bool:
        """Wait until all ways are built."""
        deadline = time.monotonic() + timeout
        done = super().wait(timeout)
        for work in (self._building, self._asking):
            done = work.wait(max(0.0, deadline - time.monotonic())) and done
        return done

    @traitlets.observe("way")
    def _on_way(self, _: object) -> None:
        if self.comm is None or self._key is None or self.build is not None:
            return
        key = self._key
        self._asking.start(lambda: self._make(key, way_of(self.way)), self._report)

    def _publish(self, picture: Mapping[str, Any], wanted: Any) -> None:
        self._edit = wanted.seq
        super()._publish(picture, wanted)
        if self._rows and "failed" not in picture.get("panel", {"failed": ""}):
            # They are of this edit, too: nothing changed that matters to them.
            self._tell()

    def _facts(self, program: Program) -> Iterator[Payload]:
        """The panel, in the edit loop's thread; the builds are made beside it."""
        broken = [one for one in program.errors if one.code != "BrokenImport"]
        if broken:
            self._give_up()
            yield {"failed": f"the program does not compile: {broken[0]}"}
            return
        key = program.source, plain(program.target)
        fresh = key != self._key
        if fresh:
            self._give_up()
            self._key = key
        places = import_places(program)
        payload = {**builds_payload((), of=len(self._ways)), "imports": places}
        yield payload | ({"note": _MARKED} if "C" in places else {})
        if fresh:
            self._building.start(lambda: self._make_all(key), self._report)

    def _give_up(self) -> None:
        """What was built, and is being built, is not of the program as it is now."""
        self._building.stop()
        self._asking.stop()
        self._key, self._rows, self._c = None, (), ()

    def _make_all(self, key: Key) -> None:
        if self._edit:
            time.sleep(_SETTLE)
        source, target = key
        asked = sorted({(way.cgo, way.tags) for way in self._ways})
        self._c = tuple(c_packages(source, target.with_(cgo=cgo), tags) for cgo, tags in asked)
        if key != self._key:
            raise Superseded
        chosen = way_of(self.way)
        told = 0.0
        # What the reader looks at is built first.
        for way in sorted(self._ways, key=lambda one: one != chosen):
            self._make(key, way, tell=False)
            if time.monotonic() - told > _PAUSE:
                told = time.monotonic()
                self._tell()
        self._tell()

    def _make(self, key: Key, way: Way, *, tell: bool = True) -> None:
        if key != self._key:
            raise Superseded
        if all(row.way != way for row in self._rows):
            source, target = key
            made = built(source, target, way)
            if key != self._key:
                raise Superseded
            order = {one: number for number, one in enumerate(self._ways)}
            rows = (*(row for row in self._rows if row.way != way), made)
            self._rows = tuple(sorted(rows, key=lambda row: order.get(row.way, len(order))))
        if tell:
            self._tell()

    def _tell(self) -> None:
        of = max(len(self._ways), len(self._rows))
        self.measured = pack({"seq": self._edit, **builds_payload(self._rows, of=of, c=self._c)})

    def _html(self) -> str:
        self.wait(PATIENCE)
        return super()._html()

    def _plain(self) -> str:
        self.wait(PATIENCE)
        return super()._plain()

    def _matrix_html(self, shown: Payload) -> Markup:
        return mode_matrix_html(self.matrix) if self._rows else tag("p", _nothing(shown))

    def _matrix_text(self, shown: Payload) -> str:
        return mode_matrix_text(self.matrix) if self._rows else _nothing(shown)


def _nothing(shown: Payload) -> str:
    return str(shown.get("failed") or "Go is at work; run the cell again to see more.")
