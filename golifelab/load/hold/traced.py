"""Hold a process by ptrace."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from typing import TypeVar

from golifelab.errors import GolifelabError
from golifelab.link.executable import Executable
from golifelab.load.hold.process import Finished, OutputFile, Process, address_of
from golifelab.load.hold.tracer import Tracer

T = TypeVar("T")


class TracedProcess(Process):
    """A process under ptrace: it can be run to any address, stepped, and its registers read."""

    how = "ptrace"

    def __init__(
        self,
        executable: Executable,
        argv: tuple[str, ...],
        environment: Mapping[str, str],
        timeout: float,
    ) -> None:
        tracer = Tracer()
        super().__init__(executable, tracer, "exec")
        self._tracer = tracer
        self._output = OutputFile()
        weakref.finalize(self, self._output.close)
        words = [str(executable.path), *argv]
        path, file = executable.path.resolve(), self._output.file
        try:
            tracer.call(lambda: tracer.start(path, words, environment, file, file), timeout)
            self._output.limit(self.pid)
        except BaseException:
            self.close()
            raise

    def registers(self) -> dict[str, int]:
        """The general registers of the thread that holds it, by the processor's names."""
        return self._job(self._tracer.registers, 10.0)

    def run_to(self, where: str | int, timeout: float = 10.0) -> bool:
        """Let it go on until it is about to execute a function or link-time address."""
        address = address_of(self.executable, where) + self.bias
        tracer = self._tracer
        reached = self._job(lambda: tracer.run_to(address), timeout)
        name = where if isinstance(where, str) else f"{where:#x}"
        self.held_at = name if reached else "its end"
        return reached

    def run_to_call(self, number: int, argument: int, timeout: float = 10.0) -> bool:
        """Let it go on until it enters a system call with this number and first argument."""
        tracer = self._tracer
        found = self._job(lambda: tracer.run_to_call(number, argument), timeout)
        self.held_at = f"system call {number}" if found else "its end"
        return found

    def step(self, timeout: float = 10.0) -> bool:
        """Execute one instruction of the thread that holds it; False if the process ended."""
        stepped = self._job(self._tracer.step, timeout)
        self.held_at = "an instruction" if stepped else "its end"
        return stepped

    def resume(self, timeout: float = 10.0) -> Finished:
        """Let it run to its end; LimitExceeded, and its end, if that takes longer."""
        if self.alive:
            self._job(self._tracer.run, timeout)
            self.held_at = "its end"
        child = self._tracer.child
        assert child is not None
        return Finished(child.returncode, self._output.text())

    def _job(self, job: Callable[[], T], timeout: float) -> T:
        if not self.alive:
            raise GolifelabError("the process has ended")
        try:
            return self._tracer.call(job, timeout)
        except OSError as error:
            raise GolifelabError(f"the process cannot be traced: {error.strerror}") from error
