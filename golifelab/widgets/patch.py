"""The five-byte page: an editor, and below it a function's calls before and after the linker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import traitlets

from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.patch import patch_payloads
from golifelab.views.patchtwin import patch_html, patch_text
from golifelab.widgets.edited import FunctionBench, Payload


class PatchView(FunctionBench):
    """The same bytes in the object file and in the executable, with the arithmetic between them.

    `PatchView(program, function="main.main")`. `function` is by default main.main; it may be set
    from Python, as may `goarch`: which processor is shown, by default the program's own. Addresses
    can be changed in the browser, which reckons along.
    """

    goarch = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        program: Program,
        function: str = "",
        at: str | Position = "",
        **options: Any,
    ) -> None:
        super().__init__(
            "patch",
            program,
            function,
            at,
            panel=self._sides,
            html=patch_html,
            text=patch_text,
            **options,
        )

    def _sides(self, program: Program) -> Iterator[Payload]:
        return patch_payloads(program, self.function)
