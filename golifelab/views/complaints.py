"""Who complained about a program, and who did so first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from golifelab.compile.front import before_types
from golifelab.position import Diagnostic

# Errors that a view lists; all are counted.
MAX_ERRORS = 50

# Who reads the source, in order, and the phase that its errors carry.
READERS = (("scanner", "scan"), ("parser", "parse"), ("types2", "types"))


def complaints(
    errors: Sequence[Diagnostic], tier: str = "helper", *, checked: bool = True
) -> dict[str, Any]:
    """`readers`, each with the number of its errors, and the `first` error.

    Scanner and parser read the text together, from top to bottom, before types2 does: the topmost
    error of theirs is the first. Without one it is the topmost of types2's, whose errors come in
    the order of the text, too, whatever the order in which it found them.

    A reader's count is None when it was not asked: types2 gets no tree that has syntax errors (in
    the fallback `tier`: none with any error). With `checked` false only the scanner has read the
    source.
    """
    counts = {phase: sum(error.phase == phase for error in errors) for _, phase in READERS}
    refused = bool(before_types(errors, tier))
    asked = {"scan": True, "parse": checked, "types": checked and not refused}
    early = (error for error in errors if error.phase in ("scan", "parse"))
    first = next(early, next(iter(errors), None))
    return {
        "readers": [
            {"who": who, "errors": counts[phase] if asked[phase] else None}
            for who, phase in READERS
        ],
        "first": first.to_json() if first else None,
    }


def complaint_words(payload: Mapping[str, Any]) -> str:
    """Who complained first, in a sentence, from what `complaints` gave."""
    first = payload["first"]
    if first is None:
        asked = [reader["who"] for reader in payload["readers"] if reader["errors"] is not None]
        return f"Nobody complained: {', '.join(asked)}."
    who = {phase: who for who, phase in READERS}.get(first["phase"], first["phase"])
    told = f"{first['file']}:{first['line']}:{first['column']}: {first['message']}"
    if who != "types2":
        return f"The {who} complained first, at {told}"
    # Scanner and parser go through the text once. The checker goes through it in phases, and its
    # errors are in the order of the text: the topmost need not be the one that it found first.
    counts = {reader["who"]: reader["errors"] for reader in payload["readers"]}
    topmost = f"the topmost of {counts[who]} errors is at" if (counts[who] or 0) > 1 else "at"
    return f"{who} complained first, {topmost} {told}"
