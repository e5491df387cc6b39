"""What each byte of an ELF file is, loaded or not: headers, sections, and the gaps between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from golifelab.link.elf.image import Image
from golifelab.link.reader import Reader


@dataclass(frozen=True, slots=True)
class FilePart:
    """The bytes `start` to `end` (not included) of a file. A section's name, or what it is."""

    start: int
    end: int
    kind: Literal["header", "section", "gap"]
    name: str
    evidence: str


def file_parts(image: Image) -> tuple[FilePart, ...]:
    """The parts of a file, from its first byte to its last without a gap or an overlap."""
    known = [*_headers(image)]
    known += [
        FilePart(s.offset, s.offset + s.file_size, "section", s.name, "the section headers")
        for s in image.sections
        if s.file_size
    ]
    found: list[FilePart] = []
    position = 0
    for part in sorted(known, key=lambda one: (one.start, one.end)):
        if part.start > position:
            found.append(_gap(position, part.start))
        start, end = max(part.start, position), min(part.end, image.size)
        if start < end:
            found.append(FilePart(start, end, part.kind, part.name, part.evidence))
            position = end
    if position < image.size:
        found.append(_gap(position, image.size))
    return tuple(found)


def _headers(image: Image) -> list[FilePart]:
    """The ELF header and the two tables it points to (System V gABI, chapter 4)."""
    reader = Reader(image.data, "elf", order="<" if image.byte_order == "little" else ">")
    if image.bits == 64:
        phoff, shoff = reader.unpack("QQ", 32)
        size, entry, programs, each, count = reader.unpack("HHHHH", 52)
    else:
        phoff, shoff = reader.unpack("II", 28)
        size, entry, programs, each, count = reader.unpack("HHHHH", 40)
    header = "the file's first bytes"
    found = [FilePart(0, size, "header", "ELF header", header)]
    if programs:
        end = phoff + entry * programs
        found.append(FilePart(phoff, end, "header", "program headers", "the ELF header"))
    if count:
        end = shoff + each * count
        found.append(FilePart(shoff, end, "header", "section headers", "the ELF header"))
    return found


def _gap(start: int, end: int) -> FilePart:
    evidence = "no header and no section has these bytes: what follows starts at a rounder offset"
    return FilePart(start, end, "gap", "padding", evidence)
