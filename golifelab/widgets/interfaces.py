"""The interface explainer: an editor, and beside it which of its types are which interfaces."""

from __future__ import annotations

from typing import Any

from golifelab.compile.methods import MethodSets
from golifelab.compile.satisfaction import Satisfaction
from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.interfaces import interfaces_payload, interfaces_payloads
from golifelab.views.interfacestwin import interfaces_html, interfaces_text
from golifelab.widgets.edited import Bench
from golifelab.widgets.view import View


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


def interfaces_view(matrix: Satisfaction, sets: MethodSets) -> View:
    """The explainer of a stage value alone, read-only."""
    payload = interfaces_payload(matrix, sets)
    return View(
        "interfaces",
        payload,
        twin=lambda: interfaces_html(payload),
        text=lambda: interfaces_text(payload),
    )
