"""An execution trace as columns: every event in order, with its thread, P and goroutine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.position import Position
from golifelab.run.trace.rows import G_STATES, P_STATES, SAMPLE, SYNC, Rows
from golifelab.run.trace.wire import EVENTS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Column = NDArray[np.signedinteger[Any]]

# Kinds that change the state of a P.
OF_PROCESSORS = (10, 11, 12, 13)
# … of a goroutine: those whose change is in their detail, and those whose reason is there.
_TOLD = (14, 15, 16, 18, 21, 22, 23, 24, 25, 45, 46, 47, 48)
_REASONED = {17: (3, 1), 19: (3, 2), 20: (3, 4)}
OF_GOROUTINES = (*_TOLD, *_REASONED)
# Kinds whose detail is a string.
WORDED = (19, 20, 26, 27, 39)
_NAMES = {number: name for number, (name, _) in EVENTS.items()}
_NAMES |= {SYNC: "Sync", SAMPLE: "CPUSample", 45: "GoUnblock", 46: "GoUnblock"}


@dataclass(frozen=True, slots=True)
class TraceFrame:
    """One call of a stack. `address` is where execution stands in it, or will go on."""

    function: str
    position: Position
    address: int


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One event. `time` is in nanoseconds of the trace's clock.

    `thread`, `processor` and `goroutine` are those before the event, -1 for none. `subject` is the
    goroutine or P whose state changes from `before` to `after`, in the words of internal/trace.
    `reason` is the runtime's word for why, or the name of what begins or ends.
    """

    row: int
    time: int
    name: str
    thread: int
    processor: int
    goroutine: int
    subject: int
    before: str
    after: str
    reason: str
    stack: tuple[TraceFrame, ...]


class ExecutionTrace(Sequence[TraceEvent]):
    """The events of a trace in order: one by one, and as numpy columns.

    Columns: `time` in nanoseconds, strictly rising; `kind`, the event's number on the wire, with
    255 for the marks between generations; `thread`, a place in `threads`; `processor` and
    `goroutine` that the thread had before the event; `subject`, whose state changes; all -1 for
    none. `until` is the row that ends the state which a goroutine comes into, 0 when it lasts, -1
    where none begins. `time` and `until` are kept small: they give columns of the rows that they
    are asked for (`time[:]` for all). `detail` and `stacks`: see `before_after`, `reason` and
    `stack`. `cut` says why the trace ends before its time, "" when it is whole. `go` is the release
    of its format.
    """

    def __init__(self, rows: Rows, go: str, cut: str = "") -> None:
        import numpy as np

        def column(name: str) -> Column:
            cells = getattr(rows, name)
            # Where a trace is cut off, its last event may have come into some columns only.
            return np.frombuffer(cells, dtype=cells.typecode)[: len(rows)]

        self.go = go
        self.cut = cut
        self.time = rows.time
        self.kind = column("kind")
        self.thread = column("thread")
        self.processor = column("processor")
        self.goroutine = column("goroutine")
        self.subject = column("subject")
        self.detail = column("detail")
        self.stacks = column("stack")
        self.until = rows.until
        self.strings = ("", *rows.strings)
        self.threads = tuple(rows.threads)
        self.words = rows.words
        self._frames = tuple(rows.frames)
        self._stacks: tuple[tuple[int, ...], ...] = ((), *rows.stacks)
        self._values = rows.numbers

    def __len__(self) -> int:
        return len(self.time)

    def __iter__(self) -> Iterator[TraceEvent]:
        return (self._event(row) for row in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._event(row) for row in range(*index.indices(len(self)))]
        row = index + len(self) if index < 0 else index
        if not 0 <= row < len(self):
            raise IndexError(index)
        return self._event(row)

    @property
    def nanoseconds(self) -> int:
        """From the first event to the last."""
        return self.time[-1] - self.time[0] if len(self) else 0

    def among(self, kinds: Iterable[int]) -> NDArray[np.bool_]:
        """For each event, whether it is of one of these kinds."""
        import numpy as np

        table = np.zeros(256, dtype=np.bool_)
        table[list(kinds)] = True
        return table[self.kind]

    def name(self, row: int) -> str:
        """The event's name in the runtime's sources. A handover's part is what it amounts to."""
        return _NAMES[int(self.kind[row])]

    def before_after(self, row: int) -> tuple[str, str]:
        """The states before and after; empty where the event changes none."""
        kind, detail = int(self.kind[row]), int(self.detail[row])
        if kind in OF_PROCESSORS:
            return P_STATES[detail >> 4], P_STATES[detail & 15]
        if kind in _REASONED:
            before, after = _REASONED[kind]
            return G_STATES[before], G_STATES[after]
        if kind in _TOLD:
            return G_STATES[detail >> 4], G_STATES[detail & 15]
        return "", ""

    def reason(self, row: int) -> str:
        """Why a goroutine stops or the world does; what a region, task or label is called."""
        if int(self.kind[row]) in WORDED:
            text: str = self.strings[self.detail[row]]
            return text
        return ": ".join(self.words.get(row, ()))

    def stack(self, row: int) -> tuple[TraceFrame, ...]:
        """The calls of an event, innermost first; empty where none were written."""
        return self.calls(int(self.stacks[row]))

    def calls(self, number: int) -> tuple[TraceFrame, ...]:
        """The calls of a stack, by its number in the column `stacks`."""
        found = (self._frames[place] for place in self._stacks[number])
        return tuple(
            TraceFrame(function, Position(file, line), pc) for pc, function, file, line in found
        )

    @property
    def stack_count(self) -> int:
        """How many stacks there are; 0 is the empty one."""
        return len(self._stacks)

    def outermost(self, number: int) -> str:
        """The function that a stack begins with, "" for an empty one."""
        places = self._stacks[number]
        return self._frames[places[-1]][1] if places else ""

    def values(self, name: str) -> tuple[Column, Column]:
        """Rows and numbers: "first" is the one that a metric, a task or the swept bytes has.

        "second" are parents of tasks and bytes that a sweep freed, "begins" the numbers of the
        stacks that new goroutines begin with.
        """
        import numpy as np

        rows, numbers = self._values[name]
        return np.frombuffer(rows, rows.typecode), np.frombuffer(numbers, numbers.typecode)

    def frame(self) -> pd.DataFrame:
        """One row an event: the fields of TraceEvent, the stack as the name of its function."""
        import pandas as pd

        rows = []
        for event in self:
            top = event.stack[0].function if event.stack else ""
            row = {name: getattr(event, name) for name in TraceEvent.__slots__}
            rows.append(row | {"stack": top})
        return pd.DataFrame(rows, columns=list(TraceEvent.__slots__))

    def _event(self, row: int) -> TraceEvent:
        thread = int(self.thread[row])
        before, after = self.before_after(row)
        return TraceEvent(
            row,
            self.time[row],
            self.name(row),
            self.threads[thread] if thread >= 0 else -1,
            int(self.processor[row]),
            int(self.goroutine[row]),
            int(self.subject[row]),
            before,
            after,
            self.reason(row),
            self.stack(row),
        )
