"""Pointers in a program's data, as they are once it is loaded.

A position-independent file keeps the addresses it will write beside its data, in relocations; the
data itself may hold zeroes there. Both kinds of files read alike through here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from golifelab.link.elf.image import Image


class Words:
    """The pointer-sized words of an image. `size` is 4 or 8 bytes."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self.size = image.bits // 8
        self.order: Literal["little", "big"] = "little" if image.byte_order == "little" else "big"

    def at(self, address: int) -> int:
        """The word at a link-time address; 0 where the file has no bytes for it."""
        return self._image.pointer_at(address)

    def pointing_to(self, value: int) -> Iterator[int]:
        """The addresses of the words in writable sections that hold a value."""
        for place, target in self._image.relative.items():
            if target == value:
                yield place
        pattern = value.to_bytes(self.size, self.order)
        for section in self._image.sections:
            if section.file_size and "W" in section.flags:
                data = self._image.section_bytes(section)
                place = data.find(pattern)
                while place >= 0:
                    yield section.address + place
                    place = data.find(pattern, place + len(pattern))

    def number(self, data: bytes) -> int:
        """Bytes as an unsigned number, in the byte order of the file."""
        return int.from_bytes(data, self.order)
