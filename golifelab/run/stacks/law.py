"""The law of a stack: which size belongs to which argument, worked out from what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Below this, the fixed part of a stack and the guard at its end weigh too much to tell a level.
_LARGE = 1 << 14


@dataclass(frozen=True, slots=True)
class Step:
    """A size of the stack, in bytes, and the largest argument for which it is enough."""

    size: int
    last: int


@dataclass(frozen=True, slots=True)
class Law:
    """size ≥ fixed + per_level × argument: the straight line through the steps' ends, in bytes."""

    per_level: float
    fixed: float

    def needed(self, argument: int) -> float:
        """The bytes that a call with this argument needs."""
        return self.fixed + self.per_level * argument

    def size(self, argument: int) -> int:
        """The size of the stack then: the next power of two."""
        return 1 << max(int(self.needed(argument)) - 1, 1).bit_length()


def law(steps: Sequence[Step]) -> Law | None:
    """The law of these steps, by least squares; None where an argument costs no stack.

    Only large stacks count, as far as there are two.
    """
    large = [step for step in steps if step.size >= _LARGE]
    used = large if len(large) > 1 else list(steps)
    if len({step.last for step in used}) < 2:
        return None
    count = len(used)
    x = sum(step.last for step in used) / count
    y = sum(step.size for step in used) / count
    spread = sum((step.last - x) ** 2 for step in used)
    slope = sum((step.last - x) * (step.size - y) for step in used) / spread
    return Law(slope, y - slope * x) if slope > 0 else None
