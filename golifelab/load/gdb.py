"""The same chain of calls, as gdb sees it."""

from __future__ import annotations

import re
import shlex
import shutil
from functools import cache
from pathlib import Path

from golifelab.errors import FeatureUnavailable
from golifelab.link.executable import Executable
from golifelab.load.backtrace import STANDARD_OUTPUT, CallChain, CallFrame
from golifelab.load.hold.architecture import host
from golifelab.load.hold.keeper import linux_only
from golifelab.position import Position
from golifelab.toolchain.run import run

# "#1  0x0000000000474f0e in syscall.RawSyscall6 (trap=1, …) at /…/syscall_linux.go:64"
_FRAME = re.compile(
    r"^#\d+\s+(?:0x(?P<address>[0-9a-f]+) in )?(?P<function>\S.*?) \(.*\)"
    r"(?: at (?P<file>.+):(?P<line>\d+))?$",
    re.MULTILINE,
)
_SETTINGS = (
    "set debuginfod enabled off",
    "set confirm off",
    "set pagination off",
    "set width 0",
    "set print address on",
    "set print frame-arguments none",
    # gdb stops at a function named main; Go's stack goes on below it.
    "set backtrace past-main on",
)


@cache
def gdb_path() -> str:
    """Where gdb is; FeatureUnavailable when it is not installed."""
    found = shutil.which("gdb")
    if found is None:
        raise FeatureUnavailable("gdb", "it is not installed", remedy="apt install gdb")
    return found


def gdb_chain(program: Executable | str | Path, timeout: float = 60.0) -> CallChain:
    """The chain of calls at a program's first write to standard output, by gdb.

    Raises FeatureUnavailable where gdb is missing or may not trace: gdb ends well even then, so its
    output is what counts.
    """
    linux_only("gdb")
    words = [gdb_path(), "-nx", "-batch"]
    argument = {"amd64": "$rdi", "arm64": "$x0"}[host().name]
    condition = f"condition 1 {argument} == {STANDARD_OUTPUT}"
    actions = ("catch syscall write", condition, "run > /dev/null", "backtrace")
    for action in (*_SETTINGS, *actions):
        words += ["-ex", action]
    words.append(str(program.path if isinstance(program, Executable) else program))
    env = {"GODEBUG": "asyncpreemptoff=1", "HOME": "/nonexistent", "LC_ALL": "C"}
    done = run(words, env=env, timeout=timeout)
    frames = parse_backtrace(done.text)
    if not frames:
        lines = (done.error_text.strip() or done.text.strip()).splitlines()
        raise FeatureUnavailable("a backtrace by gdb", lines[-1] if lines else "gdb said nothing")
    return CallChain(
        frames=frames,
        how="gdb",
        command=shlex.join(["gdb", *words[1:]]),
        seconds=done.seconds,
        tier="tool",
        precision="line",
    )


def parse_backtrace(text: str) -> tuple[CallFrame, ...]:
    """The frames in gdb's output, innermost first, without what lies below the goroutine's start.

    gdb leaves out an address that is the first of its line (0 here), and does not tell which calls
    were inlined.
    """
    return tuple(
        CallFrame(
            match["function"],
            Position((match["file"] or "").removeprefix("./"), int(match["line"] or 0)),
            int(match["address"] or "0", 16),
        )
        for match in _FRAME.finditer(text)
        if match["function"] != "??"
    )
