"""The symbols of an object file: their bytes, and what the linker must fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golifelab.link.object.enumerations import Enumerations, bits, named
from golifelab.link.object.identity import SymbolId, abi_name, defined, referred
from golifelab.link.object.parse import BUILTIN, GoObject, Reference

if TYPE_CHECKING:
    from golifelab.link.object.file import ObjectFile
    from golifelab.link.object.function import FunctionInfo

_GROUPS = ("package", "hashed64", "hashed", "named")
_WEAK = 0x8000  # objabi.R_WEAK: does not keep its target alive


@dataclass(frozen=True, slots=True)
class Relocation:
    """A hole in a symbol's bytes that the linker fills.

    `offset` and `size` say where in the symbol (size 0: no bytes, only a note for the linker),
    `kind` how ("R_CALL"), `symbol` with whose address, plus `addend`. A `weak` one does not keep
    its target in the program.
    """

    offset: int
    size: int
    kind: str
    symbol: str
    addend: int
    weak: bool
    _file: ObjectFile = field(repr=False, compare=False)
    _part: int = field(repr=False, compare=False)
    _reference: Reference = field(repr=False, compare=False)

    @property
    def target(self) -> SymbolId | None:
        """Which symbol is meant, as the linker knows it; None for none."""
        return _identity(self._file, self._part, self._reference)


@dataclass(frozen=True, slots=True)
class Auxiliary:
    """A symbol that comes along with another: its type, its tables, its DWARF.

    `kind` says what it is for ("Gotype", "FuncInfo", "Pcline"…). `symbol` is its name, and often
    empty: most are known by their content. `row` is its number in `ObjectFile.symbols`, -1 for a
    symbol of another package and for none.
    """

    kind: str
    symbol: str
    row: int
    _file: ObjectFile = field(repr=False, compare=False)
    _part: int = field(repr=False, compare=False)
    _reference: Reference = field(repr=False, compare=False)

    @property
    def target(self) -> SymbolId | None:
        """Which symbol is meant, as the linker knows it; None for none."""
        return _identity(self._file, self._part, self._reference)


@dataclass(frozen=True, slots=True)
class ObjectSymbol:
    """A symbol that an object file defines.

    `group` says how the linker tells it from others: by its place in the "package", by its content
    ("hashed", "hashed64"), or by its name ("named"). `offset` is where its bytes lie in the archive
    file, -1 when it has none (zeroed data).
    """

    index: int
    name: str
    abi: str
    kind: str
    group: str
    flags: tuple[str, ...]
    size: int
    alignment: int
    offset: int
    data_size: int
    _file: ObjectFile = field(repr=False, compare=False)
    _part: int = field(repr=False, compare=False)
    _row: int = field(repr=False, compare=False)

    @property
    def data(self) -> bytes:
        """The symbol's bytes, before relocation."""
        start = max(self.offset, 0)
        return self._file.content[start : start + self.data_size]

    @property
    def relocations(self) -> tuple[Relocation, ...]:
        """What the linker must fill in, in the order of the file."""
        part = self._file.parts[self._part]
        names = self._file.enumerations
        return tuple(
            Relocation(
                offset,
                size,
                named(names.relocations, kind & ~_WEAK),
                target_name(part, names, package, symbol),
                addend,
                bool(kind & _WEAK),
                self._file,
                self._part,
                (package, symbol),
            )
            for offset, size, kind, addend, package, symbol in part.relocations(self._row)
        )

    @property
    def id(self) -> SymbolId:
        """Which symbol it is, as the linker knows it."""
        return defined(self._file.parts[self._part], self._row, self._file.package, self._part)

    @property
    def member(self) -> int:
        """Which object of the archive defines it: 0 the compiler's, then the assembler's."""
        return self._part

    @property
    def auxiliary(self) -> tuple[tuple[str, str], ...]:
        """(kind, symbol name) of what comes along: type, function info, pc tables, DWARF."""
        return tuple((one.kind, one.symbol) for one in self.auxiliaries)

    @property
    def auxiliaries(self) -> tuple[Auxiliary, ...]:
        """What comes along: type, function info, tables, DWARF; in the order of the file."""
        part = self._file.parts[self._part]
        names = self._file.enumerations
        first = self.index - self._row
        found = []
        for kind, package, symbol in part.auxiliaries(self._row):
            row = part.own_index(package, symbol)
            own = row is not None and row < part.definitions
            found.append(
                Auxiliary(
                    named(names.auxiliaries, kind),
                    target_name(part, names, package, symbol),
                    first + row if own and row is not None else -1,
                    self._file,
                    self._part,
                    (package, symbol),
                )
            )
        return tuple(found)

    @property
    def function(self) -> FunctionInfo | None:
        """What the object says about a function beside its code; None for what is none."""
        from golifelab.link.object.function import function_info

        return function_info(self._file, self) if self.is_function else None

    @property
    def is_function(self) -> bool:
        """Whether it is machine code."""
        return self.kind.startswith("STEXT")


class Symbols(Sequence[ObjectSymbol]):
    """All symbols that a file defines; each is made when it is asked for."""

    def __init__(self, file: ObjectFile) -> None:
        self._file = file
        self._starts = [0]
        for part in file.parts:
            self._starts.append(self._starts[-1] + part.definitions)

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        index = index + len(self) if index < 0 else index
        for part, start in enumerate(self._starts[:-1]):
            if start <= index < self._starts[part + 1]:
                return _symbol(self._file, part, index - start, index)
        raise IndexError(index)

    def __iter__(self) -> Iterator[ObjectSymbol]:
        return (self[i] for i in range(len(self)))

    def start(self, member: int) -> int:
        """The index of the first symbol of an object of the archive."""
        return self._starts[member]

    def named(self, name: str) -> Iterator[ObjectSymbol]:
        """The symbols of a name. Makes no others, which in large files saves most of the time."""
        for part, start in zip(self._file.parts, self._starts, strict=False):
            for row in range(part.definitions):
                if part.name(row) == name:
                    yield self[start + row]


def _symbol(file: ObjectFile, number: int, row: int, index: int) -> ObjectSymbol:
    part = file.parts[number]
    _, _, abi, kind, flags, flags2, size, alignment = part.symbols[row]
    own, short, hashed, _, _ = part.counts
    group = (row >= own) + (row >= own + short) + (row >= own + short + hashed)
    offset, length = part.data(row)
    names = file.enumerations
    return ObjectSymbol(
        index=index,
        name=part.name(row),
        abi=abi_name(abi),
        kind=named(names.kinds, kind),
        group=_GROUPS[group],
        flags=bits(names.flags, flags) + bits(names.flags2, flags2),
        size=size,
        alignment=alignment,
        offset=part.base + offset if length else -1,
        data_size=length,
        _file=file,
        _part=number,
        _row=row,
    )


def _identity(file: ObjectFile, member: int, reference: Reference) -> SymbolId | None:
    return referred(file.parts[member], file.enumerations, reference, file.package, member)


def target_name(part: GoObject, names: Enumerations, package: int, symbol: int) -> str:
    """The name a reference means; "" for none."""
    if package == 0:
        return ""
    if package == BUILTIN:
        return named(names.builtins, symbol)
    row = part.own_index(package, symbol)
    return part.foreign_name(package, symbol) if row is None else part.name(row)


def symbol_json(symbol: ObjectSymbol) -> dict[str, Any]:
    """A symbol with its relocations as plain data."""
    return {
        "name": symbol.name,
        "abi": symbol.abi,
        "kind": symbol.kind,
        "group": symbol.group,
        "flags": list(symbol.flags),
        "size": symbol.size,
        "alignment": symbol.alignment,
        "offset": symbol.offset,
        "relocations": [
            {
                "offset": r.offset,
                "size": r.size,
                "kind": r.kind,
                "symbol": r.symbol,
                "addend": r.addend,
                "weak": r.weak,
            }
            for r in symbol.relocations
        ],
    }
