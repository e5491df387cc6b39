"""What the ablation board shows: passes with their switches, measures, times and shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from golifelab.compile.functions import Function
from golifelab.compile.ssa.ablation import (
    Ablated,
    Ablation,
    Attribution,
    Measure,
    RunTimes,
    pass_table,
)
from golifelab.compile.ssa.passcomments import pass_comments
from golifelab.target import Target
from golifelab.views.functions import function_choices

Payload = dict[str, Any]

# In the order of the columns: what a reader asks first stands first.
COLUMNS = ("bytes", "instructions", "values", "checks", "frame")
NAMES = {
    "bytes": "bytes",
    "instructions": "instructions",
    "values": "values",
    "checks": "bounds checks",
    "frame": "frame",
}


def board_payload(
    target: Target, functions: Sequence[Function], function: Function, ran: frozenset[str]
) -> Payload:
    """What there is to switch: the functions, the passes, the columns.

    `ran` are the names of the passes that run by default.
    """
    comments = pass_comments(target)
    passes = [
        {
            "name": entry.name,
            "required": entry.required,
            "refusal": entry.refusal,
            "runs": entry.required or entry.name in ran,
            "says": comments.get(entry.name, ""),
        }
        for entry in pass_table(target)
    ]
    return _board(functions, function, passes)


def _board(functions: Sequence[Function], function: Function, passes: list[Payload]) -> Payload:
    return {
        "functions": function_choices(functions),
        "function": function.symbol,
        "columns": [{"id": name, "name": NAMES[name]} for name in COLUMNS],
        "passes": passes,
    }


def measure_row(measure: Measure | None) -> list[int] | None:
    """A measure in the order of COLUMNS; None where there is none."""
    return None if measure is None else [getattr(measure, name) for name in COLUMNS]


def cell_payload(cell: Ablated) -> Payload:
    """One pass, or the chosen set: `switched`, `measure`, `error`."""
    error = "" if cell.required else cell.error
    return {"switched": cell.switched, "measure": measure_row(cell.measure), "error": error}


def sweep_payload(ablation: Ablation, of: int) -> Payload:
    """Passes switched one at a time, so far: `cells` by pass, `done` of `of`."""
    return {
        "function": ablation.function.symbol,
        "baseline": measure_row(ablation.baseline),
        "cells": {cell.name: cell_payload(cell) for cell in ablation if not cell.required},
        "done": len(ablation),
        "of": of,
    }


def ablation_payload(ablation: Ablation) -> Payload:
    """A stage value alone: the board with all that was measured, and nothing to switch."""
    passes: list[Payload] = [
        {
            "name": cell.name,
            "required": cell.required,
            "refusal": cell.error if cell.required else "",
            "runs": cell.switched != "on",
            "says": "",
        }
        for cell in ablation
    ]
    board = _board([ablation.function], ablation.function, passes)
    return board | {"sweep": sweep_payload(ablation, len(ablation))}


def shares_payload(shares: Attribution) -> Payload:
    """What some passes save, divided: `shares` as exact text and as a number, the largest first."""
    return {
        "what": shares.what,
        "name": NAMES[shares.what],
        "without": shares.without,
        "with": shares.with_all,
        "compilations": shares.compilations,
        "shares": [
            {"pass": name, "share": float(share), "exact": str(share)}
            for name, share in shares.ranked()
        ],
    }


def times_payload(times: RunTimes) -> Payload:
    """Variants with best, median and slowest batch, in nanoseconds an evaluation."""
    return {
        "expression": times.expression,
        "variants": [
            {
                "name": time.name,
                "best": time.best,
                "median": time.median,
                "slowest": max(time.nanoseconds),
            }
            for time in times
        ],
    }
