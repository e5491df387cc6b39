"""What an object says about a function beside its code: its frame, its inlined calls, its tables.

The linker copies all of it into the executable's .gopclntab, where tracebacks, panics and the
garbage collector read it. Formats: $GOROOT/src/cmd/internal/goobj/funcinfo.go for the record,
cmd/internal/obj/pcln.go for the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from golifelab.link.object.enumerations import bits, named
from golifelab.link.object.identity import SymbolId
from golifelab.link.reader import Reader, uvarint

if TYPE_CHECKING:
    from golifelab.link.object.file import ObjectFile
    from golifelab.link.object.symbols import Auxiliary, ObjectSymbol

# goobj.InlTreeNode: parent, file, line, package and number of the function, pc in the parent.
INLINE_NODE, INLINE_NODE_SIZE = "iIiIIi", 24
_HEAD, _HEAD_SIZE = "IiBBxxi", 16
_TABLES = ("Pcsp", "Pcfile", "Pcline", "Pcinline", "Pcdata")


@dataclass(frozen=True, slots=True)
class InlinedCall:
    """A call that was replaced by the body of its function.

    `parent` is the number of the inlined call that this one was in, -1 for the function itself;
    `file` and `line` are where the call is written, `function` what was called; `parent_pc` is the
    offset of an instruction that stands for the call.
    """

    index: int
    parent: int
    file: str
    line: int
    function: str
    parent_pc: int


@dataclass(frozen=True, slots=True)
class PCTable:
    """A value for every instruction of a function.

    `kind` is "Pcsp" (bytes that the stack has grown), "Pcfile" (the file's number in the object),
    "Pcline", "Pcinline" (number of the inlined call) or "Pcdata"; then `number` says which, and
    `name` what it is for. `ranges` are (first pc, pc after the last, value), counted from the
    function's start.
    """

    kind: str
    number: int
    name: str
    ranges: tuple[tuple[int, int, int], ...]

    def at(self, pc: int) -> int | None:
        """The value at a pc; None where the table says nothing."""
        return next((value for start, end, value in self.ranges if start <= pc < end), None)


@dataclass(frozen=True, slots=True)
class FuncData:
    """A symbol that the runtime reads about a function, such as its stack maps."""

    number: int
    name: str
    symbol: str
    target: SymbolId | None = field(repr=False)
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FunctionInfo:
    """A function, apart from its code.

    `arguments` and `locals` are bytes on the stack (`arguments` includes room for results; -2³¹
    where assembly does not say). `function_id` names what the runtime treats specially ("Normal"
    for nearly all). `start_line` is the line of its `func`. `files` are the source files its code
    is from.
    """

    arguments: int
    locals: int
    function_id: str
    function_flags: tuple[str, ...]
    start_line: int
    files: tuple[str, ...]
    inline_tree: tuple[InlinedCall, ...]
    tables: tuple[PCTable, ...]
    funcdata: tuple[FuncData, ...]

    def table(self, kind: str) -> PCTable | None:
        """A table that is no Pcdata, by its kind."""
        return next((one for one in self.tables if one.kind == kind and one.number < 0), None)

    def pcdata(self, number: int) -> PCTable | None:
        """The Pcdata table of a number."""
        return next((one for one in self.tables if one.number == number), None)

    def at(self, pc: int) -> dict[str, int]:
        """All that is known at a pc: name of the table → value."""
        found = {one.name or one.kind: one.at(pc) for one in self.tables}
        return {name: value for name, value in found.items() if value is not None}


def function_info(file: ObjectFile, symbol: ObjectSymbol) -> FunctionInfo | None:
    """Read what comes along with a function; None when the object has no such record for it.

    ParseError when it is damaged.
    """
    parts = symbol.auxiliaries
    record = next((one for one in parts if one.kind == "FuncInfo" and one.row >= 0), None)
    if record is None:
        return None
    reader = Reader(file.symbols[record.row].data, "function info", go_version=file.go_version)
    arguments, frame, number, flags, start = reader.unpack(_HEAD, 0)
    (count,) = reader.unpack("I", _HEAD_SIZE)
    after = _HEAD_SIZE + 4 + 4 * count
    numbers = [row[0] for row in reader.table("I", _HEAD_SIZE + 4, after)]
    (nodes,) = reader.unpack("I", after)
    rows = reader.table(INLINE_NODE, after + 4, after + 4 + INLINE_NODE_SIZE * nodes)
    names = file.enumerations
    part = file.parts[symbol.member]

    def file_name(index: int) -> str:
        if index >= len(part.files):
            raise reader.error(f"file {index} of {len(part.files)}")
        return part.files[index]

    return FunctionInfo(
        # The compiler writes it unsigned; the one value that means "unknown" is negative.
        arguments=arguments - (1 << 32) if arguments >> 31 else arguments,
        locals=frame,
        function_id=named(names.functions, number),
        function_flags=bits(names.function_flags, flags),
        start_line=start,
        files=tuple(file_name(index) for index in numbers),
        inline_tree=tuple(
            InlinedCall(
                index, parent, file_name(source), line, file.name_of(symbol.member, p, s), pc
            )
            for index, (parent, source, line, p, s, pc) in enumerate(rows)
        ),
        tables=tuple(_tables(file, parts, len(symbol.data))),
        funcdata=tuple(_funcdata(file, parts)),
    )


def _tables(file: ObjectFile, parts: tuple[Auxiliary, ...], size: int) -> Iterator[PCTable]:
    names = file.enumerations.pcdata
    number = -1
    for part in parts:
        if part.kind not in _TABLES:
            continue
        own = part.kind == "Pcdata"
        number += own
        ranges: tuple[tuple[int, int, int], ...] = ()
        if part.row >= 0:
            data = file.symbols[part.row].data
            ranges = tuple(pc_values(data, quantum(file), go_version=file.go_version))
        yield PCTable(
            part.kind,
            number if own else -1,
            named(names, number) if own else "",
            tuple(one for one in ranges if one[0] < size),
        )


def _funcdata(file: ObjectFile, parts: tuple[Auxiliary, ...]) -> Iterator[FuncData]:
    present = (part for part in parts if part.kind == "Funcdata")
    for number, part in enumerate(present):
        data = file.symbols[part.row].data if part.row >= 0 else b""
        name = named(file.enumerations.funcdata, number)
        yield FuncData(number, name, part.symbol, part.target, data)


def quantum(file: ObjectFile) -> int:
    """Bytes by which pcs advance in the tables: the size of the smallest instruction."""
    return file.enumerations.steps.get(file.architecture, 1)


def pc_values(data: bytes, step: int, *, go_version: str = "") -> Iterator[tuple[int, int, int]]:
    """A table's rows: (first pc, pc after the last, value). ParseError when it is damaged."""
    return (row[:3] for row in pc_spans(data, step, go_version=go_version))


def pc_spans(
    data: bytes, step: int, *, go_version: str = ""
) -> Iterator[tuple[int, int, int, int]]:
    """The same with the offset in the table behind each row.

    A row is a pair of numbers of 7 bits a byte: how much the value changes (signed, zigzag) and how
    far it holds, in steps. It begins at value -1, pc 0, and a change of nothing ends it.
    """
    position, pc, value = 0, 0, -1
    while position < len(data):
        change, position = uvarint(data, position)
        if change == 0 and pc:
            return
        advance, position = uvarint(data, position)
        if change < 0 or advance <= 0 or advance > 1 << 32:
            raise Reader(data, "pc table", go_version=go_version).error("it is damaged", position)
        value += -(change >> 1) - 1 if change & 1 else change >> 1
        yield pc, pc + advance * step, value, position
        pc += advance * step
