"""Stack maps: which words of a function's frame hold pointers, at each of its addresses.

The compiler makes two lists of bitmaps for a function, one for its arguments and one for its
locals; entry number i of both belongs together. The table PCDATA_StackMapIndex gives each address
the number. The collector asks only where a goroutine can stand: after a call (it then looks one
byte back, into the call), or at the function's entry, where the number is -1 and means 0.
Formats: stackmap in $GOROOT/src/runtime/symtab.go; use: getStackMap in stkframe.go.
"""

from __future__ import annotations

import shlex
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from golifelab.errors import GolifelabError, ParseError
from golifelab.link.executable import Executable
from golifelab.link.metadata.functables import FunctionTables, Row, function_tables
from golifelab.link.metadata.listing import Instruction, listing
from golifelab.link.metadata.numbers import ARGUMENT_MAPS, LOCAL_MAPS, STACK_MAP_INDEX, UNSAFE_POINT
from golifelab.link.metadata.pclntab import TableFunction
from golifelab.link.metadata.words import Words
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

_SAFE = -1  # in the table of where a goroutine may be stopped
_ENTRY = -1  # in that of stack maps
_GROWTH = "runtime.morestack"
_NEVER = ("runtime.gcWriteBarrier", "runtime.duffzero", "runtime.duffcopy", "runtime.wbZero")
_HEADER = 8  # of a stackmap: how many bitmaps, and how many bits each has
_FRAME_POINTER = ("amd64", "arm64")  # where the runtime keeps frame pointers
_RETURN_ON_STACK = ("amd64", "386")  # where a call pushes the return address


@dataclass(frozen=True, slots=True)
class Bitmaps:
    """A function's bitmaps for one area: `count` of them with `bits` bits each, whole bytes each.

    `address` is where their header stands, None when the function has none; `section` its section.
    `data` are the bitmaps' bytes, one after the other.
    """

    address: int | None
    section: str
    count: int
    bits: int
    header: bytes
    data: bytes

    @property
    def stride(self) -> int:
        """Bytes of one bitmap."""
        return (self.bits + 7) // 8

    def bytes(self, index: int) -> bytes:
        """The bytes of a bitmap; b"" when there is none of that number."""
        if not 0 <= index < self.count:
            return b""
        return self.data[index * self.stride : (index + 1) * self.stride]

    def place(self, index: int, bit: int = 0) -> int | None:
        """The address of the byte that holds a bit of a bitmap."""
        if self.address is None:
            return None
        return self.address + _HEADER + index * self.stride + bit // 8

    def pointers(self, index: int) -> tuple[bool, ...]:
        """Which words hold pointers, by bitmap: the lowest bit of the first byte is word 0."""
        data = self.bytes(index)
        return (
            tuple(bool(data[bit // 8] >> bit % 8 & 1) for bit in range(self.bits)) if data else ()
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """A word of the frame that the bitmaps speak of.

    `area` is "arguments" or "locals", `word` its bit in the bitmap. `offset` counts bytes from
    where the stack pointer stands after the prologue. `name` is the variable's, "" where no name
    is known.
    """

    area: str
    word: int
    offset: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class StackMap:
    """What the collector knows of a frame that stands at `pc`.

    `index` is the bitmaps' number, -1 where there is none (`arguments` and `locals` are then
    empty); `row` the row of the table that says so, None at the entry, where the number is 0 by
    rule. `live` are the cells that hold pointers.
    """

    pc: int
    index: int
    row: Row | None
    arguments: tuple[bool, ...]
    locals: tuple[bool, ...]
    live: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackMaps(Stage):
    """The stack maps of a function. `rows` are PCDATA_StackMapIndex: addresses and the number.

    `unsafe` are the rows of PCDATA_UnsafePoint, where the function may not be stopped at all.
    `frame_size` is how far the stack pointer stands below the caller's return address at most.
    `instructions` are the function's, as the machine's own disassembler writes them; empty for
    processors that it does not know.
    """

    executable: Executable = field(repr=False, compare=False)
    function: TableFunction
    architecture: str
    frame_size: int
    word: int
    rows: tuple[Row, ...]
    unsafe: tuple[Row, ...]
    arguments: Bitmaps
    locals: Bitmaps
    cells: tuple[Cell, ...]
    instructions: tuple[Instruction, ...] = field(repr=False)

    def __len__(self) -> int:
        return max(self.arguments.count, self.locals.count)

    def at(self, pc: int) -> StackMap:
        """The map of an address of the function, as it stands in the tables.

        GolifelabError for an address outside it, of which its tables say nothing.
        """
        start, end = self.function.entry, self.function.end
        if not (pc == start or start <= pc < end):
            raise GolifelabError(
                f"{pc:#x} is not in {self.function.name}",
                remedy=f"give an address from {start:#x} to below {end:#x}",
            )
        row, index = self._row(pc), self.index(pc)
        arguments, locals_ = self.arguments.pointers(index), self.locals.pointers(index)
        return StackMap(pc, index, row, arguments, locals_, self._live(index))

    def index(self, pc: int) -> int:
        """The number of the bitmaps that hold at an address; -1 where there is none."""
        row = self._row(pc)
        index = row.value if row else 0
        return index if index < len(self) else -1

    def unsafe_at(self, pc: int) -> bool:
        """Whether a goroutine can't be stopped at an address, but by its own calls."""
        row = _covering(self.unsafe, pc)
        # The values that forbid it are negative, and so is the one that allows it.
        return row is not None and row.value < _SAFE

    def stop(self, one: Instruction) -> str:
        """Why a goroutine can stand in an instruction while the collector reads its frame.

        "call" in a call of Go code, "growth" where the stack is made larger; "" in all others: a
        goroutine that is stopped there is scanned without these maps, every word a possible
        pointer. Some calls of the runtime's own never give way, and have no map.
        """
        if not one.call or any(name in one.text for name in _NEVER):
            return ""
        if _GROWTH in one.text:
            return "growth"
        return "call" if self._row(one.address) else ""

    def after_call(self, address: int) -> StackMap:
        """The map the collector uses for a return address: that of the byte before it."""
        return self.at(address - 1)

    def named(self, names: Mapping[int, str]) -> StackMaps:
        """The same with names for its cells, by their offset from the stack pointer."""
        cells = (replace(cell, name=names.get(cell.offset, cell.name)) for cell in self.cells)
        return replace(self, cells=tuple(cells))

    def _live(self, index: int) -> tuple[Cell, ...]:
        found = {
            "arguments": self.arguments.pointers(index),
            "locals": self.locals.pointers(index),
        }
        return tuple(
            cell for cell in self.cells if any(found[cell.area][cell.word : cell.word + 1])
        )

    def _row(self, pc: int) -> Row | None:
        """The row that counts; None at the entry and where the value is -1, which means 0."""
        row = None if pc == self.function.entry else _covering(self.rows, pc)
        return row if row and row.value != _ENTRY else None

    def frame(self) -> pd.DataFrame:
        """One row a bitmap: index, ranges of addresses, bits of arguments and locals, live (names).

        Bits are written as in Go's own dumps, word 0 first.
        """
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """`rows` as [start, end, index], `maps` as the rows of `frame`, `cells`."""
        return self.header() | {
            "function": self.function.name,
            "entry": self.function.entry,
            "frame_size": self.frame_size,
            "rows": [[row.start, row.end, row.value] for row in self.rows],
            "maps": self._rows(),
            "cells": [[one.area, one.word, one.offset, one.name] for one in self.cells],
        }

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "index": index,
                "addresses": ", ".join(
                    f"{row.start:#x}–{row.end:#x}" for row in self.rows if row.value == index
                ),
                "arguments": bit_text(self.arguments.pointers(index)),
                "locals": bit_text(self.locals.pointers(index)),
                "live": " ".join(cell.name for cell in self._live(index) if cell.name),
            }
            for index in range(len(self))
        ]


def _covering(rows: tuple[Row, ...], pc: int) -> Row | None:
    at = bisect_right(rows, pc, key=lambda row: row.start) - 1
    return rows[at] if at >= 0 and pc < rows[at].end else None


def bit_text(bits: tuple[bool, ...]) -> str:
    """Bits as Go's dumps write them: "101", word 0 first."""
    return "".join("01"[bit] for bit in bits)


def stack_maps(executable: Executable, function: str | int) -> StackMaps:
    """The stack maps of a function by its name ("main.walk") or an address in it.

    The cells have no names: see `StackMaps.named`. GolifelabError for no function of the program.
    """
    tables = function_tables(executable, function)
    arguments, locals_ = _bitmaps(executable, tables)
    image = executable.image
    word = image.bits // 8
    size = max((row.value for row in tables.table("pcsp").rows), default=0)
    return StackMaps(
        command=_command(executable, tables),
        tier="tool",
        precision="line",
        executable=executable,
        function=tables.function,
        architecture=image.machine,
        frame_size=size,
        word=word,
        rows=_rows(tables, STACK_MAP_INDEX),
        unsafe=_rows(tables, UNSAFE_POINT),
        arguments=arguments,
        locals=locals_,
        cells=tuple(_cells(image.machine, word, size, arguments.bits, locals_.bits)),
        instructions=listing(executable, tables.function),
    )


def _rows(tables: FunctionTables, number: int) -> tuple[Row, ...]:
    return next((one.rows for one in tables.tables if one.number == number), ())


def _bitmaps(executable: Executable, tables: FunctionTables) -> tuple[Bitmaps, Bitmaps]:
    words = Words(executable.image)
    found = []
    for number in (ARGUMENT_MAPS, LOCAL_MAPS):
        at = next((one.address for one in tables.data if one.number == number), None)
        found.append(_read(executable, words, at))
    return found[0], found[1]


def _read(executable: Executable, words: Words, address: int | None) -> Bitmaps:
    image = executable.image
    if address is None:
        return Bitmaps(None, "", 0, 0, b"", b"")
    header = image.bytes_at(address, _HEADER)
    count, bits = words.number(header[:4]), words.number(header[4:])
    size = count * ((bits + 7) // 8)
    data = image.bytes_at(address + _HEADER, size) if size <= image.size else b""
    if len(header) < _HEADER or len(data) < size:
        raise ParseError("stack maps", f"the bitmaps at {address:#x} lie outside the file")
    section = image.section_at(address)
    return Bitmaps(address, section.name if section else "", count, bits, header, data)


def _cells(machine: str, word: int, size: int, arguments: int, locals_: int) -> Iterator[Cell]:
    """Where the words of both areas stand. The rules are those of traceback.go and stkframe.go."""
    # The frame pointer is what the stack pointer was before the call, return address included.
    pointer = size + (word if machine in _RETURN_ON_STACK else 0)
    top = size
    if machine in _FRAME_POINTER and size:
        top -= word
    first = pointer if machine in _RETURN_ON_STACK else pointer + word
    for bit in range(locals_):
        yield Cell("locals", bit, top - word * (locals_ - bit))
    for bit in range(arguments):
        yield Cell("arguments", bit, first + word * bit)


def _command(executable: Executable, tables: FunctionTables) -> str:
    """A line that shows the bitmaps' bytes, or the compiler's own words where it is known."""
    place = next((one.address for one in tables.data if one.number == LOCAL_MAPS), None)
    path = shlex.quote(str(executable.path))
    stop = (place or 0) + 64
    return f"objdump -s --start-address={place or 0:#x} --stop-address={stop:#x} {path}"
