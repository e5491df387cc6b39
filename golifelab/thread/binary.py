"""The last part of a thread: symbol in the object, address in the executable, page in a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golifelab.link.executable import Executable
from golifelab.link.object.file import ObjectFile
from golifelab.thread.back import Code
from golifelab.thread.model import Link

if TYPE_CHECKING:
    from golifelab.load.hold.process import Process

_PAGE = 4096


def object_links(made: ObjectFile, code: Code | None) -> list[Link]:
    """Where the code stands in the object file, and what the linker has to fill in there."""
    if code is None or not code.instructions:
        return []
    at = code.instructions[0]
    name = code.function.symbol
    try:
        symbol = made.symbol(name)
    except KeyError:
        return [Link("object", "no symbol", "end", f"the object has no symbol {name}")]
    facts = [("symbol", f"{name}, {symbol.size} bytes, {symbol.kind}")]
    if symbol.offset >= 0:
        facts.append(("offset in the archive", f"{symbol.offset + at.pc:#x}"))
    inside = [
        relocation
        for relocation in symbol.relocations
        if at.pc <= relocation.offset < at.pc + max(at.size, 1)
    ]
    facts += [
        (f"relocation at +{one.offset:#x}", f"{one.kind} {one.symbol}{one.addend:+d}")
        for one in inside
    ]
    if not inside:
        facts.append(("relocations", "none in this instruction: its bytes are final"))
    label = f"{name}+{at.pc:#x}"
    return [Link("object", label, "exact", "the object's symbol table", tuple(facts))]


def executable_links(
    made: ObjectFile, executable: Executable, code: Code | None
) -> tuple[list[Link], int | None]:
    """The links in object and executable, and the address of the first instruction there."""
    links = object_links(made, code)
    if code is None or not code.instructions:
        return links, None
    at = code.instructions[0]
    function = executable.function(code.function.symbol)
    if function is None:
        reason = f"the linker found no use of {code.function.symbol} and left it out"
        return [*links, Link("executable", "left out", "end", reason)], None
    address = function.address + at.pc
    offset = executable.offset_of(address)
    section, segment = executable.section_at(address), executable.segment_at(address)
    there = executable.bytes_at(address, at.size)
    facts = [("bytes", there.hex(" "))]
    if offset is not None:
        facts.append(("file offset", f"{offset:#x}"))
    if section is not None:
        facts.append(("section", f"{section.name}+{address - section.address:#x}"))
    if segment is not None:
        facts.append(("segment", f"{segment.type} #{segment.index} {segment.permissions}"))
    evidence = "the symbol table of the executable"
    if there == at.bytes:
        evidence += "; the bytes are the compiler's"
    return [*links, Link("executable", f"{address:#x}", "exact", evidence, tuple(facts))], address


def process_links(process: Process, address: int | None) -> list[Link]:
    """The mapping and the page of a link-time address in a live process."""
    if address is None:
        return []
    place = address + process.bias
    mapping = process.maps.at(place)
    if mapping is None:
        return [Link("process", "not mapped", "end", f"no mapping holds {place:#x}")]
    start = place - place % _PAGE
    facts = [
        ("mapping", f"{mapping.start:08x}-{mapping.end:08x} {mapping.permissions} {mapping.name}"),
        ("process", f"{process.pid}, held at {process.held_at}"),
    ]
    page = process.pages(start, start + _PAGE).at(start)
    if page is not None:
        facts.append(("page", "in memory" if page.present else "not in memory yet"))
    evidence = f"/proc/{process.pid}/maps" if process.recorded is None else str(process.recorded)
    return [Link("process", f"page {start:#x}", "exact", evidence, tuple(facts))]
