"""The symbols of an object file: their bytes, and what the linker must fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golifelab.link.object.enumerations import Enumerations, bits, named
from golifelab.link.object.parse import BUILTIN, STATIC_ABI, GoObject

if TYPE_CHECKING:
    from golifelab.link.object.file import ObjectFile

_GROUPS = ("package", "hashed64", "hashed", "named")
_ABIS = {0: "ABI0", 1: "ABIInternal", STATIC_ABI: "static"}
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
                _target(part, names, package, symbol),
                addend,
                bool(kind & _WEAK),
            )
            for offset, size, kind, addend, package, symbol in part.relocations(self._row)
        )

    @property
    def auxiliary(self) -> tuple[tuple[str, str], ...]:
        """(kind, symbol name) of what comes along: type, function info, pc tables, DWARF."""
        part = self._file.parts[self._part]
        names = self._file.enumerations
        return tuple(
            (named(names.auxiliaries, kind), _target(part, names, package, symbol))
            for kind, package, symbol in part.auxiliaries(self._row)
        )

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
        abi=_ABIS.get(abi, f"ABI #{abi}"),
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


def _target(part: GoObject, names: Enumerations, package: int, symbol: int) -> str:
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
