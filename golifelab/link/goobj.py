"""The object file of a package, as a value: symbols, their bytes, their relocations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.link.enumerations import Enumerations, bits, enumerations, named
from golifelab.link.objparse import (
    BUILTIN,
    STATIC_ABI,
    GoObject,
    archive_members,
    go_object,
)
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.compile import compile_object, require_object
from golifelab.toolchain.go import find_go

if TYPE_CHECKING:
    import pandas as pd

_GROUPS = ("package", "hashed64", "hashed", "named")
_ABIS = {0: "ABI0", 1: "ABIInternal", STATIC_ABI: "static"}
_WEAK = 0x8000  # objabi.R_WEAK: does not keep its target alive


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the archive, such as "__.PKGDEF" (for importers) or "_go_.o" (the object)."""

    name: str
    offset: int
    size: int
    kind: str


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


class _Symbols(Sequence[ObjectSymbol]):
    """All defined symbols of a file; each is made when it is asked for."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFile(Stage):
    """What `go tool compile` writes: an archive of export data and the object itself.

    `content` is the file. `banner` is the line every member starts with; `files` are the source
    files its line tables name; `packages` those it refers to by number; `imports` what it imports.
    """

    content: bytes = field(repr=False)
    banner: str
    members: tuple[Member, ...]
    parts: tuple[GoObject, ...] = field(repr=False, compare=False)
    enumerations: Enumerations = field(repr=False, compare=False)

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.content)

    @property
    def go_version(self) -> str:
        """The Go that wrote it, "1.27.3"."""
        words = self.banner.split()
        return words[4].removeprefix("go") if len(words) > 4 else ""

    @property
    def symbols(self) -> Sequence[ObjectSymbol]:
        """The symbols the file defines."""
        return _Symbols(self)

    @property
    def functions(self) -> tuple[ObjectSymbol, ...]:
        """The symbols that are machine code."""
        return tuple(symbol for symbol in self.symbols if symbol.is_function)

    @property
    def files(self) -> tuple[str, ...]:
        """Source files named by the line tables."""
        return _merged(part.files for part in self.parts)

    @property
    def packages(self) -> tuple[str, ...]:
        """Packages whose symbols the file refers to."""
        return _merged(part.packages[1:] for part in self.parts)

    @property
    def imports(self) -> tuple[str, ...]:
        """Packages the source imports."""
        return _merged(part.imports for part in self.parts)

    @property
    def references(self) -> tuple[str, ...]:
        """Names of the symbols that relocations need from other packages, sorted."""
        own = {symbol.name for symbol in self.symbols}
        needed = {
            relocation.symbol
            for symbol in self.symbols
            for relocation in symbol.relocations
            if relocation.symbol
        }
        return tuple(sorted(needed - own))

    @property
    def relocation_count(self) -> int:
        """How many relocations all symbols have together."""
        return sum(part.relocation_count for part in self.parts)

    def symbol(self, name: str, abi: str = "") -> ObjectSymbol:
        """The symbol of a name, of an ABI where one is given; KeyError when there is none."""
        for symbol in self.symbols:
            if symbol.name == name and abi in ("", symbol.abi):
                return symbol
        raise KeyError(name)

    def at_offset(self, offset: int) -> ObjectSymbol | None:
        """The symbol whose bytes cover an offset of the file."""
        covering = (s for s in self.symbols if 0 <= s.offset <= offset < s.offset + s.data_size)
        return next(covering, None)

    def frame(self) -> pd.DataFrame:
        """One row a symbol."""
        import pandas as pd

        names = ("name", "abi", "kind", "group", "size", "alignment", "offset", "data_size")
        rows = [
            {name: getattr(symbol, name) for name in names}
            | {"flags": " ".join(symbol.flags), "relocations": len(symbol.relocations)}
            for symbol in self.symbols
        ]
        return pd.DataFrame(rows)

    def to_json(self) -> dict[str, Any]:
        """Members, and symbols with their relocations."""
        return self.header() | {
            "size": self.size,
            "banner": self.banner,
            "go": self.go_version,
            "members": [
                {"name": m.name, "kind": m.kind, "offset": m.offset, "size": m.size}
                for m in self.members
            ],
            "files": list(self.files),
            "imports": list(self.imports),
            "symbols": [_symbol_json(symbol) for symbol in self.symbols],
        }


def object_file(source: Source, target: Target) -> ObjectFile:
    """Compile a package and read its object file; CompileFailed when the compiler refuses it."""
    compiled = compile_object(source, target)
    content = require_object(compiled, source)
    return read_object(
        content,
        find_go(target.go).root,
        command=compiled.command + " && go tool nm -size -type main.o",
        seconds=compiled.seconds,
    )


def read_object(
    content: bytes, root: Path | None = None, *, command: str = "", seconds: float = 0.0
) -> ObjectFile:
    """Read an archive of Go objects. `root` is the GOROOT of the Go that wrote it (the default's).

    Raises ParseError when it is damaged.
    """
    members, parts, banner = [], [], ""
    for raw in archive_members(content):
        line, part = go_object(content, raw)
        kind = "go object" if part else "export data" if line else "other"
        members.append(Member(raw.name, raw.offset, raw.size, kind))
        banner = banner or line
        if part is not None:
            parts.append(part)
    return ObjectFile(
        content=content,
        banner=banner,
        members=tuple(members),
        parts=tuple(parts),
        enumerations=enumerations(root or _default_root()),
        command=command,
        seconds=seconds,
        tier="tool",
        precision="line",
    )


@lru_cache(maxsize=1)
def _default_root() -> Path:
    return find_go().root


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


def _merged(groups: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))


def _symbol_json(symbol: ObjectSymbol) -> dict[str, Any]:
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
