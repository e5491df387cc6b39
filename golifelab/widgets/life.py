"""The rail, the editor, and the lab that has both with the SSA text between them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any
from uuid import uuid4

import traitlets

from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.railtwin import life_html
from golifelab.widgets.live import PATIENCE, Live, rail_payload
from golifelab.widgets.session import Picture, Wanted
from golifelab.widgets.view import pack


class Rail(Live):
    """The life of a program, station by station, and what one position is in each of them."""

    def __init__(self, program: Program, at: str | Position = "", **options: Any) -> None:
        super().__init__("rail", program, at, **options)

    def _publish(self, picture: Picture, wanted: Wanted) -> None:
        self.payload = pack(rail_payload(picture, wanted.seq))


class Edited(Live):
    """A live view with an editor in it, of the program's first file.

    `source` is the text and may be set from Python. `seq` numbers the edits; `marks` holds the
    colours and squiggles of the newest.
    """

    # The browser knows what it has just sent: an echo would only come between it and the answer.
    source = traitlets.Unicode().tag(sync=True, echo_update=False)
    seq = traitlets.Int(0).tag(sync=True, echo_update=False)
    file = traitlets.Unicode().tag(sync=True)
    readonly = traitlets.Bool(False).tag(sync=True)
    marks = traitlets.Bytes().tag(sync=True)

    def __init__(
        self, view: str, program: Program, at: str | Position = "", **options: Any
    ) -> None:
        self._asked = (program.text, 0)
        # An edited program is no longer the one it began as: it is linked to what has its key.
        options.setdefault("key", f"edit {uuid4().hex}")
        options |= {"source": program.text, "file": program.source.names[0]}
        super().__init__(view, program, at, **options)

    @traitlets.observe("source", "seq")
    def _on_edit(self, _: object) -> None:
        if self.comm is None:
            return
        text, seq = self._asked
        if self.source != text and self.seq == seq:
            # The browser counts its own edits. This one is Python's, and is counted here.
            self.seq += 1
            return
        self._ask()

    def _wanted_text(self) -> tuple[str, int]:
        self._asked = (self.source, self.seq)
        return self._asked

    def _publish(self, picture: Picture, wanted: Wanted) -> None:
        if "tokens" in picture:
            marks = {name: picture.get(name) for name in ("tokens", "squiggles")}
            self.marks = pack({"seq": wanted.seq, **marks})

    def _html(self) -> str:
        self._session.wait(PATIENCE)
        return life_html(self._picture, self.source)


class Editor(Edited):
    """An editor that the real scanner colours and the real type checker corrects."""

    def __init__(self, program: Program, at: str | Position = "", **options: Any) -> None:
        super().__init__("editor", program, at, **options)

    def _compute(self, text: str, position: Position) -> Iterable[Picture]:
        # The first picture is the front end's, which is all that an editor shows.
        return islice(super()._compute(text, position), 1)


class Life(Edited):
    """The lab: edit a program, see the SSA of a function change, and its whole life below.

    `Life(sample("add"), function="add")`. `passes` holds the SSA of the function after every pass.
    """

    passes = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        program: Program,
        function: str = "",
        at: str | Position = "",
        **options: Any,
    ) -> None:
        super().__init__("life", program, at, function=function, **options)

    def _publish(self, picture: Picture, wanted: Wanted) -> None:
        super()._publish(picture, wanted)
        if "ssa" in picture:
            self.passes = pack({"seq": wanted.seq, "file": self.file, **picture["ssa"]})
        elif picture.get("errors"):
            self.passes = pack({"seq": wanted.seq, "function": "", "lines": [], "passes": []})
        self.payload = pack(rail_payload(picture, wanted.seq))
