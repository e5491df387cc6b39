"""Hold a process at exec without ptrace: the kernel sends it a stop signal while it loads the file.

A folder can be watched for files that are read (fcntl's F_NOTIFY, since Linux 2.4), and who is told
by which signal can be chosen: here the child itself, by SIGSTOP. The kernel reads the executable's
first bytes within execve; so the signal waits for the child before its first instruction, and stops
it there. Neither the program nor its file is changed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
import weakref
from collections.abc import Mapping
from pathlib import Path

from golifelab.errors import FeatureUnavailable, LimitExceeded
from golifelab.link.executable import Executable
from golifelab.load.hold.entering import NOT_STARTED
from golifelab.load.hold.keeper import WAIT_OWN, Keeper
from golifelab.load.hold.process import Finished, How, OutputFile, Process

_SET_OWNER, _SET_SIGNAL, _NOTIFY = 8, 10, 1026  # F_SETOWN, F_SETSIG, F_NOTIFY
_READ = 1  # DN_ACCESS
_FEATURE = "stopping a process at exec by a signal"
_POLL_SECONDS = 0.0005
_SETTLED_SECONDS = 0.5  # the signal is there before the program is: this is long


class NoticedProcess(Process):
    """A process that stands before its first instruction. It can be looked at and let go."""

    how: How = "signal"

    def __init__(
        self,
        executable: Executable,
        argv: tuple[str, ...],
        environment: Mapping[str, str],
        timeout: float,
    ) -> None:
        """FeatureUnavailable where the system does not tell of files that are read."""
        keeper = Keeper()
        super().__init__(executable, keeper, "exec")
        self._output = OutputFile()
        weakref.finalize(self, self._output.close)
        path, file = executable.path.resolve(), self._output.file
        try:
            folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            self.close()
            raise FeatureUnavailable(_FEATURE, f"its folder: {error.strerror}") from error
        words = [str(executable.path), *argv]
        try:
            # It waits until the kernel knows whom to stop, then becomes the program.
            keeper.call(lambda: keeper.spawn("stop", path, words, environment, file, file), timeout)
            self._output.limit(self.pid)
            self._wait_until_held(folder, time.monotonic() + timeout)
        except BaseException:
            self.close()
            raise
        finally:
            os.close(folder)

    @property
    def output(self) -> str:
        """What it printed so far."""
        return self._output.text()

    def resume(self, timeout: float = 10.0) -> Finished:
        """Let it run to its end; LimitExceeded, and its end, if that takes longer."""

        def reap() -> None:
            os.kill(self.pid, signal.SIGCONT)
            _, status = os.waitpid(self.pid, WAIT_OWN)
            self._keeper.ended(status)

        if self.alive:
            self._keeper.call(reap, timeout)
            self.held_at = "its end"
        child = self._keeper.child
        assert child is not None
        return Finished(child.returncode, self._output.text())

    def _watch(self, folder: int) -> None:
        """Have the child stopped when a file of the folder is read, once."""
        import fcntl

        try:
            # Whom to tell comes first: without that the kernel would tell the one who asks.
            fcntl.fcntl(folder, _SET_OWNER, self.pid)
            fcntl.fcntl(folder, _SET_SIGNAL, signal.SIGSTOP)
            fcntl.fcntl(folder, _NOTIFY, _READ)
        except OSError as error:
            raise FeatureUnavailable(_FEATURE, f"fcntl: {error.strerror}") from error

    def _wait_until_held(self, folder: int, deadline: float) -> None:
        untold = "the system did not tell that its file was read"
        running = deadline
        while time.monotonic() < deadline:
            state = self._keeper.call(self._state, 5.0)
            if state == "ended":
                child = self._keeper.child
                refused = child is not None and child.returncode == NOT_STARTED
                why = "the system refused to execute it" if refused else untold
                raise FeatureUnavailable(_FEATURE, why)
            if state == "running" and self._there():
                running = min(running, time.monotonic() + _SETTLED_SECONDS)
                if time.monotonic() > running:
                    raise FeatureUnavailable(_FEATURE, untold)
            if state == "stopped":
                if self._there():
                    return
                # It is what enters that waits; or somebody else has read a file of that folder.
                self._watch(folder)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGCONT)
            time.sleep(_POLL_SECONDS)
        raise LimitExceeded(f"waiting for {self.executable.name} to be loaded", "its time")

    def _state(self) -> str:
        pid, status = os.waitpid(self.pid, WAIT_OWN | os.WNOHANG | os.WUNTRACED)
        if not pid:
            return "running"
        if os.WIFSTOPPED(status):
            return "stopped"
        self._keeper.ended(status)
        return "ended"

    def _there(self) -> bool:
        with contextlib.suppress(OSError):
            return str(Path(f"/proc/{self.pid}/exe").readlink()) == self._path
        return False
