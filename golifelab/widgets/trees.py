"""The tree view: an editor, and below it three trees of the program in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.trees import trees_payloads
from golifelab.views.treestwin import trees_html, trees_text
from golifelab.widgets.edited import FunctionBench, Payload
from golifelab.widgets.view import position_of


class Trees(FunctionBench):
    """The compiler's syntax tree, go/ast's, and the IR of a function, of one program.

    `function` is the one whose IR is shown, by default that around the selection; it may be
    set from Python.
    """

    def __init__(
        self,
        program: Program,
        function: str = "",
        at: str | Position = "",
        **options: Any,
    ) -> None:
        super().__init__(
            "trees",
            program,
            function,
            at,
            panel=self._trees,
            html=trees_html,
            text=trees_text,
            **options,
        )

    def _trees(self, program: Program) -> Iterable[Payload]:
        return trees_payloads(program, self.function, position_of(self.selection))
