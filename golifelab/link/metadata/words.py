"""Pointers in a program's data, as they are once it is loaded.

A position-independent file keeps the addresses it will write beside its data, in relocations; the
data itself may hold zeroes there. Both kinds of files read alike through here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from golifelab.link.elf.image import Image
from golifelab.link.reader import Reader

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# R_…_RELATIVE, "link-time address plus where the file is loaded", in the ABI of each processor.
_RELATIVE = {"amd64": 8, "arm64": 1027, "riscv64": 3, "s390x": 12, "ppc64le": 22, "loong64": 3}
_MAX_RELOCATIONS = 1 << 24


class Words:
    """The pointer-sized words of an image. `size` is 4 or 8 bytes."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self.size = image.bits // 8
        # 32-bit files keep the address in the data itself.
        self._moves = image.type == "DYN" and image.bits == 64
        self.order: Literal["little", "big"] = "little" if image.byte_order == "little" else "big"

    def at(self, address: int) -> int:
        """The word at a link-time address; 0 where the file has no bytes for it."""
        if self._moves and 0 <= address < 1 << 63:
            places, addends = self._moved
            index = int(places.searchsorted(address))
            if index < len(places) and places[index] == address:
                return int(addends[index])
        return self.number(self._image.bytes_at(address, self.size))

    def pointing_to(self, value: int) -> Iterator[int]:
        """The addresses of the words in writable sections that hold a value."""
        if self._moves and 0 <= value < 1 << 63:
            places, addends = self._moved
            yield from (int(place) for place in places[addends == value])
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

    @cached_property
    def _moved(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Where the loader writes which link-time address: places, ascending, and addresses."""
        import numpy as np

        image = self._image
        none = np.empty(0, np.int64)
        wanted = _RELATIVE.get(image.machine)
        if wanted is None:
            return none, none
        row: Any = np.dtype("<i8" if self.order == "little" else ">i8")
        reader = Reader(image.data, "elf")
        found = [none.reshape(0, 3)]
        for section in image.sections:
            if section.type == "RELA" and section.loaded:
                size = section.file_size - section.file_size % 24
                if size > 24 * _MAX_RELOCATIONS:
                    raise reader.error("it claims too many relocations", section.offset)
                rows = np.frombuffer(reader.slice(section.offset, size), row).reshape(-1, 3)
                found.append(rows[(rows[:, 1] & 0xFFFFFFFF) == wanted].astype(np.int64))
        table = np.concatenate(found)
        table = table[np.argsort(table[:, 0], kind="stable")]
        return table[:, 0], table[:, 2]
