"""What the linker wrote for the dynamic loader, by entry: stubs, slots, relocations, notes."""

from __future__ import annotations

from collections.abc import Iterator

from golifelab.link.elf.image import Image
from golifelab.link.elf.structure import Section
from golifelab.link.placement.linkermade import Claim

# A large program that may be loaded anywhere has tens of thousands of pointers to be moved, all of
# them alike: naming each would crowd out everything else.
_MAX_RELOCATIONS = 8192


def loader_parts(image: Image, section: Section) -> list[Claim]:
    """The entries of a section that the loader or a tool reads; [] for other sections."""
    if section.name.startswith((".plt", ".iplt")):
        return list(_stubs(image, section))
    if section.name in (".got", ".got.plt"):
        return list(_slots(image, section))
    readers = {"RELA": _relocations, "REL": _relocations, "DYNAMIC": _dynamic, "NOTE": _notes}
    reader = readers.get(section.type)
    return list(reader(image, section)) if reader else []


def _stubs(image: Image, section: Section) -> Iterator[Claim]:
    for stub in image.plt:
        if stub.section == section.name:
            name = f"stub of {stub.symbol}" if stub.symbol else "stub that calls the loader"
            evidence = f"its code jumps through the slot at {stub.slot:#x}"
            yield Claim(stub.address, stub.address + stub.size, name, evidence)


def _slots(image: Image, section: Section) -> Iterator[Claim]:
    word = image.bits // 8
    for slot in image.got:
        if slot.section != section.name:
            continue
        if slot.kind == "fixed":
            # No relocation names it: what it is for, the section as a whole tells.
            continue
        meaning = f"slot of {slot.symbol}" if slot.symbol else f"slot: {slot.meaning or slot.kind}"
        version = f" of version {slot.version}" if slot.version else ""
        evidence = (
            "the loader's convention for the first three slots"
            if slot.kind == "reserved"
            else f"a relocation of kind {slot.kind}{version} is for this place"
        )
        yield Claim(slot.address, slot.address + word, meaning, evidence)


def _relocations(image: Image, section: Section) -> Iterator[Claim]:
    size = section.entry_size
    if not size or section.size // size > _MAX_RELOCATIONS:
        return
    rows = (row for row in image.relocations if row.section == section.name)
    for number, row in enumerate(rows):
        start = section.address + number * size
        target = row.symbol or (f"{row.addend:#x}" if row.addend else "the base")
        evidence = f"relocation {number}: {row.kind}, {target}, to be written at {row.address:#x}"
        yield Claim(start, start + size, f"relocation for {target}", evidence)


def _dynamic(image: Image, section: Section) -> Iterator[Claim]:
    size = 2 * image.bits // 8
    for number, entry in enumerate(image.dynamic):
        start = section.address + number * size
        name = f"{entry.tag} {entry.text}".rstrip()
        evidence = f"entry {number} of the dynamic section: {entry.text or hex(entry.value)}"
        yield Claim(start, start + size, name, evidence)


def _notes(image: Image, section: Section) -> Iterator[Claim]:
    start = section.address
    step = 8 if section.alignment == 8 else 4
    for note in image.notes:
        if section.offset <= note.offset < section.offset + section.size:
            content = section.address + note.offset - section.offset
            end = content + -(-len(note.description) // step) * step
            words = f"note of {note.owner}: {note.kind or f'type {note.type}'}"
            yield Claim(start, end, words, f"it says {note.text}")
            start = end
