"""The passes of one function: what each changed against the one before."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cached_property

from golifelab.columns import Strings, Table
from golifelab.errors import ParseError
from golifelab.toolchain.helper.stream import Words

_VALUES = ("id", "op", "type", "aux", "position", "location", "temporary", "argument_end")
_VALUE_TEXTS = frozenset({"op", "type", "aux", "location", "temporary"})
_BLOCKS = (
    "id",
    "kind",
    "aux",
    "likely",
    "position",
    "control_end",
    "successor_end",
    "predecessor_end",
)
_BLOCK_TEXTS = frozenset({"kind", "aux"})

Order = list[tuple[int, list[int]]]
Slots = list[tuple[str, tuple[int, ...]]]
_NOTHING: tuple[Order, frozenset[int], frozenset[int]] = ([], frozenset(), frozenset())


class PassRecord:
    """What one pass did. Decoded when first asked for.

    `name` and `index` say which pass ("start" and -1 for the function as it was built), `ns` how
    long it took. `values` and `blocks` hold those that differ from the record before.
    """

    def __init__(
        self,
        body: memoryview,
        strings: Strings,
        names: Sequence[str],
        previous: PassRecord | None = None,
    ) -> None:
        words = Words(body[:40], "dump")
        self.index, self.ns = words.one(), words.one()
        if not -1 <= self.index < len(names):
            raise ParseError("dump", f"there is no pass {self.index}")
        self.name = names[self.index] if self.index >= 0 else "start"
        self._lengths = words.take(8)
        self._body = body
        self._strings = strings
        self._previous = previous

    @property
    def order(self) -> Order:
        """(block, its values) in the function's order, dead ones included."""
        return self._ordered[0]

    @property
    def dead(self) -> frozenset[int]:
        """The values that nothing needs any more but that still stand in the function."""
        return self._ordered[1]

    @property
    def unreachable(self) -> frozenset[int]:
        """The blocks that no path leads to."""
        return self._ordered[2]

    @property
    def values(self) -> Table:
        """id, op, type, aux, position, location, temporary, argument_end of the changed values."""
        return self._decoded[0]

    @property
    def blocks(self) -> Table:
        """id, kind, aux, likely, position and the ends of three lists, of the changed blocks."""
        return self._decoded[1]

    def arguments(self, row: int) -> tuple[int, ...]:
        """The argument ids of a changed value."""
        return _slice(self._decoded[2], self.values["argument_end"], row)

    def controls(self, row: int) -> tuple[int, ...]:
        """The control values of a changed block."""
        return _slice(self._decoded[3], self.blocks["control_end"], row)

    def successors(self, row: int) -> tuple[int, ...]:
        """The successors of a changed block."""
        return _slice(self._decoded[4], self.blocks["successor_end"], row)

    def predecessors(self, row: int) -> tuple[int, ...]:
        """The predecessors of a changed block."""
        return _slice(self._decoded[5], self.blocks["predecessor_end"], row)

    @cached_property
    def _ordered(self) -> tuple[Order, frozenset[int], frozenset[int]]:
        raw = self._decoded[6]
        if raw is None:
            before = self._previous
            return (before.order, before.dead, before.unreachable) if before else _NOTHING
        order: Order = []
        unreachable: set[int] = set()
        dead: set[int] = set()
        at = 0
        while at < len(raw):
            block, end = raw[at], at + 2 + (raw[at + 1] if at + 1 < len(raw) else -1)
            if not at + 2 <= end <= len(raw):
                raise ParseError("dump", "a list of blocks is cut short")
            values = raw[at + 2 : end]
            order.append((abs(block), [abs(value) for value in values]))
            dead.update(-value for value in values if value < 0)
            if block < 0:
                unreachable.add(-block)
            at = end
        return order, frozenset(dead), frozenset(unreachable)

    @cached_property
    def names(self) -> Slots:
        """Named variables, or parts of them ("s.len[int]"), and the values that hold them."""
        raw = self._decoded[7]
        if raw is None:
            return self._previous.names if self._previous else []
        slots: Slots = []
        at = 0
        while at < len(raw):
            if at + 2 > len(raw) or not -1 <= raw[at] < len(self._strings):
                raise ParseError("dump", "a list of names is damaged")
            end = at + 2 + raw[at + 1]
            if not at + 2 <= end <= len(raw):
                raise ParseError("dump", "a list of names is cut short")
            text = self._strings[raw[at]] if raw[at] >= 0 else ""
            slots.append((text, tuple(raw[at + 2 : end])))
            at = end
        return slots

    @cached_property
    def _decoded(
        self,
    ) -> tuple[
        Table,
        Table,
        array[int],
        array[int],
        array[int],
        array[int],
        array[int] | None,
        array[int] | None,
    ]:
        words = Words(self._body, "dump", 10)
        order, values, arguments, blocks, controls, successors, predecessors, slots = self._lengths
        raw_order = words.take(order) if order >= 0 else None
        value_table = words.table(_VALUES, values, self._strings, _VALUE_TEXTS)
        argument_ids = words.take(arguments)
        block_table = words.table(_BLOCKS, blocks, self._strings, _BLOCK_TEXTS)
        links = [words.take(n) for n in (controls, successors, predecessors)]
        raw_slots = words.take(slots) if slots >= 0 else None
        return (
            value_table,
            block_table,
            argument_ids,
            links[0],
            links[1],
            links[2],
            raw_order,
            raw_slots,
        )


def _slice(values: array[int], ends: array[int], row: int) -> tuple[int, ...]:
    start = ends[row - 1] if row else 0
    if not 0 <= start <= ends[row] <= len(values):
        raise ParseError("dump", f"row {row} takes values {start} to {ends[row]} of {len(values)}")
    return tuple(values[start : ends[row]])


def read_passes(
    body: memoryview, count: int, strings: Strings, names: Sequence[str]
) -> list[PassRecord]:
    """Cut the passes of a function apart; their contents stay undecoded."""
    records: list[PassRecord] = []
    at = 0
    previous = None
    for _ in range(count):
        length = 4 * int.from_bytes(body[at : at + 4], "little", signed=True)
        if length < 40 or at + 4 + length > len(body):
            raise ParseError("dump", "a pass is cut short", line=at)
        previous = PassRecord(body[at + 4 : at + 4 + length], strings, names, previous)
        records.append(previous)
        at += 4 + length
    return records
