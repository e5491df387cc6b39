"""The tree view: an editor, and below it three trees of the program in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import traitlets

from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.trees import trees_payloads
from golifelab.views.treestwin import trees_html, trees_text
from golifelab.widgets.edited import Bench, Payload


class Trees(Bench):
    """The compiler's syntax tree, go/ast's, and the IR of a function, of one program.

    `function` is the one whose IR is shown, by default the first; it may be set from Python.
    """

    function = traitlets.Unicode().tag(sync=True)

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
            at,
            panel=self._trees,
            html=trees_html,
            text=trees_text,
            function=function,
            **options,
        )

    def _trees(self, program: Program) -> Iterable[Payload]:
        return trees_payloads(program, self.function)

    @traitlets.observe("function")
    def _on_function(self, _: object) -> None:
        if self.comm is not None:
            self._session.again()
