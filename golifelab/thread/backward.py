"""From an address of an executable back to what it is, on the evidence of the file alone.

Where the objects that it was linked from are known, their symbols tell more.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from golifelab.errors import GolifelabError
from golifelab.link.executable import Executable, executable
from golifelab.link.placement.stage import Placement
from golifelab.position import Position
from golifelab.thread.data import data_link, file_link
from golifelab.thread.model import Link, Thread


def explain(
    binary: Executable | str | Path,
    *,
    address: int | None = None,
    offset: int | None = None,
    placed: Placement | None = None,
) -> Thread:
    """The thread of an address or a file offset, backwards: segment, section, symbol, source line.

    Exactly one of `address` (as in the file) and `offset` is given; GolifelabError when it lies
    outside the file. With `placed` data, types, strings and padding have names, too.
    """
    opened = binary if isinstance(binary, Executable) else executable(binary)
    if (address is None) == (offset is None):
        raise GolifelabError("explain one thing", remedy="give either address= or offset=")
    if offset is not None:
        if not 0 <= offset < opened.size:
            raise GolifelabError(f"{opened.name} has {opened.size:,} bytes, none at {offset}")
        address = opened.image.address_of(offset)
    place = None
    path = shlex.quote(str(opened.path))
    if address is None:
        links = [_unloaded(opened, offset or 0)]
        command = f"golifelab explain --offset {path} {offset:#x}"
    else:
        links = _links(opened, address, placed)
        command = f"golifelab explain {path} {address:#x}"
        if opened.function_at(address):
            place = opened.pclntab.position(address)
    return Thread(
        command=command,
        precision="line",
        tier="tool",
        position=place or Position(opened.name, 0),
        links=tuple(links),
    )


def _unloaded(opened: Executable, offset: int) -> Link:
    """Bytes of the file that no segment loads: for tools only."""
    found = file_link(opened, offset)
    if found is None:
        return Link("executable", "unknown", "end", "no header and no section has this byte")
    facts = (*found.facts, ("in memory", "never: no segment loads it"))
    return Link(found.stage, found.label, found.kind, found.evidence, facts)


def _links(opened: Executable, address: int, placed: Placement | None) -> list[Link]:
    segment, section = opened.segment_at(address), opened.section_at(address)
    if segment is None:
        reason = f"no segment of {opened.name} holds {address:#x}"
        return [Link("executable", "outside", "end", reason)]
    facts = [("segment", f"{segment.type} #{segment.index} {segment.permissions}")]
    offset = opened.offset_of(address)
    facts.append(("file offset", "none: zeroed at load" if offset is None else f"{offset:#x}"))
    if section is not None:
        facts.append(("section", f"{section.name}+{address - section.address:#x}"))
    links = [Link("executable", f"{address:#x}", "exact", "the ELF headers", tuple(facts))]
    function = opened.function_at(address)
    if function is None or (placed is not None and placed.at(address) is None):
        more = data_link(opened, address, placed)
        if more is None and offset is not None:
            more = file_link(opened, offset)
        return [*links, more] if more else links
    label = f"{function.name}+{address - function.address:#x}"
    evidence = "the table of functions"
    extra: tuple[tuple[str, str], ...] = ()
    known = placed.at(address) if placed is not None else None
    if known is not None and placed is not None:
        evidence = known.evidence
        hole = placed.hole_at(address)
        if hole is not None:
            extra = (
                (f"filled in at {hole.address:#x}", f"{hole.kind} {hole.target}{hole.addend:+d}"),
            )
    links.append(Link("object", label, "exact", evidence, extra))
    frames = opened.pclntab.calls(address)
    links += [
        Link("source", str(frame.position), "exact", f"the line table, in {frame.function}")
        for frame in reversed(frames)
    ]
    return links
