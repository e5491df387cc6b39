"""A thread that owns one child process for all of its life.

The kernel ties both ptrace and the parent-death signal to the *thread* that started a child. So
each held process gets a thread of its own, which starts it, does every ptrace call, and reaps it.
Should this program die in any way, the kernel kills the child.

The child is not forked from Python: a fork of a process with other threads (a notebook kernel has
several) may inherit a lock that nobody will release. `subprocess` starts, by vfork and exec, a
fresh interpreter without site packages, which asks to be traced or to die with its parent and then
becomes the program. That costs some 20 ms and cannot deadlock.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import IO, Any, TypeVar

from golifelab.errors import FeatureUnavailable, LimitExceeded
from golifelab.toolchain.run import spawn

T = TypeVar("T")

# __WALL | __WNOTHREAD: traced threads too, and only children that the calling thread started.
WAIT_OWN = 0x40000000 | 0x20000000
REFUSED, NOT_STARTED = 213, 214  # exit codes of the trampoline, far from a program's usual ones

# argv: trace or hold, the parent's id, how many variables, the variables, the path, its argv.
_TRAMPOLINE = f"""
import ctypes, os, sys
how, parent, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
env = dict(pair.split("=", 1) for pair in sys.argv[4:4 + count])
path, argv = sys.argv[4 + count], sys.argv[5 + count:]
library = ctypes.CDLL(None)
library.prctl(1, 9, 0, 0, 0)
if os.getppid() != parent:
    os._exit({NOT_STARTED})
if how == "trace" and library.ptrace(0, 0, 0, 0):
    os._exit({REFUSED})
try:
    os.execve(path, argv, env)
except OSError as error:
    os.write(2, str(error.strerror).encode())
finally:
    os._exit({NOT_STARTED})
"""


class Keeper:
    """Runs jobs in one thread, which starts, serves and finally reaps one child."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self.child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True, name="golifelab-keeper")
        self._thread.start()

    @property
    def pid(self) -> int:
        """The child's process id."""
        assert self.child is not None
        return self.child.pid

    @property
    def finished(self) -> bool:
        """Whether the child has ended and was reaped."""
        return self.child is None or self.child.returncode is not None

    def call(self, job: Callable[[], T], timeout: float) -> T:
        """Run a job in the thread and give its result.

        A job that is late, or interrupted from the keyboard, costs the child its life:
        LimitExceeded.
        """
        future: Future[T] = Future()
        self._jobs.put((job, future))
        try:
            return future.result(timeout)
        except TimeoutError:
            self.kill()  # wakes a job that waits for the child
            with contextlib.suppress(Exception):
                future.result(5)
            raise LimitExceeded("the process", f"{timeout:g} s") from None
        except KeyboardInterrupt:
            self.kill()
            raise

    def spawn(
        self,
        how: str,
        path: Path,
        argv: Sequence[str],
        environment: Mapping[str, str],
        stdout: int | IO[bytes],
        stderr: int | IO[bytes],
    ) -> None:
        """Start the child, in the keeper's own thread: call it within a job."""
        variables = [f"{name}={value}" for name, value in environment.items()]
        words = [how, str(os.getpid()), str(len(variables)), *variables, str(path), *argv]
        interpreter = sys.executable or "python3"
        self.child = spawn(
            [interpreter, "-I", "-S", "-c", _TRAMPOLINE, *words],
            env={},
            stdout=stdout,
            stderr=stderr,
        )

    def kill(self) -> None:
        """Send the child, with all it started, SIGKILL."""
        if not self.finished:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the child and the thread. Safe to call again."""
        if self._thread.is_alive():
            self.kill()
            self._jobs.put((self._reap, Future()))
            self._jobs.put(None)
            if threading.current_thread() is not self._thread:
                self._thread.join(10)

    def ended(self, status: int) -> int:
        """Note the wait status the child ended with, and give its exit code."""
        assert self.child is not None
        self.child.returncode = os.waitstatus_to_exitcode(status)
        return self.child.returncode

    def _reap(self) -> None:
        while not self.finished:
            try:
                # All threads of a traced process are reported, its first one last.
                pid, status = os.waitpid(-1, WAIT_OWN)
            except ChildProcessError:
                pid, status = self.pid, 0
            if pid == self.pid and not os.WIFSTOPPED(status):
                self.ended(status)

    def _serve(self) -> None:
        while (item := self._jobs.get()) is not None:
            job, future = item
            try:
                future.set_result(job())
            except BaseException as error:  # noqa: BLE001 - raised again where it was asked for
                future.set_exception(error)
            # While this thread waits it must not keep alive what the job refers to.
            del item, job, future


def linux_only(feature: str) -> None:
    """FeatureUnavailable anywhere but on Linux."""
    if sys.platform != "linux":
        raise FeatureUnavailable(
            feature, "it needs Linux", remedy="look at the recording that comes with the course"
        )
