"""Whether a symbol's bytes stand at an address, apart from those that the linker fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golifelab.link.placement.memory import Memory
from golifelab.link.placement.targets import WEAK, ragged
from golifelab.link.placement.universe import Universe

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]

# Relocations for which the linker may rewrite the instruction around the hole it fills, and how
# many bytes before the hole belong to it (cmd/link/internal/amd64/asm.go, TLSIEtoLE).
_REWRITTEN = {"R_TLS_LE": 3, "R_TLS_IE": 3, "R_GOTPCREL": 3}
_CHUNK = 1 << 24


class Matcher:
    """Compares content. Zeroed data has none: for it only the address can be checked."""

    def __init__(self, known: Universe, memory: Memory, zeroed: list[tuple[int, int]]) -> None:
        import numpy as np

        self._known = known
        self._memory = memory
        self._zeroed = zeroed
        self._before = np.zeros(WEAK, np.int64)
        for number, name in enumerate(known.enumerations.relocations):
            self._before[number] = _REWRITTEN.get(name, 0)

    def matches(self, rows: Array, addresses: Array) -> Array:
        """For each row whether its content stands at its address."""
        import numpy as np

        known = self._known
        good = np.zeros(len(rows), bool)
        lengths = known.data_size[rows]
        empty = lengths == 0
        sizes = known.size[rows]
        for start, end in self._zeroed:
            good |= empty & (sizes > 0) & (addresses >= start) & (addresses + sizes <= end)
        indices = self._memory.indices(addresses, np.maximum(sizes, lengths))
        # A constant of zeroes has no bytes in its object but has them in the file.
        todo = np.flatnonzero((sizes > 0) & (indices >= 0))
        step = 0
        while step < len(todo):
            ends = np.cumsum(sizes[todo[step:]])
            count = max(1, int(np.searchsorted(ends, _CHUNK)))
            part = todo[step : step + count]
            good[part] = self._compare(rows[part], indices[part])
            step += count
        return good

    def _compare(self, rows: Array, indices: Array) -> Array:
        import numpy as np

        known = self._known
        lengths, sizes = known.data_size[rows], np.maximum(known.size[rows], known.data_size[rows])
        starts = np.cumsum(sizes) - sizes
        there = self._memory.bytes[ragged(indices, sizes)]
        wrong = there.copy()  # bytes after the content are zero
        wrong[ragged(starts, lengths)] ^= known.data[ragged(known.data_start[rows], lengths)]
        counts = known.relocation_start[rows + 1] - known.relocation_start[rows]
        numbers = ragged(known.relocation_start[rows], counts)
        holes = known.relocation_size[numbers].astype(np.int64)
        before = self._before[known.relocation_kind[numbers] & (WEAK - 1)]
        before = np.minimum(before, known.relocation_offset[numbers]) * (holes > 0)
        begin = np.repeat(starts, counts) + known.relocation_offset[numbers] - before
        limit = np.repeat(starts + sizes, counts)
        width = np.clip(limit - begin, 0, holes + before)
        wrong[ragged(begin, width)] = 0
        same: Array = np.add.reduceat(wrong != 0, starts) == 0
        return same
