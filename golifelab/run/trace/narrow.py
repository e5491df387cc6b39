"""Columns that would be wide as plain numbers: rising times, and the rows that end a state."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Events to a base: where it would be fewer, distances get four bytes instead of two.
_EVENTS_A_BASE = 16
# Distances from a row to that which ends its state.
_NONE, _FAR, _LASTS = 0, (1 << 16) - 2, (1 << 16) - 1


class Times:
    """Rising times as distances from bases: a new base begins where a distance gets too large.

    Of a row it gives the time, of several (a slice, or a column of rows) a column of times.
    """

    def __init__(self) -> None:
        self._distances = array("H")
        self._rows = array("q")  # where the bases begin
        self._bases = array("q")
        self._base = 0

    def __len__(self) -> int:
        return len(self._distances)

    @property
    def itemsize(self) -> int:
        """How many bytes a row takes, beside the bases."""
        return self._distances.itemsize

    def append(self, time: int) -> None:
        """The time of the next row. OverflowError for one of more than 63 bits."""
        try:
            self._distances.append(time - self._base)
        except OverflowError:
            self._begin(time)

    def _begin(self, time: int) -> None:
        count = len(self)
        self._bases.append(time)
        self._rows.append(count)
        if len(self._bases) * _EVENTS_A_BASE > count + 256 and self.itemsize < 4:
            self._distances = array("I", self._distances)
        self._distances.append(0)
        self._base = time

    def __getitem__(self, rows: Any) -> Any:
        if isinstance(rows, int):
            row = rows + len(self) if rows < 0 else rows
            base = bisect_right(self._rows, row) - 1
            return self._distances[row] + (self._bases[base] if base >= 0 else 0)
        return self._of(_places(rows, len(self)))

    def _of(self, rows: NDArray[Any]) -> NDArray[np.int64]:
        import numpy as np

        starts, bases = np.frombuffer(self._rows, "q"), np.frombuffer(self._bases, "q")
        near = np.frombuffer(self._distances, self._distances.typecode)
        times: NDArray[np.int64] = near[rows].astype(np.int64)
        if len(bases) > 1:
            times += bases[np.searchsorted(starts, rows, side="right") - 1]
        elif len(bases):
            times += bases[0]
        return times


class Ends:
    """For each row the one that ends the state which begins there: 0 if it lasts, -1 for none.

    Kept as distances. Of several rows (a slice, or a column of them) it gives a column.
    """

    def __init__(self) -> None:
        self._distances = array("H")
        self._far: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._distances)

    def append(self) -> None:
        """A row with which no state begins."""
        self._distances.append(_NONE)

    def begin(self) -> None:
        """With the last row a state begins."""
        self._distances[-1] = _LASTS

    def end(self, row: int) -> None:
        """With the last row ends what began with another."""
        last = len(self._distances) - 1
        if last - row < _FAR:
            self._distances[row] = last - row
        else:
            self._distances[row] = _FAR
            self._far[row] = last

    def begun(self, rows: slice) -> NDArray[np.bool_]:
        """For each of some rows, whether a state begins with it."""
        begun: NDArray[np.bool_] = self._column()[rows] != _NONE
        return begun

    def __getitem__(self, rows: Any) -> Any:
        import numpy as np

        rows = _places(rows, len(self))
        distances = self._column()[rows]
        until = rows.astype(np.int32) + distances
        until[distances == _NONE] = -1
        until[distances == _LASTS] = 0
        for place in np.flatnonzero(distances == _FAR).tolist():
            until[place] = self._far[int(rows[place])]
        return until

    def _column(self) -> NDArray[np.uint16]:
        import numpy as np

        return np.frombuffer(self._distances, np.uint16)


def _places(rows: Any, count: int) -> NDArray[Any]:
    """Rows as a column, from a slice, a mask or a column of them."""
    import numpy as np

    if isinstance(rows, slice):
        return np.arange(*rows.indices(count), dtype=np.int32)
    rows = np.asarray(rows)
    return np.flatnonzero(rows) if rows.dtype == bool else rows
