"""The spans of goroutines that the scheduler page draws, as columns that are made in pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from golifelab.run.scheduler.stage import Scheduling
from golifelab.run.trace.columns import TraceFrame
from golifelab.run.trace.lanes import Spans
from golifelab.run.trace.rows import G_STATES
from golifelab.views.columns import Columns, kind_of

MAX_SPANS = 60_000
MAX_TEXT = 120
# So many events are looked at at once.
_PIECE = 1 << 10
# Kinds of events that stop a goroutine: only they have a reason.
_STOPS = (19, 20)


class SentSpans:
    """The spans of some goroutines by start, as many as a page may have.

    `ids` are the goroutines', rising. `count` spans are sent and `hidden` are not; those that are
    sent end at `until`, None when that is the end. `strings` are their reasons, `calls` the calls
    that led to them: [function, file, line]. `ends` are, by goroutine, the ends of the last ones.
    """

    def __init__(self, value: Scheduling, ids: Any) -> None:
        import numpy as np

        self._trace = trace = value.trace
        self._ids, self._all = ids, len(ids) == len(value.goroutines)
        # What a goroutine is found to be, it was before the trace: that comes first.
        found = [piece.row[piece.found] for piece in Spans(trace).pieces(_PIECE)]
        self._found = np.concatenate(found) if found else np.zeros(0, np.int32)
        reasons: set[int] = set()
        stacks: set[int] = set()
        lasts = np.full(len(ids), -1, dtype=np.int32)
        left, self.until = MAX_SPANS, None
        for rows in self._rows():
            if len(rows) > left:
                self.until = trace.time[int(rows[left])] - trace.time[0]
            piece = Spans(trace, rows[:left])
            reasons.update(np.unique(self._reason(piece)).tolist())
            stacks.update(np.unique(trace.stacks[piece.row]).tolist())
            lasts[np.searchsorted(ids, piece.goroutine)] = piece.row
            left -= len(piece)
            if self.until is not None:
                break
        self.count = MAX_SPANS - left
        self.ends = np.where(lasts < 0, 0, Spans(trace, lasts).end).tolist()
        self.hidden = len(value.spans) - self.count
        self.strings = [trace.strings[place][:MAX_TEXT] for place in sorted(reasons)]
        self.calls, places = self._calls(sorted(stacks))
        self._columns: dict[str, Callable[[Spans], Any]] = {
            "goroutine": lambda some: np.searchsorted(ids, some.goroutine),
            "state": lambda some: some.state,
            "length": lambda some: some.end - some.start,
            "processor": lambda some: some.processor,
            "thread": lambda some: some.thread,
            "reason": _placed(reasons, self._reason),
            "call": _placed(stacks, lambda some: trace.stacks[some.row], places),
            "cause": lambda some: some.cause,
            "preempted": _preempted(value),
        }

    @property
    def columns(self) -> Columns:
        """Equally long columns, -1 for none.

        goroutine (place in `ids`), state (place in `G_STATES`), start (from that of the span
        before), processor, thread (place), reason (place), call (place), cause (a goroutine's id),
        preempted (0, 1 by a signal, 2 by a stack check). A span lasts until the next of its
        goroutine, the last until `ends` says; `length` may be asked for, too, and is not written.
        """
        trace = self._trace
        bounds = {
            "goroutine": (0, len(self._ids)),
            "state": (0, len(G_STATES)),
            "start": (0, trace.nanoseconds),
            "processor": (-1, int(trace.processor.max(initial=0))),
            "thread": (-1, len(trace.threads)),
            "reason": (0, len(self.strings)),
            "call": (-1, len(self.calls)),
            "cause": (-1, int(trace.goroutine.max(initial=0))),
            "preempted": (0, 2),
        }
        return Columns({name: kind_of(*ends) for name, ends in bounds.items()}, self._pieces)

    def _pieces(self, *names: str) -> Iterator[tuple[Any, ...]]:
        import numpy as np

        before = 0

        def column(name: str) -> Any:
            nonlocal before
            if name != "start":
                return self._columns[name](piece)
            start = piece.start
            steps = np.diff(start, prepend=before)
            before = int(start[-1])
            return steps

        left = self.count
        for rows in self._rows():
            piece = Spans(self._trace, rows[:left])
            yield tuple(column(name) for name in names)
            left -= len(piece)
            if not left:
                return

    def _rows(self) -> Iterator[Any]:
        """The events that the spans begin with, by the spans' start, in pieces."""
        import numpy as np

        def kept(rows: Any) -> Any:
            return rows if self._all else rows[np.isin(trace.subject[rows], self._ids)]

        trace, found = self._trace, self._found
        if len(first := kept(found)):
            yield first
        for piece in Spans(trace).pieces(_PIECE):
            rows = piece.row
            if len(found) and len(rows) and rows[0] <= found[-1]:
                rows = rows[~np.isin(rows, found)]
            if len(rows := kept(rows)):
                yield rows

    def _reason(self, some: Spans) -> Any:
        import numpy as np

        rows, trace = some.row, self._trace
        return np.where(np.isin(trace.kind[rows], _STOPS), trace.detail[rows], 0)

    def _calls(self, stacks: list[int]) -> tuple[list[list[Any]], list[int]]:
        """The calls that stacks are told by, and for each stack which of them, -1 for none."""
        found: dict[tuple[str, str, int], int] = {}
        places = []
        for number in stacks:
            call = telling(self._trace.calls(number))
            if call is None:
                places.append(-1)
                continue
            key = (call.function[:MAX_TEXT], call.position.file, call.position.line)
            places.append(found.setdefault(key, len(found)))
        return [list(key) for key in found], places


def telling(calls: tuple[TraceFrame, ...]) -> TraceFrame | None:
    """The call of a stack that a reader knows: of the program, else the first outside the runtime.

    None for a stack that has no calls.
    """
    own = (call for call in calls if call.function.startswith("main."))
    other = (call for call in calls if not call.function.startswith("runtime."))
    return next(own, None) or next(other, None) or next(iter(calls), None)


def _placed(
    known: set[int], of: Callable[[Spans], Any], places: list[int] | None = None
) -> Callable[[Spans], Any]:
    """What gives each span's number its place among those that are known, or what is there."""
    import numpy as np

    numbers = np.array(sorted(known))
    there = np.array(range(len(known)) if places is None else places, dtype=np.int32)
    return lambda some: there[np.searchsorted(numbers, of(some))]


def _preempted(value: Scheduling) -> Callable[[Spans], Any]:
    """What tells of each span how its goroutine was preempted when it began: 0, 1 or 2."""
    import numpy as np

    rows = np.array([one.row for one in value.preemptions], dtype=np.int32)
    how = np.array([0] + [1 if one.by == "signal" else 2 for one in value.preemptions], np.int8)

    def by(some: Spans) -> Any:
        places = np.searchsorted(rows, some.row, side="right")
        known = np.append(rows, -1)[places - 1] == some.row
        return np.where(known, how[places], 0)

    return by
