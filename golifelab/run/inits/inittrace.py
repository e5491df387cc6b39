"""Package initialisation, as the runtime reports it (GODEBUG=inittrace=1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.link.executable import Executable
from golifelab.run.program import run_program
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

# $GOROOT/src/runtime/proc.go, doInit1
_LINE = re.compile(
    r"^init (?P<package>\S+) @(?P<at>[\d.]+) ms, (?P<clock>[\d.]+) ms clock, "
    r"(?P<bytes>\d+) bytes, (?P<allocations>\d+) allocs$",
    re.MULTILINE,
)


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
    """The inits of a program that had work to do, in the order they ran."""

    rows: tuple[InitTask, ...] = field(compare=False)

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages, in order."""
        return tuple(row.package for row in self.rows)

    def frame(self) -> pd.DataFrame:
        """One row a package."""
        import pandas as pd

        return pd.DataFrame([_json(row) for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """One entry a package."""
        return self.header() | {"inits": [_json(row) for row in self.rows]}


def inits(program: Executable | str | Path, *, timeout: float = 10.0) -> Inits:
    """Run a program and read which packages were initialised. Errors as for `run_program`."""
    output = run_program(program, environment={"GODEBUG": "inittrace=1"}, timeout=timeout)
    return Inits(
        rows=parse_inittrace(output.error_text),
        command=output.command,
        seconds=output.seconds,
        tier="tool",
        precision="line",
    )


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
