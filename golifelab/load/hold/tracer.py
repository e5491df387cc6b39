"""Stop, run and look at a process by ptrace.

All threads of the process are traced, and all stand still while it is held. Stops at an address use
the processor's debug registers where it can be done (a breakpoint instruction would turn the code's
page from one of the file's into a private copy, which the page views would then show).
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from golifelab.errors import FeatureUnavailable
from golifelab.load.hold import ptrace as pt
from golifelab.load.hold.architecture import Architecture, host
from golifelab.load.hold.entering import NOT_STARTED, REFUSED
from golifelab.load.hold.keeper import WAIT_OWN, Keeper

_OPTIONS = pt.EXIT_KILL | pt.TRACE_CLONE | pt.TRACE_SYSGOOD
_CONTROL = 7  # the debug register that switches the others on
_STOPPED = 0x7F  # the low byte of the wait status of a thread that stopped
# Stops that only concern tracing. Plain numbers: these are compared at every stop.
_TRAPS = (pt.SYSGOOD_TRAP, int(signal.SIGTRAP))
# A thread, or 0 once the process has ended; its stop's code, or -1 if it ended; its wait status.
Stop = tuple[int, int, int]


class PtraceRefused(FeatureUnavailable):
    """The system does not let this program trace its own child."""

    def __init__(self) -> None:
        super().__init__(
            "stopping a process with ptrace",
            "the system refuses it (a container's rule, usually)",
            remedy="start the container with --cap-add=SYS_PTRACE",
        )


class Tracer(Keeper):
    """A process of our own, traced from its first instruction.

    Its methods are jobs: they run in the keeper's thread, by `call`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.architecture: Architecture = host()
        self.current = 0  # the thread whose stop holds the process
        self._stopped: dict[int, int] = {}  # stopped thread → signal to deliver when it goes on
        self._running: set[int] = set()
        self._asked: set[int] = set()  # threads with a SIGSTOP of ours still to come
        self._seen: set[int] = set()  # threads whose first stop, which no signal caused, is over
        self._unserved: list[Stop] = []  # stops that came while something else was awaited
        self.arrived = 0  # the address at which the process was last held

    def start(
        self,
        path: Path,
        argv: Sequence[str],
        environment: Mapping[str, str],
        stdout: int | IO[bytes],
        stderr: int | IO[bytes],
    ) -> None:
        """Start a program, held at exec; PtraceRefused, or FeatureUnavailable if it can't run."""
        self.spawn("trace", path, argv, environment, stdout, stderr)
        _, status = os.waitpid(-1, WAIT_OWN)
        if not os.WIFSTOPPED(status):
            code = self.ended(status)
            if code == REFUSED:
                raise PtraceRefused
            reason = "the system refused to execute it" if code == NOT_STARTED else f"exit {code}"
            raise FeatureUnavailable(f"running {path.name}", reason)
        try:
            pt.ptrace(pt.SETOPTIONS, self.pid, 0, _OPTIONS)
            pt.registers(self.pid, self.architecture)
        except OSError as error:  # a system that has a part of ptrace only
            raise PtraceRefused from error
        self.current = self.pid
        self._stopped = {self.pid: 0}
        self._seen = {self.pid}

    def registers(self) -> dict[str, int]:
        """The general registers of the thread that holds the process."""
        return pt.registers(self.current, self.architecture)

    def step(self) -> bool:
        """Execute one instruction of that thread; False when the process ended."""
        self._unserved.clear()  # the other threads stay where they are
        pt.ptrace(pt.STEP, self.current, 0, self._stopped.pop(self.current, 0))
        self._running.add(self.current)

        def done(thread: int, code: int) -> bool:
            return thread == self.current and code == signal.SIGTRAP

        return self._wait(done, request=pt.STEP)

    def run(self) -> int:
        """Let the process go on to its end; its exit code."""
        self._wait(lambda _thread, _code: False, first=True)
        assert self.child is not None
        return self.child.returncode

    def run_to(self, address: int) -> bool:
        """Let the process go on until a thread is about to execute `address`; False if it ended."""
        try:
            if self.architecture.debug_offset:
                try:
                    return self._run_to_watched(address)
                except ProcessLookupError:
                    raise
                except OSError:  # a machine without debug registers to spare
                    if self.finished:
                        raise
            return self._run_to_trap(address)
        except ProcessLookupError:
            # Another thread has ended the process, and those that stood here are killed with it.
            return self._wait(lambda _thread, _code: False, first=True)

    def run_to_call(self, number: int, argument: int) -> bool:
        """Go on until a thread enters a system call with this number and first argument."""

        def entered(thread: int, code: int) -> bool:
            return code == pt.SYSGOOD_TRAP and pt.entered_call(thread) == (number, argument)

        return self._wait(entered, first=True, request=pt.SYSCALL)

    def run_watching(self, seen: Callable[[int], None]) -> int:
        """Let the process go on to its end, and give its exit code.

        `seen`(thread) is called at each of its threads' stops at a system call, see `call_stop`.
        """

        def look(thread: int, code: int) -> bool:
            if code == pt.SYSGOOD_TRAP:
                # Another thread may have ended the process while this one stood.
                with contextlib.suppress(ProcessLookupError):
                    seen(thread)
            return False

        self._wait(look, first=True, request=pt.SYSCALL)
        assert self.child is not None
        return self.child.returncode

    def read(self, address: int, count: int) -> bytes:
        """Bytes of the process's memory."""
        memory = os.open(f"/proc/{self.pid}/mem", os.O_RDONLY)
        try:
            return os.pread(memory, count, address)
        finally:
            os.close(memory)

    def _run_to_watched(self, address: int) -> bool:
        def watch(thread: int) -> None:
            self._debug_register(thread, 0, address)
            self._debug_register(thread, _CONTROL, 1)

        def reached(thread: int, code: int) -> bool:
            return code == signal.SIGTRAP and self._pc(thread) == address

        for thread in self._stopped:
            watch(thread)
        # A watch strikes before its instruction: step over it, or the process never leaves.
        if self._pc(self.current) == address and not self.step():
            return False
        found = self._wait(reached, first=True, prepare=watch)
        for thread in self._stopped if found else ():
            self._debug_register(thread, _CONTROL, 0)
        self.arrived = address
        return found

    def _run_to_trap(self, address: int) -> bool:
        trap, advance = self.architecture.trap, self.architecture.trap_advance
        if self._pc(self.current) == address and not self.step():
            return False
        saved = self.read(address, len(trap))
        self._write(address, trap)

        def reached(thread: int, code: int) -> bool:
            return code == signal.SIGTRAP and self._pc(thread) == address + advance

        found = self._wait(reached, first=True)
        if found:
            self._write(address, saved)
            # Threads that struck the trap while the process was being stopped go back as well.
            for thread in (self.current, *self._struck()):
                if self._pc(thread) == address + advance:
                    self._set_pc(thread, address)
        self.arrived = address
        return found

    def _write(self, address: int, data: bytes) -> None:
        with Path(f"/proc/{self.pid}/mem").open("r+b", buffering=0) as memory:
            memory.seek(address)
            memory.write(data)

    def _pc(self, thread: int) -> int:
        machine = self.architecture
        if machine.debug_offset:  # where one register can be had, it is had quickly
            return pt.peek_user(thread, 8 * machine.registers.index(machine.pc))
        return pt.registers(thread, machine)[machine.pc]

    def _set_pc(self, thread: int, address: int) -> None:
        machine = self.architecture
        if machine.debug_offset:
            pt.ptrace(pt.POKEUSER, thread, 8 * machine.registers.index(machine.pc), address)
        else:
            pt.set_registers(thread, machine, **{machine.pc: address})

    def _debug_register(self, thread: int, number: int, value: int) -> None:
        pt.ptrace(pt.POKEUSER, thread, self.architecture.debug_offset + 8 * number, value)

    def _go(self, thread: int, request: int) -> None:
        delivered = self._stopped.pop(thread, 0)
        self._running.add(thread)
        try:
            pt.ptrace(request, thread, 0, delivered)
        except ProcessLookupError:
            self._running.discard(thread)  # killed while it stood

    def _wait(
        self,
        wanted: Callable[[int, int], bool],
        *,
        first: bool = False,
        request: int = pt.CONTINUE,
        prepare: Callable[[int], None] | None = None,
    ) -> bool:
        """Serve stops until one is `wanted`(thread, stop code), then hold all; False at the end.

        `first` lets all stopped threads go on before. `prepare` is called for each new thread.
        """
        if first:
            self._unserved.clear()
        for thread in list(self._stopped) if first else ():
            self._go(thread, request)
        while True:
            thread, code, status = self._unserved.pop(0) if self._unserved else self._next_stop()
            if not thread:
                return False
            if code < 0 or thread not in self._stopped:
                continue  # a thread other than the first ended, maybe while its stop waited here
            if self._fresh(thread) and prepare is not None:
                prepare(thread)
            elif not status >> 16 and not self._stopped[thread] and wanted(thread, code):
                self.current = thread
                self._unserved += self._hold_others()
                return not self.finished
            self._go(thread, request)

    def _next_stop(self) -> Stop:
        """Wait for any thread to stop or end."""
        thread, status = os.waitpid(-1, WAIT_OWN)
        self._running.discard(thread)
        if status & 0xFF == _STOPPED:
            code = status >> 8 & 0xFF
            self._stopped[thread] = self._signal(thread, code, status)
            if status >> 16 == pt.EVENT_CLONE:
                with contextlib.suppress(ProcessLookupError):  # killed while it stood
                    made = pt.event_message(thread)
                    # The new thread may have reported its first stop before its maker did.
                    if made not in self._seen and made not in self._stopped:
                        self._running.add(made)
            return thread, code, status
        self._stopped.pop(thread, None)
        if thread == self.pid:
            self.ended(status)
            return 0, -1, status
        return thread, -1, status

    def _signal(self, thread: int, code: int, status: int) -> int:
        """The signal to deliver when a thread goes on: 0 for stops that only concern tracing."""
        if code in _TRAPS or status >> 16:
            return 0
        if code == signal.SIGSTOP and (thread in self._asked or thread not in self._seen):
            if thread in self._seen:
                self._asked.discard(thread)
            return 0
        return code

    def _fresh(self, thread: int) -> bool:
        """Whether this is the first stop of a new thread."""
        if thread in self._seen:
            return False
        self._seen.add(thread)
        return True

    def _hold_others(self) -> list[Stop]:
        """Stop every running thread, so that the process stands still.

        Gives the stops that came for a reason of their own, at a trap or at a system call.
        """
        own: list[Stop] = []
        # A new one stops by itself; one that was asked before has its SIGSTOP still to come, and a
        # second one, sent while the first is being reported, would stop it for good.
        for thread in (self._running & self._seen) - self._asked:
            self._asked.add(thread)
            pt.stop_thread(self.pid, thread, self.architecture)
        while self._running:
            stop = self._next_stop()
            thread, code, status = stop
            if not thread:
                own.append(stop)
                break
            self._seen.add(thread)
            if code in _TRAPS and not status >> 16:
                own.append(stop)
        return own

    def _struck(self) -> list[int]:
        """The threads that came to a trap while another one's arrival was being served."""
        return [
            thread
            for thread, code, status in self._unserved
            if code == signal.SIGTRAP and not status >> 16
        ]
