"""From an address of a program to its function, source lines and inlined calls."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from golifelab.link.elf.image import Image
from golifelab.link.metadata.numbers import INLINE_INDEX, INLINE_TREE, NO_DATA
from golifelab.link.metadata.pctables import PcTables, RawFunction, pc_tables
from golifelab.position import Position

if TYPE_CHECKING:
    import numpy as np

_INLINED_CALL = "BBBBiii"  # runtime.inlinedCall: function id, 3 × padding, name, parent pc, line
INLINED_CALL_SIZE = 16
_MAX_DEPTH = 1000


@dataclass(frozen=True, slots=True)
class Frame:
    """One call of a stack of inlined calls: where execution is within the body of `function`."""

    function: str
    position: Position


@dataclass(frozen=True, slots=True)
class TableFunction:
    """A function as the runtime knows it. `entry` and `end` are link-time addresses.

    `end` is where the next function starts: padding counts to the function before it.
    """

    index: int
    name: str
    entry: int
    end: int
    start_line: int
    arguments_size: int
    file: str
    raw: RawFunction = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class InlinedCall:
    """An entry of a function's inline tree: a call of `function` whose body stands in its place.

    `parent_pc` is where in the function the call would be, relative to its entry; `start_line`
    where `function` begins in its file; `address` where the entry stands.
    """

    index: int
    function: str
    parent_pc: int
    start_line: int
    address: int


class FunctionTable(Sequence[TableFunction]):
    """The functions of an executable, by address, stripped or not. ParseError if damaged."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self._tables: PcTables = pc_tables(image)
        self._made: dict[int, TableFunction] = {}

    @property
    def tables(self) -> PcTables:
        """The tables as they stand in the file."""
        return self._tables

    @property
    def text(self) -> int:
        """The address of runtime.text, from which all code addresses are counted."""
        return self._tables.text

    def __len__(self) -> int:
        return len(self._tables.records)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        index = index + len(self) if index < 0 else index
        if not 0 <= index < len(self):
            raise IndexError(index)
        made = self._made.get(index)
        if made is None:
            made = self._made[index] = self._function(index)
        return made

    @cached_property
    def starts(self) -> np.ndarray:
        """Where each function starts, as uint64 link-time addresses."""
        import numpy as np

        relative = np.array(self._tables.entries[:-1], np.uint64)
        return relative + np.uint64(self.text & (1 << 64) - 1)

    @cached_property
    def names(self) -> list[str]:
        """The name of each function, all at once: much faster than one by one."""
        return self._tables.function_names()

    def find(self, address: int) -> TableFunction | None:
        """The function that covers an address."""
        entries = self._tables.entries
        relative = address - self.text
        if not len(self) or not entries[0] <= relative < entries[-1]:
            return None
        found: TableFunction = self[bisect_right(entries, relative) - 1]
        return found

    def named(self, name: str) -> TableFunction | None:
        """The function of a name ("main.add"). Where two share it, the first."""
        index = self._by_name.get(name)
        if index is None:
            return None
        found: TableFunction = self[index]
        return found

    def position(self, address: int) -> Position | None:
        """The innermost file and line of an address; None outside all functions."""
        function = self.find(address)
        return None if function is None else self._position(function, address - function.entry)

    def calls(self, address: int) -> tuple[Frame, ...]:
        """The calls inlined into each other here, outermost first; () outside functions."""
        function = self.find(address)
        if function is None:
            return ()
        frames: list[Frame] = []
        pc = address - function.entry
        index = self._inline_index(function, pc)
        while index >= 0 and (call := self.inlined(function, index)) is not None:
            frames.append(Frame(call.function, self._position(function, pc)))
            pc, index = call.parent_pc, self._inline_index(function, call.parent_pc)
            if len(frames) > _MAX_DEPTH:
                raise self._tables.reader.error(f"{function.name} is inlined into itself")
        frames.append(Frame(function.name, self._position(function, pc)))
        return tuple(reversed(frames))

    def lines(self, function: TableFunction) -> tuple[tuple[int, int, Position], ...]:
        """The ranges of a function's addresses with their innermost file and line."""
        tables, raw = self._tables, function.raw
        files = [(end, tables.file(raw, index)) for _, end, index in tables.values(raw.pcfile)]
        found = []
        number = 0
        for start, end, line in tables.values(raw.pcline):
            # Both tables rise without gaps: cut each range of lines where the file changes.
            begin = start
            while begin < end and number < len(files):
                last, file = files[number]
                stop = min(end, last)
                found.append((function.entry + begin, function.entry + stop, Position(file, line)))
                begin = stop
                number += last <= end
        return tuple(found)

    def inlined(self, function: TableFunction, index: int) -> InlinedCall | None:
        """An entry of a function's inline tree; None when it has no such tree."""
        data, base = function.raw.funcdata, self._tables.gofunc
        if base is None or len(data) <= INLINE_TREE or data[INLINE_TREE] == NO_DATA:
            return None
        address = base + data[INLINE_TREE] + INLINED_CALL_SIZE * index
        offset = self._image.offset_of(address)
        if offset is None:
            raise self._tables.reader.error(f"{function.name} has its inline tree outside the file")
        row = self._whole.unpack(_INLINED_CALL, offset)
        return InlinedCall(index, self._tables.names[row[4]], row[5], row[6], address)

    def frame_size(self, address: int) -> int:
        """How far the stack pointer stands below the caller's at an address; -1 when unknown."""
        function = self.find(address)
        if function is None:
            return -1
        return self._tables.value_at(function.raw.pcsp, address - function.entry)

    @cached_property
    def _by_name(self) -> dict[str, int]:
        return dict(zip(reversed(self.names), reversed(range(len(self))), strict=True))

    def _function(self, index: int) -> TableFunction:
        tables = self._tables
        raw = tables.function(index)
        first = next(iter(tables.values(raw.pcfile)), (0, 0, -1))
        return TableFunction(
            index,
            tables.names[raw.name],
            tables.text + tables.entries[index],
            tables.text + tables.entries[index + 1],
            raw.start_line,
            raw.arguments_size,
            tables.file(raw, first[2]),
            raw,
        )

    def _position(self, function: TableFunction, pc: int) -> Position:
        tables, raw = self._tables, function.raw
        file = tables.file(raw, tables.value_at(raw.pcfile, pc))
        return Position(file, max(tables.value_at(raw.pcline, pc), 0))

    def _inline_index(self, function: TableFunction, pc: int) -> int:
        tables = function.raw.pcdata
        if len(tables) <= INLINE_INDEX:
            return -1
        return self._tables.value_at(tables[INLINE_INDEX], pc)

    @cached_property
    def _whole(self) -> Any:
        from golifelab.link.reader import Reader

        reader = self._tables.reader
        return Reader(
            self._image.data, reader.tool, go_version=reader.go_version, order=reader.order
        )
