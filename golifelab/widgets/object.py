"""The object file page: an editor, and below it every byte of what the compiler writes."""

from __future__ import annotations

from typing import Any

from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.objectbytes import object_payloads
from golifelab.views.objecttwin import object_panel_html, object_panel_text
from golifelab.widgets.edited import Bench


class ObjectView(Bench):
    """The object file of a program: its bytes, what each of them is, and its symbols.

    `ObjectView(program, at="6:11")`. A byte, its field and the source line of its code are one
    choice, in all of them.
    """

    def __init__(self, program: Program, at: str | Position = "", **options: Any) -> None:
        super().__init__(
            "object",
            program,
            at,
            panel=object_payloads,
            html=object_panel_html,
            text=object_panel_text,
            **options,
        )
