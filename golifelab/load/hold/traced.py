"""Hold a process by ptrace."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from golifelab.errors import GolifelabError
from golifelab.link.executable import Executable
from golifelab.load.hold.process import (
    MAX_MEMORY_READ,
    Finished,
    OutputFile,
    Process,
    address_of,
    place_name,
)
from golifelab.load.hold.through import ThroughTracer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stop:
    """A thread that is about to execute a place the process is run through.

    `place` is what was asked for, `address` its link-time address, `thread` the system's id of the
    thread, `registers` the general ones by the processor's names, `at_ns` time.monotonic_ns().
    """

    place: str | int
    address: int
    thread: int
    registers: Mapping[str, int] = field(repr=False)
    at_ns: int
    sp: int
    _read: Callable[[int, int], bytes] = field(repr=False, compare=False)

    def memory(self, address: int, count: int) -> bytes:
        """Bytes of the process's memory at a run-time address; OSError where nothing is mapped."""
        return self._read(address, count)

    def word(self, address: int) -> int:
        """The machine word at a run-time address."""
        return int.from_bytes(self.memory(address, 8), "little")


class TracedProcess(Process):
    """A process under ptrace: it can be run to any address, stepped, and its registers read.

    What `run_through` calls may use the `tracer`: it runs in the tracer's own thread.
    """

    how = "ptrace"

    def __init__(
        self,
        executable: Executable,
        argv: tuple[str, ...],
        environment: Mapping[str, str],
        timeout: float,
    ) -> None:
        self._output = OutputFile()
        tracer = ThroughTracer()
        super().__init__(executable, tracer, "exec")
        self.tracer = tracer
        weakref.finalize(self, self._output.close)
        words = [str(executable.path), *argv]
        path, file = Path(self._path), self._output.file
        try:
            tracer.call(lambda: tracer.start(path, words, environment, file, file), timeout)
            self._output.limit(self.pid)
        except BaseException:
            self.close()
            raise

    def memory(self, address: int, count: int) -> bytes:
        """Bytes of its memory; GolifelabError where nothing is mapped."""
        if not self.tracer.running_through or count > MAX_MEMORY_READ:
            return super().memory(address, count)
        try:  # while it is run through places, often and in small pieces
            return self.tracer.read(address, count)
        except ProcessLookupError:
            raise  # the arrival that asks is dropped with its thread
        except (OSError, ValueError, OverflowError) as error:
            raise GolifelabError(f"cannot read mem of the process: {error}") from error

    def registers(self) -> dict[str, int]:
        """The general registers of the thread that holds it, by the processor's names."""
        return self._job(self.tracer.registers, 10.0)

    def run_to(self, where: str | int, timeout: float = 10.0) -> bool:
        """Let it go on until it is about to execute a function or link-time address."""
        address = address_of(self.executable, where) + self.bias
        tracer = self.tracer
        reached = self._job(lambda: tracer.run_to(address), timeout)
        self.held_at = place_name(where) if reached else "its end"
        return reached

    def run_through(
        self,
        places: Sequence[str | int],
        seen: Callable[[Stop], bool | None],
        *,
        called: Callable[[int], None] | None = None,
        timeout: float = 10.0,
    ) -> bool:
        """Let it go on past functions or link-time addresses; False when it ended.

        `seen` is called with a `Stop` each time a thread is about to execute one, and answers True
        to stay there. `called`(thread) is called at each stop at a system call, which
        `ptrace.call_stop` then reads. Both run in the thread that owns the process; its other
        threads go on meanwhile. The places' pages become private copies.

        A function whose stack must grow, or that is asked to yield, begins again: that is a second
        arrival of one call.
        """
        tracer, bias = self.tracer, self.bias
        names = {address_of(self.executable, place) + bias: place for place in places}
        stack_pointer = tracer.architecture.sp
        stops: list[Stop] = []

        def arrived(thread: int, address: int, registers: dict[str, int]) -> bool:
            place, sp = names[address], registers[stack_pointer]
            now = time.monotonic_ns()
            stop = Stop(place, address - bias, thread, registers, now, sp, tracer.read)
            stops[:] = [stop]
            return bool(seen(stop))

        held = self._job(lambda: tracer.run_through(names, arrived, called), timeout)
        self.held_at = str(stops[0].place) if held else "its end"
        return held

    def run_to_call(self, number: int, argument: int, timeout: float = 10.0) -> bool:
        """Let it go on until it enters a system call with this number and first argument."""
        tracer = self.tracer
        found = self._job(lambda: tracer.run_to_call(number, argument), timeout)
        self.held_at = f"system call {number}" if found else "its end"
        return found

    def step(self, timeout: float = 10.0) -> bool:
        """Execute one instruction of the thread that holds it; False if the process ended."""
        stepped = self._job(self.tracer.step, timeout)
        self.held_at = "an instruction" if stepped else "its end"
        return stepped

    def resume(self, timeout: float = 10.0) -> Finished:
        """Let it run to its end; LimitExceeded, and its end, if that takes longer."""
        if self.alive:
            self._job(self.tracer.run, timeout)
            self.held_at = "its end"
        child = self.tracer.child
        assert child is not None
        return Finished(child.returncode, self._output.text())

    def _job(self, job: Callable[[], T], timeout: float) -> T:
        if not self.alive:
            raise GolifelabError("the process has ended")
        try:
            return self.tracer.call(job, timeout)
        except OSError as error:
            raise GolifelabError(f"the process cannot be traced: {error.strerror}") from error
