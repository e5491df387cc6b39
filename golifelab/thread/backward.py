"""From an address of an executable back to what it is, on the evidence of the file alone."""

from __future__ import annotations

from pathlib import Path

from golifelab.errors import GolifelabError
from golifelab.link.executable import Executable, executable
from golifelab.position import Position
from golifelab.thread.model import Link, Thread


def explain(
    binary: Executable | str | Path, *, address: int | None = None, offset: int | None = None
) -> Thread:
    """The thread of an address or a file offset, backwards: segment, section, symbol, source line.

    Exactly one of `address` (as in the file) and `offset` is given; GolifelabError when it lies
    outside the file.
    """
    opened = binary if isinstance(binary, Executable) else executable(binary)
    if (address is None) == (offset is None):
        raise GolifelabError("explain one thing", remedy="give either address= or offset=")
    if address is None:
        address = opened.image.address_of(offset or 0)
        if address is None:
            raise GolifelabError(f"file offset {offset:#x} is not loaded into memory")
    links = _links(opened, address)
    place = opened.pclntab.position(address) if opened.function_at(address) else None
    command = f"golifelab explain {opened.path.name} {address:#x}"
    return Thread(
        command=command,
        precision="line",
        tier="tool",
        position=place or Position(opened.path.name, 0),
        links=tuple(links),
    )


def _links(opened: Executable, address: int) -> list[Link]:
    segment, section = opened.segment_at(address), opened.section_at(address)
    if segment is None:
        reason = f"no segment of {opened.path.name} holds {address:#x}"
        return [Link("executable", "outside", "end", reason)]
    facts = [("segment", f"{segment.type} #{segment.index} {segment.permissions}")]
    offset = opened.offset_of(address)
    facts.append(("file offset", "none: zeroed at load" if offset is None else f"{offset:#x}"))
    if section is not None:
        facts.append(("section", f"{section.name}+{address - section.address:#x}"))
    links = [Link("executable", f"{address:#x}", "exact", "the ELF headers", tuple(facts))]
    function = opened.function_at(address)
    if function is not None:
        label = f"{function.name}+{address - function.address:#x}"
        links.append(Link("object", label, "exact", "the table of functions"))
        frames = opened.pclntab.calls(address)
        links += [
            Link("source", str(frame.position), "exact", f"the line table, in {frame.function}")
            for frame in reversed(frames)
        ]
        return links
    symbol = opened.symbol_at(address)
    if symbol is not None:
        label = f"{symbol.name}+{address - symbol.address:#x}"
        links.append(Link("object", label, "contains", "the symbol table"))
    return links
