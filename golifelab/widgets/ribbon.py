"""The token ribbon: an editor, and below it what two scanners make of its text."""

from __future__ import annotations

from typing import Any

from golifelab.compile.tokens import Tokens
from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.ribbon import ribbon_payload, ribbon_payloads
from golifelab.views.ribbontwin import ribbon_html, ribbon_text
from golifelab.widgets.edited import Bench
from golifelab.widgets.view import View


class Ribbon(Bench):
    """The tokens of a program's first file, the compiler's above and go/token's below.

    Semicolons that nobody typed have a dashed box. `Ribbon(program, at="6:11")`.
    """

    def __init__(self, program: Program, at: str | Position = "", **options: Any) -> None:
        super().__init__(
            "ribbon",
            program,
            at,
            panel=ribbon_payloads,
            html=ribbon_html,
            text=ribbon_text,
            **options,
        )


def tokens_view(tokens: Tokens) -> View:
    """The ribbon of a stage value alone: read-only, and with the compiler's lane only."""
    file = tokens.files[0]
    payload = {"file": file, **ribbon_payload(tokens, file)}
    return View(
        "ribbon", payload, twin=lambda: ribbon_html(payload), text=lambda: ribbon_text(payload)
    )
