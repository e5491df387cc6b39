"""The static twins of stack maps, findfunc, function tables, moduledata, masks and places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from golifelab.link.metadata.findfunc import Lookup
from golifelab.link.metadata.functables import FunctionTables
from golifelab.link.metadata.moduledata import ModuleData
from golifelab.link.metadata.places import MetadataPlaces
from golifelab.link.metadata.pointermasks import PointerMasks
from golifelab.link.metadata.stackmaps import StackMaps
from golifelab.views.html import MAX_ROWS, Markup, code, details, join, table, tag
from golifelab.views.stackmaps import stackmaps_payload

_WAITING = "The compiler is at work; run the cell again to see the stack maps."


def stackmaps_html(maps: StackMaps) -> Markup:
    """The stack maps of a function as tables."""
    return page_html(stackmaps_payload(maps))


def page_html(shown: Mapping[str, Any]) -> Markup:
    """The stack-map page as tables: what lives at each call, the frame, and the bitmaps."""
    if not shown.get("instructions"):
        return tag("p", str(shown.get("failed") or _WAITING))
    stops = table(
        ("address", "instruction", "line", "bitmap", "pointers that are alive"),
        (
            (
                code(f"{row['address']:#x}"),
                code(row["text"]),
                row["line"],
                row["index"],
                row["live"],
            )
            for row in _stops(shown)
        ),
        caption=f"where the collector can meet {shown['function']}",
        numeric=(2, 3),
    )
    cells = table(
        ("offset", "area", "word", "variable", *map(str, range(len(shown["maps"][:16])))),
        (
            (
                f"{cell['offset']:+d}",
                cell["area"],
                cell["word"],
                code(cell["name"]) if cell["name"] else "",
                *(_mark(one[cell["area"]], cell["word"]) for one in shown["maps"][:16]),
            )
            for cell in shown["cells"]
        ),
        caption="the words of the frame, by bitmap: ● a pointer, · none",
        numeric=(0, 2),
    )
    parts = [stops] if shown["instructions"]["text"] else []
    return join([tag("p", headline(shown)), *parts, cells, details("the bytes", _bytes(shown))])


def page_text(shown: Mapping[str, Any]) -> str:
    """One line for each place where the collector can meet the function."""
    if not shown.get("instructions"):
        return str(shown.get("failed") or _WAITING)
    lines = [headline(shown)]
    lines += [
        f"  {row['address']:#x}  {row['text']}  bitmap {row['index']}: {row['live'] or '-'}"
        for row in _stops(shown)
    ]
    return "\n".join(lines)


def headline(shown: Mapping[str, Any]) -> str:
    """What there is, in a sentence."""
    count = len(shown["maps"])
    words = {area: (shown[area] or {}).get("bits", 0) for area in ("arguments", "locals")}
    section = (shown["locals"] or shown["arguments"] or {}).get("section", "")
    place = f" in {section}" if section else ""
    return (
        f"{shown['function']}: {count} bitmap{'' if count == 1 else 's'}{place}, each of "
        f"{words['arguments']} words of arguments and {words['locals']} of locals"
    )


def lookup_html(lookup: Lookup) -> Markup:
    """The steps of findfunc."""
    rows = (
        (
            step.name,
            code(step.expression),
            f"{step.value:#x}" if step.value > 0xFFFF else step.value,
            "" if step.address is None else code(f"{step.address:#x}"),
            code(step.bytes.hex(" ")) if step.bytes else "",
        )
        for step in lookup.steps
    )
    name = lookup.function.name if lookup.function else "no function of the program"
    heads = ("step", "what", "gives", "read at", "bytes")
    return table(heads, rows, caption=f"{lookup.pc:#x}: {name}", numeric=(2,))


def tables_html(tables: FunctionTables) -> Markup:
    """A function's tables by pc, its data and the calls that were inlined into it."""
    rows = [
        (code(one.name), code(f"{row.start:#x}"), code(f"{row.end:#x}"), row.value)
        for one in tables.tables
        for row in one.rows
    ]
    shown = table(
        ("table", "from", "up to", "value"),
        rows[: MAX_ROWS + 1],
        caption=f"{tables.function.name}: its record of {tables.record_size} bytes is at "
        f"{tables.record:#x}",
        numeric=(3,),
    )
    data = table(
        ("data", "address"),
        (
            (code(one.name), "none" if one.address is None else code(f"{one.address:#x}"))
            for one in tables.data
        ),
    )
    entry = tables.function.entry
    inlined = table(
        ("number", "inlined function", "where its call would be", "it begins in line"),
        (
            (one.index, code(one.function), code(f"{entry + one.parent_pc:#x}"), one.start_line)
            for one in tables.inlined
        ),
        numeric=(0, 3),
    )
    parts = [shown, details("data of the function", data)]
    return join([*parts, details("the inline tree", inlined)] if tables.inlined else parts)


def module_html(module: ModuleData) -> Markup:
    """The fields of moduledata."""
    rows = (
        (
            code(one.name),
            code(one.type),
            one.offset,
            code(" ".join(f"{word:#x}" for word in one.words)),
            one.section,
        )
        for one in module.fields
    )
    caption = f"runtime.firstmoduledata at {module.address:#x} in {module.section}"
    return table(("field", "type", "offset", "value", "points into"), rows, caption=caption)


def places_html(places: MetadataPlaces) -> Markup:
    """Where metadata, m0 and g0 are."""
    rows = (
        (
            code(one.what),
            one.meaning,
            "" if one.address is None else code(f"{one.address:#x}"),
            one.section,
            "" if one.size < 0 else f"{one.size:,}",
            f"{one.file_bytes:,}" if one.size >= 0 or not one.in_file else "",
            "yes" if one.writable else "no",
        )
        for one in places.places
    )
    release = ".".join(map(str, places.release))
    heads = ("what", "for", "address", "section", "bytes", "of them in the file", "writable")
    return table(heads, rows, caption=f"metadata of a Go {release} program", numeric=(4, 5))


def masks_html(masks: PointerMasks) -> Markup:
    """The pointer masks: their sizes, and the bits of each variable."""
    sizes = table(
        ("mask", "addresses", "words", "pointers", "made by a program of", "at"),
        (
            (
                mask.name,
                code(f"{mask.start:#x}–{mask.end:#x}"),
                f"{len(mask.pointers):,}",
                f"{int(mask.pointers.sum()):,}",
                f"{len(mask.program)} bytes",
                code(f"{mask.address:#x}"),
            )
            for mask in masks.masks
        ),
        numeric=(2, 3),
    )
    rows = (
        (code(one.name), code(f"{one.address:#x}"), one.mask, one.size, code(_bits(one.pointers)))
        for one in masks.symbols[: MAX_ROWS + 1]
    )
    heads = ("variable", "address", "in", "bytes", "words: 1 is a pointer")
    return join([sizes, table(heads, rows, numeric=(3,))])


def _bits(pointers: tuple[bool, ...]) -> str:
    shown = "".join("01"[bit] for bit in pointers[:64])
    return shown + (" …" if len(pointers) > len(shown) else "")


def _mark(bits: str, word: int) -> str:
    return "●" if bits[word : word + 1] == "1" else "·"


def _stops(shown: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    columns = shown["instructions"]
    for number, stop in enumerate(columns["stop"]):
        if stop:
            index = columns["index"][number]
            bits = shown["maps"][index] if 0 <= index < len(shown["maps"]) else {}
            live = [
                cell["name"] or f"{cell['area']} word {cell['word']}"
                for cell in shown["cells"]
                if bits.get(cell["area"], "")[cell["word"] : cell["word"] + 1] == "1"
            ]
            yield {name: columns[name][number] for name in ("address", "text", "line", "index")} | {
                "live": ", ".join(reversed(live))
            }


def _bytes(shown: Mapping[str, Any]) -> Markup:
    rows = []
    for area in ("arguments", "locals"):
        one = shown[area]
        if one is None:
            continue
        at = code(f"{one['address']:#x}")
        rows.append((area, "n and nbit", at, code(_spaced(one["header"]))))
        for index in range(one["count"] if one["stride"] else 0):
            start = index * one["stride"]
            part = one["data"][2 * start : 2 * (start + one["stride"])]
            place = one["address"] + 8 + start
            rows.append((area, f"bitmap {index}", code(f"{place:#x}"), code(_spaced(part))))
    return table(("area", "what", "address", "bytes"), rows)


def _spaced(text: str) -> str:
    return bytes.fromhex(text).hex(" ")
