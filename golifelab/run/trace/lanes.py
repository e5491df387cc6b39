"""What each goroutine did at each moment of a trace: the spans that lanes are drawn of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from golifelab.run.trace.columns import OF_GOROUTINES, ExecutionTrace
from golifelab.run.trace.rows import G_STATES

if TYPE_CHECKING:
    from golifelab.run.trace.columns import Column

NOT_EXIST, RUNNABLE, RUNNING, WAITING, SYSCALL = 1, 2, 3, 4, 5
_AFTER = {17: NOT_EXIST, 19: RUNNABLE, 20: WAITING}
_MAIN = 1
# Where a goroutine begins whose calls are left out: in the code around the program.
ADDED = "(around the program)"


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans of time in which a goroutine is in one state, as numpy columns, by their start.

    `start` and `end` are nanoseconds from the first event; `state` is a place in `G_STATES`.
    `processor` and `thread` (a place in the trace's `threads`) are those it has while it runs or is
    in a system call, else -1. `row` is the event that begins the span, `cause` the goroutine that
    did it to another, -1 for none.
    """

    goroutine: Column
    state: Column
    start: Column
    end: Column
    processor: Column
    thread: Column
    row: Column
    cause: Column

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True)
class TracedGoroutine:
    """A goroutine of a trace. Times are nanoseconds from the first event.

    `function` is where it begins, `creator` the goroutine that made it, -1 when it was there
    before. `created` and `ended` are None outside of the trace. `spent` is nanoseconds by state.
    A system goroutine is one of the runtime's, or of the tracing.
    """

    id: int
    function: str
    creator: int
    created: int | None
    ended: int | None
    spent: dict[str, int]
    system: bool

    def seconds(self, state: str) -> float:
        """How long it was in a state ("Running"), in seconds."""
        return self.spent.get(state, 0) / 1e9


def spans_of(trace: ExecutionTrace) -> Spans:
    """All spans of all goroutines. One that is not over at the last event ends there."""
    import numpy as np

    rows = np.flatnonzero(np.isin(trace.kind, OF_GOROUTINES))
    goroutine = trace.subject[rows].astype(np.int64)
    # By goroutine, and in the order of the trace: each row's span ends where the next begins.
    order = np.argsort(goroutine, kind="stable")
    rows, goroutine = rows[order], goroutine[order]
    kind = trace.kind[rows]
    state = trace.detail[rows].astype(np.int64) & 15
    for number, after in _AFTER.items():
        state[kind == number] = after
    first = trace.time[0] if len(trace) else 0
    # What a goroutine is found to be, it has been from the beginning.
    found = np.isin(kind, (25, 48)) & (trace.detail[rows] >> 4 == 0)
    start = np.where(found, 0, trace.time[rows] - first)
    end = np.full(len(rows), trace.nanoseconds, dtype=np.int64)
    same = goroutine[1:] == goroutine[:-1]
    end[:-1][same] = start[1:][same]
    # A status that repeats what is known makes no new span.
    again = np.zeros(len(rows), dtype=bool)
    again[1:] = same & (state[1:] == state[:-1]) & np.isin(kind[1:], (25, 48))
    on = (state == RUNNING) | (state == SYSCALL)
    other = np.isin(kind, (14, 21, 45, 46, 47))
    made = Spans(
        goroutine,
        state,
        start,
        end,
        np.where(on, trace.processor[rows], -1),
        np.where(on, trace.thread[rows], -1),
        rows,
        np.where(other, trace.goroutine[rows], -1),
    )
    return _kept(made, again)


def _kept(made: Spans, again: Column) -> Spans:
    """Without spans of nothing; with those that go on joined to what they go on from."""
    import numpy as np

    heads = np.flatnonzero(~again)
    ends = made.end.copy()
    if len(heads):
        last = np.append(heads[1:], len(made)) - 1
        ends[heads] = made.end[last]
    keep = heads[made.state[heads] > NOT_EXIST]
    keep = keep[np.argsort(made.start[keep], kind="stable")]
    names = ("goroutine", "state", "start", "processor", "thread", "row", "cause")
    columns = {name: getattr(made, name)[keep] for name in names}
    return Spans(**columns, end=ends[keep])


def goroutines_of(trace: ExecutionTrace, spans: Spans) -> tuple[TracedGoroutine, ...]:
    """The goroutines of a trace, by id."""
    import numpy as np

    first = int(trace.time[0]) if len(trace) else 0
    begins = dict(zip(*(column.tolist() for column in trace.values("begins")), strict=True))
    born: dict[int, tuple[int, int, str]] = {}
    for row in np.flatnonzero(np.isin(trace.kind, (14, 15, 47))).tolist():
        calls = trace.calls(begins.get(row, 0))
        name = calls[-1].function if calls else ADDED if begins.get(row) else ""
        born[int(trace.subject[row])] = (int(trace.time[row]) - first, row, name)
    died = {
        int(trace.subject[row]): int(trace.time[row]) - first
        for row in np.flatnonzero(np.isin(trace.kind, (17, 18))).tolist()
    }
    roots = _roots(trace)
    made = []
    for number in np.unique(spans.goroutine).tolist():
        mine = spans.goroutine == number
        took = (spans.end - spans.start)[mine]
        state = spans.state[mine]
        spent = {
            G_STATES[which]: int(took[state == which].sum()) for which in np.unique(state).tolist()
        }
        created, row, name = born.get(number, (None, -1, ""))
        name = name or roots.get(number, "")
        creator = int(trace.goroutine[row]) if row >= 0 else -1
        system = number != _MAIN and is_system(name)
        made.append(
            TracedGoroutine(
                number,
                "main.main" if number == _MAIN else name,
                creator,
                created,
                died.get(number),
                spent,
                system,
            )
        )
    return tuple(made)


def is_system(function: str) -> bool:
    """Whether a goroutine that begins in a function is the runtime's, or the tracing's."""
    if function == ADDED:
        return True
    return function.startswith(("runtime.", "runtime/trace.")) and function != "runtime.main"


def _roots(trace: ExecutionTrace) -> dict[int, str]:
    """By goroutine, the outermost function of the first stack that the trace has of it."""
    import numpy as np

    found: dict[int, str] = {}
    # A status has the stack of its subject; what a goroutine does to itself has its own.
    for kinds, whose in (((48,), trace.subject), ((19, 20, 22), trace.goroutine)):
        rows = np.flatnonzero(np.isin(trace.kind, kinds) & (trace.stacks > 0))
        numbers, first = np.unique(whose[rows], return_index=True)
        for number, row in zip(numbers.tolist(), rows[first].tolist(), strict=True):
            calls = trace.stack(row)
            if calls:
                found.setdefault(number, calls[-1].function)
    return found
