"""Positions and diagnostics as plain data, for `to_json` and frames."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from golifelab.position import Diagnostic, Position


def place(position: Position | None) -> str:
    """A position as text, empty when there is none."""
    return "" if position is None else str(position)


def spot(position: Position | None) -> dict[str, Any] | None:
    """A position as an object: file, line, column."""
    if position is None:
        return None
    return {"file": position.file, "line": position.line, "column": position.column}


def diagnostics(errors: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Diagnostics as objects: position, message, severity, code, phase."""
    return [
        {
            "position": spot(error.position),
            "message": error.message,
            "severity": error.severity,
            "code": error.code,
            "phase": error.phase,
        }
        for error in errors
    ]
