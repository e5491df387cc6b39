"""The register grid: an editor, and below it which value each register holds, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import traitlets

from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.html import Markup
from golifelab.views.registergrid import registers_payloads
from golifelab.views.registerstwin import grids_html, grids_text
from golifelab.widgets.edited import FunctionBench, Payload


class Registers(FunctionBench):
    """The registers of a function after allocation, and its stack frame; amd64 and arm64.

    `Registers(program, function="press")`. `function` is by default the first of the text; it may
    be set from Python, as may what the browser's switches set: `goarch` (which processor's grid is
    shown, by default the program's own), `tab` ("registers" or "frame") and `flip` (whether the
    steps stand side by side). Both grids are in the browser: switching needs no kernel.
    """

    goarch = traitlets.Unicode().tag(sync=True)
    tab = traitlets.Unicode("registers").tag(sync=True)
    flip = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        program: Program,
        function: str = "",
        at: str | Position = "",
        **options: Any,
    ) -> None:
        super().__init__(
            "registers",
            program,
            function,
            at,
            panel=self._grids,
            html=self._twin_html,
            text=grids_text,
            **options,
        )

    def _grids(self, program: Program) -> Iterator[Payload]:
        return registers_payloads(program, self.function)

    def _twin_html(self, payload: Payload) -> Markup:
        return grids_html(payload, self.goarch)
