"""The pieces of one Go object: header, names, tables of records, and the symbols' data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from golifelab.link.object.contents import data_pieces
from golifelab.link.object.enumerations import bits, named
from golifelab.link.object.identity import abi_name
from golifelab.link.object.parse import MAGIC, GoObject
from golifelab.link.object.tree import Piece, Records, filled

if TYPE_CHECKING:
    from golifelab.link.object.file import ObjectFile

# Characters of a name or value: what follows is in the bytes.
SHOWN = 200
# What a reader calls the blocks.
_TITLES = {
    "autolib": "imported packages",
    "package": "packages referred to",
    "file": "source files",
    "symdef": "symbols of the package",
    "hashed64def": "short content symbols",
    "hasheddef": "content symbols",
    "nonpkgdef": "symbols by name",
    "nonpkgref": "references by name",
    "refflags": "flags of referred symbols",
    "hash64": "short contents",
    "hash": "hashes of contents",
    "relocindex": "index of relocations",
    "auxindex": "index of auxiliary symbols",
    "dataindex": "index of data",
    "reloc": "relocations",
    "aux": "auxiliary symbols",
    "data": "data",
    "refname": "names of referred symbols",
    "end": "end",
}
_SYMBOLS = ("symdef", "hashed64def", "hasheddef", "nonpkgdef", "nonpkgref")


class _Describe:
    """The records of one object, as pieces."""

    def __init__(self, file: ObjectFile, number: int) -> None:
        self.file, self.number = file, number
        self.part: GoObject = file.parts[number]
        self.names = file.enumerations
        self.base = self.part.base

    def string(self, at: int) -> str:
        """The text that a string reference (length, offset) at an offset of the object means."""
        length, offset = self.part.reader.unpack("II", at)
        return clipped(bytes(self.part.reader.data[offset : offset + min(length, SHOWN)]), length)

    def symbol(self, at: int) -> str:
        """The symbol that a reference (package, index) at an offset of the object means."""
        package, index = self.part.reader.unpack("II", at)
        if package == 0:
            return "none"
        name = self.file.name_of(self.number, package, index)[:SHOWN]
        return name or f"content symbol {index}"

    def number_at(self, form: str, at: int) -> int:
        """A number at an offset of the object."""
        value: int = self.part.reader.unpack(form, at)[0]
        return value

    def leaf(self, at: int, size: int, kind: str, name: str, value: Callable[[], str]) -> Piece:
        """A piece of one value, at an offset of the object."""
        return Piece(self.base + at, size, kind, name, value)

    def label(self, row: int) -> str:
        """What to call a symbol."""
        own, short, hashed, _, _ = self.part.counts
        kind = "content" if own <= row < own + short + hashed else "nameless"
        return self.part.name(row)[:SHOWN] or f"{kind} symbol {row}"

    def autolib(self, _: int, at: int) -> Piece:
        def parts() -> list[Piece]:
            digest = partial(self._hex, at + 8, 8)
            return [
                self.leaf(at, 8, "autolib.path", "path", partial(self.string, at)),
                self.leaf(at + 8, 8, "autolib.fingerprint", "fingerprint", digest),
            ]

        return Piece(self.base + at, 16, "autolib", self.string(at), "", parts, 3)

    def package(self, row: int, at: int) -> Piece:
        name = self.string(at) or "(none: number 0 means nothing)"
        return self.leaf(at, 8, "package", f"package {row}", lambda: name)

    def source(self, row: int, at: int) -> Piece:
        return self.leaf(at, 8, "file", f"file {row}", partial(self.string, at))

    def definition(self, first: int, row: int, at: int) -> Piece:
        part, names = self.part, self.names
        length, offset, abi, kind, flags, flags2, size, alignment = part.symbols[first + row]
        told = " ".join(bits(names.flags, flags)) or "none"
        more = " ".join(bits(names.flags2, flags2)) or "none"

        def parts() -> list[Piece]:
            base = self.base + at
            name = (
                f"{clipped(bytes(part.reader.data[offset : offset + min(length, SHOWN)]), length)}"
            )
            return [
                Piece(base, 8, "symbol.name", "name", f"{name or '(none)'}"),
                Piece(base + 8, 2, "symbol.abi", "ABI", f"{abi}: {abi_name(abi)}"),
                Piece(base + 10, 1, "symbol.kind", "kind", f"{kind}: {named(names.kinds, kind)}"),
                Piece(base + 11, 1, "symbol.flags", "flags", told),
                Piece(base + 12, 1, "symbol.flags2", "more flags", more),
                Piece(base + 13, 4, "symbol.size", "size", f"{size} bytes"),
                Piece(base + 17, 4, "symbol.alignment", "alignment", f"{alignment}"),
            ]

        value = f"{named(names.kinds, kind)}, {size} bytes"
        return Piece(self.base + at, 21, "symbol", self.label(first + row), value, parts, 8)

    def reference_flags(self, _: int, at: int) -> Piece:
        one, two = self.number_at("B", at + 8), self.number_at("B", at + 9)
        told = " ".join(bits(self.names.flags, one)) or "none"
        more = " ".join(bits(self.names.flags2, two)) or "none"

        def parts() -> list[Piece]:
            return [
                self.leaf(at, 8, "reference", "symbol", partial(self.symbol, at)),
                self.leaf(at + 8, 1, "symbol.flags", "flags", lambda: told),
                self.leaf(at + 9, 1, "symbol.flags2", "more flags", lambda: more),
            ]

        return Piece(self.base + at, 10, "refflags", self.symbol(at), told, parts, 4)

    def content(self, first: int, size: int, row: int, at: int) -> Piece:
        return self.leaf(at, size, "hash", self.label(first + row), partial(self._hex, at, size))

    def index(self, kind: str, row: int, at: int) -> Piece:
        name = self.label(row) if row < self.part.definitions else "(end)"
        return self.leaf(at, 4, kind, name, lambda: str(self.number_at("I", at)))

    def relocation(self, row: int, at: int) -> Piece:
        offset, size, kind, addend = self.part.reader.unpack("iBHq", at)
        owner = self.part.owner("reloc", row)
        weak = "weak " if kind & 0x8000 else ""
        word = weak + named(self.names.relocations, kind & 0x7FFF)

        def parts() -> list[Piece]:
            base = self.base + at
            return [
                Piece(base, 4, "relocation.offset", "offset", f"{offset:#x}"),
                Piece(base + 4, 1, "relocation.size", "size", f"{size} bytes"),
                Piece(base + 5, 2, "relocation.kind", "kind", f"{kind & 0x7FFF}: {word}"),
                Piece(base + 7, 8, "relocation.addend", "addend", f"{addend}"),
                self.leaf(at + 15, 8, "reference", "symbol", partial(self.symbol, at + 15)),
            ]

        where = f"in {self.label(owner)}+{offset:#x}" if owner >= 0 else ""
        value = f"{self.symbol(at + 15)} {where}"
        return Piece(self.base + at, 23, "relocation", word, value, parts, 6)

    def auxiliary(self, row: int, at: int) -> Piece:
        kind = self.number_at("B", at)
        word = named(self.names.auxiliaries, kind)
        owner = self.part.owner("aux", row)

        def parts() -> list[Piece]:
            return [
                self.leaf(at, 1, "auxiliary.kind", "kind", lambda: f"{kind}: {word}"),
                self.leaf(at + 1, 8, "reference", "symbol", partial(self.symbol, at + 1)),
            ]

        value = f"of {self.label(owner)}" if owner >= 0 else ""
        return Piece(self.base + at, 9, "auxiliary", word, value, parts, 3)

    def foreign_name(self, _: int, at: int) -> Piece:
        def parts() -> list[Piece]:
            return [
                self.leaf(at, 8, "refname.symbol", "symbol", partial(self._pair, at)),
                self.leaf(at + 8, 8, "refname.name", "name", partial(self.string, at + 8)),
            ]

        return Piece(self.base + at, 16, "refname", self.string(at + 8), "", parts, 3)

    def _hex(self, at: int, size: int) -> str:
        return bytes(self.part.reader.slice(at, size)).hex()

    def _pair(self, at: int) -> str:
        package, index = self.part.reader.unpack("II", at)
        return f"number {index} of {self.part.package(package)}"


def object_pieces(file: ObjectFile, number: int) -> list[Piece]:
    """The pieces of an object, from its magic to the end of its last block."""
    describe = _Describe(file, number)
    part, base = describe.part, describe.base
    blocks = part.blocks
    first = next(iter(blocks.values()))[0]
    head = len(MAGIC) + 12 + 4 * (len(blocks) + 1)
    pieces = [
        Piece(
            base,
            head,
            "header",
            "object header",
            "the linker reads it first",
            lambda: _header(describe),
        ),
        Piece(
            base + head,
            first - head,
            "strings",
            "names",
            f"{first - head:,} bytes of text",
            lambda: _strings(describe, head, first),
        ),
    ]
    for name, (start, end) in blocks.items():
        if end > start:
            pieces.append(_block(describe, name, start, end))
    return [piece for piece in pieces if piece.size]


def _header(describe: _Describe) -> list[Piece]:
    part, base = describe.part, describe.base
    names = " ".join(
        name
        for bit, name in enumerate(describe.names.object_flags)
        if part.flags >> bit & 1 and name
    )
    pieces = [
        Piece(base, 8, "header.magic", "magic", repr(bytes(MAGIC))[2:-1]),
        Piece(base + 8, 8, "header.fingerprint", "fingerprint", part.fingerprint.hex()),
        Piece(base + 16, 4, "header.flags", "flags", names or "none set"),
    ]
    place = base + 20
    for name, (start, _) in [*part.blocks.items(), ("end", (part.end, part.end))]:
        pieces.append(Piece(place, 4, "header.block", _TITLES[name], f"{start:#x}"))
        place += 4
    return pieces


def _strings(describe: _Describe, start: int, end: int) -> list[Piece]:
    """The names, each once: records only refer to them."""
    part, reader, base = describe.part, describe.part.reader, describe.base
    found: set[tuple[int, int]] = set()
    for name, stride, at in (
        ("autolib", 16, 0),
        ("package", 8, 0),
        ("file", 8, 0),
        ("refname", 16, 8),
    ):
        first, last = part.blocks[name]
        form = "x" * at + "II" + "x" * (stride - at - 8)
        found.update((offset, length) for length, offset in reader.table(form, first, last))
    found.update((offset, length) for length, offset, *_ in part.symbols)
    pieces = (
        Piece(
            base + offset,
            length,
            "string",
            "name",
            clipped(bytes(reader.data[offset : offset + min(length, SHOWN)]), length),
        )
        for offset, length in found
        if length and start <= offset < end
    )
    return filled(base + start, base + end, pieces, "string.unused", "text no record refers to")


def _block(describe: _Describe, name: str, start: int, end: int) -> Piece:
    part = describe.part
    base = describe.base
    if name == "data":
        owners = sum(part.data(row)[1] > 0 for row in range(part.definitions))
        words = f"{end - start:,} bytes of {owners:,} symbols"
        return Piece(
            base + start,
            end - start,
            "block.data",
            _TITLES[name],
            words,
            lambda: data_pieces(describe.file, describe.number),
        )
    stride, each, make = _records(describe, name, end - start)
    number = (end - start) // stride
    return Piece(
        base + start,
        end - start,
        f"block.{name}",
        _TITLES[name],
        f"{number:,} of {stride} bytes",
        lambda: Records(base + start, stride, number, each, lambda row, at: make(row, at - base)),
    )


def _records(
    describe: _Describe, name: str, size: int
) -> tuple[int, int, Callable[[int, int], Piece]]:
    """Of the records of a block: bytes of one, pieces of one, and how to make one."""
    own, short, hashed, _, _ = describe.part.counts
    if name in _SYMBOLS:
        first = sum(describe.part.counts[: _SYMBOLS.index(name)])
        return 21, 8, partial(describe.definition, first)
    if name in ("hash64", "hash"):
        count, first = (short, own) if name == "hash64" else (hashed, own + short)
        stride = size // count
        return stride, 1, partial(describe.content, first, stride)
    if name.endswith("index"):
        return 4, 1, partial(describe.index, name)
    return {
        "autolib": (16, 3, describe.autolib),
        "package": (8, 1, describe.package),
        "file": (8, 1, describe.source),
        "refflags": (10, 4, describe.reference_flags),
        "reloc": (23, 6, describe.relocation),
        "aux": (9, 3, describe.auxiliary),
        "refname": (16, 3, describe.foreign_name),
    }[name]


def clipped(text: bytes, length: int) -> str:
    """Bytes as text, with a mark where more follows."""
    return text.decode("utf-8", "replace") + ("…" if length > len(text) else "")
