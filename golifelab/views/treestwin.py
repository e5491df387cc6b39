"""The tree view where no widget runs: counts in a table, trees as indented text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate, islice
from typing import Any

from golifelab.views.complaints import complaint_words
from golifelab.views.html import MAX_ROWS, Markup, block, code, details, join, table, tag

Payload = Mapping[str, Any]


def trees_html(payload: Payload) -> Markup:
    """How many nodes each tree has, and each tree to be opened."""
    if not payload:
        return tag("p", "The trees are being made; run the cell again to see them here.")
    rows = [
        (part["title"], code(stage["heading"]), f"{stage['count']:,}")
        for part in payload["trees"]
        for stage in part["stages"]
    ]
    shown = [
        details(_title(part, stage), block("\n".join(outline(stage))))
        for part in payload["trees"]
        for stage in part["stages"]
    ]
    missing = [tag("p", f"{part['title']}: {part['why']}") for part in _missing(payload)]
    heads = ("tree", "moment", "nodes")
    words = tag("p", complaint_words(payload)) if "readers" in payload else ""
    return join([table(heads, rows, numeric=(2,)), *missing, words, *shown])


def trees_text(payload: Payload) -> str:
    """The same for a terminal."""
    if not payload:
        return "the trees are being made"
    parts = [
        "\n".join([_title(part, stage), *outline(stage)])
        for part in payload["trees"]
        for stage in part["stages"]
    ]
    return "\n\n".join(parts)


def outline(stage: Payload) -> Iterator[str]:
    """A tree as indented lines: field, kind, text, type, constant, position."""
    columns, strings = stage["columns"], stage["strings"]
    count = len(columns["depth"])
    nothing = [-1] * count
    lines = list(accumulate(columns.get("line", ())))

    def word(name: str, node: int) -> str:
        at = columns.get(name, nothing)[node]
        return strings[at] if at >= 0 else ""

    for node in islice(range(count), 2 * MAX_ROWS):
        index = columns.get("index", nothing)[node]
        field = word("field", node) + (f"[{index}]" if index >= 0 else "")
        constant = word("constant", node)
        words = [
            f"{field}:" if field else "",
            word("kind", node),
            word("text", node),
            word("type", node),
            f"= {constant}" if constant else "",
            f"{lines[node]}:{columns['column'][node]}" if lines and lines[node] else "",
        ]
        # A hostile program nests deeper than a page is wide.
        yield "  " * min(columns["depth"][node], 40) + "  ".join(filter(None, words))
    if count > 2 * MAX_ROWS:
        yield f"… {stage['count'] - 2 * MAX_ROWS:,} more nodes"


def _title(part: Payload, stage: Payload) -> str:
    of = " ".join(filter(None, (part.get("function", ""), stage["heading"])))
    return f"{part['title']}{f' ({of})' if of else ''}: {stage['count']:,} nodes"


def _missing(payload: Payload) -> Iterator[Payload]:
    return (part for part in payload["trees"] if not part["stages"] and part.get("why"))
