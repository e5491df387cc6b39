"""The columns that events are written into, in their final order."""

from __future__ import annotations

from array import array
from collections.abc import Callable

from golifelab.run.trace.narrow import Ends, Times
from golifelab.run.trace.wire import Generation, broken

SYNC, SAMPLE = 255, 7

# What a goroutine and a P can be, in the words of internal/trace (resources.go).
G_STATES = ("Undetermined", "NotExist", "Runnable", "Running", "Waiting", "Syscall")
P_STATES = ("Undetermined", "NotExist", "Running", "Idle")


_COLUMNS = ("kind", "thread", "processor", "goroutine", "subject", "detail", "stack")
_WIDER = {"b": "h", "h": "i", "i": "q"}


class Rows:
    """Events as columns, strings and stacks once each.

    Columns: `time` in nanoseconds, strictly rising; `kind`, the number of the event, with SYNC and
    SAMPLE; `thread`, a place in `threads`, -1 for none; `processor` and `goroutine`, those that the
    thread had before the event, -1 for none; `subject`, the goroutine or P whose state changes;
    `detail`, a place in `strings`, or for a status `from << 4 | to`; `stack`, a place in `stacks`
    (both count from 1); `until`, the row that ends the state which a goroutine comes into.

    `rename` is given the function and file of a call, and says what to call it: "" leaves it out.
    """

    def __init__(self, rename: Callable[[str, str], str] | None = None) -> None:
        self.time = Times()
        self.kind = array("B")
        # As narrow as their numbers let them be: see _widen.
        self.thread = array("b")
        self.processor = array("b")
        self.goroutine = array("b")
        self.subject = array("b")
        self.detail = array("b")
        self.stack = array("b")
        self.until = Ends()
        self.turns: dict[int, int] = {}  # by goroutine, the row that its present state began with
        self.threads: dict[int, int] = {}
        self.strings: dict[str, int] = {}
        self.frames: dict[tuple[int, str, str, int], int] = {}
        self.stacks: dict[tuple[int, ...], int] = {}
        # Sparse columns: by row, numbers of metrics and swept bytes, first stacks, words of a task.
        self.numbers: dict[str, tuple[array[int], array[int]]] = {
            name: (array("i"), array(cells))
            for name, cells in (("first", "q"), ("second", "q"), ("begins", "i"))
        }
        self.words: dict[int, tuple[str, ...]] = {}
        self.last = -1
        self.rename = rename
        self.now = Generation(0)
        self._string_of: dict[int, int] = {}
        self._stack_of: dict[int, int] = {0: 0}

    def __len__(self) -> int:
        return len(self.time)

    def begin(self, now: Generation) -> None:
        """The rows to come name strings and stacks of this generation."""
        self.now = now
        self._string_of = {}
        self._stack_of = {0: 0}

    def add(
        self,
        time: int,
        kind: int,
        place: tuple[int, int, int],
        subject: int = -1,
        detail: int = 0,
        stack: int = 0,
    ) -> None:
        """One event. `place` is its thread, P and goroutine; `stack` is a number of the trace."""
        if time <= self.last:
            time = self.last + 1
        known = self._stack_of.get(stack)
        if known is None:
            known = self._stack(stack)
        thread, processor, goroutine = place
        number = self.threads.get(thread, -1)
        if number < 0 <= thread:
            number = self.threads[thread] = len(self.threads)
        try:
            self.kind.append(kind)
            self.thread.append(number)
            self.processor.append(processor)
            self.goroutine.append(goroutine)
            self.subject.append(subject)
            self.detail.append(detail)
            self.stack.append(known)
        except OverflowError:
            row = (kind, number, processor, goroutine, subject, detail, known)
            self._widen(row)
        try:
            self.time.append(time)
        except OverflowError:
            raise broken(f"{time} as the time of an event") from None
        self.last = time
        self.until.append()

    def turn(self, goroutine: int) -> None:
        """The last event puts a goroutine into another state."""
        row = len(self.until) - 1
        before = self.turns.get(goroutine)
        if before is not None:
            self.until.end(before)
        self.turns[goroutine] = row
        self.until.begin()

    def over(self, goroutine: int) -> None:
        """With the last event, a goroutine ends."""
        before = self.turns.pop(goroutine, None)
        if before is not None:
            self.until.end(before)

    def _widen(self, row: tuple[int, ...]) -> None:
        """Finish a row that did not fit: its columns get room for larger numbers."""
        count = len(self.stack) + 1  # it is the last
        for name, value in zip(_COLUMNS, row, strict=True):
            column: array[int] = getattr(self, name)
            while len(column) < count:
                try:
                    column.append(value)
                except OverflowError:
                    wider = _WIDER.get(column.typecode)
                    if wider is None:
                        raise broken(f"{value} as the {name} of an event") from None
                    column = array(wider, column)
                    setattr(self, name, column)

    def text(self, number: int) -> str:
        """A string of the trace."""
        try:
            return self.now.strings[number] if number else ""
        except KeyError:
            raise broken(f"string {number} is not there") from None

    def string(self, number: int) -> int:
        """The place of a string of the trace."""
        known = self._string_of.get(number)
        if known is None:
            text = self.text(number)
            known = self.strings.setdefault(text, len(self.strings) + 1) if text else 0
            self._string_of[number] = known
        return known

    def note(self, name: str, value: int) -> None:
        """A number for the last event."""
        rows, values = self.numbers[name]
        rows.append(len(self.time) - 1)
        values.append(min(value, (1 << 63) - 1))

    def begins(self, stack: int) -> None:
        """The last event's goroutine begins with this stack of the trace."""
        self.note("begins", self._stack(stack))

    def _stack(self, number: int) -> int:
        known = self._stack_of.get(number)
        if known is not None:
            return known
        now = self.now
        if number not in now.stacks:
            raise broken(f"stack {number} is not there")
        places = []
        for pc in now.stacks[number]:
            _, function, file, line = now.frames[pc]
            name, place = now.strings[function], now.strings[file]
            if self.rename is not None and not (name := self.rename(name, place)):
                continue
            frame = (pc, name, place, line)
            places.append(self.frames.setdefault(frame, len(self.frames)))
        found = self.stacks.setdefault(tuple(places), len(self.stacks) + 1)
        self._stack_of[number] = found
        return found
