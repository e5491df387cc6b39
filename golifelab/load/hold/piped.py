"""Hold a process without ptrace: it blocks when it writes to a pipe that is full, and is stopped.

The program is not changed. To hold it early, the runtime is asked (GODEBUG=inittrace=1) to write a
line to standard error after each package's init; to hold it in main, standard output is the full
pipe.
"""

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
from golifelab.load.hold.process import MAX_OUTPUT, Finished, Process

_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ
_POLL_SECONDS = 0.0005
FIRST_INIT = "the first inittrace line: just after the first package's init"
FIRST_WRITE = "its first write to standard output"


class PipedProcess(Process):
    """A process that waits in a write. It can be looked at and let go, nothing else."""

    how = "pipe"

    def __init__(
        self,
        executable: Executable,
        argv: tuple[str, ...],
        environment: Mapping[str, str],
        timeout: float,
        *,
        early: bool,
    ) -> None:
        keeper = Keeper()
        super().__init__(executable, keeper, FIRST_INIT if early else FIRST_WRITE)
        self._output = bytearray()
        self._reading, writing, self._filler = full_pipe()
        settings = dict(environment)
        if early:
            known = settings.get("GODEBUG", "")
            settings["GODEBUG"] = f"{known},inittrace=1".lstrip(",")
        words = [str(executable.path), *argv]
        quiet = os.open(os.devnull, os.O_WRONLY)
        streams = (quiet, writing) if early else (writing, quiet)
        path = executable.path.resolve()
        try:
            keeper.call(lambda: keeper.spawn("hold", path, words, settings, *streams), timeout)
            os.close(writing)
            writing = -1
            self._wait_until_held(timeout)
            keeper.call(self._stop, timeout)
        except BaseException:
            self.close()
            raise
        finally:
            os.close(quiet)
            if writing >= 0:
                os.close(writing)

    def resume(self, timeout: float = 10.0) -> Finished:
        """Empty the pipe until the process ends; LimitExceeded, and its end, if that is late."""
        deadline = time.monotonic() + timeout
        if self.alive:
            os.kill(self.pid, signal.SIGCONT)
        while self._reading >= 0 and time.monotonic() < deadline:
            if not select.select([self._reading], [], [], 0.05)[0]:
                continue
            part = os.read(self._reading, 1 << 16)
            self._output += part
            if not part:
                os.close(self._reading)
                self._reading = -1
            elif len(self._output) > MAX_OUTPUT:
                self.close()
                raise LimitExceeded("the output of the process", f"{MAX_OUTPUT:,} bytes")
        if self._reading >= 0:
            self.close()
            raise LimitExceeded("the process", f"{timeout:g} s")
        if self.alive:
            self._keeper.call(self._reap, max(0.1, deadline - time.monotonic()))
        self.held_at = "its end"
        child = self._keeper.child
        assert child is not None
        return Finished(child.returncode, self._output[self._filler :].decode("utf-8", "replace"))

    def close(self) -> None:
        """End it, if it has not ended, and release everything."""
        super().close()
        if self._reading >= 0:
            os.close(self._reading)
            self._reading = -1

    def __del__(self) -> None:
        # A pipe is a number, not an object: nobody else would close it.
        with contextlib.suppress(OSError, AttributeError):
            self.close()

    def _stop(self) -> None:
        """Stop its other threads too: the one that waits will begin its write again."""
        os.kill(self.pid, signal.SIGSTOP)
        _, status = os.waitpid(self.pid, WAIT_OWN | os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            self._keeper.ended(status)

    def _reap(self) -> None:
        _, status = os.waitpid(-1, WAIT_OWN)
        self._keeper.ended(status)

    def _wait_until_held(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self._waiting_in_write():
                return
            if self._keeper.call(self._ended_early, 5.0):
                child = self._keeper.child
                if child and child.returncode == NOT_STARTED:
                    reason = "the system refused to execute it"
                    raise FeatureUnavailable(f"holding {self.executable.name}", reason)
                raise GolifelabError(
                    f"{self.executable.name} ended without writing anything",
                    remedy="without ptrace, a program is held where it writes: hold it at "
                    '"exec", or at one of the runtime\'s milestones, such as "main.main"',
                )
            time.sleep(_POLL_SECONDS)
        raise LimitExceeded(f"waiting for {self.executable.path.name} to write", f"{timeout:g} s")

    def _ended_early(self) -> bool:
        pid, status = os.waitpid(-1, WAIT_OWN | os.WNOHANG)
        if pid:
            self._keeper.ended(status)
        return bool(pid)

    def _waiting_in_write(self) -> bool:
        """Whether the program itself, no longer the trampoline, sleeps in a write to a pipe."""
        folder = Path("/proc") / str(self.pid)
        try:
            if str((folder / "exe").readlink()) != self._path:
                return False
            return any(_waits(task) for task in (folder / "task").iterdir())
        except OSError:
            return False


def _waits(task: Path) -> bool:
    """Whether a thread sleeps in a pipe: the kernel names the function, or else the call."""
    place = (task / "wchan").read_text(encoding="ascii", errors="replace")
    if place not in ("", "0"):
        return "pipe_w" in place  # pipe_write, or pipe_wait in old kernels
    call = (task / "syscall").read_text(encoding="ascii", errors="replace").split()
    return call[:2] in ([str(host().write), "0x1"], [str(host().write), "0x2"])


def full_pipe() -> tuple[int, int, int]:
    """A pipe that is full: (reading end, blocking writing end, bytes of filler)."""
    import fcntl

    reading, writing = os.pipe()
    try:
        with contextlib.suppress(OSError):  # a large pipe only takes longer to fill
            fcntl.fcntl(writing, _SET_PIPE_SIZE, 4096)
        os.set_blocking(writing, False)
        filler = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                filler += os.write(writing, b"#" * 4096)
        os.set_blocking(writing, True)
    except BaseException:
        os.close(reading)
        os.close(writing)
        raise
    return reading, writing, filler
