"""The helper's record of the passes as snapshots: changes are laid over what was before."""

from __future__ import annotations

import threading
from collections.abc import Callable

from golifelab.compile.ssa.passes import Block, Pass, Slots, Snapshot, Value, print_order
from golifelab.position import Position
from golifelab.toolchain.helper.function import FunctionDump, Positions
from golifelab.toolchain.helper.passes import PassRecord

_STMT = {0: "", 1: "+", 2: "-"}
_LIKELY = {0: "", 1: "likely", -1: "unlikely"}


class Places:
    """Rows of a position table as positions, each made once."""

    def __init__(self, positions: Positions) -> None:
        self._positions = positions
        self._known: dict[int, tuple[Position | None, tuple[Position, ...], str]] = {}

    def __getitem__(self, row: int) -> tuple[Position | None, tuple[Position, ...], str]:
        """The innermost place, the inline stack (empty when nothing was inlined), the stmt mark."""
        known = self._known.get(row)
        if known is None:
            place = self._positions.position(row)
            stack = tuple(frame.position for frame in self._positions.stack(row))
            known = self._known[row] = (
                place if place.line else None,
                stack if len(stack) > 1 else (),
                _STMT[self._positions.is_stmt(row)] if place.line else "",
            )
        return known


class Replay:
    """Makes the snapshots of one function, in order, each once."""

    def __init__(self, function: FunctionDump, places: Places) -> None:
        self._records = function.passes
        self._places = places
        self._values: dict[int, Value] = {}
        self._blocks: dict[int, Block] = {}
        self._made: list[Snapshot] = []
        self._lock = threading.Lock()
        names = [record.name for record in self._records]
        self._scheduled = names.index("schedule") if "schedule" in names else len(names)

    def passes(self) -> tuple[Pass, ...]:
        """One Pass a record."""
        decode: Callable[[int], Snapshot] = self.snapshot
        return tuple(
            Pass(record.name, i, record.ns, decode) for i, record in enumerate(self._records)
        )

    def snapshot(self, index: int) -> Snapshot:
        """The function after the pass of this index."""
        with self._lock:
            while len(self._made) <= index:
                number = len(self._made)
                record = self._records[number]
                if number and self._idle(record, self._records[number - 1]):
                    self._made.append(self._made[-1])
                    continue
                self._apply(record)
                self._made.append(self._snapshot(record, scheduled=number >= self._scheduled))
            return self._made[index]

    def _idle(self, record: PassRecord, before: PassRecord) -> bool:
        """Whether a pass changed nothing, as many do. Scheduling changes the order of printing."""
        return (
            not len(record.values)
            and not len(record.blocks)
            and record.order is before.order
            and record.names is before.names
            and record.name != "schedule"
        )

    def _apply(self, record: PassRecord) -> None:
        table = record.values
        for row in range(len(table)):
            position, stack, stmt = self._places[table["position"][row]]
            number = table["id"][row]
            self._values[number] = Value(
                number,
                table.text("op", row),
                table.text("type", row),
                table.text("aux", row),
                record.arguments(row),
                position,
                table.text("location", row),
                stmt,
                stack,
                temporary=table.text("temporary", row),
            )
        table = record.blocks
        for row in range(len(table)):
            number = table["id"][row]
            self._blocks[number] = Block(
                number,
                table.text("kind", row),
                (),
                record.controls(row),
                record.successors(row),
                record.predecessors(row),
                _LIKELY[table["likely"][row]],
                self._places[table["position"][row]][0],
                table.text("aux", row),
            )

    def _snapshot(self, record: PassRecord, *, scheduled: bool) -> Snapshot:
        slots: Slots = tuple(record.names)
        holds: dict[int, list[str]] = {}
        for name, values in slots:
            for value in set(values):
                holds.setdefault(value, []).append(name)
        dead, unreachable = record.dead, record.unreachable
        blocks = []
        for number, listed in record.order:
            marked = [self._marked(value, value in dead, holds.get(value, [])) for value in listed]
            blocks.append(
                _with(
                    self._blocks[number],
                    print_order(marked, scheduled=scheduled),
                    number in unreachable,
                )
            )
        return Snapshot(tuple(blocks), slots)

    def _marked(self, number: int, dead: bool, names: list[str]) -> Value:
        """The value with the marks of this moment. Most keep theirs, and then the object too."""
        value = self._values[number]
        labels = tuple(sorted(names))
        if value.dead == dead and value.names == labels:
            return value
        marked = self._values[number] = Value(
            value.id,
            value.op,
            value.type,
            value.aux,
            value.args,
            value.position,
            value.location,
            value.stmt,
            value.stack,
            dead,
            value.temporary,
            labels,
        )
        return marked


def _with(block: Block, values: tuple[Value, ...], dead: bool) -> Block:
    return Block(
        block.id,
        block.kind,
        values,
        block.controls,
        block.successors,
        block.predecessors,
        block.likely,
        block.position,
        block.aux,
        dead,
    )
