"""The token ribbon: an editor, and below it what two scanners make of its text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.ribbon import ribbon_payloads
from golifelab.views.ribbontwin import ribbon_html, ribbon_text
from golifelab.widgets.edited import Bench, Payload


class Ribbon(Bench):
    """The tokens of the file in the editor, the compiler's above and go/token's below.

    Semicolons that nobody typed have a dashed box. `Ribbon(program, at="6:11")`.
    """

    def __init__(self, program: Program, at: str | Position = "", **options: Any) -> None:
        super().__init__(
            "ribbon",
            program,
            at,
            panel=self._ribbon,
            html=ribbon_html,
            text=ribbon_text,
            **options,
        )

    def _ribbon(self, program: Program) -> Iterable[Payload]:
        return ribbon_payloads(program, self._open)
