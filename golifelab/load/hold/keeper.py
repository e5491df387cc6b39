"""A thread that owns one child process for all of its life.

The kernel ties both ptrace and the parent-death signal to the *thread* that started a child. So
each held process gets a thread of its own, which starts it, does every ptrace call, and reaps it.
Should this program die in any way, the kernel kills the child.

The child is not forked from Python: a fork of a process with other threads (a notebook kernel has
several) may inherit a lock that nobody will release. `subprocess` starts, by vfork and exec, a
tiny program, which asks to be traced or to die with its parent and then becomes the program.
"""

from __future__ import annotations

import _thread
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
from golifelab.load.hold.entering import entering
from golifelab.toolchain.run import spawn

T = TypeVar("T")

# __WALL | __WNOTHREAD: traced threads too, and only children that the calling thread started.
WAIT_OWN = 0x40000000 | 0x20000000


class Keeper:
    """Runs jobs in one thread, which starts, serves and finally reaps one child."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self.child: subprocess.Popen[bytes] | None = None
        self._served = threading.Lock()  # held for as long as the thread lives
        self._served.acquire()
        # A threading.Thread would be waited for until it runs, which costs as much as all the rest.
        self._thread = _thread.start_new_thread(self._serve, ())

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
        pass_fds: Sequence[int] = (),
    ) -> None:
        """Start the child, in the keeper's own thread: call it within a job."""
        words, variables = entering(how, path, argv, environment)
        self.child = spawn(words, env=variables, stdout=stdout, stderr=stderr, pass_fds=pass_fds)

    def kill(self) -> None:
        """Send the child, with all it started, SIGKILL."""
        if not self.finished:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the child and the thread. Safe to call again."""
        if self._served.locked():
            self.kill()
            self._jobs.put((self._reap, Future()))
            self._jobs.put(None)
            if threading.get_ident() != self._thread and self._served.acquire(timeout=10):
                self._served.release()

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
        try:
            while (item := self._jobs.get()) is not None:
                job, future = item
                try:
                    future.set_result(job())
                except BaseException as error:  # noqa: BLE001 - raised again where it was asked for
                    future.set_exception(error)
                # While this thread waits it must not keep alive what the job refers to.
                del item, job, future
        finally:
            self._served.release()


def linux_only(feature: str) -> None:
    """FeatureUnavailable anywhere but on Linux."""
    if sys.platform != "linux":
        raise FeatureUnavailable(
            feature, "it needs Linux", remedy="look at the recording that comes with the course"
        )
