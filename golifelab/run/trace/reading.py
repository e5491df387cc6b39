"""Read an execution trace: all generations, their threads' events merged into one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from golifelab.errors import ParseError
from golifelab.run.trace.columns import ExecutionTrace
from golifelab.run.trace.order import Order
from golifelab.run.trace.rows import SAMPLE, SYNC, Rows
from golifelab.run.trace.wire import Event, Generation, broken, events, generations, version_of

_NOWHERE = (-1, -1, -1)
_FOREVER = 1 << 63


def execution_trace(
    data: bytes, *, partial: bool = False, rename: Callable[[str, str], str] | None = None
) -> ExecutionTrace:
    """The events of a trace.

    ParseError for what is no sound trace; with `partial`, which is for programs that were killed,
    it ends where it is no longer sound, and says so. `rename` is given function and file of a call,
    and gives the name to show, or "" to leave it out.
    """
    version = version_of(data)
    rows = Rows(rename)
    cut = ""
    try:
        _read(data, rows)
    except ParseError as error:
        if not partial:
            raise
        cut = error.detail
    return ExecutionTrace(rows, f"1.{version}", cut)


def _read(data: bytes, rows: Rows) -> None:
    order = Order(rows)
    for now in generations(data):
        rows.begin(now)
        order.begin(now.number)
        rows.add(int(now.earliest * now.scale), SYNC, _NOWHERE)
        _merge(data, now, order, rows)
    rows.add(rows.last, SYNC, _NOWHERE)


class _Cursor:
    """A thread's events in a generation, and the next of them."""

    __slots__ = ("arguments", "kind", "rest", "thread", "time")

    def __init__(self, thread: int, rest: Iterator[Event]) -> None:
        self.thread = thread
        self.rest = rest
        self.time = self.kind = 0
        self.arguments: list[int] = []

    def step(self) -> bool:
        """Go to the next event; False when there is none."""
        found = next(self.rest, None)
        if found is None:
            return False
        self.time, self.kind, self.arguments = found
        return True


def _merge(data: bytes, now: Generation, order: Order, rows: Rows) -> None:
    """Bring a generation's events into order.

    The earliest that may happen is next. Of equal times, the one that Go's own reader takes first
    is first: `heap` is moved as the heap in internal/trace/batchcursor.go is.
    """
    heap: list[_Cursor] = []
    for thread, batches in now.batches.items():
        cursor = _Cursor(thread, events(data, batches, now.scale))
        if cursor.step():
            heap.append(cursor)
            _up(heap, len(heap) - 1)
    samples = iter(now.samples)
    sample = next(samples, None)
    while heap or sample:
        if sample and (not heap or sample[0] < heap[0].time):
            time, thread, processor, goroutine, stack = sample
            # A signal may come to a thread without a P or a goroutine, too.
            place = (_or_none(thread), _or_none(processor), _or_none(goroutine) or -1)
            rows.add(time, SAMPLE, place, stack=stack)
            sample = next(samples, None)
            continue
        first = heap[0]
        index = 0
        if not order.advance(first.thread, first.time, first.kind, first.arguments):
            heap.sort(key=_time)
            for index in range(1, len(heap)):
                other = heap[index]
                if order.advance(other.thread, other.time, other.kind, other.arguments):
                    break
            else:
                raise broken(f"nothing can happen any more in generation {now.number}")
        if heap[index].step():
            if _up(heap, index) == index:
                _down(heap, index)
        else:
            _remove(heap, index)


def _or_none(number: int) -> int:
    return number if number < _FOREVER else -1


def _time(cursor: _Cursor) -> int:
    return cursor.time


def _up(heap: list[_Cursor], at: int) -> int:
    while at and heap[(at - 1) // 2].time > heap[at].time:
        above = (at - 1) // 2
        heap[above], heap[at] = heap[at], heap[above]
        at = above
    return at


def _down(heap: list[_Cursor], at: int) -> None:
    while True:
        least, time = at, heap[at].time
        for below in (2 * at + 1, 2 * at + 2):
            if below < len(heap) and heap[below].time < time:
                least, time = below, heap[below].time
        if least == at:
            return
        heap[at], heap[least] = heap[least], heap[at]
        at = least


def _remove(heap: list[_Cursor], at: int) -> None:
    while at:
        above = (at - 1) // 2
        heap[above], heap[at] = heap[at], heap[above]
        at = above
    heap[0], heap[-1] = heap[-1], heap[0]
    heap.pop()
    if heap:
        _down(heap, 0)
