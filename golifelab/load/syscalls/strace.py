"""The system calls of a program, as strace sees them."""

from __future__ import annotations

import re
import shlex
import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.errors import FeatureUnavailable
from golifelab.load.hold.keeper import linux_only
from golifelab.stage import Stage
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.run import run

if TYPE_CHECKING:
    import pandas as pd

# "1234 write(1, "hello\n", 6) = 6", "… = -1 ENOENT (No such file …)", "… = ?"
_CALL = re.compile(
    r"^(?P<pid>\d+)\s+(?P<name>\w+)\((?P<arguments>.*)\)\s+= (?P<result>\?|0x[0-9a-f]+|-?\d+)"
    r"(?: (?P<error>E\w+))?.*$"
)
_UNFINISHED = re.compile(r"^(?P<pid>\d+)\s+(?P<start>.*?)\s*<unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(?P<pid>\d+)\s+<\.\.\. \w+ resumed>\s?(?P<rest>.*)$")


@dataclass(frozen=True, slots=True)
class SystemCall:
    """One call: which thread, its name, arguments as strace prints them, result, error name.

    `result` is None for a call that does not return (exit_group, or one cut short by the end).
    """

    thread: int
    name: str
    arguments: str
    result: int | None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemCalls(Stage):
    """The system calls of one run, in the order they ended."""

    rows: tuple[SystemCall, ...] = field(repr=False)

    def named(self, *names: str) -> tuple[SystemCall, ...]:
        """The calls with one of these names."""
        return tuple(row for row in self.rows if row.name in names)

    def counts(self) -> dict[str, int]:
        """How often each call was made, most frequent first."""
        found: dict[str, int] = {}
        for row in self.rows:
            found[row.name] = found.get(row.name, 0) + 1
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    def frame(self) -> pd.DataFrame:
        """One row a call."""
        import pandas as pd

        return pd.DataFrame([_json(row) for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """One entry a call."""
        return self.header() | {"calls": [_json(row) for row in self.rows]}


@cache
def strace_path() -> str:
    """Where a working strace is; FeatureUnavailable when it is missing or may not trace."""
    linux_only("strace")
    found = shutil.which("strace")
    if found is None:
        raise FeatureUnavailable("strace", "it is not installed", remedy="apt install strace")
    probe = run([found, "-o", "/dev/null", "true"], timeout=20)
    if probe.returncode:
        reason = probe.error_text.strip().splitlines()[-1:] or ["it does not work"]
        raise FeatureUnavailable("strace", reason[0], remedy="allow ptrace in this container")
    return found


def system_calls(path: str | Path, *, timeout: float = 60.0) -> SystemCalls:
    """Run a program to its end under strace. Raises FeatureUnavailable or LimitExceeded."""
    with scratch() as directory:
        log = directory / "calls"
        words = [strace_path(), "-f", "-qq", "-o", str(log), str(path)]
        done = run(words, env={"GODEBUG": "asyncpreemptoff=1"}, timeout=timeout)
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return SystemCalls(
        rows=parse_strace(text),
        command=shlex.join(["GODEBUG=asyncpreemptoff=1", "strace", "-f", "-qq", str(path)]),
        seconds=done.seconds,
        tier="tool",
        precision="line",
    )


def parse_strace(text: str) -> tuple[SystemCall, ...]:
    """The calls in a log of `strace -f`; halves of interrupted lines are put together."""
    halves: dict[str, str] = {}
    found: list[SystemCall] = []
    for line in text.splitlines():
        if match := _UNFINISHED.match(line):
            halves[match["pid"]] = match["start"]
            continue
        whole = line
        if match := _RESUMED.match(line):
            whole = f"{match['pid']} {halves.pop(match['pid'], '')}{match['rest']}"
        if match := _CALL.match(whole):
            result = None if match["result"] == "?" else int(match["result"], 0)
            found.append(
                SystemCall(
                    int(match["pid"]),
                    match["name"],
                    match["arguments"],
                    result,
                    match["error"] or "",
                )
            )
    return tuple(found)


def _json(row: SystemCall) -> dict[str, Any]:
    return {
        "thread": row.thread,
        "name": row.name,
        "arguments": row.arguments,
        "result": row.result,
        "error": row.error,
    }
