"""The helper's record of the passes as snapshots: changes are laid over what was before."""

from __future__ import annotations

import operator
import threading
from collections.abc import Callable

from golifelab.compile.ssa.passes import Block, Pass, Snapshot, Value, print_order
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
        # What the last snapshot was made of: who holds which variable, and of every block its own
        # row, its values in the order of the record, and what was made of them.
        self._slots: object = None
        self._labels: dict[int, tuple[str, ...]] = {}
        self._shown: dict[int, tuple[Block, list[Value], Block]] = {}
        self._was_scheduled = False
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
        table, places = record.values, self._places
        texts = map(table.whole, ("op", "type", "aux", "location", "temporary"))
        columns = zip(table["id"], table["position"], *texts, strict=True)
        for row, (number, place, op, kind, aux, location, temporary) in enumerate(columns):
            position, stack, stmt = places[place]
            self._values[number] = Value(
                number,
                op,
                kind,
                aux,
                record.arguments(row),
                position,
                location,
                stmt,
                stack,
                temporary=temporary,
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
        if self._slots is not record.names:
            self._slots = record.names
            holds: dict[int, list[str]] = {}
            for name, values in record.names:
                for value in set(values):
                    holds.setdefault(value, []).append(name)
            self._labels = {value: tuple(sorted(names)) for value, names in holds.items()}
        blocks = [self._block(number, listed, record) for number, listed in record.order]
        if scheduled != self._was_scheduled:
            self._was_scheduled = scheduled
            self._shown.clear()
        return Snapshot(
            tuple(self._printed(*block, scheduled=scheduled) for block in blocks),
            tuple(record.names),
        )

    def _block(
        self, number: int, listed: list[int], record: PassRecord
    ) -> tuple[Block, list[Value], bool]:
        """A block without its values, these with the marks of now, and whether it is dead."""
        dead, labels, known = record.dead, self._labels, self._values
        marked = []
        for one in listed:
            value = known[one]
            names = labels.get(one, ())
            if value.dead != (one in dead) or value.names != names:
                value = known[one] = _with_marks(value, one in dead, names)
            marked.append(value)
        return self._blocks[number], marked, number in record.unreachable

    def _printed(self, block: Block, marked: list[Value], dead: bool, *, scheduled: bool) -> Block:
        """The block with its values as they are printed; the same object while nothing changes."""
        last = self._shown.get(block.id)
        if (
            last is not None
            and last[0] is block
            and last[2].dead == dead
            and _same(last[1], marked)
        ):
            return last[2]
        made = _with(block, print_order(marked, scheduled=scheduled), dead)
        self._shown[block.id] = block, marked, made
        return made


def _same(before: list[Value], after: list[Value]) -> bool:
    return len(before) == len(after) and all(map(operator.is_, before, after))


def _with_marks(value: Value, dead: bool, names: tuple[str, ...]) -> Value:
    return Value(
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
        names,
    )


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
