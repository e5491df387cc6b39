"""Where a fact of the prove pass holds.

The pass walks the dominator tree and forgets on the way back what it learned on the way down; its
log does not show that. But a relation names its block, and the limit that the pass gives to a
branch's condition (1 or 0) shows which way out of the block the relations after it are about.
"""

from __future__ import annotations

from collections.abc import Sequence

from golifelab.compile.ssa.passes import Pass
from golifelab.compile.ssa.proofs.tracetext import Fact

_WAYS = {(1, 1): 0, (0, 0): 1}


class Scope:
    """Tells which facts of a log hold at a block of the function."""

    def __init__(self, facts: Sequence[Fact], before: Pass) -> None:
        self._facts = facts
        self._blocks = {block.id: block for block in before.blocks}
        # The entry need not stand first; it is the only live block that no way leads to.
        starts = (b.id for b in before.blocks if not b.predecessors and not b.dead)
        self._entry = next(starts, -1)
        self._ways = self._branches()
        self._above: dict[int, frozenset[int]] = {}

    def known(self, row: int, about: set[int], blocks: Sequence[int]) -> tuple[Fact, ...]:
        """The facts before a row of the log that are about these values and hold at these blocks.

        None where no block is known. A fact that names no block counts as holding, and one that was
        noted again is given once.
        """
        if not blocks:
            return ()
        kept: dict[str, Fact] = {}
        for number, fact in enumerate(self._facts[:row]):
            if fact.kind not in ("relation", "limit", "induction"):
                continue
            if about & set(fact.about) and all(self._holds(number, fact, at) for at in blocks):
                kept.setdefault(fact.text, fact)
        return tuple(kept.values())

    def dominators(self, block: int) -> frozenset[int]:
        """The blocks on every way from the entry to a block, itself included; empty if unknown."""
        if block not in self._blocks:
            return frozenset()
        if block not in self._above:
            self._above[block] = frozenset(
                one for one in self._blocks if one == block or not self._reached(block, one)
            )
        return self._above[block]

    def _reached(self, block: int, without: int) -> bool:
        """Whether a way from the entry leads to a block that does not pass another one."""
        waiting, seen = [self._entry], {without}
        while waiting:
            at = waiting.pop()
            if at in seen or at not in self._blocks:
                continue
            if at == block:
                return True
            seen.add(at)
            waiting.extend(self._blocks[at].successors)
        return False

    def _holds(self, number: int, fact: Fact, block: int) -> bool:
        if fact.block < 0:
            return True
        above = self.dominators(block)
        way = self._ways.get(number)
        if way is None:
            return fact.block in above
        # A way that others join says nothing about what follows.
        following = self._blocks[fact.block].successors[way]
        return following in above and self._blocks[following].predecessors == (fact.block,)

    def _branches(self) -> dict[int, int]:
        """For the rows that are about one way out of a block: which, 0 for "yes"."""
        conditions = {
            block.controls[0]
            for block in self._blocks.values()
            if len(block.controls) == 1 and len(block.successors) > 1
        }
        taken: dict[int, int] = {}
        ways: dict[int, int] = {}
        for number, fact in enumerate(self._facts):
            if fact.signed in _WAYS and fact.about[0] in conditions:
                taken[fact.about[0]] = _WAYS[fact.signed]
            elif fact.kind == "relation" and fact.block in self._blocks:
                controls = self._blocks[fact.block].controls
                if len(controls) == 1 and controls[0] in taken:
                    ways[number] = taken[controls[0]]
        return ways
