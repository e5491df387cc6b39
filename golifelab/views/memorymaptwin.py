"""The memory map where no widget runs: totals, mappings and pages of each moment as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from golifelab.load.moments.difference import Difference
from golifelab.load.moments.plain import states
from golifelab.load.moments.stage import Moments
from golifelab.views.html import Markup, block, code, details, hexadecimal, join, table, tag
from golifelab.views.memorymap import memory_payload

Payload = Mapping[str, Any]

_WAITING = "The program is being started; run the cell again to see its memory."
_DIGITS = 12
_LINE = 64
_MOST_PAGES = 4096
# How a page's state is written: absent, the file's, private, the page of zeroes, swapped.
_SIGNS = "·▒█0s"
_TOTALS = ("mapped", "reserved", "committed", "resident", "file", "private")


def moments_html(value: Moments) -> Markup:
    """The moments of a process as tables."""
    return memory_html(memory_payload(value))


def difference_html(value: Difference) -> Markup:
    """What happened between two moments: figures, then every range that was mapped or changed."""
    grown = ", ".join(f"{name} {size:+,}" for name, size in value.grown.items())
    pages = (
        f"{len(value.arrived):,} pages came into memory, {len(value.copied):,} were copied when "
        f"they were first written to, {len(value.left):,} left."
    )
    rows = [
        (
            change.what,
            hexadecimal(change.start, _DIGITS),
            hexadecimal(change.end, _DIGITS),
            f"{(change.end - change.start) >> 10:,}",
            code(change.before or "none"),
            code(change.after or "none"),
            change.name,
        )
        for change in value.changes
    ]
    heads = ("what", "from", "to", "KiB", "permissions before", "after", "of")
    return join(
        [
            tag("p", f"From {value.before} to {value.after}. {pages}"),
            tag("p", f"Bytes: {grown}."),
            table(heads, rows, caption=f"{len(rows)} changes of mappings", numeric=(1, 2, 3)),
        ]
    )


def moments_text(value: Moments) -> str:
    """The moments for a terminal: their totals, then each one's mappings."""
    shown = memory_payload(value)
    lines = [memory_text(shown)]
    for moment in shown["moments"]:
        lines += ["", f"{moment['name']}: {moment['held_at']}"]
        lines += [
            f"{row['start']:012x}-{row['end']:012x} {row['permissions']}"
            f" {(row['end'] - row['start']) >> 10:>9,} KiB {row['resident'] >> 10:>7,} KiB"
            f" in memory  {row['name']}"
            for row in moment["rows"]
        ]
    return "\n".join(lines)


def memory_html(shown: Payload) -> Markup:
    """The page as tables: the moments' totals, each one's mappings, and the pages of the file."""
    if not shown.get("moments"):
        return tag("p", str(shown.get("failed") or _WAITING))
    newest = next((m for m in shown["moments"] if m["name"] == "main.main"), shown["moments"][-1])
    return join(
        [
            tag("p", headline(shown)),
            _totals(shown),
            _mappings(newest),
            *(
                details(f"mappings at {moment['name']}", _mappings(moment))
                for moment in shown["moments"]
                if moment is not newest
            ),
            details("the pages of the file, one sign each", *_pages(shown), opened=True),
        ]
    )


def memory_text(shown: Payload) -> str:
    """The same for a terminal: a line a moment."""
    if not shown.get("moments"):
        return str(shown.get("failed") or _WAITING)
    lines = [headline(shown)]
    for moment in shown["moments"]:
        totals = moment["totals"]
        lines.append(
            f"{moment['name']:<10} {len(moment['rows']):>3} mappings"
            f" {totals['mapped'] >> 10:>9,} KiB mapped {totals['resident'] >> 10:>6,} KiB in memory"
        )
    return "\n".join(lines)


def headline(shown: Payload) -> str:
    """Whose memory it is, and how it was had."""
    how = shown["recorded"] or f"by {shown['how']}"
    names = ", ".join(moment["name"] for moment in shown["moments"])
    notes = "".join(f"; {note}" for note in shown["notes"])
    return f"The memory of {shown['name'] or 'a program'} at {names}; {how}{notes}."


def _totals(shown: Payload) -> Markup:
    rows = [
        (
            moment["name"],
            moment["meaning"],
            len(moment["rows"]),
            *(f"{moment['totals'][name]:,}" for name in _TOTALS),
        )
        for moment in shown["moments"]
    ]
    heads = ("moment", "what it is", "mappings", *_TOTALS)
    return table(heads, rows, caption="bytes at each moment", numeric=tuple(range(2, 9)))


def _mappings(moment: Payload) -> Markup:
    rows = [
        (
            hexadecimal(row["start"], _DIGITS),
            hexadecimal(row["end"], _DIGITS),
            code(row["permissions"]),
            row["name"],
            f"{(row['end'] - row['start']) >> 10:,}",
            f"{row['resident'] >> 10:,}",
            f"{row['private'] >> 10:,}",
            row["why"],
        )
        for row in moment["rows"]
    ]
    heads = ("from", "to", "permissions", "what", "KiB", "KiB in memory", "KiB its own", "known by")
    return table(heads, rows, caption=f"at {moment['name']}", numeric=(0, 1, 4, 5, 6))


def _pages(shown: Payload) -> Iterator[Markup]:
    words = ", ".join(f"{_SIGNS[i]} {meaning}" for i, (_, meaning) in enumerate(shown["states"]))
    yield tag("p", words)
    for moment in shown["moments"]:
        parts = []
        for row in moment["rows"]:
            count = (row["end"] - row["start"]) // shown["page"]
            if row["sections"] and count <= _MOST_PAGES:
                pages = states(row["pages"]) or bytes(count)
                parts.append(f"{row['name']}, {row['permissions']}, from {row['start']:#x}")
                parts += [_signs(pages[i : i + _LINE]) for i in range(0, count, _LINE)]
        yield tag("p", moment["name"])
        yield block("\n".join(parts))


def _signs(pages: bytes) -> str:
    return "".join(_SIGNS[state] for state in pages)
