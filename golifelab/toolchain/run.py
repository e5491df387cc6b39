"""Run a child process within bounds. Every child of the package starts here.

A child gets its own process group, no terminal, no shell, and limits on time, output and memory.
Whatever happens, the whole group is gone when `run` returns.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar, cast

from golifelab.errors import FeatureUnavailable, LimitExceeded, Superseded

_Made = TypeVar("_Made")

TIMEOUT = 60.0
MAX_OUTPUT = 64 << 20
# An address-space limit: Go programs reserve over a GiB they never touch.
MAX_MEMORY = 8 << 30


@dataclass(frozen=True, slots=True)
class Completed:
    """A finished child: what it was, how it ended, what it printed, wall-clock seconds."""

    argv: tuple[str, ...]
    returncode: int
    stdout: bytes
    stderr: bytes
    seconds: float

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.stdout.decode("utf-8", "surrogateescape")

    @property
    def error_text(self) -> str:
        """Standard error as text."""
        return self.stderr.decode("utf-8", "surrogateescape")

    @property
    def command(self) -> str:
        """The command as a shell line."""
        return shlex.join(self.argv)


class Cancellation:
    """Stops the children of a piece of work that a newer one has made useless."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._children: set[subprocess.Popen[bytes]] = set()
        self.cancelled = False

    def cancel(self) -> None:
        """Kill every child that runs under this cancellation, and refuse new ones."""
        with self._lock:
            self.cancelled = True
            children = list(self._children)
        for child in children:
            kill_group(child)

    def add(self, child: subprocess.Popen[bytes]) -> None:
        """Take a child in; Superseded when the work was cancelled before."""
        with self._lock:
            self._children.add(child)
            late = self.cancelled
        if late:
            kill_group(child)

    def discard(self, child: subprocess.Popen[bytes]) -> None:
        """Let a finished child go."""
        with self._lock:
            self._children.discard(child)


_cancellation: ContextVar[Cancellation | None] = ContextVar("cancellation", default=None)


@contextlib.contextmanager
def cancellable(cancellation: Cancellation) -> Iterator[None]:
    """Within this block, children that `run` starts in this thread end when it is cancelled."""
    token = _cancellation.set(cancellation)
    try:
        yield
    finally:
        _cancellation.reset(token)


def superseding() -> bool:
    """Whether newer work may take the place of this: then there will be more of its kind."""
    return _cancellation.get() is not None


def later(work: Callable[[], _Made]) -> Future[_Made]:
    """Do a piece of work in a thread of its own, which ends with the work around the caller."""
    made: Future[_Made] = Future()
    context = copy_context()

    def do() -> None:
        try:
            made.set_result(context.run(work))
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever asks for the result
            made.set_exception(error)

    threading.Thread(target=do, name="golifelab-later", daemon=True).start()
    return made


@contextlib.contextmanager
def following(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """Within this block, a child ends with the work around it; after it, in any case.

    For children that are waited for in another way than `finish` does. Raises Superseded when the
    surrounding `cancellable` work was cancelled.
    """
    cancellation = _cancellation.get()
    if cancellation is not None:
        cancellation.add(child)
    try:
        yield
    finally:
        kill_group(child)
        if cancellation is not None:
            cancellation.discard(child)
    if cancellation is not None and cancellation.cancelled:
        raise Superseded


def spawn(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | Path | None = None,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    stdout: int | IO[bytes] = subprocess.PIPE,
    stderr: int | IO[bytes] = subprocess.PIPE,
    max_memory: int = MAX_MEMORY,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own. The caller ends it with `kill_group`.

    `pass_fds` are descriptors that it shall have besides the three streams, by the same numbers.
    """
    words = [os.fspath(word) for word in argv]
    try:
        child = subprocess.Popen(
            words,
            env=None if env is None else dict(env),
            cwd=cwd,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            pass_fds=pass_fds,
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise FeatureUnavailable(f"running {words[0]}", reason) from error
    _limit_memory(child.pid, max_memory)
    return child


def run(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | Path | None = None,
    input: bytes = b"",  # noqa: A002 - the name subprocess has taught everyone
    timeout: float = TIMEOUT,
    max_output: int = MAX_OUTPUT,
    max_memory: int = MAX_MEMORY,
) -> Completed:
    """Run a child to its end and collect its output.

    `timeout` is wall-clock seconds, `max_output` bytes over both streams together, `max_memory`
    bytes of address space (Linux). Raises LimitExceeded when a bound is hit, Superseded when the
    surrounding `cancellable` work was cancelled, FeatureUnavailable when the program can't start.
    A non-zero exit status is not an error here: the caller knows what it means.
    """
    cancellation = _cancellation.get()
    if cancellation is not None and cancellation.cancelled:
        raise Superseded
    stdin = subprocess.PIPE if input else subprocess.DEVNULL
    child = spawn(argv, env=env, cwd=cwd, stdin=stdin, max_memory=max_memory)
    return finish(child, input=input, timeout=timeout, max_output=max_output)


def finish(
    child: subprocess.Popen[bytes],
    *,
    input: bytes = b"",  # noqa: A002 - as above
    timeout: float = TIMEOUT,
    max_output: int = MAX_OUTPUT,
) -> Completed:
    """Run a child that `spawn` has started to its end, as `run` does."""
    started = time.perf_counter()
    cancellation = _cancellation.get()
    if cancellation is not None:
        cancellation.add(child)
    collector = _Collector(child, max_output)
    try:
        finished = collector.collect(input, started + timeout)
    finally:
        kill_group(child)
        if cancellation is not None:
            cancellation.discard(child)
        collector.close()
    argv = cast("list[str]", child.args)
    name = Path(argv[0]).name
    if cancellation is not None and cancellation.cancelled:
        raise Superseded
    if collector.overflow:
        raise LimitExceeded(f"the output of {name}", f"{max_output:,} bytes")
    if not finished:
        raise LimitExceeded(f"{name}", f"{timeout:g} s")
    return Completed(
        tuple(argv),
        child.returncode,
        bytes(collector.output[0]),
        bytes(collector.output[1]),
        time.perf_counter() - started,
    )


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """End a child and all it started, and reap it. Safe to call again."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(child.pid, signal.SIGKILL)
            else:
                child.kill()
    child.wait()


class _Collector:
    """Drains both output streams of a child in threads, so that neither can block it."""

    def __init__(self, child: subprocess.Popen[bytes], max_output: int) -> None:
        self.child = child
        self.output = (bytearray(), bytearray())
        self.overflow = False
        self._room = max_output
        streams = [(child.stdout, self.output[0]), (child.stderr, self.output[1])]
        self._threads = [
            threading.Thread(target=self._drain, args=pair, daemon=True) for pair in streams
        ]

    def collect(self, text: bytes, deadline: float) -> bool:
        """Feed the input, wait for the end; False when the deadline came first."""
        threads = list(self._threads)
        if text:
            threads.append(threading.Thread(target=self._feed, args=(text,), daemon=True))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, deadline - time.perf_counter()))
        if any(thread.is_alive() for thread in threads):
            return False
        try:
            # Both streams are at their end, so the child is exiting: this does not poll for long.
            self.child.wait(max(0.001, deadline - time.perf_counter()))
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> None:
        """Close the pipes once the group is dead."""
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(5)
        for stream in (self.child.stdin, self.child.stdout, self.child.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _feed(self, text: bytes) -> None:
        stream = self.child.stdin
        if stream is not None:
            with contextlib.suppress(OSError):  # a child may end without reading all
                stream.write(text)
                stream.close()

    def _drain(self, stream: IO[bytes] | None, into: bytearray) -> None:
        if stream is None:
            return
        with contextlib.suppress(OSError, ValueError):
            while chunk := os.read(stream.fileno(), 1 << 16):
                self._room -= len(chunk)
                if self._room < 0:
                    self.overflow = True
                    kill_group(self.child)
                    return
                into += chunk


def _limit_memory(pid: int, max_memory: int) -> None:
    try:
        import resource

        resource.prlimit(pid, resource.RLIMIT_AS, (max_memory, max_memory))
    except (ImportError, AttributeError, OSError, ValueError):
        return  # not Linux, already gone, or under a lower limit than ours: run without
