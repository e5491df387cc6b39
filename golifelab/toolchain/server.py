"""A long-lived child that answers requests over its standard streams.

A request is one line of JSON and raw bytes; so is a reply, whose line says in "size" how many bytes
follow. A server that dies is started again for the next request; one that takes too long is killed.
It ends with this process: at exit it is killed, and when this process is killed it reads the end of
its input.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from golifelab.errors import LimitExceeded, ParseError
from golifelab.toolchain.run import kill_group, spawn

MAX_REPLY = 512 << 20
_MAX_LINE = 1 << 20
_PIPE = 1 << 20


class Server:
    """One such child: started on first use, and used by one thread at a time."""

    def __init__(
        self, argv: Sequence[str | Path], env: Mapping[str, str], *, name: str = "server"
    ) -> None:
        self.name = name
        self._argv = tuple(argv)
        self._env = dict(env)
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._owner = 0
        self._rest = b""

    def request(
        self, header: Mapping[str, Any], blobs: Sequence[bytes] = (), *, timeout: float = 20.0
    ) -> tuple[dict[str, Any], memoryview]:
        """Ask, and wait for the reply: its header and its bytes.

        LimitExceeded when the time is over or the child died of the request, ParseError when the
        reply makes no sense. Either way the next request meets a fresh child.
        """
        text = json.dumps(header, separators=(",", ":")).encode(errors="surrogateescape")
        message = b"".join((text, b"\n", *blobs))
        with self._lock:
            deadline = time.monotonic() + timeout
            try:
                child = self._running()
                with _watched(child, timeout):
                    self._send(child, message)
                    return self._receive(child, deadline, timeout)
            except BaseException:
                # After a half-read reply the stream is worthless.
                self._stop()
                raise

    def close(self) -> None:
        """End the child. A later request starts another."""
        with self._lock:
            self._stop()

    @property
    def pid(self) -> int | None:
        """The process id of the running child, or None."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def _running(self) -> subprocess.Popen[bytes]:
        child = self._child
        if child is not None and self._owner != os.getpid():
            # A fork of this process: the pipes belong to the parent.
            child = self._child = None
        if child is not None and child.poll() is None:
            return child
        self._stop()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        self._child = child = spawn(
            self._argv, env=self._env, stdin=subprocess.PIPE, stderr=self._errors
        )
        self._owner = os.getpid()
        self._rest = b""
        if child.stdout is not None:
            _widen(child.stdout.fileno())
        atexit.register(self._at_exit, os.getpid())
        return child

    def _send(self, child: subprocess.Popen[bytes], message: bytes) -> None:
        assert child.stdin is not None
        try:
            child.stdin.write(message)
            child.stdin.flush()
        except OSError as error:
            raise self._died(child) from error

    def _receive(
        self, child: subprocess.Popen[bytes], deadline: float, timeout: float
    ) -> tuple[dict[str, Any], memoryview]:
        assert child.stdout is not None
        descriptor = child.stdout.fileno()
        buffer = bytearray(self._rest)
        self._rest = b""

        def wait() -> None:
            left = deadline - time.monotonic()
            if left <= 0 or not _readable(descriptor, left):
                raise LimitExceeded(self.name, f"{timeout:g} s")

        while (end := buffer.find(b"\n")) < 0:
            if len(buffer) > _MAX_LINE:
                raise ParseError(self.name, "the reply has no header")
            wait()
            chunk = os.read(descriptor, _PIPE)
            if not chunk:
                raise self._died(child)
            buffer += chunk
        try:
            header = json.loads(buffer[:end])
            size = int(header["size"])
        except (ValueError, TypeError, KeyError) as error:
            raise ParseError(self.name, "the reply's header is damaged") from error
        if not 0 <= size <= MAX_REPLY:
            raise LimitExceeded(f"the reply of {self.name}", f"{MAX_REPLY >> 20} MiB")
        start = end + 1
        self._rest = bytes(buffer[start + size :])
        # The rest is read to where it stays: a large reply is not copied again.
        body = bytearray(size)
        here = len(buffer) - len(self._rest) - start
        body[:here] = buffer[start : start + here]
        view = memoryview(body)
        while here < size:
            wait()
            count = _read_into(descriptor, view[here:])
            if not count:
                raise self._died(child)
            here += count
        return header, view.toreadonly()

    def _died(self, child: subprocess.Popen[bytes]) -> LimitExceeded:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(1)
        reason = ""
        if self._errors is not None:
            self._errors.seek(0)
            lines = self._errors.read(4096).decode(errors="replace").strip().splitlines()
            reason = next((line for line in lines if "goroutine" in line or "fatal" in line), "")
            reason = reason or (lines[0] if lines else f"exit status {child.returncode}")
        return LimitExceeded(self.name, f"what it can bear ({reason})")

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is not None and self._owner == os.getpid():
            kill_group(child)
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
            atexit.unregister(self._at_exit)
        if self._errors is not None:
            self._errors.close()
            self._errors = None

    def _at_exit(self, owner: int) -> None:
        # Without the lock: a thread that is stuck in a request must not hold up the exit.
        if owner == os.getpid():
            self._stop()


@contextlib.contextmanager
def _watched(child: subprocess.Popen[bytes], seconds: float) -> Iterator[None]:
    """Where a pipe can't be waited for with a limit, kill the child when the limit is over."""
    if os.name != "nt":
        yield
        return
    timer = threading.Timer(seconds, kill_group, (child,))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _read_into(descriptor: int, into: memoryview) -> int:
    if hasattr(os, "readv"):
        return os.readv(descriptor, [into])
    chunk = os.read(descriptor, min(len(into), _PIPE))
    into[: len(chunk)] = chunk
    return len(chunk)


def _readable(descriptor: int, seconds: float) -> bool:
    return os.name == "nt" or bool(select.select([descriptor], [], [], seconds)[0])


def _widen(descriptor: int) -> None:
    """A larger pipe where the system allows it: fewer turns for large replies."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE)
