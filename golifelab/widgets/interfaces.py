"""The interface explainer: an editor, and beside it which of its types are which interfaces."""

from __future__ import annotations

from typing import Any

from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.interfaces import interfaces_payloads
from golifelab.views.interfacestwin import interfaces_html, interfaces_text
from golifelab.widgets.edited import Bench


class Interfaces(Bench):
    """Types by interfaces, T and *T apart; every cell says why, in words and in the checker's own.

    `Interfaces(program, at="6:11")`.
    """

    def __init__(self, program: Program, at: str | Position = "", **options: Any) -> None:
        super().__init__(
            "interfaces",
            program,
            at,
            panel=interfaces_payloads,
            html=interfaces_html,
            text=interfaces_text,
            **options,
        )
