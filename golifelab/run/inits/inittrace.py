"""Package initialisation, as the runtime reports it (GODEBUG=inittrace=1)."""

from __future__ import annotations

import os
import re
import select
import shlex
import subprocess
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from golifelab.link.executable import Executable, executable
from golifelab.load.hold.start import runs_here
from golifelab.stage import Stage
from golifelab.toolchain.run import following, spawn

if TYPE_CHECKING:
    import pandas as pd

# $GOROOT/src/runtime/proc.go, doInit1
_LINE = re.compile(
    r"^init (?P<package>\S+) @(?P<at>[\d.]+) ms, (?P<clock>[\d.]+) ms clock, "
    r"(?P<bytes>\d+) bytes, (?P<allocations>\d+) allocs$",
    re.MULTILINE,
)


Ended = Literal["finished", "initialised", "time limit", "output limit", "interrupted"]
_MAX_OUTPUT = 1 << 20


@dataclass(frozen=True, slots=True)
class InitTask:
    """The init of one package: when it began after the start, how long, what it allocated."""

    package: str
    at_milliseconds: float
    milliseconds: float
    bytes: int
    allocations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inits(Stage):
    """The inits of a program that had work to do, in the order they ran.

    `ended` tells why the trace ends: the program "finished", or it was stopped when all that were
    waited for were "initialised", or at the "time limit" or "output limit", or by being
    "interrupted".
    """

    rows: tuple[InitTask, ...] = field(compare=False)
    ended: Ended = "finished"

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages, in order."""
        return tuple(row.package for row in self.rows)

    def frame(self) -> pd.DataFrame:
        """One row a package."""
        import pandas as pd

        return pd.DataFrame([_json(row) for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """`ended`, and `inits`: one entry a package."""
        return self.header() | {"ended": self.ended, "inits": [_json(row) for row in self.rows]}


def inits(
    program: Executable | str | Path,
    *,
    timeout: float = 10.0,
    packages: Collection[str] = (),
) -> Inits:
    """Run a program and read which packages were initialised.

    With `packages`, only until all of these have been: nobody waits for the rest of it. A program
    that does not end is stopped, and what it told until then is kept. FeatureUnavailable where it
    can't run on this machine.
    """
    value = program if isinstance(program, Executable) else executable(program)
    runs_here(value)
    started = time.perf_counter()
    words = [str(value.path)]
    child = spawn(words, env={"GODEBUG": "inittrace=1"}, stdout=subprocess.DEVNULL)
    with following(child):
        text, ended = _told(child, started + timeout, frozenset(packages))
    return Inits(
        rows=parse_inittrace(text),
        ended=ended,
        interrupted=ended == "interrupted",
        command=shlex.join(["env", "-i", "GODEBUG=inittrace=1", *words]),
        seconds=time.perf_counter() - started,
        tier="tool",
        precision="line",
    )


def _told(
    child: subprocess.Popen[bytes], deadline: float, packages: frozenset[str]
) -> tuple[str, Ended]:
    """What a child writes to standard error, and why no more of it was read."""
    told = bytearray()
    ended: Ended = "finished"
    if child.stderr is None:
        return "", "finished"
    with child.stderr as stream:
        try:
            ended = _listened(stream.fileno(), told, deadline, packages)
        except KeyboardInterrupt:
            ended = "interrupted"
    return _text(told), ended


def _listened(stream: int, told: bytearray, deadline: float, packages: frozenset[str]) -> Ended:
    """Add to `told` what comes, until something ends it."""
    waiting = select.poll()
    waiting.register(stream, select.POLLIN | select.POLLHUP)
    while True:
        left = deadline - time.perf_counter()
        if left <= 0 or not waiting.poll(left * 1000):
            return "time limit"
        chunk = os.read(stream, 1 << 16)
        told += chunk
        if not chunk or len(told) > _MAX_OUTPUT:
            return "output limit" if chunk else "finished"
        news = packages and b" allocs" in chunk
        if news and packages <= {row.package for row in parse_inittrace(_text(told))}:
            return "initialised"


def _text(told: bytearray) -> str:
    return told.decode("utf-8", "replace")


def parse_inittrace(text: str) -> tuple[InitTask, ...]:
    """The inittrace lines in what a program wrote to standard error; others are passed over."""
    return tuple(
        InitTask(
            match["package"],
            float(match["at"]),
            float(match["clock"]),
            int(match["bytes"]),
            int(match["allocations"]),
        )
        for match in _LINE.finditer(text)
    )


def _json(row: InitTask) -> dict[str, Any]:
    return {
        "package": row.package,
        "at_milliseconds": row.at_milliseconds,
        "milliseconds": row.milliseconds,
        "bytes": row.bytes,
        "allocations": row.allocations,
    }
