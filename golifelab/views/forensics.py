"""The game of traces without names, for the page."""

from __future__ import annotations

from typing import Any

from golifelab.load.syscalls.forensics import Case, Cases
from golifelab.load.syscalls.ways import KINDS
from golifelab.views.syscalls import calls_payload

Payload = dict[str, Any]


def forensics_payload(found: Cases) -> Payload:
    """The traces, the kinds to choose from, and what each trace tells.

    The answers are in it, too: a page without a kernel must know them.
    """
    present = {case.answer for case in found.rows}
    return {
        "kinds": [
            {"id": name, "label": kind.label, "command": kind.command}
            for name, kind in KINDS.items()
            if name in present
        ],
        "cases": [_case(case) for case in found.rows],
        "missing": _missing(found),
        "command": found.command,
        "recorded": str(found.recorded) if found.recorded else "",
    }


def _missing(found: Cases) -> list[list[str]]:
    """Each reason once, with the kinds it is about; with none where it is about all of them."""
    reasons: dict[str, list[str]] = {}
    for label, reason in found.missing:
        reasons.setdefault(reason, []).append(label)
    every = len(found.missing) == len(found.rows)
    return [
        ["" if every and len(reasons) == 1 else ", ".join(labels), reason]
        for reason, labels in reasons.items()
    ]


def _case(case: Case) -> Payload:
    return {
        **calls_payload(case.calls, f"trace {case.name}"),
        "id": case.name,
        "answer": case.answer,
        "hints": list(case.hints),
        "clues": [
            {
                "name": clue.name,
                "found": clue.found,
                "rows": list(clue.rows[:200]),
                "says": clue.says,
                "therefore": clue.therefore,
            }
            for clue in case.clues
        ],
    }
