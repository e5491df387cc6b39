# ruff: noqa: ARG002 - every handler is called with the same arguments
"""Events that are about spans of time, metrics and the program's own notes."""

from __future__ import annotations

from golifelab.run.trace.rows import Rows
from golifelab.run.trace.states import RUNNING, Handler, State
from golifelab.run.trace.wire import EVENTS, broken

_SWEEP, _ASSIST, _STW = 32, 35, 26
# internal/trace: the id of no task, where 0 is the one that everything belongs to.
_NO_TASK = -1
_BEGUN = {31: _SWEEP, 33: _SWEEP, 34: _ASSIST, 36: _ASSIST, 27: _STW}


class Spans:
    """The state of everything in a trace, and how these events change it."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.goroutines: dict[int, State] = {}
        self.processors: dict[int, State] = {}
        self.threads: dict[int, list[int]] = {}  # its P and its goroutine, -1 for none
        self.tasks: dict[int, tuple[int, str]] = {}
        self.collection = 0
        self.collecting: bool | None = None
        self.first = 0
        self.generation = 0

    def begin(self, generation: int) -> None:
        """The events to come are of this generation."""
        self.generation = generation
        self.first = self.first or generation

    def own(self, held: list[int], kind: int, status: int = RUNNING) -> State:
        """The goroutine that the event's thread has; it must have one with this status, on a P.

        Any status will do where `status` is 0.
        """
        state = self.goroutines.get(held[1])
        if held[0] < 0 or state is None or (status and state.status != status):
            raise broken(f"{EVENTS[kind][0]} on a thread with P {held[0]}, goroutine {held[1]}")
        return state

    def processor_of(self, held: list[int], kind: int) -> State:
        """The P that the event's thread has; it must have one."""
        state = self.processors.get(held[0])
        if state is None:
            raise broken(f"{EVENTS[kind][0]} on a thread without a P")
        return state

    def handlers(self) -> list[Handler | None]:
        """By the number of the event, what makes it happen; None for those of others."""
        table: list[Handler | None] = [None] * 256
        table[9], table[37], table[38] = self._change, self._metric, self._metric
        table[26] = table[35] = self._range
        table[27] = table[36] = self._range_end
        table[28], table[29], table[30] = self._gc_active, self._gc_begin, self._gc_end
        table[31] = table[34] = self._range_active
        table[32], table[33] = self._sweep, self._sweep_end
        table[39], table[44] = self._label, self._log
        table[40], table[41] = self._task, self._task_end
        table[42] = table[43] = self._region
        for kind in range(128, 137):
            table[kind] = self._experiment
        return table

    def _change(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        """GOMAXPROCS changes."""
        self.own(held, kind, 0)
        self.rows.add(time, kind, (thread, held[0], held[1]), stack=a[1])
        self.rows.note("first", a[0])
        return True

    def _metric(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        if held[0] < 0:
            raise broken(f"{EVENTS[kind][0]} on a thread without a P")
        self.rows.add(time, kind, (thread, held[0], held[1]))
        self.rows.note("first", a[0])
        return True

    def _range(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        """The world stops, or a goroutine begins to assist the collector."""
        detail = self.rows.string(a[0]) if kind == _STW else 0
        self.own(held, kind, 0).begin(kind, detail)
        self.rows.add(time, kind, (thread, held[0], held[1]), held[1], detail, a[-1])
        return True

    def _range_end(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        detail = self.own(held, kind, 0).end(_BEGUN[kind])
        self.rows.add(time, kind, (thread, held[0], held[1]), held[1], detail)
        return True

    def _range_active(
        self, thread: int, held: list[int], time: int, kind: int, a: list[int]
    ) -> bool:
        """A sweep or an assist that began in an earlier generation, or before the trace."""
        owners = self.processors if kind == 31 else self.goroutines
        state = owners.get(a[0])
        if state is None:
            raise broken(f"{EVENTS[kind][0]} of {a[0]}, which is not known")
        state.active(_BEGUN[kind], first=self.generation == self.first)
        self.rows.add(time, kind, (thread, held[0], held[1]), a[0])
        return True

    def _sweep(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        self.processor_of(held, kind).begin(kind, 0)
        self.rows.add(time, kind, (thread, held[0], held[1]), held[0], stack=a[0])
        return True

    def _sweep_end(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        self.processor_of(held, kind).end(_SWEEP)
        self.rows.add(time, kind, (thread, held[0], held[1]), held[0])
        self.rows.note("first", a[0])
        self.rows.note("second", a[1])
        return True

    def _gc_active(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        if self.generation == self.first:
            if self.collecting is not None:
                raise broken("GCActive is not the first of the collector")
            self.collecting = True
        elif a[0] != self.collection + 1:
            return False
        elif not self.collecting:
            raise broken("GCActive while nothing is collected")
        self.collection = a[0]
        self.rows.add(time, kind, (thread, held[0], held[1]))
        return True

    def _gc_begin(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        if self.collecting is not None:
            if a[0] != self.collection + 1:
                return False
            if self.collecting:
                raise broken("GCBegin while something is collected")
            self.own(held, kind, 0)
        self.collection, self.collecting = a[0], True
        self.rows.add(time, kind, (thread, held[0], held[1]), stack=a[1])
        return True

    def _gc_end(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        if a[0] != self.collection + 1:
            return False
        if not self.collecting:
            raise broken("GCEnd while nothing is collected")
        self.collection, self.collecting = a[0], False
        self.rows.add(time, kind, (thread, held[0], held[1]))
        return True

    def _label(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        self.own(held, kind, 0)
        detail = self.rows.string(a[0])
        self.rows.add(time, kind, (thread, held[0], held[1]), held[1], detail)
        return True

    def _log(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        self.own(held, kind, 0)
        words = (self.rows.text(a[1]), self.rows.text(a[2]))
        self._noted((thread, held[0], held[1]), time, kind, a[0], words, a[3])
        return True

    def _task(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        number, parent, name = a[0], a[1], self.rows.text(a[2])
        if number in self.tasks:
            raise broken(f"task {number} begins twice")
        parent = parent or _NO_TASK
        self.tasks[number] = (parent, name)
        self.own(held, kind, 0)
        self._noted((thread, held[0], held[1]), time, kind, number, (name,), a[3])
        self.rows.note("second", parent)
        return True

    def _task_end(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        parent, name = self.tasks.pop(a[0], (_NO_TASK, ""))
        self.own(held, kind, 0)
        self._noted((thread, held[0], held[1]), time, kind, a[0], (name,), a[1])
        self.rows.note("second", parent)
        return True

    def _region(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        state, name = self.own(held, kind, 0), self.rows.text(a[1])
        if kind == 42:
            state.regions.append((a[0], name))
        elif state.regions and state.regions.pop() != (a[0], name):
            raise broken(f"region {name} ends within another")
        self._noted((thread, held[0], held[1]), time, kind, a[0], (name,), a[2])
        return True

    def _noted(
        self,
        place: tuple[int, int, int],
        time: int,
        kind: int,
        task: int,
        words: tuple[str, ...],
        stack: int,
    ) -> None:
        self.rows.add(time, kind, place, place[2], stack=stack)
        self.rows.note("first", task)
        self.rows.words[len(self.rows) - 1] = words

    def _experiment(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        if thread < 0:
            raise broken(f"{EVENTS[kind][0]} on no thread")
        self.rows.add(time, kind, (thread, held[0], held[1]))
        return True
