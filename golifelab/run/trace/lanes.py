"""What each goroutine did at each moment of a trace: the spans that lanes are drawn of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from golifelab.run.trace.columns import ExecutionTrace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from golifelab.run.trace.columns import Column

NOT_EXIST, RUNNABLE, RUNNING, WAITING, SYSCALL = 1, 2, 3, 4, 5
_AFTER = {17: NOT_EXIST, 19: RUNNABLE, 20: WAITING}
_BY_OTHERS = (14, 21, 45, 46, 47)
# So many rows at a time are looked at, where what is made on the way is larger than the result.
_PIECE = 1 << 10
# Where a goroutine begins whose calls are left out: in the code around the program.
ADDED = "(around the program)"
# A goroutine that was made before the trace and never ran in it: it has no stack yet.
UNKNOWN = "(never ran)"


class Spans:
    """Spans of time in which a goroutine is in one state, as numpy columns, by their start.

    The columns are made of the trace's when they are asked for: kept, they would be larger than it.
    """

    def __init__(self, trace: ExecutionTrace, row: Column | None = None) -> None:
        """All spans of a trace, or those that begin with some of its rows."""
        self.trace = trace
        self._row = row

    @property
    def row(self) -> Column:
        """The events that the spans begin with."""
        return rows_of(self.trace.until.begun(slice(None))) if self._row is None else self._row

    def __len__(self) -> int:
        if self._row is not None:
            return len(self._row)
        return int(self.trace.until.begun(slice(None)).sum())

    def pieces(self, size: int = _PIECE) -> Iterator[Spans]:
        """The same spans in order, those of a few events at a time."""
        import numpy as np

        if self._row is not None:
            for begin in range(0, len(self._row), size):
                yield Spans(self.trace, self._row[begin : begin + size])
            return
        for begin in range(0, len(self.trace), size):
            begun = self.trace.until.begun(slice(begin, begin + size))
            yield Spans(self.trace, (np.flatnonzero(begun) + begin).astype(np.int32))

    @property
    def goroutine(self) -> Column:
        """The goroutines' ids."""
        return self.trace.subject[self.row]

    @property
    def state(self) -> Column:
        """Places in `G_STATES`."""
        kind = self.trace.kind[self.row]
        state = self.trace.detail[self.row].astype("uint8") & 15
        for number, after in _AFTER.items():
            state[kind == number] = after
        return state

    @property
    def start(self) -> Column:
        """Nanoseconds from the first event. What a goroutine is found to be, it was before."""
        trace = self.trace
        start: Column = trace.time[self.row] - trace.time[:1]
        start[self.found] = 0
        return start

    @property
    def end(self) -> Column:
        """Nanoseconds from the first event; the last event's, for what is not over then."""
        until = self.trace.until[self.row]
        until[until == 0] = len(self.trace) - 1
        end: Column = self.trace.time[until] - self.trace.time[:1]
        return end

    @property
    def processor(self) -> Column:
        """The P that it has while it runs or is in a system call, else -1."""
        return self._where_on(self.trace.processor)

    @property
    def thread(self) -> Column:
        """The same for threads, as places in the trace's `threads`."""
        return self._where_on(self.trace.thread)

    @property
    def cause(self) -> Column:
        """The goroutine that made it or woke it, -1 for none."""
        import numpy as np

        other = np.isin(self.trace.kind[self.row], _BY_OTHERS)
        return np.where(other, self.trace.goroutine[self.row], -1).astype(
            self.trace.goroutine.dtype
        )

    @property
    def found(self) -> Column:
        """Which of them began before the trace: their goroutines were found so."""
        import numpy as np

        status = np.isin(self.trace.kind[self.row], (25, 48))
        found: Column = status & (self.trace.detail[self.row] >> 4 == 0)
        return found

    def _where_on(self, column: Column) -> Column:
        import numpy as np

        state = self.state
        on = (state == RUNNING) | (state == SYSCALL)
        return np.where(on, column[self.row], -1).astype(column.dtype)


def spans_of(trace: ExecutionTrace) -> Spans:
    """All spans of all goroutines. One that is not over at the last event ends there."""
    return Spans(trace)


def rows_of(wanted: NDArray[np.bool_]) -> Column:
    """Where a column is true, as narrow numbers; piece by piece, so that little memory is used."""
    import numpy as np

    made = np.empty(int(np.count_nonzero(wanted)), dtype=np.int32)
    end = 0
    for number, piece in enumerate(_pieces(wanted)):
        found = np.flatnonzero(piece)
        made[end : end + len(found)] = found + number * _PIECE
        end += len(found)
    return made


def _pieces(column: NDArray[Any]) -> Iterator[NDArray[Any]]:
    return (column[begin : begin + _PIECE] for begin in range(0, len(column), _PIECE))


def is_system(function: str) -> bool:
    """Whether a goroutine that begins in a function is the runtime's, or the tracing's."""
    if function in (ADDED, UNKNOWN):
        return True
    return function.startswith(("runtime.", "runtime/trace.")) and function != "runtime.main"
