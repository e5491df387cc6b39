"""The pieces of the symbols' data: code and its holes, records about functions, tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from golifelab.errors import ParseError
from golifelab.link.object.enumerations import bits, named
from golifelab.link.object.function import INLINE_NODE_SIZE, pc_spans, quantum
from golifelab.link.object.tree import Piece, Records, filled
from golifelab.link.reader import Reader

if TYPE_CHECKING:
    from golifelab.link.object.file import ObjectFile

_TABLES = ("Pcsp", "Pcfile", "Pcline", "Pcinline", "Pcdata")
# Relocations of one symbol that are drawn as holes: more would be no picture.
_HOLES = 20_000


def data_pieces(file: ObjectFile, number: int) -> list[Piece]:
    """The data of every symbol of an object that has some."""
    part = file.parts[number]
    start, end = part.blocks["data"]
    roles = _roles(file, number)
    pieces = []
    for row in range(part.definitions):
        offset, size = part.data(row)
        if not size:
            continue
        kind = named(file.enumerations.kinds, part.symbols[row][3])
        role = roles.get(row, "")
        pieces.append(
            Piece(
                part.base + offset,
                size,
                f"data.{role or kind}",
                part.name(row)[:200] or f"content symbol {row}",
                f"{role or kind}, {size:,} bytes",
                partial(_inside, file, number, row, role),
            )
        )
    return filled(part.base + start, part.base + end, pieces, "data.unused", "no symbol's")


def _roles(file: ObjectFile, number: int) -> dict[int, str]:
    """What a symbol is for another one: row → "FuncInfo", "Pcline" and so on."""
    part, names = file.parts[number], file.enumerations.auxiliaries
    found: dict[int, str] = {}
    for row in range(part.definitions):
        for kind, package, symbol in part.auxiliaries(row):
            own = part.own_index(package, symbol)
            if own is not None and own < part.definitions:
                found.setdefault(own, named(names, kind))
    return found


def _inside(file: ObjectFile, number: int, row: int, role: str) -> list[Piece]:
    part = file.parts[number]
    offset, size = part.data(row)
    start = part.base + offset
    data = file.content[start : start + size]
    if role == "FuncInfo":
        return _function(file, number, data, start)
    if role in _TABLES:
        return list(_table(file, data, start))
    holes: list[Piece] = []
    for place, width, kind, addend, package, symbol in part.relocations(row):
        if width and place >= 0 and place + width <= size and len(holes) < _HOLES:
            weak = "weak " if kind & 0x8000 else ""
            word = weak + named(file.enumerations.relocations, kind & 0x7FFF)
            name = file.name_of(number, package, symbol)[:200] or f"content symbol {symbol}"
            more = f"{addend:+d}" if addend else ""
            holes.append(Piece(start + place, width, "hole", word, f"{name}{more}"))
    if not holes:
        return []
    code = named(file.enumerations.kinds, part.symbols[row][3]).startswith("STEXT")
    between = "code" if code else "bytes"
    return filled(start, start + size, holes, f"data.{between}", between)


def _function(file: ObjectFile, number: int, data: bytes, start: int) -> list[Piece]:
    """A goobj.FuncInfo; one leaf where it is damaged."""
    reader = Reader(data, "function info")
    names, part = file.enumerations, file.parts[number]
    try:
        arguments, frame, special, flags, line, files = reader.unpack("IIBBxxiI", 0)
        (nodes,) = reader.unpack("I", 20 + 4 * files)
        rows = [row[0] for row in reader.table("I", 20, 20 + 4 * files)]
        tree = 24 + 4 * files
        reader.slice(tree, INLINE_NODE_SIZE * nodes)
    except ParseError:
        return []
    told = " ".join(bits(names.function_flags, flags)) or "none"

    def source(index: int) -> str:
        return part.files[index] if index < len(part.files) else f"file {index}"

    pieces = [
        Piece(start, 4, "function.arguments", "arguments", f"{arguments} bytes"),
        Piece(start + 4, 4, "function.locals", "locals", f"{frame} bytes"),
        Piece(start + 8, 1, "function.id", "special function", named(names.functions, special)),
        Piece(start + 9, 1, "function.flags", "flags", told),
        Piece(start + 10, 2, "padding", "padding"),
        Piece(start + 12, 4, "function.line", "first line", str(line)),
        Piece(start + 16, 4, "function.files", "number of files", str(files)),
    ]
    for at, index in enumerate(rows):
        pieces.append(Piece(start + 20 + 4 * at, 4, "function.file", f"file {at}", source(index)))
    pieces.append(
        Piece(start + tree - 4, 4, "function.inlined", "number of inlined calls", str(nodes))
    )
    if nodes:

        def node(row: int, at: int) -> Piece:
            parent, file_index, at_line, package, symbol, pc = reader.unpack("iIiIIi", at - start)
            name = file.name_of(number, package, symbol)[:200]
            values = (
                (4, "parent", str(parent)),
                (4, "file", source(file_index)),
                (4, "line", str(at_line)),
                (8, "function", name),
                (4, "pc", f"{pc:#x}"),
            )

            def parts() -> list[Piece]:
                place, made = at, []
                for size, word, value in values:
                    made.append(Piece(place, size, f"inlined.{word}", word, value))
                    place += size
                return made

            words = f"{name}, called at {source(file_index)}:{at_line}"
            return Piece(at, INLINE_NODE_SIZE, "inlined", f"inlined call {row}", words, parts, 6)

        pieces.append(
            Piece(
                start + tree,
                INLINE_NODE_SIZE * nodes,
                "function.tree",
                "inlined calls",
                str(nodes),
                lambda: Records(start + tree, INLINE_NODE_SIZE, nodes, 6, node),
            )
        )
    return filled(start, start + len(data), pieces, "rest", "rest")


def _table(file: ObjectFile, data: bytes, start: int) -> Iterator[Piece]:
    """The rows of a pc table; one leaf where it is damaged."""
    step = quantum(file)
    try:
        spans = list(pc_spans(data, step))
    except ParseError:
        return
    place = 0
    for first, end, value, after in spans:
        words = f"{value} from {first:#x} to {end:#x}"
        yield Piece(start + place, after - place, "table.row", "row", words)
        place = after
    if place < len(data):
        yield Piece(start + place, len(data) - place, "table.end", "end", "no change")
