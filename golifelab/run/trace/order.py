# ruff: noqa: ARG002 - every handler is called with the same arguments
"""The order of events: which of the threads' next events can be the next of all.

Times of different threads need not agree, so an event that continues what another thread began
carries a number in sequence. As $GOROOT/src/internal/trace/order.go does, this keeps the state of
every goroutine, P and thread, and lets an event happen only when that state allows it.
"""

from __future__ import annotations

from golifelab.run.trace.rows import Rows
from golifelab.run.trace.spans import Spans
from golifelab.run.trace.states import EVER, RUNNABLE, RUNNING, SYSCALL, WAITING, Handler, State
from golifelab.run.trace.wire import broken

# A P's status, as the wire has it.
_P_RUNNING, _P_IDLE, _P_SYSCALL, _P_ABANDONED = 1, 2, 3, 4
# The same, and a goroutine's, as places in rows.P_STATES and rows.G_STATES.
_G_STATE = (0, 2, 3, 5, 4)
_P_STATE = (0, 2, 3, 2, 3)
_NOT_EXIST = 1


class Order(Spans):
    """What every goroutine, P and thread is doing, and which event may come next."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows)
        self._handlers = self._dispatch()

    def advance(self, thread: int, time: int, kind: int, arguments: list[int]) -> bool:
        """Let an event of a thread happen, or say that it can't yet.

        ParseError when it never can.
        """
        if thread < 0:
            held = [-1, -1]
        else:
            held = self.threads.get(thread) or self.threads.setdefault(thread, [-1, -1])
        handler = self._handlers[kind]
        if handler is None:
            raise broken(f"event {kind} is not known")
        return handler(thread, held, time, kind, arguments)

    def _dispatch(self) -> list[Handler | None]:
        table = self.handlers()
        table[10], table[11], table[12] = self._p_start, self._p_stop, self._p_steal
        table[13] = self._p_status
        table[14] = table[47] = self._create
        table[15], table[16] = self._create_in_call, self._start
        table[17] = table[19] = table[20] = self._stop
        table[18], table[21] = self._destroy_in_call, self._unblock
        table[22], table[23], table[24] = self._call, self._return, self._return_blocked
        table[25] = table[48] = self._status
        table[45] = table[46] = self._switch
        return table

    # Ps.

    def _p_status(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        number, status = a
        if status >= len(_P_STATE):
            raise broken(f"P {number} with status {status}")
        before = _P_STATE[status]
        place = (thread, held[0], held[1])
        state = self.processors.get(number)
        shown = status
        if state is None:
            self.processors[number] = State(status, self.generation)
            before = 0 if self.generation == self.first else _NOT_EXIST
        else:
            if status == _P_ABANDONED == state.status:
                before = 3
            elif status == _P_ABANDONED and state.status == _P_SYSCALL:
                # Nothing was lost after all: who has this P is known.
                before, shown = 2, _P_SYSCALL
                place = self._holder(number)
            elif state.status != status:
                raise broken(f"P {number} has status {status} and had {state.status}")
            state.generation, state.sequence = self.generation, 0
        self.rows.add(time, kind, place, number, before << 4 | _P_STATE[shown])
        if status in (_P_RUNNING, _P_SYSCALL):
            held[0] = number
        return True

    def _holder(self, processor: int) -> tuple[int, int, int]:
        for thread, held in self.threads.items():
            if held[0] == processor:
                return thread, processor, held[1]
        raise broken(f"P {processor} is about to be stolen from nobody")

    def _p_start(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        state = self.processors.get(a[0])
        if state is None or state.status != _P_IDLE or held[0] >= 0:
            return False
        if not state.follows(self.generation, a[1]):
            return False
        if thread < 0:
            raise broken("a P starts on no thread")
        state.status, state.sequence = _P_RUNNING, a[1]
        self.rows.add(time, kind, (thread, -1, held[1]), a[0], 3 << 4 | 2)
        held[0] = a[0]
        return True

    def _p_stop(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        state = self.processor_of(held, kind)
        if state.status not in (_P_RUNNING, _P_SYSCALL):
            raise broken(f"P {held[0]} stops and does not run")
        state.status = _P_IDLE
        self.rows.add(time, kind, (thread, held[0], held[1]), held[0], 2 << 4 | 3)
        held[0] = -1
        return True

    def _p_steal(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        number, sequence, victim = a
        state = self.processors.get(number)
        if state is None or state.status not in (_P_SYSCALL, _P_ABANDONED):
            return False
        if not state.follows(self.generation, sequence):
            return False
        if thread < 0:
            raise broken("no thread steals a P")
        before = 3 if state.status == _P_ABANDONED else 2
        lost = state.status == _P_ABANDONED
        state.status, state.sequence = _P_IDLE, sequence
        place = (thread, held[0], held[1])
        if not lost:
            other = held if victim == thread else self.threads.get(victim)
            if other is None or other[0] != number:
                raise broken(
                    f"P {number} is stolen from thread {victim}, which has none or another"
                )
            other[0] = -1
        self.rows.add(time, kind, place, number, before << 4 | 3)
        return True

    # Goroutines.

    def _status(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        number, other, status = a[0], a[1], a[2]
        if status >= len(_G_STATE):
            raise broken(f"goroutine {number} with status {status}")
        before = _G_STATE[status]
        state = self.goroutines.get(number)
        if state is not None:
            if state.status != status:
                raise broken(f"goroutine {number} has status {status} and had {state.status}")
            state.generation, state.sequence = self.generation, 0
        elif self.generation == self.first:
            self.goroutines[number] = State(status, self.generation)
            before = 0
        else:
            raise broken(f"goroutine {number} appears after the first generation")
        place, after = (thread, held[0], held[1]), held[1]
        if status == RUNNING:
            after = number
        elif status == SYSCALL:
            if other >= EVER:
                raise broken(f"goroutine {number} is in a system call on no thread")
            if other == thread:
                if self.generation != self.first and held[1] != number:
                    raise broken(f"goroutine {number} is in a system call on another thread")
                after = number
            else:
                its = self.threads.get(other)
                if its is None:
                    self.threads[other] = [-1, number]
                elif its[1] != number:
                    raise broken(f"goroutine {number} is in a system call on a busy thread")
                place = (other, held[0], held[1] if its is None else number)
        stack = a[3] if kind == 48 else 0
        self.rows.add(time, kind, place, number, before << 4 | _G_STATE[status], stack)
        if state is None:
            self.rows.turn(number)
        held[1] = after
        return True

    def _create(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        maker = self.goroutines.get(held[1])
        if held[0] < 0 or (maker is not None and maker.status != RUNNING):
            raise broken(f"goroutine {a[0]} is made by one that does not run")
        if a[0] in self.goroutines:
            raise broken(f"goroutine {a[0]} is made twice")
        status = RUNNABLE if kind == 14 else WAITING
        self.goroutines[a[0]] = State(status, self.generation)
        self.rows.add(time, kind, (thread, held[0], held[1]), a[0], 1 << 4 | _G_STATE[status], a[2])
        self.rows.begins(a[1])
        self.rows.turn(a[0])
        return True

    def _create_in_call(
        self, thread: int, held: list[int], time: int, kind: int, a: list[int]
    ) -> bool:
        if thread < 0 or held[1] >= 0 or a[0] in self.goroutines:
            raise broken(f"goroutine {a[0]} is made twice, or on a busy thread")
        self.goroutines[a[0]] = State(SYSCALL, self.generation)
        self.rows.add(time, kind, (thread, held[0], -1), a[0], 1 << 4 | 5)
        self.rows.turn(a[0])
        held[1] = a[0]
        return True

    def _start(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        state = self.goroutines.get(a[0])
        if state is None or state.status != RUNNABLE:
            return False
        if not state.follows(self.generation, a[1]):
            return False
        if held[0] < 0 or held[1] >= 0:
            raise broken(f"goroutine {a[0]} starts on a busy thread, or without a P")
        state.status, state.sequence = RUNNING, a[1]
        self.rows.add(time, kind, (thread, held[0], -1), a[0], 2 << 4 | 3)
        self.rows.turn(a[0])
        held[1] = a[0]
        return True

    def _stop(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        """It ends, yields or blocks."""
        state, number = self.own(held, kind), held[1]
        place = (thread, held[0], number)
        if kind == 17:
            del self.goroutines[number]
            self.rows.add(time, kind, place, number)
            self.rows.over(number)
        else:
            state.status = RUNNABLE if kind == 19 else WAITING
            self.rows.add(time, kind, place, number, self.rows.string(a[0]), a[1])
            self.rows.turn(number)
        held[1] = -1
        return True

    def _unblock(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        state = self.goroutines.get(a[0])
        if state is None or state.status != WAITING:
            return False
        if not state.follows(self.generation, a[1]):
            return False
        state.status, state.sequence = RUNNABLE, a[1]
        self.rows.add(time, kind, (thread, held[0], held[1]), a[0], 4 << 4 | 2, a[2])
        self.rows.turn(a[0])
        return True

    def _switch(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        """One goroutine hands its thread to another: three events in one."""
        own = self.own(held, kind)
        state = self.goroutines.get(a[0])
        if state is None or state.status != WAITING:
            return False
        if not state.follows(self.generation, a[1]):
            return False
        place = (thread, held[0], held[1])
        self.rows.add(time, kind, place, a[0], 4 << 4 | 2)
        self.rows.turn(a[0])
        if kind == 45:
            own.status = WAITING
            self.rows.add(time, 20, place, held[1])
            self.rows.turn(held[1])
        else:
            del self.goroutines[held[1]]
            self.rows.add(time, 17, place, held[1])
            self.rows.over(held[1])
        state.status, state.sequence = RUNNING, a[1]
        self.rows.add(time, 16, (thread, held[0], -1), a[0], 2 << 4 | 3)
        self.rows.turn(a[0])
        held[1] = a[0]
        return True

    # System calls.

    def _call(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        state, processor = self.own(held, kind), self.processor_of(held, kind)
        if not processor.follows(self.generation, a[0]):
            raise broken(f"a system call on P {held[0]} out of sequence")
        state.status, processor.status = SYSCALL, _P_SYSCALL
        processor.sequence = a[0]
        self.rows.add(time, kind, (thread, held[0], held[1]), held[1], 3 << 4 | 5, a[1])
        self.rows.turn(held[1])
        return True

    def _return(self, thread: int, held: list[int], time: int, kind: int, a: list[int]) -> bool:
        state, processor = self.own(held, kind, SYSCALL), self.processor_of(held, kind)
        if processor.status != _P_SYSCALL:
            raise broken(f"a system call ends on P {held[0]}, which is in none")
        state.status, processor.status = RUNNING, _P_RUNNING
        self.rows.add(time, kind, (thread, held[0], held[1]), held[1], 5 << 4 | 3)
        self.rows.turn(held[1])
        return True

    def _return_blocked(
        self, thread: int, held: list[int], time: int, kind: int, a: list[int]
    ) -> bool:
        # It will have lost its P: until that is seen, this has not happened.
        if held[0] >= 0 and self.processor_of(held, kind).status == _P_SYSCALL:
            return False
        state = self.goroutines.get(held[1])
        if state is None or state.status != SYSCALL:
            raise broken(f"goroutine {held[1]} returns from no system call")
        state.status = RUNNABLE
        self.rows.add(time, kind, (thread, held[0], held[1]), held[1], 5 << 4 | 2)
        self.rows.turn(held[1])
        held[1] = -1
        return True

    def _destroy_in_call(
        self, thread: int, held: list[int], time: int, kind: int, a: list[int]
    ) -> bool:
        state = self.goroutines.get(held[1])
        if state is None or state.status != SYSCALL:
            raise broken(f"goroutine {held[1]} ends in no system call")
        place = (thread, held[0], held[1])
        if held[0] >= 0:
            processor = self.processor_of(held, kind)
            if processor.status != _P_SYSCALL:
                raise broken(f"P {held[0]} is lost in no system call")
            processor.status = _P_ABANDONED
            self.rows.add(time, 12, place, held[0], 2 << 4 | 3)
        del self.goroutines[held[1]]
        self.rows.add(time, kind, place, held[1], 5 << 4 | 1)
        self.rows.over(held[1])
        held[0] = held[1] = -1
        return True
