"""Which of many address ranges covers an address, where ranges may lie within others."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_TOP = (1 << 64) - 1


class Intervals:
    """Ranges by their start, then their size, as uint64 columns."""

    def __init__(self, starts: np.ndarray, sizes: np.ndarray) -> None:
        """The ranges, sorted."""
        import numpy as np

        self._starts = starts
        self._ends = starts + sizes
        # The furthest end of a range and all before it: behind that, nothing reaches an address.
        self._reach = np.maximum.accumulate(self._ends) if len(starts) else self._ends

    def innermost(self, address: int) -> int:
        """The number of the range that starts last of those that cover an address; -1 for none.

        Of several that start there, the smallest.
        """
        import numpy as np

        if not 0 <= address <= _TOP:
            return -1
        wanted = np.uint64(address)
        index = int(np.searchsorted(self._starts, wanted, side="right"))
        while index and self._reach[index - 1] > wanted:
            index -= 1
            if self._ends[index] > wanted:
                break
        else:
            return -1
        while index and self._starts[index - 1] == self._starts[index]:
            if self._ends[index - 1] <= wanted:
                break
            index -= 1
        return index
