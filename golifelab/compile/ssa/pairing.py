"""Two whole functions paired: an edit and the one before, two targets, two versions of Go.

What was told of the values as they were built helps later on: where both compilers keep a value's
number, it is still the same value, though the operations of two processors have nothing in common.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from golifelab.compile.ssa.comparison import Comparison, compare
from golifelab.compile.ssa.passes import Pass, Value
from golifelab.compile.ssa.places import Place, moved, standing
from golifelab.compile.ssa.stage import SSA
from golifelab.source import Source

# Up to here no operation is one of a processor.
_PORTABLE = "lower"


class Pairing:
    """A function of one program and its like in another, to be compared pass by pass.

    `edited` are the texts of both programs, where these differ.
    """

    def __init__(self, left: SSA, right: SSA, edited: tuple[Source, Source] | None) -> None:
        self.left, self.right = left, right
        self._places: tuple[Callable[[Value], Place], Callable[[Value], Place]] = (
            moved(*edited) if edited and edited[0] != edited[1] else standing,
            standing,
        )
        self._known: dict[tuple[int, int], Comparison] = {}

    def same(self, right_pass: int | str) -> int:
        """The pass on the left that is the same as one on the right.

        It has the same name and the same turn among those of that name; without one it is the last
        pass on the left that stands before all that both have later.
        """
        step = self.right[right_pass]
        before = [one.name for one in self.right.passes[: step.index]]
        turn = before.count(step.name)
        places = [one.index for one in self.left.passes if one.name == step.name]
        if places:
            return places[min(turn, len(places) - 1)]
        names = {one.name: one.index for one in self.left.passes}
        return next((names[name] for name in reversed(before) if name in names), 0)

    def at(self, left_pass: int | str | None, right_pass: int | str) -> Comparison:
        """Both functions compared after a pass each; None means the same pass on the left."""
        other = self.right[right_pass].index
        one = self.same(other) if left_pass is None else self.left[left_pass].index
        key = one % len(self.left), other % len(self.right)
        if key not in self._known:
            self._known[key] = self._compare(self.left[one], self.right[other])
        return self._known[key]

    def partners(self, shown: str = "") -> dict[str, str]:
        """Names of values and blocks on the left, with those of their partners on the right.

        Taken from some passes from the first to the last. A number that means several values in
        turn is the one of the pass `shown`, else the first of them.
        """
        names: dict[str, str] = {}
        for moment in self._moments(shown):
            found = self.at(*moment)
            for value in found.pairs:
                names.setdefault(value.before.name, value.after.name)
            for block in found.blocks:
                names.setdefault(block.before.name, block.after.name)
        return names

    def _moments(self, shown: str) -> list[tuple[int, int]]:
        moments = []
        if all(any(step.name == shown for step in ssa.passes) for ssa in (self.left, self.right)):
            moments.append((self.same(shown), self.right[shown].index))
        start, (one, other) = self._milestones()
        last = len(self.left) - 1, len(self.right) - 1
        lowered = min(one + 1, last[0]), min(other + 1, last[1])
        return [*moments, start, (one, other), lowered, last]

    def _compare(self, left: Pass, right: Pass) -> Comparison:
        hints: dict[int, int] = {}
        for one, other in self._milestones():
            if one < left.index and other < right.index:
                hints |= {p.before.id: p.after.id for p in self.at(one, other).pairs}
        return compare(left.blocks, right.blocks, self._places, hints=hints)

    def _milestones(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The function as it was built, and at the end of what all processors have in common."""
        ends = []
        for ssa in (self.left, self.right):
            lower = next((step.index for step in ssa.passes if step.name == _PORTABLE), 1)
            ends.append(max(lower - 1, 0))
        return ((0, 0), (ends[0], ends[1]))


@lru_cache(maxsize=8)
def pairing(left: SSA, right: SSA, edited: tuple[Source, Source] | None = None) -> Pairing:
    """Pair two functions. The last few are kept: what was compared once costs nothing."""
    return Pairing(left, right, edited)
