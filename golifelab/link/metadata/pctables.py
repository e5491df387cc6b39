"""Find and parse the runtime's function tables in an executable.

Every Go program carries them (section .gopclntab), stripped or not: tracebacks, the garbage
collector and panics read them. Formats: $GOROOT/src/runtime/symtab.go (pcHeader, moduledata) and
runtime2.go (_func); the same magic from Go 1.20 to 1.27.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from golifelab.errors import ParseError
from golifelab.link.elf.image import Image
from golifelab.link.elf.symbols import Names
from golifelab.link.metadata.moduledata import ModuleData, module_data, table_section
from golifelab.link.reader import Reader, StringTable, uvarint

_MAGIC = 0xFFFFFFF1
_NO_ENTRY = 0xFFFFFFFF
RECORD_SIZE = 44  # of a _func, before its two lists of tables


@dataclass(frozen=True, slots=True)
class RawFunction:
    """A _func record: offsets into the other tables. `entry` is relative to runtime.text."""

    entry: int
    name: int
    arguments_size: int
    pcsp: int
    pcfile: int
    pcline: int
    unit: int
    start_line: int
    pcdata: tuple[int, ...]
    funcdata: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Starts:
    """Where each table begins, in bytes from the header: what pcHeader says.

    `names` are the function names, `units` the file lists of the packages, `files` the file names,
    `pctab` the tables by pc, `functions` the functions by address with their records behind.
    """

    names: int
    units: int
    files: int
    pctab: int
    functions: int


@dataclass(frozen=True, slots=True)
class PcTables:
    """The tables of one executable.

    `text` is the address all code is counted from; `gofunc` the one function data is counted from,
    None when the file does not tell it. `quantum` is the size step of instructions, `address` where
    the tables are loaded; `starts` says how far behind it each begins.
    """

    reader: Reader
    address: int
    starts: Starts
    table: bytes
    names: StringTable
    files: StringTable
    entries: array[int]
    records: array[int]
    quantum: int
    text: int
    gofunc: int | None

    def function(self, index: int) -> RawFunction:
        """The record of function `index`."""
        offset = self.starts.functions + self.records[index]
        row = self.reader.unpack("IiiIIIIIIiBBBB", offset)
        entry, name, arguments, _, pcsp, pcfile, pcline, pcdata, unit, start = row[:10]
        tail = offset + RECORD_SIZE
        if pcdata > 64:
            raise self.reader.error(f"a function has {pcdata} tables", offset)
        return RawFunction(
            entry,
            name,
            arguments,
            pcsp,
            pcfile,
            pcline,
            unit,
            start,
            self.reader.unpack(f"{pcdata}I", tail),
            self.reader.unpack(f"{row[13]}I", tail + 4 * pcdata),
        )

    def function_names(self) -> list[str]:
        """The names of all functions, in order; ParseError where one lies outside its table."""
        import numpy as np

        # The second word of each record. Records are four-byte aligned by nothing but habit.
        words = np.frombuffer(self.table, np.uint8)
        places = np.array(self.records, np.int64) + self.starts.functions + 4
        if len(places) and int(places.max()) + 4 > len(words):
            raise self.reader.error("a function's record lies outside the table")
        raw = np.ascontiguousarray(words[places[:, None] + np.arange(4)])
        offsets = raw.view(f"{self.reader.order}i4").reshape(-1).astype(np.int64)
        start = self.starts.names
        return Names(self.reader, start, self.starts.units - start, offsets).all

    def values(self, offset: int) -> Iterator[tuple[int, int, int]]:
        """A pc-value table: (first pc, pc after the last, value), pcs relative to the function."""
        if not offset:
            return
        data, quantum = self.table, self.quantum
        position = self.starts.pctab + offset
        value, pc = -1, 0
        first = True
        while position < len(data) - 1:
            # Nearly all numbers take one byte, and there are hundreds of thousands of them.
            delta = data[position]
            position += 1
            if delta >= 0x80:
                delta, position = uvarint(data, position - 1)
            if delta == 0 and not first:
                return
            advance = data[position] if position < len(data) else 0
            position += 1
            if advance >= 0x80:
                advance, position = uvarint(data, position - 1)
            if delta < 0 or advance <= 0:
                break
            value += -(delta >> 1) - 1 if delta & 1 else delta >> 1
            first = False
            end = pc + advance * quantum
            yield pc, end, value
            pc = end
        if not first and position == len(data) - 1 and data[position] == 0:
            return
        raise self.reader.error("a pc table is damaged", position)

    def value_at(self, offset: int, pc: int) -> int:
        """The value of a pc-value table at a pc; -1 where it says nothing."""
        for start, end, value in self.values(offset):
            if start <= pc < end:
                return value
        return -1

    def file(self, function: RawFunction, index: int) -> str:
        """The file that a pcfile value of a function means; "" for none."""
        if index < 0:
            return ""
        (offset,) = self.reader.unpack("I", self.starts.units + 4 * (function.unit + index))
        return "" if offset == _NO_ENTRY else self.files[offset]


def pc_tables(image: Image) -> PcTables:
    """Find the tables; ParseError when the file has none, or of another format."""
    section = table_section(image)
    order = "<" if image.byte_order == "little" else ">"
    version = image.build_info.go_version if image.build_info else ""
    reader = Reader(image.section_bytes(section), "pclntab", go_version=version, order=order)
    magic, _, _, quantum, pointer = reader.unpack("IBBBB", 0)
    if magic != _MAGIC or pointer not in (4, 8):
        raise reader.error(f"its magic number is 0x{magic:x}, not Go 1.20's or later")
    word = "Q" if pointer == 8 else "I"
    header = reader.unpack(f"8{word}", 8)
    count, _, start, names, units, files, pctab, functions = header
    if not names <= units <= files <= pctab <= functions <= reader.size:
        raise reader.error("its tables lie outside the section")
    if count > (reader.size - functions) // 8:
        raise reader.error(f"it claims {count} functions")
    pairs = array("I", bytes(reader.slice(functions, 8 * count + 4)))
    if image.byte_order == "big":
        pairs.byteswap()
    module = _module(image)
    return PcTables(
        reader,
        section.address,
        Starts(names, units, files, pctab, functions),
        bytes(reader.data),
        StringTable(reader, names, units - names),
        StringTable(reader, files, pctab - files),
        pairs[0::2],
        pairs[1::2],
        quantum,
        _text(image, module, start),
        _gofunc(image, module),
    )


def _module(image: Image) -> ModuleData | None:
    try:
        return module_data(image)
    except ParseError:
        return None  # the function table itself is sound: it tells all but where code starts


def _text(image: Image, module: ModuleData | None, header: int) -> int:
    if module is not None:
        return module["text"]
    symbol = image.symbol("runtime.text")
    if symbol is not None:
        return symbol.address
    section = image.section(".text")
    return header or (section.address if section else 0)


def _gofunc(image: Image, module: ModuleData | None) -> int | None:
    if module is not None:
        return module["gofunc"] if image.segment_at(module["gofunc"]) else None
    symbol = image.symbol("go:func.*")
    return symbol.address if symbol is not None else None
