"""The check player: an editor, and beside it the phases of the front end that it went through."""

from __future__ import annotations

from typing import Any

from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.checks import checks_payloads
from golifelab.views.checkstwin import checks_html, checks_text
from golifelab.widgets.edited import Bench


class Checks(Bench):
    """Scanner, parser and the checker's own phases: what each found, and what it did, line by line.

    The phase that complained first is marked. `Checks(program, at="6:11")`.
    """

    def __init__(self, program: Program, at: str | Position = "", **options: Any) -> None:
        super().__init__(
            "checks",
            program,
            at,
            panel=checks_payloads,
            html=checks_html,
            text=checks_text,
            **options,
        )
