"""Which value of one function is which of another, told by structure and position, not by number.

Evidence comes in the order of its strength: what a value computes all the way down, and where it
stands in the source; then one of both; then its neighbours, as an argument or a user of a pair that
is known. A value is paired only where one candidate stands on each side, or as many on both sides
that nothing tells apart: those are paired in order.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from golifelab.compile.ssa.passes import Block, Value, entry_of

T = TypeVar("T")

# How many steps away the arguments of a value may stand to tell it from others.
_ROUNDS = 8
# The compiler numbers temporaries and inlined calls anew with every edit.
_NUMBERED = re.compile(r"(?<=\.autotmp_)\d+")

Place = Hashable
Key = Callable[[int], Hashable]


def plain_aux(value: Value) -> str:
    """The aux of a value without the numbers that any edit may change."""
    if value.op == "InlMark":
        return ""
    return _NUMBERED.sub("", value.aux) if ".autotmp_" in value.aux else value.aux


class Side:
    """The living values of one function. `place` gives the place of a value in common terms."""

    def __init__(self, blocks: Sequence[Block], place: Callable[[Value], Place]) -> None:
        self.blocks = {block.id: block for block in blocks if not block.dead}
        self.values: dict[int, Value] = {}
        self.home: dict[int, int] = {}
        self.uses: dict[int, list[tuple[int, int]]] = {}
        for block in self.blocks.values():
            for value in block.values:
                if not value.dead:
                    self.values[value.id] = value
                    self.home[value.id] = block.id
        for value in self.values.values():
            for index, argument in enumerate(value.args):
                self.uses.setdefault(argument, []).append((value.id, index))
        self.places = {number: place(value) for number, value in self.values.items()}
        self._works: dict[int, Hashable] = {
            number: (value.op, value.type, plain_aux(value), len(value.args))
            for number, value in self.values.items()
        }

    def work(self, number: int) -> Hashable:
        """What a value does, its arguments aside."""
        return self._works[number]

    def shallow(self, *, placed: bool) -> dict[int, int]:
        """For each value a number that says what it does, and with `placed` where."""
        return {
            number: hash((self.work(number), self.places[number] if placed else None))
            for number in self.values
        }

    def deeper(self, known: Mapping[int, int]) -> dict[int, int]:
        """The same numbers, and what the arguments say."""
        values, get = self.values, known.get
        return {
            number: hash((mine, *[get(one, 0) for one in args])) if args else mine
            for (number, mine), args in zip(
                known.items(), (value.args for value in values.values()), strict=True
            )
        }


def deep(old: Side, new: Side, *, placed: bool) -> tuple[dict[int, int], dict[int, int]]:
    """For each value a number that says what it computes, and with `placed` from where.

    It goes on until more arguments tell no more values apart.
    """
    known = old.shallow(placed=placed), new.shallow(placed=placed)
    count = 0
    for _ in range(_ROUNDS):
        told = len({*known[0].values(), *known[1].values()})
        if told == count:
            break
        count = told
        known = old.deeper(known[0]), new.deeper(known[1])
    return known


class Alignment:
    """Pairs of values and blocks of two functions, with the evidence for each pair of values.

    `known` are pairs of values told by their numbers, of two moments of one function; then blocks
    too may be told by their numbers. `hints` are pairs that were told at an earlier moment.
    """

    def __init__(
        self,
        old: Side,
        new: Side,
        known: Mapping[int, int] | None = None,
        hints: Mapping[int, int] | None = None,
    ) -> None:
        self.old, self.new = old, new
        self._hints = hints or {}
        self._numbered = known is not None
        self.values: dict[int, int] = {}
        self.evidence: dict[int, str] = {}
        self.blocks: dict[int, int] = {}
        self._taken: set[int] = set()
        self._fresh: deque[int] = deque()
        for before, after in (known or {}).items():
            self._pair(before, after, "number")
        if self._open():
            self._match()
        self._vote()

    def _open(self) -> bool:
        return len(self.values) < min(len(self.old.values), len(self.new.values))

    def _match(self) -> None:
        old, new = self.old, self.new
        full = deep(old, new, placed=True)
        self._by(full[0].get, full[1].get, "structure and position")
        if not self._open():
            return
        bare = deep(old, new, placed=False)

        def placed_work(side: Side) -> Key:
            return lambda number: (side.work(number), side.places[number])

        def placed_type(side: Side) -> Key:
            return lambda number: (side.values[number].type, side.places[number])

        self._by(bare[0].get, bare[1].get, "structure")
        self._spread()
        self._by(placed_work(old), placed_work(new), "operation and position")
        self._spread()
        self._vote()
        # What is left of equal things is told apart by the block, and then by nothing but order.
        self._by(self._in_block(full[0], old=True), self._in_block(full[1], old=False), "block")
        self._spread()
        self._hinted()
        self._spread()
        self._by(full[0].get, full[1].get, "order", alike=True)
        self._spread()
        # Another operation in the same place: the edited one.
        self._by(placed_type(old), placed_type(new), "position")
        self._spread()
        self._controls()

    def _hinted(self) -> None:
        """Pair what was paired earlier, unless its number has come to mean something else."""
        for before, after in self._hints.items():
            if self._free(before) and after in self.new.values and after not in self._taken:
                one, other = self.old.values[before], self.new.values[after]
                if one.type == other.type or self.old.places[before] == self.new.places[after]:
                    self._pair(before, after, "earlier")

    def _by(self, left: Key, right: Key, evidence: str, *, alike: bool = False) -> None:
        ours = _grouped((n for n in self.old.values if n not in self.values), left)
        theirs = _grouped((n for n in self.new.values if n not in self._taken), right)
        for key, numbers in ours.items():
            others = theirs.get(key, [])
            if len(numbers) == len(others) and (alike or len(numbers) == 1):
                for before, after in zip(numbers, others, strict=True):
                    self._pair(before, after, evidence)

    def _in_block(self, deep: Mapping[int, int], *, old: bool) -> Key:
        home = self.old.home if old else self.new.home
        if old:
            return lambda number: (deep[number], self.blocks.get(home[number], -1))
        return lambda number: (deep[number], home[number])

    def _pair(self, before: int, after: int, evidence: str) -> None:
        self.values[before] = after
        self.evidence[before] = evidence
        self._taken.add(after)
        self._fresh.append(before)

    def _spread(self) -> None:
        """Pair the arguments and the users of pairs, where they do the same work."""
        while self._fresh:
            before = self._fresh.popleft()
            one, other = self.old.values[before], self.new.values[self.values[before]]
            if len(one.args) == len(other.args):
                for left, right in zip(one.args, other.args, strict=True):
                    self._neighbours([left], [right])
            ours, theirs = (
                _grouped(side.uses.get(number, ()), lambda use: use[1])
                for side, number in ((self.old, before), (self.new, other.id))
            )
            for index, users in ours.items():
                self._neighbours(
                    [user for user, _ in users], [user for user, _ in theirs.get(index, [])]
                )

    def _neighbours(self, ours: Iterable[int], theirs: Iterable[int]) -> None:
        left = _grouped((n for n in ours if self._free(n)), self.old.work)
        right = _grouped(
            (n for n in theirs if n in self.new.values and n not in self._taken), self.new.work
        )
        for work, numbers in left.items():
            others = right.get(work, [])
            if len(numbers) == len(others) == 1:
                self._pair(numbers[0], others[0], "neighbour")

    def _controls(self) -> None:
        """Pair what decides at the ends of a pair of blocks, when nothing else has told it."""
        self._vote()
        for one, other in self.blocks.items():
            ours, theirs = self.old.blocks[one].controls, self.new.blocks[other].controls
            if len(ours) == len(theirs):
                for a, b in zip(ours, theirs, strict=True):
                    left, right = self.old.values.get(a), self.new.values.get(b)
                    open_ = self._free(a) and b not in self._taken
                    if open_ and left and right and left.type == right.type:
                        self._pair(a, b, "control")
        self._spread()

    def _free(self, number: int) -> bool:
        return number in self.old.values and number not in self.values

    def _vote(self) -> None:
        """Pair the blocks that hold most pairs of values; then those that lie between such."""
        votes = Counter(
            (self.old.home[before], self.new.home[after]) for before, after in self.values.items()
        )
        self.blocks = {}
        taken: set[int] = set()

        def pair(one: int, other: int) -> None:
            if one not in self.blocks and other not in taken:
                self.blocks[one] = other
                taken.add(other)

        pair(*(entry_of(tuple(side.blocks.values())).id for side in (self.old, self.new)))
        # With equal votes, a block that keeps its number goes first: passes mostly keep it.
        for (one, other), _ in sorted(
            votes.items(), key=lambda item: (-item[1], item[0][0] != item[0][1], item[0])
        ):
            pair(one, other)
        if self._numbered:
            for number in self.old.blocks:
                if number in self.new.blocks:
                    pair(number, number)
        waiting = deque(self.blocks.items())
        while waiting:
            one, other = waiting.popleft()
            left, right = self.old.blocks[one], self.new.blocks[other]
            for ours, theirs in (
                (left.successors, right.successors),
                (left.predecessors, right.predecessors),
            ):
                if len(ours) != len(theirs):
                    continue
                for a, b in zip(ours, theirs, strict=True):
                    if self._fits(a, b, taken):
                        pair(a, b)
                        waiting.append((a, b))

    def _fits(self, one: int, other: int, taken: set[int]) -> bool:
        if one in self.blocks or other in taken:
            return False
        left, right = self.old.blocks.get(one), self.new.blocks.get(other)
        return left is not None and right is not None and left.kind == right.kind


def _grouped(things: Iterable[T], key: Callable[[T], Hashable]) -> dict[Hashable, list[T]]:
    found: dict[Hashable, list[T]] = {}
    for thing in things:
        found.setdefault(key(thing), []).append(thing)
    return found
