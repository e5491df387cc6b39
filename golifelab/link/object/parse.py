"""Parse Go's object file format: bytes in, tables out.

The format is documented in $GOROOT/src/cmd/internal/goobj/objfile.go; it is the same from Go 1.20
to 1.27. Names are decoded when they are asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from golifelab.errors import ParseError
from golifelab.link.reader import Reader

MAGIC = b"\x00go120ld"
ARCHIVE = b"!<arch>\n"
# fmt: off
_BLOCKS = (
    "autolib", "package", "file", "symdef", "hashed64def", "hasheddef", "nonpkgdef", "nonpkgref",
    "refflags", "hash64", "hash", "relocindex", "auxindex", "dataindex", "reloc", "aux", "data",
    "refname", "end",
)
# fmt: on
_SYMBOL, _SYMBOL_SIZE = "IIHBBBII", 21
_RELOC, _RELOC_SIZE = "iBHqII", 23
_AUX, _AUX_SIZE = "BII", 9
_HEADER_SIZE = len(MAGIC) + 8 + 4 + 4 * len(_BLOCKS)

# Predeclared package indices of a symbol reference: objfile.go, "Package Index".
NONE = (1 << 31) - 1
HASHED64, HASHED, BUILTIN, SELF = NONE - 1, NONE - 2, NONE - 3, NONE - 4
STATIC_ABI = 0xFFFF

Reference = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RawMember:
    """One member of an archive: its name and where its content lies."""

    name: str
    offset: int
    size: int


def archive_members(data: bytes) -> tuple[RawMember, ...]:
    """The members of a Unix archive, as `compile -pack` and `go build` write it."""
    reader = Reader(data, "archive")
    if bytes(reader.data[:8]) != ARCHIVE:
        raise reader.error("it does not start with !<arch>")
    found = []
    position = 8
    while position < reader.size:
        header = bytes(reader.slice(position, 60))
        digits = header[48:58].strip()
        if header[58:] != b"`\n" or not digits.isdigit():
            raise reader.error("a member's header is damaged", position)
        size = int(digits)
        reader.slice(position + 60, size)
        name = header[:16].decode("ascii", "replace").strip()
        found.append(RawMember(name, position + 60, size))
        position += 60 + size + (size & 1)  # members start at even offsets
    return tuple(found)


class GoObject:
    """One Go object: symbols and relocations as raw records, `base` bytes into its file."""

    __slots__ = (
        "_auxindex",
        "_dataindex",
        "_names",
        "_offsets",
        "_refnames",
        "_relocindex",
        "base",
        "counts",
        "definitions",
        "files",
        "fingerprint",
        "flags",
        "imports",
        "packages",
        "reader",
        "symbols",
    )

    def __init__(self, data: bytes | memoryview, base: int = 0, go_version: str = "") -> None:
        self.reader = reader = Reader(data, "goobj", go_version=go_version)
        self.base = base
        if reader.size < _HEADER_SIZE or bytes(reader.data[:8]) != MAGIC:
            raise reader.error(f"it does not start with {MAGIC!r}")
        self.fingerprint = bytes(reader.data[8:16])
        (self.flags,) = reader.unpack("I", 16)
        offsets = reader.unpack(f"{len(_BLOCKS)}I", 20)
        if offsets[0] < _HEADER_SIZE or offsets[-1] > reader.size:
            raise reader.error("the blocks lie outside the file", 20)
        if any(a > b for a, b in pairwise(offsets)):
            raise reader.error("the blocks overlap", 20)
        self._offsets = dict(zip(_BLOCKS, offsets, strict=True))
        self._check_records()
        ends = [self._offsets[name] for name in _BLOCKS[3:9]]
        # Defined in the package, by short hash, by hash, by name; then the references by name.
        self.counts = tuple((b - a) // _SYMBOL_SIZE for a, b in pairwise(ends))
        self.definitions = sum(self.counts[:4])
        self._check_hashes()
        self.symbols = list(reader.table(_SYMBOL, ends[0], ends[5]))
        self._names: dict[int, str] = {}
        self.packages = self._strings("package", 8)
        self.files = self._strings("file", 8)
        self.imports = self._strings("autolib", 16)
        self._relocindex = self._index("relocindex", "reloc", _RELOC_SIZE)
        self._auxindex = self._index("auxindex", "aux", _AUX_SIZE)
        self._dataindex = self._index("dataindex", "data", 1)
        self._refnames: dict[Reference, tuple[int, int]] | None = None

    @property
    def blocks(self) -> dict[str, tuple[int, int]]:
        """Where each block of tables lies in this object: name → (offset, offset after it)."""
        return {name: self._block(name) for name in _BLOCKS[:-1]}

    @property
    def end(self) -> int:
        """The offset after the last block."""
        end: int = self._offsets["end"]
        return end

    def owner(self, block: str, record: int) -> int:
        """The row in `symbols` that a record of "reloc" or "aux" belongs to."""
        index = self._relocindex if block == "reloc" else self._auxindex
        row: int = min(bisect_right(index, record), self.definitions) - 1
        return row

    @property
    def relocation_count(self) -> int:
        """How many relocations all symbols have together."""
        start, end = self._block("reloc")
        return (end - start) // _RELOC_SIZE

    def name(self, index: int) -> str:
        """A symbol's name, by its row in `symbols`."""
        known = self._names.get(index)
        if known is None:
            length, offset = self.symbols[index][:2]
            known = self._names[index] = self.reader.text(offset, length)
        return known

    def digest(self, index: int) -> bytes:
        """What tells a symbol that is known by its content; b"" for the others."""
        own, short, hashed, _, _ = self.counts
        for block, first, count in (("hash64", own, short), ("hash", own + short, hashed)):
            if first <= index < first + count:
                start, end = self._block(block)
                size = (end - start) // count
                return bytes(self.reader.slice(start + size * (index - first), size))
        return b""

    def data(self, index: int) -> tuple[int, int]:
        """Where a defined symbol's content lies in this object: (offset, length)."""
        start = self._offsets["data"]
        first, last = self._dataindex[index], self._dataindex[index + 1]
        return start + first, last - first

    def relocations(self, index: int) -> Iterator[tuple[int, ...]]:
        """A symbol's relocations: (offset, size, type, addend, package, symbol)."""
        return self._rows("reloc", _RELOC, _RELOC_SIZE, self._relocindex, index)

    def auxiliaries(self, index: int) -> Iterator[tuple[int, ...]]:
        """A symbol's auxiliary symbols: (type, package, symbol)."""
        return self._rows("aux", _AUX, _AUX_SIZE, self._auxindex, index)

    def own_index(self, package: int, symbol: int) -> int | None:
        """The row in `symbols` a reference means; None when another package defines it."""
        own, short, hashed, _, _ = self.counts
        bases = {SELF: 0, HASHED64: own, HASHED: own + short, NONE: own + short + hashed}
        if package not in bases:
            return None
        index: int = bases[package] + symbol
        if index >= len(self.symbols):
            raise self.reader.error(f"a reference to symbol {index} of {len(self.symbols)}")
        return index

    def foreign_name(self, package: int, symbol: int) -> str:
        """The name of another package's symbol, as the object records it for tools."""
        if self._refnames is None:
            start, end = self._block("refname")
            rows = self.reader.table("IIII", start, end)
            self._refnames = {(p, s): (length, offset) for p, s, length, offset in rows}
        place = self._refnames.get((package, symbol))
        if place is not None:
            return self.reader.text(place[1], place[0])
        return f"{self.package(package)}.#{symbol}"

    def package(self, number: int) -> str:
        """The path of a package that references mean by number."""
        if not 0 < number < len(self.packages):
            raise self.reader.error(f"a reference to package {number} of {len(self.packages)}")
        return self.packages[number]

    def _block(self, name: str) -> tuple[int, int]:
        following = _BLOCKS[_BLOCKS.index(name) + 1]
        return self._offsets[name], self._offsets[following]

    def _strings(self, block: str, stride: int) -> tuple[str, ...]:
        start, end = self._block(block)
        rows = self.reader.table("II" + "x" * (stride - 8), start, end)
        return tuple(self.reader.text(offset, length) for length, offset in rows)

    def _index(self, block: str, into: str, size: int) -> list[int]:
        """An index block: one entry a defined symbol and one more, rising, within its table."""
        start, end = self._block(block)
        entries = [row[0] for row in self.reader.table("I", start, end)]
        first, last = self._block(into)
        sound = len(entries) == self.definitions + 1 and all(a <= b for a, b in pairwise(entries))
        if not sound or entries[-1] * size > last - first:
            raise self.reader.error(f"the {block} block is damaged", start)
        return entries

    def _rows(
        self, block: str, form: str, size: int, index: list[int], symbol: int
    ) -> Iterator[tuple[int, ...]]:
        start = self._offsets[block]
        return self.reader.table(
            form, start + size * index[symbol], start + size * index[symbol + 1]
        )

    def _check_hashes(self) -> None:
        for name, count in (("hash64", self.counts[1]), ("hash", self.counts[2])):
            start, end = self._block(name)
            if (end - start) % max(count, 1) or (count == 0) != (start == end):
                raise self.reader.error(f"the {name} block has not one hash a symbol", start)

    def _check_records(self) -> None:
        sizes = dict.fromkeys(_BLOCKS[3:8], _SYMBOL_SIZE) | {"reloc": _RELOC_SIZE, "aux": _AUX_SIZE}
        sizes |= {"autolib": 16, "package": 8, "file": 8, "refflags": 10, "refname": 16}
        for name, size in sizes.items():
            start, end = self._block(name)
            if (end - start) % size:
                raise self.reader.error(f"the {name} block is no whole number of records", start)


def go_object(data: bytes, member: RawMember) -> tuple[str, GoObject | None]:
    """The banner line of an archive member and the object behind it.

    A member that is no Go object has none behind it: export data, or C code (whose banner is "").
    """
    start, end = member.offset, member.offset + member.size
    if not data.startswith(b"go object ", start, end):
        return "", None
    banner = data[start : data.find(b"\n", start, end)].decode("utf-8", "replace")
    # Lines about the build follow the banner (for cgo, between lines "$$"), then a line "!" and the
    # object. In the member for importers it is "$$B" and export data.
    border, export = data.find(b"\n!\n", start, end), data.find(b"\n$$B\n", start, end)
    if border < 0 or -1 < export < border:
        if export < 0:
            raise ParseError("goobj", "no object follows the banner", line=start)
        return banner, None
    words = banner.split()
    version = words[4].removeprefix("go") if len(words) > 4 else ""
    base = border + 3
    return banner, GoObject(memoryview(data)[base:end], base, version)
