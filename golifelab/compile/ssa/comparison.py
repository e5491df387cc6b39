"""Two states of a function compared value by value, whatever the numbers are."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from golifelab.compile.ssa.alignment import Alignment, Place, Side, plain_aux
from golifelab.compile.ssa.passes import Block, Value


@dataclass(frozen=True, slots=True)
class ValuePair:
    """One value on both sides.

    `by` names the evidence that they are one: "number", "structure and position", "structure",
    "operation and position", "neighbour" (the same work as an argument or user of a pair), "block",
    "earlier" (they were one in an earlier pass, and kept their numbers), "order" (nothing tells
    them apart from others), "position" (another operation in its place), "control" (what decides
    at the end of the same block).
    `changes` holds what differs: "operation", "type", "aux", "arguments" (other values, not other
    numbers), "block", "register" (or slot).
    """

    before: Value
    after: Value
    by: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockPair:
    """One block on both sides; `changes` of "kind", "controls", "successors", "likely"."""

    before: Block
    after: Block
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All values and blocks of two states, the dead ones left out.

    `pairs` stand in the order of the state before; `added` and `removed` have no partner.
    """

    pairs: tuple[ValuePair, ...]
    added: tuple[Value, ...]
    removed: tuple[Value, ...]
    blocks: tuple[BlockPair, ...]
    blocks_added: tuple[Block, ...]
    blocks_removed: tuple[Block, ...]

    @property
    def changed(self) -> tuple[ValuePair, ...]:
        """The pairs that differ in something."""
        return tuple(pair for pair in self.pairs if pair.changes)

    @property
    def blocks_changed(self) -> tuple[BlockPair, ...]:
        """The pairs of blocks that differ in something."""
        return tuple(pair for pair in self.blocks if pair.changes)

    @property
    def empty(self) -> bool:
        """Whether both are the same but for numbers."""
        return not (
            self.added
            or self.removed
            or self.blocks_added
            or self.blocks_removed
            or self.changed
            or self.blocks_changed
        )


def compare(
    before: Sequence[Block],
    after: Sequence[Block],
    places: tuple[Callable[[Value], Place], Callable[[Value], Place]],
    known: Mapping[int, int] | None = None,
    hints: Mapping[int, int] | None = None,
) -> Comparison:
    """Compare two states of a function; `known` are pairs of value numbers that need no search.

    `hints` are pairs of value numbers from an earlier moment: taken where structure says nothing.
    `places` tell for a value of either side where in the source it stands, in common terms.
    """
    old, new = Side(before, places[0]), Side(after, places[1])
    found = Alignment(old, new, known, hints)
    partners, blocks = set(found.values.values()), set(found.blocks.values())
    return Comparison(
        tuple(
            ValuePair(value, new.values[found.values[n]], found.evidence[n], _changes(value, found))
            for n, value in old.values.items()
            if n in found.values
        ),
        tuple(value for n, value in new.values.items() if n not in partners),
        tuple(value for n, value in old.values.items() if n not in found.values),
        tuple(
            BlockPair(block, new.blocks[found.blocks[n]], _block_changes(block, found))
            for n, block in old.blocks.items()
            if n in found.blocks
        ),
        tuple(block for n, block in new.blocks.items() if n not in blocks),
        tuple(block for n, block in old.blocks.items() if n not in found.blocks),
    )


def _changes(value: Value, found: Alignment) -> tuple[str, ...]:
    old, new = found.old.values, found.new.values
    other = new[found.values[value.id]]
    home = found.blocks.get(found.old.home[value.id])
    differ = {
        "operation": value.op != other.op,
        "type": value.type != other.type,
        "aux": plain_aux(value) != plain_aux(other),
        "arguments": not _same(value.args, other.args, (old, new), found.values),
        "block": home != found.new.home[other.id],
        "register": (value.location, value.temporary) != (other.location, other.temporary),
    }
    return tuple(name for name, yes in differ.items() if yes)


def _block_changes(block: Block, found: Alignment) -> tuple[str, ...]:
    values, blocks = (found.old.values, found.new.values), (found.old.blocks, found.new.blocks)
    other = blocks[1][found.blocks[block.id]]
    differ = {
        "kind": (block.kind, block.aux) != (other.kind, other.aux),
        "controls": not _same(block.controls, other.controls, values, found.values),
        "successors": not _same(block.successors, other.successors, blocks, found.blocks),
        "likely": block.likely != other.likely,
    }
    return tuple(name for name, yes in differ.items() if yes)


def _same(
    before: Sequence[int],
    after: Sequence[int],
    living: tuple[Container[int], Container[int]],
    partners: Mapping[int, int],
) -> bool:
    """Whether two lists name partners; what is dead is nothing, whatever its number."""
    if len(before) != len(after):
        return False
    return all(
        partners.get(one) == other if one in living[0] else other not in living[1]
        for one, other in zip(before, after, strict=True)
    )
