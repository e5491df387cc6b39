"""The notes of an ELF file: what tools wrote into it for other tools to find."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from golifelab.link.elf.structure import Structure

_KINDS = {
    ("Go", 1): "package list",
    ("Go", 2): "hash of the ABI",
    ("Go", 3): "list of dependencies",
    ("Go", 4): "build ID",
    ("GNU", 1): "oldest system it runs on",
    ("GNU", 3): "build ID",
    ("GNU", 5): "properties",
}
_SYSTEMS = {0: "Linux", 1: "Hurd", 2: "Solaris", 3: "FreeBSD"}


@dataclass(frozen=True, slots=True)
class Note:
    """A note: who wrote it ("Go", "GNU"), its type, and its bytes.

    `kind` says what the type means, "" where that is not known; `text` is the content for people.
    `section` is "" where only a segment tells of it; `offset` is that of its bytes in the file.
    """

    owner: str
    type: int
    kind: str
    description: bytes
    text: str
    section: str
    offset: int


def notes(data: bytes, parsed: Structure) -> tuple[Note, ...]:
    """All notes, in the file's order; ParseError when they are damaged."""
    places = [
        (section.offset, section.file_size, section.alignment, section.name)
        for section in parsed.of_type("NOTE")
    ]
    if not parsed.sections:
        places = [
            (segment.offset, segment.file_size, segment.alignment, "")
            for segment in parsed.segments
            if segment.type == "NOTE"
        ]
    found: list[Note] = []
    for start, size, alignment, section in places:
        found += _block(data, parsed, (start, start + size), 8 if alignment == 8 else 4, section)
    return tuple(found)


def _block(
    data: bytes, parsed: Structure, place: tuple[int, int], step: int, section: str
) -> list[Note]:
    reader = parsed.reader(data)
    position, end = place
    found = []
    while position + 12 <= end:
        name_size, size, kind = reader.unpack("III", position)
        name = bytes(reader.slice(position + 12, name_size)).rstrip(b"\0").decode("latin-1")
        # Names are padded to four bytes, contents as the section is aligned.
        start = position + _up(12 + name_size, step)
        content = bytes(reader.slice(start, size))
        if start + size > end:
            raise reader.error("a note is longer than what it stands in", position)
        words = _KINDS.get((name, kind), "")
        text = _text(name, kind, content, parsed.order)
        found.append(Note(name, kind, words, content, text, section, start))
        position = start + _up(size, step)
    return found


def _text(owner: str, kind: int, content: bytes, order: str) -> str:
    if owner == "Go":
        return content.decode("utf-8", "replace")
    if (owner, kind) == ("GNU", 1) and len(content) == 16:
        system, *version = struct.unpack(f"{order}4I", content)
        return f"{_SYSTEMS.get(system, f'system {system}')} {'.'.join(map(str, version))}"
    return content.hex()


def _up(size: int, step: int) -> int:
    """A size with its padding."""
    return -(-size // step) * step
