"""Let a process run past many addresses, and look at it at each arrival."""

from __future__ import annotations

import contextlib
import errno
import signal
from collections.abc import Callable, Collection

from golifelab.load.hold import ptrace as pt
from golifelab.load.hold.breakpoints import Breakpoints
from golifelab.load.hold.tracer import Tracer

# What an instruction itself causes: it would come again at every try.
_FAULTS = {signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE}


class ThroughTracer(Tracer):
    """A tracer that can stop at many addresses in one go, by breakpoint instructions."""

    def __init__(self) -> None:
        super().__init__()
        self._points: Breakpoints | None = None

    def read(self, address: int, count: int) -> bytes:
        """Bytes of the process's memory as they are without breakpoint instructions."""
        points = self._points
        data = super().read(address, count) if points is None else points.read(address, count)
        if count and not data:  # nothing mapped would be an error: its memory is gone altogether
            raise ProcessLookupError(errno.ESRCH, "the process is about to end")
        return data

    @property
    def running_through(self) -> bool:
        """Whether breakpoint instructions are in the process's code just now."""
        return self._points is not None

    def run_through(
        self,
        addresses: Collection[int],
        seen: Callable[[int, int], bool],
        called: Callable[[int], None] | None = None,
        *,
        scratch: int = 0,
    ) -> bool:
        """Go on, past these addresses, until `seen` says to hold; False when the process ended.

        `seen`(thread, address) is called whenever a thread is about to execute one of them,
        `called`(thread) at each stop at a system call, see `ptrace.call_stop`. `scratch` is the
        address of code that runs but once, at the very start. No arrival is missed.
        """
        # Where it was held it has been seen.
        if self._pc(self.current) == self.arrived in addresses and not self.step():
            return False
        points = Breakpoints(self.pid, self.architecture, addresses, scratch)
        advance = self.architecture.trap_advance
        request = pt.CONTINUE if called is None else pt.SYSCALL

        def arrived(thread: int, code: int) -> bool:
            if code == pt.SYSGOOD_TRAP and called is not None:
                called(thread)
            address = self._pc(thread) - advance if code == signal.SIGTRAP else -1
            if address not in points:
                return False
            self._set_pc(thread, address)
            if seen(thread, address):
                self.arrived = address
                return True
            self._pass(thread, address, points, request)
            return False

        def alive_at(thread: int, code: int) -> bool:
            # Another thread may end the process while this one stands.
            with contextlib.suppress(ProcessLookupError):
                return arrived(thread, code)
            return False

        self._points = points
        try:
            held = self._wait(alive_at, first=True, request=request)
            if held:
                points.take_out()
            for thread in self._struck() if held else ():  # they come to it again
                if (address := self._pc(thread) - advance) in points:
                    self._set_pc(thread, address)
        except ProcessLookupError:
            # Another thread has ended the process, and those that stood are killed with it.
            held = self._wait(lambda _thread, _code: False, first=True)
        finally:
            self._points = None
            points.close()
        return held

    def _pass(self, thread: int, address: int, points: Breakpoints, request: int) -> None:
        """Let a thread that stands at a breakpoint execute the instruction that belongs there."""
        several = bool(self._running) or len(self._stopped) > 1
        place, length = points.moved(address) if several else (0, 0)
        if place:
            self._set_pc(thread, place)
            self._step_alone(thread)
            # It stands behind the instruction, or still at it when a fault is to be delivered.
            done = self._pc(thread) - place
            self._set_pc(thread, address + (length if done == length else 0))
            return
        self._unserved += self._hold_others()
        points.remove(address)
        self._step_alone(thread)
        points.insert(address)
        waiting = {stop[0] for stop in self._unserved}
        for other in self._stopped.keys() - waiting - {thread}:
            self._go(other, request)

    def _step_alone(self, thread: int) -> None:
        """Execute one instruction of a thread; what else happens meanwhile is served later."""
        late = 0
        while True:
            pt.ptrace(pt.STEP, thread, 0, 0)
            self._stopped.pop(thread, None)
            self._running.add(thread)
            while (stop := self._next_stop())[0] not in (0, thread):
                self._unserved.append(stop)
            if stop[1] < 0:  # the process ended
                self._unserved.append(stop)
                return
            came = self._stopped[thread]
            if stop[1] == signal.SIGTRAP or came in _FAULTS:
                self._stopped[thread] = came or late
                return
            late = came or late  # from elsewhere: it is delivered after the instruction
