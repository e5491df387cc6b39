"""The object file of a package, as a value: symbols, their bytes, their relocations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from golifelab.compile.dump import code_of
from golifelab.errors import NoSuchName
from golifelab.link.object.enumerations import Enumerations, enumerations
from golifelab.link.object.export import ExportHeader, export_header
from golifelab.link.object.fields import Field, Fields, fields_of
from golifelab.link.object.identity import SymbolId
from golifelab.link.object.parse import GoObject, archive_members, go_object
from golifelab.link.object.symbols import ObjectSymbol, Symbols, symbol_json, target_name
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.go import find_go
from golifelab.toolchain.shell import compile_line

if TYPE_CHECKING:
    import pandas as pd

# What of a symbol's name follows its package: a receiver or type arguments.
_BEHIND = re.compile(r"[(\[{ ]")
# Symbols that are asked what package they are of.
_NAMED = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the archive, such as "__.PKGDEF" (for importers) or "_go_.o" (the object)."""

    name: str
    offset: int
    size: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFile(Stage):
    """What `go tool compile` writes: an archive of export data and the object itself.

    `content` is the file, `package` the import path it was compiled as. `banner` is the line every
    member starts with; `files` are the source files its line tables name; `packages` those it
    refers to by number; `imports` what it imports.
    """

    content: bytes = field(repr=False)
    package: str
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
    def architecture(self) -> str:
        """The GOARCH it is for."""
        words = self.banner.split()
        return words[3] if len(words) > 3 else ""

    @property
    def export(self) -> ExportHeader | None:
        """What importers read first; None where the archive has no export data."""
        found = next((m for m in self.members if m.kind == "export data"), None)
        if found is None:
            return None
        member = self.content[found.offset : found.offset + found.size]
        return export_header(member, self.enumerations.export_sections)

    @property
    def fields(self) -> Fields:
        """Every byte of the file explained; the fields are made when they are asked for."""
        return fields_of(self)

    def field_at(self, offset: int) -> Field:
        """The innermost field that a byte of the file is in; GolifelabError for one outside."""
        return self.fields.at(offset)

    @property
    def symbols(self) -> Symbols:
        """The symbols the file defines."""
        return Symbols(self)

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

    def name_of(self, member: int, package: int, symbol: int) -> str:
        """The name that a reference of one of the archive's objects means; "" for none."""
        return target_name(self.parts[member], self.enumerations, package, symbol)

    def empty(self, member: int, target: SymbolId | None) -> bool:
        """Whether a symbol is one that an object of this archive defines without any bytes."""
        if target is None or target.how != "package" or target.package != self.package:
            return False
        part = self.parts[member]
        size: int = part.symbols[target.index][6] if target.index < part.definitions else -1
        return target.member == member and size == 0

    def symbol(self, name: str, abi: str = "") -> ObjectSymbol:
        """The symbol of a name, of an ABI where one is given; NoSuchName when there is none."""
        for symbol in self.symbols.named(name):
            if abi in ("", symbol.abi):
                return symbol
        raise NoSuchName("symbol", name, (one.name for one in self.symbols if one.name))

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
            "symbols": [symbol_json(symbol) for symbol in self.symbols],
        }


def object_file(source: Source, target: Target) -> ObjectFile:
    """A package's object file, read; CompileFailed when the compiler refuses the package.

    It comes from the run of the compiler that IR, SSA and machine code share.
    """
    code = code_of(source, target)
    return read_object(
        code.object,
        find_go(target.go).root,
        package=source.package,
        command=compile_line(source, target) + " && go tool nm -size -type main.o",
        seconds=code.seconds,
    )


def read_object(
    content: bytes,
    root: Path | None = None,
    *,
    package: str = "",
    command: str = "",
    seconds: float = 0.0,
) -> ObjectFile:
    """Read an archive of Go objects. `root` is the GOROOT of the Go that wrote it (the default's).

    `package` is its import path, which the file itself does not say; without it, it is what its
    symbols are named after. Raises ParseError when the file is damaged.
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
        package=package or package_of(parts),
        banner=banner,
        members=tuple(members),
        parts=tuple(parts),
        enumerations=enumerations(root or _default_root()),
        command=command,
        seconds=seconds,
        tier="tool",
        precision="line",
    )


def package_of(parts: Sequence[GoObject]) -> str:
    """The import path that most of the package's own symbols are named after; "" for none."""
    found = Counter(
        _path(part.name(row)) for part in parts[:1] for row in range(min(part.counts[0], _NAMED))
    )
    del found[""]
    return found.most_common(1)[0][0] if found else ""


def _path(name: str) -> str:
    """The import path in a symbol's name, "net/http" in "net/http.(*Client).Do"."""
    head = _BEHIND.split(name, maxsplit=1)[0]
    start = head.rfind("/") + 1
    dot = head.find(".", start)
    return unquote(head[:dot]) if dot > 0 and ":" not in head else ""


@lru_cache(maxsize=1)
def _default_root() -> Path:
    return find_go().root


def _merged(groups: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))
