"""Run a program that may never end, and keep what it printed however it ends."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from golifelab.toolchain.run import MAX_MEMORY, following, kill_group, spawn

Ended = Literal["finished", "time limit", "output limit", "interrupted"]

MAX_OUTPUT = 8 << 20
# What a program may write to a file that is watched.
MAX_WATCHED = 256 << 20
# Seconds that a program which ends by itself when it is asked to is given for that.
_TO_STOP = 2.0
# Seconds between looks at a program that runs for longer.
_PAUSE = 0.05


class Printed:
    """What has printed on standard output and standard error."""

    __slots__ = ()
    stdout: bytes
    stderr: bytes

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.stdout.decode("utf-8", "replace")

    @property
    def error_text(self) -> str:
        """Standard error as text."""
        return self.stderr.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Bounded(Printed):
    """What a run printed, and how it ended: "finished" when the program itself did.

    `returncode` is the exit code, negative for the signal that ended it. `began` is when it was
    started, in nanoseconds of the system's steady clock.
    """

    stdout: bytes
    stderr: bytes
    returncode: int
    ended: Ended
    seconds: float
    began: int


def run_bounded(
    words: Sequence[str | Path],
    environment: Mapping[str, str],
    folder: Path,
    *,
    timeout: float,
    max_memory: int = MAX_MEMORY,
    max_output: int = MAX_OUTPUT,
    watched: Path | None = None,
    poke: tuple[float, Callable[[subprocess.Popen[bytes]], None]] | None = None,
    stop: Path | None = None,
    look: Callable[[int], bool] | None = None,
) -> Bounded:
    """Run a program with an empty input, in an empty folder below `folder`.

    It is stopped after `timeout` seconds, when it has printed `max_output` bytes, or when the file
    `watched` grows too large; so does the reader who interrupts the kernel. None of that is an
    error. `poke` is called with the running program after so many seconds. A program that looks for
    a file `stop` has some time to end by itself at the limit of its output. `look` is called with
    the running program's number, some twenty times a second, until it says True.
    """
    paths = (folder / "stdout", folder / "stderr")
    home = folder / "home"
    home.mkdir(exist_ok=True)
    started, began = time.perf_counter(), time.monotonic_ns()
    with paths[0].open("wb") as out, paths[1].open("wb") as err:
        child = spawn(
            words, env=environment, cwd=home, stdout=out, stderr=err, max_memory=max_memory
        )
        with following(child):
            ended = _watch(child, paths, watched, started, timeout, max_output, poke, stop, look)
    stdout, stderr = (read_most(path, max_output) for path in paths)
    seconds = time.perf_counter() - started
    return Bounded(stdout, stderr, child.returncode, ended, seconds, began)


def read_most(path: Path, most: int) -> bytes:
    """The first bytes of a file; none where there is no file."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError:
        return b""


def _watch(
    child: subprocess.Popen[bytes],
    paths: Sequence[Path],
    watched: Path | None,
    started: float,
    timeout: float,
    max_output: int,
    poke: tuple[float, Callable[[subprocess.Popen[bytes]], None]] | None,
    stop: Path | None,
    look: Callable[[int], bool] | None,
) -> Ended:
    """Wait for the end of a child, or end it at a limit."""
    pause = 0.002
    try:
        while child.poll() is None:
            passed = time.perf_counter() - started
            if poke is not None and passed >= poke[0]:
                poke[1](child)
                poke = None
            if passed > timeout:
                kill_group(child)
                return "time limit"
            grown = watched is not None and _size(watched) > MAX_WATCHED
            if grown or sum(map(_size, paths)) > max_output:
                if stop is not None and not grown:
                    _stop(child, paths, stop, max_output)
                kill_group(child)
                return "output limit"
            if look is not None and pause == _PAUSE and look(child.pid):
                look = None
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(pause)
            pause = min(pause * 1.5, _PAUSE)
    except KeyboardInterrupt:
        kill_group(child)
        return "interrupted"
    return "finished"


def _stop(
    child: subprocess.Popen[bytes], paths: Sequence[Path], stop: Path, max_output: int
) -> None:
    """Ask a program to end, and meanwhile keep no more than the first of what it prints."""
    stop.touch()
    until = time.perf_counter() + _TO_STOP
    while child.poll() is None and time.perf_counter() < until:
        for path in paths:
            if _size(path) > max_output:
                os.truncate(path, max_output)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(0.02)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
