"""The scheduler's state over time, as the runtime reports it (GODEBUG=schedtrace=N)."""

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

# $GOROOT/src/runtime/proc.go, schedtrace. schedticks came with Go 1.25.
_LINE = re.compile(
    r"^SCHED (?P<at>\d+)ms: (?P<counts>(?:\w+=\d+ ?)+)\[(?P<queues>[ \d]*)\]"
    r"(?: schedticks=\[(?P<ticks>[ \d]*)\])?",
    re.MULTILINE,
)
_COUNT = re.compile(r"(\w+)=(\d+)")


@dataclass(frozen=True, slots=True)
class SchedulerState:
    """One report: milliseconds since the start, and counts of Ps and threads (Ms).

    `global_queue` counts goroutines that wait for any P, `queues` those that wait for each P.
    `ticks` counts how often each P has scheduled; it is empty before Go 1.25.
    """

    at_milliseconds: int
    gomaxprocs: int
    idle_processors: int
    threads: int
    spinning_threads: int
    idle_threads: int
    global_queue: int
    queues: tuple[int, ...]
    ticks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerTrace(Stage):
    """The reports of one run, in order."""

    rows: tuple[SchedulerState, ...] = field(compare=False)

    def frame(self) -> pd.DataFrame:
        """One row a report."""
        import pandas as pd

        return pd.DataFrame([_json(row) for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """One entry a report."""
        return self.header() | {"states": [_json(row) for row in self.rows]}


def scheduler_trace(
    program: Executable | str | Path, *, every_milliseconds: int = 5, timeout: float = 10.0
) -> SchedulerTrace:
    """Run a program and read the scheduler's reports. Errors as for `run_program`."""
    settings = {"GODEBUG": f"schedtrace={every_milliseconds}"}
    output = run_program(program, environment=settings, timeout=timeout)
    return SchedulerTrace(
        rows=parse_schedtrace(output.error_text),
        command=output.command,
        seconds=output.seconds,
        tier="tool",
        precision="line",
    )


def parse_schedtrace(text: str) -> tuple[SchedulerState, ...]:
    """The SCHED lines in what a program wrote to standard error; others are passed over."""
    found = []
    for match in _LINE.finditer(text):
        counts = {name: int(number) for name, number in _COUNT.findall(match["counts"])}
        found.append(
            SchedulerState(
                int(match["at"]),
                counts.get("gomaxprocs", 0),
                counts.get("idleprocs", 0),
                counts.get("threads", 0),
                counts.get("spinningthreads", 0),
                counts.get("idlethreads", 0),
                counts.get("runqueue", 0),
                tuple(int(n) for n in match["queues"].split()),
                tuple(int(n) for n in (match["ticks"] or "").split()),
            )
        )
    return tuple(found)


def _json(row: SchedulerState) -> dict[str, Any]:
    return {
        "at_milliseconds": row.at_milliseconds,
        "gomaxprocs": row.gomaxprocs,
        "idle_processors": row.idle_processors,
        "threads": row.threads,
        "spinning_threads": row.spinning_threads,
        "idle_threads": row.idle_threads,
        "global_queue": row.global_queue,
        "queues": list(row.queues),
        "ticks": list(row.ticks),
    }
