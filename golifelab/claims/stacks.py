"""Goroutine stacks without a debugger: the runtime prints them itself when it is asked to.

A program that prints into a pipe nobody reads comes to rest inside the write system call. A SIGQUIT
then makes the runtime print every stack, from the system call down to where the goroutine began.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from golifelab.errors import LimitExceeded
from golifelab.load.hold.keeper import linux_only
from golifelab.toolchain.run import kill_group, spawn

_GOROUTINE = re.compile(r"^goroutine (\d+) .*\[([^\]]*)\]:$")
_FRAME = re.compile(r"^(\S.*)\((?:[^()]|\([^()]*\))*\)$")
_SECONDS = 10.0
_MAX_TEXT = 1 << 20


@dataclass(frozen=True, slots=True)
class Stack:
    """One goroutine: its number, what it waits for, its functions from the innermost outwards."""

    goroutine: int
    state: str
    functions: tuple[str, ...]
    created_by: str = ""


def parse_stacks(text: str) -> tuple[Stack, ...]:
    """The goroutines of a traceback as Go prints it."""
    found: list[Stack] = []
    head: tuple[int, str] | None = None
    functions: list[str] = []
    creator = ""
    for line in [*text.splitlines(), ""]:
        match = _GOROUTINE.match(line)
        if match:
            head, functions, creator = (int(match[1]), match[2]), [], ""
        elif head is None or line.startswith("\t"):
            continue
        elif not line:
            found.append(Stack(*head, tuple(functions), creator))
            head = None
        elif line.startswith("created by "):
            creator = line.removeprefix("created by ").split(" in goroutine")[0]
        elif frame := _FRAME.match(line):
            functions.append(frame[1])
    return tuple(found)


def write_chain(program: Path, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The functions on the stack of a program's main goroutine that is blocked in a write.

    Innermost first. The program must print without end, as the sample `blocked` does.
    """
    stacks = parse_stacks(blocked_stacks(program, environment))
    return next((stack.functions for stack in stacks if stack.goroutine == 1), ())


def blocked_stacks(program: Path, environment: Mapping[str, str]) -> str:
    """The traceback of a program that prints without end, taken while its output is blocked.

    Raises FeatureUnavailable outside Linux, LimitExceeded when the program does not come to rest.
    """
    linux_only("a program held in a system call")
    child = spawn([program], env={**environment, "GOTRACEBACK": "system"})
    try:
        assert child.stdout is not None
        assert child.stderr is not None
        _wait_until_full(child.stdout.fileno())
        os.kill(child.pid, signal.SIGQUIT)
        return _read_all(child.stderr.fileno()).decode("utf-8", "replace")
    finally:
        kill_group(child)
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                stream.close()


def _wait_until_full(pipe: int) -> None:
    """Return once a pipe holds something and holds no more a moment later."""
    import fcntl
    import termios

    deadline = time.monotonic() + _SECONDS
    last = 0
    while time.monotonic() < deadline:
        raw = fcntl.ioctl(pipe, termios.FIONREAD, b"\0\0\0\0")
        waiting = int.from_bytes(raw, sys.byteorder)
        if waiting and waiting == last:
            return
        last = waiting
        time.sleep(0.05)
    raise LimitExceeded("waiting for the program to block", f"{_SECONDS:g} s")


def _read_all(pipe: int) -> bytes:
    import select

    deadline = time.monotonic() + _SECONDS
    text = bytearray()
    while len(text) < _MAX_TEXT:
        ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
        chunk = os.read(pipe, 1 << 16) if ready else b""
        if not chunk:
            break
        text += chunk
    return bytes(text)
