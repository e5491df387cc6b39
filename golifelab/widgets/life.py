"""The rail, the editor, and the lab that has both with the SSA text between them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import traitlets

from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.editor import editor_part
from golifelab.views.html import block, details
from golifelab.views.life import Life as Pictures
from golifelab.views.railtwin import life_html, rail_html, rail_text
from golifelab.widgets.edited import Edited
from golifelab.widgets.live import Live
from golifelab.widgets.session import Picture, Wanted
from golifelab.widgets.view import pack

# What in a picture belongs to the editor and to the SSA text; the rest is the rail's.
_ELSEWHERE = frozenset({"tokens", "squiggles", "ssa"})


class Rail(Live):
    """The life of a program, station by station, and what one position is in each of them.

    `function` is the one whose SSA is counted; by default the position's.
    """

    def __init__(
        self,
        program: Program,
        at: str | Position = "",
        *,
        function: str = "",
        **options: Any,
    ) -> None:
        super().__init__("rail", program, at, look=Pictures(function).pictures, **options)

    def _publish(self, picture: Picture, wanted: Wanted) -> None:
        self.payload = pack(_rail_payload(picture, wanted.seq))

    def _html_of(self, picture: Picture) -> str:
        return rail_html(picture)

    def _text_of(self, picture: Picture) -> str:
        return rail_text(picture)


class Editor(Edited):
    """An editor that the real scanner colours and the real type checker corrects."""

    def __init__(self, program: Program, at: str | Position = "", **options: Any) -> None:
        super().__init__("editor", program, at, look=self._marks, **options)

    def _marks(self, program: Program, _: Position) -> Iterable[Picture]:
        yield editor_part(program, self.file)

    def _html_of(self, picture: Picture) -> str:  # noqa: ARG002 - the text is all there is
        return details("the program", block(self.source), opened=True)

    def _text_of(self, picture: Picture) -> str:  # noqa: ARG002 - as above
        return self.source


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
        super().__init__("life", program, at, look=Pictures(function).pictures, **options)

    def _publish(self, picture: Picture, wanted: Wanted) -> None:
        super()._publish(picture, wanted)
        if "ssa" in picture:
            self.passes = pack({"seq": wanted.seq, "file": self.file, **picture["ssa"]})
        elif picture.get("errors"):
            self.passes = pack({"seq": wanted.seq, "function": "", "lines": [], "passes": []})
        self.payload = pack(_rail_payload(picture, wanted.seq))

    def _html_of(self, picture: Picture) -> str:
        return life_html(picture, self.source)

    def _text_of(self, picture: Picture) -> str:
        return rail_text(picture)


def _rail_payload(picture: Picture, seq: int) -> dict[str, Any]:
    return {"seq": seq} | {name: at for name, at in picture.items() if name not in _ELSEWHERE}
