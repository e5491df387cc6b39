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
        seen: Callable[[int, int, dict[str, int]], bool],
        called: Callable[[int], None] | None = None,
    ) -> bool:
        """Go on, past these addresses, until `seen` says to hold; False when the process ended.

        `seen`(thread, address, registers) is called whenever a thread is about to execute one of
        them, `called`(thread) at each stop at a system call, see `ptrace.CallStops`. No arrival is
        missed.
        """
        # Where it was held it has been seen.
        if self._pc(self.current) == self.arrived in addresses:
            self._step_alone(self.current)
            if self.finished:
                return False
        points = Breakpoints(self.pid, self.architecture, addresses)
        advance, counter = self.architecture.trap_advance, self.architecture.pc
        request = pt.CONTINUE if called is None else pt.SYSCALL

        def arrived(thread: int) -> bool:
            registers = pt.registers(thread, self.architecture)
            address = registers[counter] - advance
            if address not in points:
                return False
            registers[counter] = address
            if seen(thread, address, registers):
                self._set_pc(thread, address)
                self.arrived = address
                return True
            self._pass(thread, address, points, request)
            return False

        def served(thread: int, code: int) -> bool:
            # Another thread may end the process while this one stands.
            try:
                if code == pt.SYSGOOD_TRAP and called is not None:
                    called(thread)
                return code == signal.SIGTRAP and arrived(thread)
            except ProcessLookupError:
                return False

        self._points = points
        try:
            held = self._wait(served, first=True, request=request)
            if held:
                self._leave(points, advance)
        except ProcessLookupError:
            # Another thread has ended the process, and those that stood are killed with it.
            held = self._wait(lambda _thread, _code: False, first=True)
        finally:
            self._points = None
            points.close()
        return held

    def _leave(self, points: Breakpoints, advance: int) -> None:
        """Take everything of ours out of a process that is held, and put its threads right."""
        for thread in self._struck():  # they come to it again
            if (address := self._pc(thread) - advance) in points:
                self._set_pc(thread, address)
        for thread in list(self._stopped):
            self._back(thread, points)
        points.take_out()

    def _pass(self, thread: int, address: int, points: Breakpoints, request: int) -> None:
        """Let a thread that stands at a breakpoint execute the instruction that belongs there."""
        if place := points.aside(address):
            self._set_pc(thread, place)
            return
        self._set_pc(thread, address)
        self._unserved += self._hold_others()
        points.remove(address)
        self._step_alone(thread)
        points.insert(address)
        waiting = {stop[0] for stop in self._unserved}
        for other in self._stopped.keys() - waiting - {thread}:
            self._go(other, request)

    def _go(self, thread: int, request: int) -> None:
        # A signal's handler must not find the thread where no function is.
        if self._points is not None and self._stopped.get(thread):
            with contextlib.suppress(ProcessLookupError):  # killed while it stood
                self._back(thread, self._points)
        super()._go(thread, request)

    def _back(self, thread: int, points: Breakpoints) -> None:
        """Where a thread executes an instruction aside: see that it stands where it belongs."""
        place = self._pc(thread)
        if place in points.waiting and self._stopped[thread] not in _FAULTS:
            self._step_alone(thread)
            place = self._pc(thread)
        # It is done there, or still to be done: it faults, and belongs to the function again.
        if belongs := points.done.get(place) or points.waiting.get(place):
            self._set_pc(thread, belongs)

    def _step_alone(self, thread: int) -> None:
        """Execute one instruction of a thread; what else happens meanwhile is served later."""
        late = self._stopped.get(thread, 0)
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
