"""The bytes of an executable by address, for reading at many places at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golifelab.link.elf.image import Image

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]


class Memory:
    """What the loader puts where, as one array: the segments' bytes, moved pointers filled in."""

    def __init__(self, image: Image) -> None:
        import numpy as np

        loads = [s for s in image.segments if s.type == "LOAD" and s.file_size]
        loads.sort(key=lambda segment: segment.address)
        self._starts = np.array([s.address for s in loads], np.int64)
        self._ends = np.array([s.address + s.file_size for s in loads], np.int64)
        lengths = self._ends - self._starts
        self._bases = np.r_[0, np.cumsum(lengths)].astype(np.int64)[:-1]
        parts = [np.frombuffer(image.data, "u1", s.file_size, s.offset) for s in loads]
        self._bytes = np.concatenate(parts) if parts else np.zeros(0, "u1")
        self.little = image.byte_order == "little"
        self._fill(image)

    def indices(self, addresses: Array, lengths: Array) -> Array:
        """Where `lengths` bytes at each address start in `bytes`; -1 where the file has not all."""
        import numpy as np

        if not len(self._starts):
            return np.full(len(addresses), -1, np.int64)
        number = np.searchsorted(self._starts, addresses, "right") - 1
        held = (number >= 0) & (addresses + lengths <= self._ends[np.maximum(number, 0)])
        number = np.maximum(number, 0)
        return np.where(held, self._bases[number] + addresses - self._starts[number], -1)

    @property
    def bytes(self) -> Array:
        """All bytes of the segments, one after the other."""
        return self._bytes

    def numbers(self, indices: Array, size: int) -> Array:
        """The unsigned numbers of `size` bytes at places in `bytes`."""
        import numpy as np

        value = np.zeros(len(indices), np.int64)
        for place in range(size):
            shift = 8 * (place if self.little else size - 1 - place)
            value |= self._bytes[indices + place].astype(np.int64) << shift
        return value

    def _fill(self, image: Image) -> None:
        """Write the pointers that a position-independent file leaves to the loader."""
        import numpy as np

        moved = image.relative
        if not moved:
            return
        places = np.fromiter(moved.keys(), np.int64, len(moved))
        values = np.fromiter(moved.values(), np.int64, len(moved))
        width = image.bits // 8
        indices = self.indices(places, np.full(len(places), width))
        values, indices = values[indices >= 0], indices[indices >= 0]
        self._bytes = self._bytes.copy()
        for place in range(width):
            shift = 8 * (place if self.little else width - 1 - place)
            self._bytes[indices + place] = (values >> shift).astype("u1")
