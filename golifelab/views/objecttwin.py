"""The static twin of an object file: its map in blocks, and its symbols."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from golifelab.link.object.file import ObjectFile
from golifelab.views.html import Markup, code, details, hexadecimal, join, table, tag

Payload = Mapping[str, Any]
# A line of the map: depth, offset, size, name, value, meaning.
Line = tuple[int, int, int, str, str, str]
# A line about a symbol: name, ABI, kind, size, offset, relocations.
SymbolLine = tuple[str, str, str, int, int, int]

_WAITING = "The compiler is at work; run the cell again to see the object file here."
_DEEP = 2


def object_html(made: ObjectFile) -> Markup:
    """The package's own functions first, then the map of the file, all symbols to open."""
    lines = _map(made)
    symbols = (
        (one.name, one.abi, one.kind, one.size, one.offset, len(one.relocations))
        for one in made.symbols
    )
    caption = f"{made.banner.strip()}: {made.size:,} bytes"
    return _tables(list(symbols), lines, caption)


def object_panel_html(payload: Payload) -> Markup:
    """The same of a payload, or what keeps it from being made."""
    if "content" not in payload:
        return tag("p", payload.get("problem") or _WAITING)
    columns = payload["symbols"]
    names = ("name", "abi", "kind", "size", "offset", "relocations")
    symbols = list(zip(*(columns[name] for name in names), strict=True))
    caption = f"package {payload['package']}, go{payload['go']} {payload['architecture']}: "
    return _tables(symbols, list(_sent(payload)), f"{caption}{payload['size']:,} bytes")


def object_panel_text(payload: Payload) -> str:
    """For a terminal: the map of the file, a line a block."""
    if "content" not in payload:
        return str(payload.get("problem") or _WAITING)
    lines = [
        f"{offset:#08x} {size:>8,}  {'  ' * depth}{name}  {value}".rstrip()
        for depth, offset, size, name, value, _ in _sent(payload)
    ]
    return "\n".join(lines)


def _map(made: ObjectFile) -> list[Line]:
    """The fields of the first two depths, without making those below."""
    root = made.fields[0]
    found = []
    for member in made.fields.parts(root):
        found.append(member)
        found += made.fields.parts(member)
    return [(one.depth, one.offset, one.size, one.name, one.value, one.meaning) for one in found]


def _sent(payload: Payload) -> Iterator[Line]:
    fields, texts = payload["fields"], payload["texts"]
    depths: list[int] = []
    for row, parent in enumerate(fields["parent"]):
        depths.append(depths[parent] + 1 if parent >= 0 else 0)
        if 0 < depths[row] <= _DEEP:
            told = (texts[fields[name][row]] for name in ("name", "value", "meaning"))
            name, value, meaning = told
            yield depths[row], fields["offset"][row], fields["size"][row], name, value, meaning


def _tables(symbols: Sequence[SymbolLine], lines: Sequence[Line], caption: str) -> Markup:
    heads = ("symbol", "ABI", "kind", "size", "offset", "relocations")
    own = [row for row in symbols if row[2].startswith("STEXT")]
    return join(
        [
            table(
                heads,
                map(_symbol, own),
                caption=f"{caption}, {len(own)} functions",
                numeric=(3, 4, 5),
            ),
            details(f"the map of the file: {len(lines)} parts", _lines(lines)),
            details(
                f"all {len(symbols):,} symbols",
                table(heads, map(_symbol, symbols), numeric=(3, 4, 5)),
            ),
        ]
    )


def _symbol(row: SymbolLine) -> tuple[Any, ...]:
    name, abi, kind, size, offset, relocations = row
    place = hexadecimal(offset) if offset >= 0 else ""
    return code(name or "(known by its content)"), abi, kind, size, place, relocations


def _lines(lines: Iterable[Line]) -> Markup:
    rows = (
        (hexadecimal(offset), f"{size:,}", "· " * (depth - 1) + name, code(value), meaning)
        for depth, offset, size, name, value, meaning in lines
    )
    return table(("offset", "bytes", "part", "says", "is for"), rows, numeric=(0, 1))
