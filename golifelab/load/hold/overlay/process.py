"""A process that its own, changed runtime holds: no ptrace is needed."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Mapping
from pathlib import Path

from golifelab.errors import FeatureUnavailable, GolifelabError, LimitExceeded
from golifelab.link.executable import Executable
from golifelab.load.hold.architecture import host
from golifelab.load.hold.entering import NOT_STARTED
from golifelab.load.hold.keeper import WAIT_OWN, Keeper
from golifelab.load.hold.overlay.milestones import MILESTONES, RECORD, Passed, passed
from golifelab.load.hold.process import Finished, OutputFile, Process, address_of

_VARIABLE = "GOLIFELAB_HOLD"
_MARK = "runtime.golifelabPassed"
_POLL_SECONDS = 0.02


def waits_by_itself(executable: Executable) -> bool:
    """Whether a program was built with the changed runtime."""
    return executable.function(_MARK) is not None


class OverlaidProcess(Process):
    """A process whose runtime tells of its milestones, and waits at each until it is let go.

    It stands at the first one, runtime.schedinit, when it was made. While it is held, all its
    threads are stopped.
    """

    how = "overlay"

    def __init__(
        self,
        executable: Executable,
        argv: tuple[str, ...],
        environment: Mapping[str, str],
        timeout: float,
    ) -> None:
        if not waits_by_itself(executable):
            raise FeatureUnavailable(
                "holding a process by its own runtime",
                f"{executable.name} was not built with the changed runtime",
                remedy="build it with golifelab.load.hold.overlay.building.overlaid",
            )
        self._output = OutputFile()
        keeper = Keeper()
        super().__init__(executable, keeper, "its start")
        self.passed: tuple[Passed, ...] = ()
        self._stopped = False
        self._told, tell = os.pipe()
        wait, self._let = os.pipe()
        settings = {**environment, _VARIABLE: f"{tell},{wait}"}
        words = [str(executable.path), *argv]
        path, file = Path(self._path), self._output.file
        try:
            keeper.call(
                lambda: keeper.spawn("hold", path, words, settings, file, file, (tell, wait)),
                timeout,
            )
            os.close(tell)
            os.close(wait)
            tell = wait = -1
            self._output.limit(self.pid)
            self._reach_first(time.monotonic() + timeout)
        except BaseException:
            self.close()
            raise
        finally:
            for descriptor in (tell, wait):
                if descriptor >= 0:
                    os.close(descriptor)

    @property
    def milestone(self) -> Passed:
        """The milestone it was last at."""
        return self.passed[-1]

    def registers(self) -> dict[str, int]:
        """The registers that the runtime told: program counter and stack pointer, and the g."""
        now, architecture = self.milestone, host()
        pc = address_of(self.executable, now.name) + self.bias
        goroutine = "r14" if architecture.name == "amd64" else "x28"
        return {architecture.pc: pc, architecture.sp: now.sp, goroutine: now.g}

    def run_to(self, where: str | int, timeout: float = 10.0) -> bool:
        """Let it go on to the next milestone of a name; False if it ended."""
        if where not in MILESTONES:
            raise FeatureUnavailable(
                f"running to {where}",
                f"its own runtime holds this process, and only knows {', '.join(MILESTONES)}",
            )
        if not self.alive:
            raise GolifelabError("the process has ended")
        deadline = time.monotonic() + timeout
        self._go()
        while True:
            with contextlib.suppress(OSError):
                os.write(self._let, b"\0")
            if not self._next(deadline):
                self.held_at = "its end"
                return False
            if self.milestone.name == where:
                self._hold()
                return self.alive

    def resume(self, timeout: float = 10.0) -> Finished:
        """Let it run to its end, and note what it tells meanwhile."""
        deadline = time.monotonic() + timeout
        if self.alive:
            self._go()
            os.close(self._let)  # whoever waits, or would wait, reads the end of the pipe
            self._let = -1
            while self._next(deadline):
                pass
        self.held_at = "its end"
        child = self._keeper.child
        assert child is not None
        return Finished(child.returncode, self._output.text())

    def close(self) -> None:
        """End it, if it has not ended, and release everything."""
        super().close()
        self._output.close()
        for name in ("_told", "_let"):
            descriptor = getattr(self, name, -1)
            setattr(self, name, -1)
            if descriptor >= 0:
                os.close(descriptor)

    def __del__(self) -> None:
        # A pipe is a number, not an object: nobody else would close it.
        with contextlib.suppress(OSError, AttributeError):
            self.close()

    def _reach_first(self, deadline: float) -> None:
        if not self._next(deadline):
            child = self._keeper.child
            code = child.returncode if child else 0
            why = f"it ended with status {code} before its first milestone"
            if code == NOT_STARTED:
                why = "the system refused to execute it"
            raise FeatureUnavailable(f"running {self.executable.name}", why)
        self._hold()

    def _next(self, deadline: float) -> bool:
        """Wait for the next milestone; False when the process has ended."""
        while time.monotonic() < deadline:
            if select.select([self._told], [], [], _POLL_SECONDS)[0]:
                record = os.read(self._told, RECORD.size)
                if len(record) == RECORD.size:
                    self.passed += (passed(record),)
                    return True
            if not self.alive or self._keeper.call(self._ended, 5.0):
                return bool(self._rest())
        self.close()
        raise LimitExceeded("the process", "the time it was given")

    def _rest(self) -> int:
        """Take what it told before its end; how many milestones that were."""
        count = 0
        while select.select([self._told], [], [], 0)[0]:
            record = os.read(self._told, RECORD.size)
            if len(record) < RECORD.size:
                break
            self.passed += (passed(record),)
            count += 1
        return count

    def _ended(self) -> bool:
        if self._keeper.finished:
            return True
        pid, status = os.waitpid(self.pid, WAIT_OWN | os.WNOHANG)
        if pid:
            self._keeper.ended(status)
        return bool(pid)

    def _hold(self) -> None:
        """Stop all its threads: the one at the milestone waits, the others would go on."""

        def stop() -> None:
            os.kill(self.pid, signal.SIGSTOP)
            pid, status = os.waitpid(self.pid, WAIT_OWN | os.WUNTRACED)
            if pid and not os.WIFSTOPPED(status):
                self._keeper.ended(status)

        self._keeper.call(stop, 5.0)
        self._stopped = True
        self.held_at = self.milestone.name

    def _go(self) -> None:
        if self._stopped:
            os.kill(self.pid, signal.SIGCONT)
            self._stopped = False
