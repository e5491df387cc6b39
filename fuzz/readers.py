"""The table of readers under test. A new reader is one row here."""

from __future__ import annotations

from fuzz import elf, link
from fuzz.reader import Reader

READERS: tuple[Reader, ...] = (
    Reader("object", link.read_object_whole, link.object_seeds, share=2),
    Reader("image", elf.read_image_whole, elf.image_seeds, share=2),
    Reader("foreign", elf.read_foreign_whole, elf.foreign_seeds),
    Reader("pclntab", link.read_table_whole, link.table_seeds),
)


def reader(name: str) -> Reader:
    """The reader of a name; KeyError when there is none."""
    return {one.name: one for one in READERS}[name]
