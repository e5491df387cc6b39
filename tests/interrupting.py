"""Interrupt what waits for a program, as a reader does who has had enough of one without an end."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

# What may compute before the program does.
_TOOLS = frozenset(("asm", "cgo", "compile", "gdb", "go", "link", "strace"))
_TICKS = 0.1 * os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def interrupted_when_busy() -> Iterator[None]:
    """Interrupt the main thread once: when a program that runs below it has computed for a while.

    A number of seconds would not do: a busy machine may need them to get as far as the program.
    """
    over = threading.Event()
    # Compilers and servers of Go's packages that wait for the next question.
    before = set(_descendants())

    def watch() -> None:
        while not over.wait(0.02):
            if any(_computes(process) for process in set(_descendants()) - before):
                # A real signal: `_thread.interrupt_main` does not wake one who waits for a lock.
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _descendants() -> Iterator[Path]:
    waiting = [Path("/proc/self")]
    while waiting:
        process = waiting.pop()
        with contextlib.suppress(OSError):  # it has just ended
            for task in (process / "task").iterdir():
                children = (task / "children").read_text().split()
                waiting += [Path("/proc", pid) for pid in children]
        if process.name != "self":
            yield process


def _computes(process: Path) -> bool:
    try:
        name = (process / "exe").readlink().name
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return name not in _TOOLS and int(fields[11]) >= _TICKS  # its own user time
