"""Who complained about a program, and who did so first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from golifelab.position import Diagnostic

# Errors that a view lists; all are counted.
MAX_ERRORS = 50

# Who reads the source, in order, and the phase that its errors carry.
READERS = (("scanner", "scan"), ("parser", "parse"), ("types2", "types"))


def complaints(errors: Sequence[Diagnostic], *, checked: bool = True) -> dict[str, Any]:
    """`readers`, each with the number of its errors, and the `first` error.

    A reader's count is None when it was not asked: types2 gets no tree that has syntax errors. With
    `checked` false only the scanner has read the source.
    """
    counts = {phase: sum(error.phase == phase for error in errors) for _, phase in READERS}
    broken = counts["scan"] + counts["parse"] > 0
    asked = {"scan": True, "parse": checked, "types": checked and not broken}
    return {
        "readers": [
            {"who": who, "errors": counts[phase] if asked[phase] else None}
            for who, phase in READERS
        ],
        "first": errors[0].to_json() if errors else None,
    }


def complaint_words(payload: Mapping[str, Any]) -> str:
    """Who complained first, in a sentence, from what `complaints` gave."""
    first = payload["first"]
    if first is None:
        asked = [reader["who"] for reader in payload["readers"] if reader["errors"] is not None]
        return f"Nobody complained: {', '.join(asked)}."
    who = {phase: who for who, phase in READERS}.get(first["phase"], first["phase"])
    place = f"{first['file']}:{first['line']}:{first['column']}"
    return f"The {who} complained first, at {place}: {first['message']}"
