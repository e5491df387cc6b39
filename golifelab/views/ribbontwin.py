"""The token ribbon where no widget runs: a table and a few words, made from its payload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from golifelab.compile.text import SourceText
from golifelab.views.complaints import complaint_words
from golifelab.views.flow import count
from golifelab.views.html import MAX_ROWS, Markup, code, join, table, tag

Payload = Mapping[str, Any]


class Cell(NamedTuple):
    """One column of the ribbon, in words. Empty where a scanner has no token there."""

    position: str
    text: str
    compiler: str
    go: str
    automatic: str


def ribbon_html(payload: Payload) -> Markup:
    """One row a token, the compiler's word beside go/token's, and who complained first."""
    if not payload:
        return tag("p", "The tokens are being made; run the cell again to see them here.")
    dual = "go_classes" in payload
    heads = ("position", "text", "the compiler", *(("go/token",) if dual else ()), "note")
    rows = (
        (
            cell.position,
            code(cell.text),
            code(cell.compiler),
            *((code(cell.go),) if dual else ()),
            f"nobody typed it: {cell.automatic}" if cell.automatic else "",
        )
        for cell in islice(cells(payload), MAX_ROWS + 1)
    )
    shown = table(heads, rows, caption=counts_words(payload))
    more = len(payload["cells"]["start"]) - MAX_ROWS
    rest = tag("p", f"{more:,} more tokens in the widget") if more > 0 else Markup("")
    return join([shown, rest, tag("p", complaint_words(payload))])


def ribbon_text(payload: Payload) -> str:
    """The same for a terminal."""
    if not payload:
        return "the tokens are being made"
    lines = [counts_words(payload), complaint_words(payload)]
    for cell in islice(cells(payload), MAX_ROWS):
        note = f"  ← {cell.automatic}" if cell.automatic else ""
        words = f"{cell.position:>8}  {cell.compiler:<10} {cell.go:<12} {cell.text}{note}"
        lines.append(words.rstrip())
    return "\n".join(lines)


def cells(payload: Payload) -> Iterator[Cell]:
    """The ribbon's cells in source order."""
    text = SourceText(payload["source"])
    columns = payload["cells"]
    classes, go_classes = payload["classes"], payload.get("go_classes", ())
    nothing = [-1] * len(columns["start"])
    start = 0
    for step, size, own, other in zip(
        columns["start"],
        columns["size"],
        columns["compiler"],
        columns.get("go", nothing),
        strict=True,
    ):
        start += step
        line, column = text.place(start)
        made: Mapping[str, Any] = classes[own] if own >= 0 else {"kind": "", "automatic": ""}
        go: Mapping[str, Any] = go_classes[other] if other >= 0 else {"name": "", "automatic": 0}
        origin = made["automatic"] or ("newline" if go["automatic"] else "")
        yield Cell(
            f"{line}:{column}", text.slice(start, start + size), made["kind"], go["name"], origin
        )


def counts_words(payload: Payload) -> str:
    """How many tokens there are, in a sentence."""
    counts = payload["counts"]
    made = count(counts["automatic"], "semicolon")
    words = f"{count(counts['tokens'], 'token')}, {made} that nobody typed"
    return words + (f"; {count(counts['comments'], 'comment')}" if counts["comments"] else "")
