"""Static twin of a placement: how much of each section is accounted for, and how it is known."""

from __future__ import annotations

from collections import Counter

from golifelab.link.placement.coverage import coverage
from golifelab.link.placement.linkermade import Kind
from golifelab.link.placement.stage import Placement
from golifelab.views.html import Markup, code, details, hexadecimal, join, table

_KINDS: tuple[Kind, ...] = ("symbol", "linker", "padding", "unknown")


def placement_html(placed: Placement) -> Markup:
    """What the sections are made of; by what the symbols were found; the program's own symbols."""
    opened = placed.executable
    sections = []
    for section in opened.sections:
        if section.loaded and section.size and opened.section_at(section.address) == section:
            made = coverage(opened, section.name, placed)
            shares = [
                f"{100 * made.share(kind):.1f} %" if made.bytes(kind) else "" for kind in _KINDS
            ]
            sections.append((code(section.name), f"{section.size:,}", *shares))
    heads = ("section", "bytes", "symbols of objects", "the linker's own", "padding", "unknown")
    words = (
        f"{len(placed):,} of the {placed.definitions:,} symbols that {placed.objects} objects"
        f" define are in the executable; {placed.conflicts} conflicts"
    )
    found = Counter(symbol.how for symbol in placed)
    rows = [(how, f"{count:,}") for how, count in found.most_common()]
    own = [
        (code(s.name), s.kind, hexadecimal(s.address), f"{s.size:,}", s.evidence)
        for s in placed
        if s.package == "main"
    ]
    return join(
        [
            table(heads, sections, caption=words, numeric=(1, 2, 3, 4, 5)),
            table(("found by", "symbols"), rows, numeric=(1,)),
            details(
                f"the program's own {len(own)} symbols",
                table(
                    ("symbol", "kind", "address", "bytes", "how it is known"), own, numeric=(2, 3)
                ),
                opened=True,
            ),
        ]
    )
