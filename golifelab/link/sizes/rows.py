"""Every byte of an executable, in the file and in memory, and whose it is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from golifelab.errors import ParseError
from golifelab.link.elf.image import Image
from golifelab.link.elf.structure import Section
from golifelab.link.placement.symbols import PlacedSymbol
from golifelab.link.sizes.packages import package_of
from golifelab.link.sizes.pieces import Piece, divided
from golifelab.link.sizes.tables import TableOwners

HEADERS = "(headers)"
PADDING = "(padding)"
NOBODY = "(without a symbol)"
# What a Go linker puts between functions: breakpoints on x86, else zeroes.
_FILLERS = {"amd64": b"\xcc", "386": b"\xcc"}


@dataclass(frozen=True, slots=True)
class Sized:
    """Bytes of one kind that one symbol has in one section.

    `file` and `memory` are bytes there; `address` is where the first of them is loaded, 0 for what
    is not. `section` is "" for the file's own headers, and what lies between sections. `kind` is
    "code", "read-only data", "data", "zeroed data", "function tables" (what the runtime knows of a
    function), "debug info", "symbol table", "dynamic linking", "file structure" or "padding".
    """

    name: str
    package: str
    section: str
    kind: str
    address: int
    file: int
    memory: int


def rows_of(image: Image, placed: Iterable[PlacedSymbol] = ()) -> Iterator[Sized]:
    """What every byte is for: sections in the file's order, then the file's own structure.

    `placed` symbols, by address, have what is in no symbol of the file's own table.
    """
    try:
        owners: TableOwners | None = TableOwners(image)
    except ParseError:
        owners = None  # no Go program, or one whose tables are damaged: its sections are there
    symbols = _symbols(image, owners)
    more = _Placed(placed)
    for section in image.sections:
        if section.loaded and section.size:
            pieces = symbols.get(section.name, [])
            yield from _loaded(section, pieces, owners, more)
        elif section.file_size:
            kind = _kind(section)
            yield Sized(section.name, "", section.name, kind, 0, section.file_size, 0)
    yield from _structure(image)


def _loaded(
    section: Section, symbols: Iterable[Piece], owners: TableOwners | None, more: _Placed
) -> Iterator[Sized]:
    """The bytes of a section: a symbol's own, and what the runtime keeps about functions."""
    kind = _kind(section)
    tables = list(owners.pieces(section)) if owners else []
    start, end = section.address, section.address + section.size
    in_file = section.file_size > 0
    found: dict[tuple[str, str], list[int]] = {}
    if tables:
        # The tables are divided among functions, whatever one symbol covers them all.
        spans = [(one.start, one.end) for one in tables]
        inside = min(spans)[0], max(end for _, end in spans)
        symbols = [one for one in symbols if not (one.start >= inside[0] and one.end <= inside[1])]
    marked = [Piece(one.start, one.end, f"\0{one.name}") for one in tables]
    whole = divided(start, end, [*symbols, *marked])
    for piece in (part for one in whole for part in more.divide(one)):
        about = piece.name.startswith("\0")
        name = piece.name[1:] if about else piece.name or _gap(piece)
        what = "function tables" if about else "padding" if name == PADDING else kind
        place = found.setdefault((name, what), [piece.start, 0])
        place[1] += piece.size
    for (name, what), (address, size) in found.items():
        package = "" if name.startswith("(") else package_of(name) or more.package(name)
        file = size if in_file else 0
        yield Sized(name, package, section.name, what, address, file, size)


class _Placed:
    """Symbols that the file does not list: strings, types, and whatever else has no name there."""

    def __init__(self, placed: Iterable[PlacedSymbol]) -> None:
        self._packages: dict[str, str] = {}
        self._pieces: list[Piece] = []
        for one in placed:
            name = one.name or f"({one.kind} without a name)"
            self._packages.setdefault(name, one.package)
            self._pieces.append(Piece(one.address, one.end, name))
        self._starts = [piece.start for piece in self._pieces]

    def package(self, name: str) -> str:
        """The package whose object has a symbol."""
        return self._packages.get(name, "")

    def divide(self, piece: Piece) -> Iterable[Piece]:
        """A stretch of nobody's, divided between them."""
        if piece.name or not self._pieces:
            return (piece,)
        first = max(0, bisect_right(self._starts, piece.start) - 1)
        last = bisect_left(self._starts, piece.end)
        return divided(piece.start, piece.end, self._pieces[first:last])


def _gap(piece: Piece) -> str:
    return PADDING if piece.size < _SMALL else NOBODY


# Symbols are aligned to no more than this; what is longer and nobody's is no padding.
_SMALL = 64


def _symbols(image: Image, owners: TableOwners | None) -> dict[str, list[Piece]]:
    """The symbols by section; of a stripped file the functions that the runtime knows."""
    found: dict[str, list[Piece]] = {}
    if image.symbols:
        for one in image.symbols:
            if one.size and one.section and one.type != "TLS":
                # In the runtime's tables both ABIs of a function have one name.
                name = one.name.removesuffix(".abi0")
                piece = Piece(one.address, one.address + one.size, name)
                found.setdefault(one.section, []).append(piece)
        return found
    if owners is not None:
        for piece in _functions(image, owners):
            section = image.section_at(piece.start)
            if section is not None:
                found.setdefault(section.name, []).append(piece)
    return found


def _functions(image: Image, owners: TableOwners) -> Iterator[Piece]:
    """Functions by the runtime's table, without the filling that counts to them there."""
    text = owners.tables.text
    entries = [text + one for one in owners.tables.entries]
    filler = _FILLERS.get(image.machine, b"\0")
    for name, start, end in zip(owners.names, entries, entries[1:], strict=False):
        code = image.bytes_at(start, end - start).rstrip(filler)
        yield Piece(start, start + len(code), name)


def _kind(section: Section) -> str:
    if not section.loaded:
        tables = ("SYMTAB", "STRTAB")
        debug = section.name.startswith((".debug", ".zdebug"))
        return "debug info" if debug else "symbol table" if section.type in tables else "other"
    if section.type == "NOBITS":
        return "zeroed data"
    if section.type not in ("PROGBITS", "NOTE", "INIT_ARRAY", "FINI_ARRAY"):
        return "dynamic linking"
    if "X" in section.flags:
        return "code"
    return "data" if "W" in section.flags else "read-only data"


def _structure(image: Image) -> Iterator[Sized]:
    """The bytes of the file that are in no section."""
    covered = sorted(
        (one.offset, one.offset + one.file_size) for one in image.sections if one.file_size
    )
    here, gaps = 0, 0
    heads = 0
    for start, end in [*covered, (image.size, image.size)]:
        if start > here:
            size = start - here
            heads, gaps = (size, gaps) if here == 0 else (heads, gaps + size)
        here = max(here, end)
    if heads:
        yield Sized(HEADERS, "", "", "file structure", 0, heads, 0)
    if gaps:
        yield Sized(PADDING, "", "", "padding", 0, gaps, 0)
