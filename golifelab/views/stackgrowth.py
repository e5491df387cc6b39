"""The stack page's payload: every build's steps, its law and its limit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from golifelab.run.stacks.comparison import GrowthComparison
from golifelab.run.stacks.growth import StackGrowth
from golifelab.run.stacks.subject import Subject

Payload = dict[str, Any]


def growth_payload(growth: StackGrowth) -> Payload:
    """A measurement that stands alone."""
    return stacks_payload([("as written", growth)])


def comparison_payload(comparison: GrowthComparison) -> Payload:
    """Builds side by side that stand alone."""
    return stacks_payload([(row.label, row.growth) for row in comparison.rows])


def stacks_payload(
    rows: Iterable[tuple[str, StackGrowth]], functions: Iterable[Subject] = ()
) -> Payload:
    """All builds; `functions` are those to choose from: {symbol, name, line}.

    - `rows`: label, go, start (bytes), steps [[size, largest argument]], rate (bytes a level, 0
      where a level costs none), edge [size, argument] of the limit, limit, frame and levels in it,
      growth [[argument, stack, StackInuse, HeapAlloc]], shrinking [[collections, stack, all stacks,
      a new one]], ended
    """
    made = [_row(label, growth) for label, growth in rows]
    return {
        "function": made[0]["function"] if made else "",
        "functions": [
            {"symbol": one.name, "name": one.name, "line": one.position.line} for one in functions
        ],
        "rows": made,
        "recorded": next((row["recorded"] for row in made if row["recorded"]), ""),
    }


def _row(label: str, growth: StackGrowth) -> Payload:
    return {
        "label": label,
        "function": growth.function,
        "go": growth.go,
        "start": growth.start,
        "steps": [[step.size, step.last] for step in growth.steps],
        "rate": growth.bytes_per_level,
        "edge": [growth.usable, growth.last(growth.usable)],
        "limit": growth.limit,
        "frame": growth.frame_size,
        "levels": growth.levels_per_frame,
        "growth": [
            [one.argument, one.stack, one.stack_inuse, one.heap_alloc] for one in growth.growth
        ],
        "shrinking": [
            [one.collections, one.stack, one.stack_inuse, one.new_stack] for one in growth.shrinking
        ],
        "ended": growth.ended,
        "recorded": str(growth.recorded) if growth.recorded else "",
    }
