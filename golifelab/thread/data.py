"""What a byte of an executable is that is no machine code: data, a type, a string, padding."""

from __future__ import annotations

from golifelab.link.executable import Executable
from golifelab.link.placement.coverage import coverage
from golifelab.link.placement.filemap import file_parts
from golifelab.link.placement.stage import Placement
from golifelab.thread.model import Kind, Link

_MAX_POINTERS = 4
_PREFIXES = {
    "type:": "a type description, for the collector, interfaces and reflection",
    "go:string.": "the bytes of string constants",
    "go:itab.": "an interface table: a type, and its methods in the interface's order",
    "runtime.gcbits.": "a pointer mask: one bit for each word of a type",
    "gclocals·": "stack maps: which words of a frame hold pointers",
}


def data_link(opened: Executable, address: int, placed: Placement | None) -> Link | None:
    """The link of a loaded address that is no instruction; None where no section holds it."""
    section = opened.section_at(address)
    if section is None:
        return None
    span = coverage(opened, section.name, placed).at(address)
    if span is None:
        return None
    facts = [("bytes", f"{span.size} from {span.start:#x}")]
    label = f"{span.name}+{address - span.start:#x}"
    if span.kind == "unknown":
        return Link("object", "unknown", "end", span.evidence, tuple(facts))
    if span.kind == "padding" or placed is None or span.number < 0:
        kind: Kind = "contains" if span.kind == "symbol" else "category"
        return Link("object", label, kind, span.evidence, tuple(facts))
    symbol = placed.symbols[span.number]
    facts.append(("package", symbol.package))
    facts.append(("kind", symbol.kind))
    purpose = next((words for start, words in _PREFIXES.items() if label.startswith(start)), "")
    if purpose:
        facts.append(("what it is", purpose))
    hole = placed.hole_at(address)
    if hole is not None:
        where = "" if hole.target_address is None else f" at {hole.target_address:#x}"
        facts.append(
            (
                f"filled in at {hole.address:#x}",
                f"{hole.kind} {hole.target or '(nothing)'}{hole.addend:+d}{where}",
            )
        )
    pointers = placed.pointers_to(symbol)
    facts += [
        ("pointed to by", f"{one.symbol.name}+{one.offset:#x}, {one.kind}")
        for one in pointers[:_MAX_POINTERS]
    ]
    if len(pointers) > _MAX_POINTERS:
        facts.append(("and by", f"{len(pointers) - _MAX_POINTERS} more"))
    return Link("object", label, "exact", span.evidence, tuple(facts))


def file_link(opened: Executable, offset: int) -> Link | None:
    """The link of a file offset that no segment or no section holds: a header, or a gap."""
    for part in file_parts(opened.image):
        if part.start <= offset < part.end:
            label = f"{part.name}+{offset - part.start:#x}"
            facts = (("bytes", f"{part.end - part.start} from offset {part.start:#x}"),)
            return Link("executable", label, "category", part.evidence, facts)
    return None
