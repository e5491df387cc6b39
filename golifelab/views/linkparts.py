"""Static twins of the linker's answers that are no stages: symbols, fields, spans, a stack map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from golifelab.link.deadcode.difference import Difference
from golifelab.link.elf.symbols import Symbols as ImageSymbols
from golifelab.link.metadata.pclntab import FunctionTable
from golifelab.link.metadata.stackmaps import StackMap
from golifelab.link.object.fields import Fields
from golifelab.link.object.symbols import Symbols as ObjectSymbols
from golifelab.link.placement.coverage import Coverage
from golifelab.link.placement.linkermade import Kind
from golifelab.views.html import Markup, code, hexadecimal, join, table

_SHOWN = 40
_KINDS: tuple[Kind, ...] = ("symbol", "linker", "padding", "unknown")


def stack_map_html(found: StackMap) -> Markup:
    """Which words of a frame hold live pointers, at one address."""
    bits = {"arguments": found.arguments, "locals": found.locals}
    rows = [
        (area, len(flags), code("".join("01"[bit] for bit in flags)), ", ".join(_live(found, area)))
        for area, flags in bits.items()
    ]
    which = (
        f"bitmap {found.index}" if found.index >= 0 else "no bitmap: the collector can't stop here"
    )
    heads = ("area", "words", "bits, from the lowest word", "live pointers")
    return table(heads, rows, numeric=(1,), caption=f"at {found.pc:#x}: {which}")


def _live(found: StackMap, area: str) -> list[str]:
    return [one.name or f"word {one.word}" for one in found.live if one.area == area]


def coverage_html(found: Coverage) -> Markup:
    """How much of a section is what, and its first spans."""
    shares = [
        (kind, f"{found.bytes(kind):,}", f"{found.share(kind):.2%}")
        for kind in _KINDS
        if found.bytes(kind)
    ]
    section = found.section
    head = table(
        ("kind", "bytes", "share"),
        shares,
        numeric=(1, 2),
        caption=f"{section.name}, {section.size:,} bytes",
    )
    spans = (
        (hexadecimal(one.start), f"{one.size:,}", one.kind, code(one.name), one.evidence)
        for one in found
    )
    heads = ("address", "bytes", "kind", "what", "evidence")
    return join([head, _beginning("spans", heads, spans, len(found), (1,))])


def dropped_html(found: Difference) -> Markup:
    """What would go, the largest first."""
    rows = ((code(one.name), one.package, one.kind, f"{one.size:,}") for one in found.symbols)
    what = f"symbols, {found.bytes:,} bytes"
    return _beginning(what, ("symbol", "package", "kind", "bytes"), rows, len(found.symbols), (3,))


def fields_html(found: Fields) -> Markup:
    """The first fields of an object file."""
    rows = (
        (f"{one.offset:#x}", f"{one.size:,}", one.name, code(one.value), one.meaning)
        for one in found
    )
    return _beginning(
        "fields", ("offset", "bytes", "field", "value", "meaning"), rows, len(found), (1,)
    )


def object_symbols_html(found: ObjectSymbols) -> Markup:
    """The first symbols of an object file."""
    rows = ((code(one.name), one.abi, one.kind, f"{one.size:,}") for one in found)
    return _beginning("symbols", ("name", "ABI", "kind", "bytes"), rows, len(found), (3,))


def image_symbols_html(found: ImageSymbols) -> Markup:
    """The first symbols of an executable."""
    rows = (
        (
            hexadecimal(one.address),
            f"{one.size:,}",
            one.type,
            one.binding,
            one.section,
            code(one.name),
        )
        for one in found
    )
    heads = ("address", "bytes", "type", "binding", "section", "name")
    return _beginning("symbols", heads, rows, len(found), (1,))


def functions_html(found: FunctionTable) -> Markup:
    """The first functions that the runtime knows."""
    rows = (
        (
            hexadecimal(one.entry),
            f"{one.end - one.entry:,}",
            code(one.name),
            one.file,
            one.start_line,
        )
        for one in found
    )
    heads = ("entry", "bytes", "function", "file", "line")
    return _beginning("functions", heads, rows, len(found), (1, 4))


def _beginning(
    what: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    count: int,
    numeric: Sequence[int],
) -> Markup:
    """The first rows, which are made only as far as they are shown."""
    more = f", the first {_SHOWN}" if count > _SHOWN else ""
    return table(heads, islice(rows, _SHOWN), numeric=numeric, caption=f"{count:,} {what}{more}")
