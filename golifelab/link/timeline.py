"""How long the compiler and the linker spend in each of their phases."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from golifelab.errors import NoSuchName, ParseError
from golifelab.link.linker import linker_report
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.compile import compile_object, require_object

if TYPE_CHECKING:
    import pandas as pd

_COMPILE = re.compile(
    r"^BenchmarkCompile:\S+?:(?P<phase>\S+)\s+1\s+(?P<ns>\d+) ns/op\s+[\d.]+ %(?P<rest>.*)$"
)
_LINK = re.compile(r"^Benchmark(?P<phase>\w+?)(?:_GC)? 1 (?P<ns>\d+) ns/op(?P<rest>.*)$")
_ALLOCATED = re.compile(r"\t(\d+) B/op")
_GROUPS = {"fe": "front end", "be": "back end"}
_BENCH_FILE = "bench.txt"


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of a tool. `share` is its part of the total, `bytes` what it allocated, where known.

    `note` is what else the tool says of it: "11 lines    5286 lines/s".
    """

    name: str
    group: str
    milliseconds: float
    share: float
    bytes: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline(Stage):
    """The phases of one run of a tool, in the order they ran, with the tool's own total.

    Times vary from run to run; shapes and orders are what to compare.
    """

    tool: str
    phases: tuple[Phase, ...] = field(compare=False)
    total_milliseconds: float = field(compare=False)

    def phase(self, name: str) -> Phase:
        """The phase of a name; NoSuchName when there is none."""
        for phase in self.phases:
            if phase.name == name:
                return phase
        raise NoSuchName("phase", name, (phase.name for phase in self.phases))

    def groups(self) -> dict[str, float]:
        """Milliseconds by group, in order."""
        sums: dict[str, float] = {}
        for phase in self.phases:
            sums[phase.group] = sums.get(phase.group, 0.0) + phase.milliseconds
        return sums

    def frame(self) -> pd.DataFrame:
        """One row a phase."""
        import pandas as pd

        return pd.DataFrame([_json(phase) for phase in self.phases])

    def to_json(self) -> dict[str, Any]:
        """The total and the phases."""
        return self.header() | {
            "tool": self.tool,
            "total_milliseconds": self.total_milliseconds,
            "phases": [_json(phase) for phase in self.phases],
        }


def compile_timeline(source: Source, target: Target) -> Timeline:
    """Compile once, with the compiler's own timer; CompileFailed when it refuses the program."""
    compiled = compile_object(
        source, target, extra=(f"-bench={{dir}}/{_BENCH_FILE}",), collect=(_BENCH_FILE,)
    )
    require_object(compiled, source)
    text = compiled.side.get(_BENCH_FILE, b"").decode("utf-8", "replace")
    phases, total = parse_compile_bench(text)
    return Timeline(
        tool="compile",
        phases=phases,
        total_milliseconds=total,
        command=f"{compiled.command} && cat {_BENCH_FILE}",
        seconds=compiled.seconds,
        tier="tool",
        precision="line",
    )


def link_timeline(
    source: Source, target: Target, measure: Literal["mem", "cpu"] = "mem"
) -> Timeline:
    """Link once, with the linker's own timer; CompileFailed or LinkFailed when a tool refuses.

    "mem" collects garbage between phases, so that what each allocates is exact and its time a
    little long; "cpu" leaves the run as it is.
    """
    report = linker_report(source, target, (f"-benchmark={measure}",), keep=False)
    phases, total = parse_link_benchmark(report.text)
    return Timeline(
        tool="link",
        phases=phases,
        total_milliseconds=total,
        command=report.command,
        seconds=report.seconds,
        tier="tool",
        precision="line",
    )


def parse_compile_bench(text: str) -> tuple[tuple[Phase, ...], float]:
    """The phases in a file of `compile -bench`, and the total in ms.

    Such a file grows with every run: the last one counts. Raises ParseError when it holds none.
    """
    phases: list[tuple[str, str, float, str]] = []
    total = 0.0
    for line in text.splitlines():
        match = _COMPILE.match(line)
        if match is None:
            # Each run starts with a line about the commit: forget the run before.
            if line.startswith("commit:"):
                phases = []
            continue
        name, time = match["phase"], int(match["ns"]) / 1e6
        group, _, short = name.partition(":")
        if name == "total":
            total = time
        elif group in _GROUPS and short != "subtotal":
            phases.append((short, _GROUPS[group], time, " ".join(match["rest"].split())))
    if not phases or not total:
        raise ParseError("compile -bench", "it holds no complete run")
    return tuple(Phase(n, g, t, t / total, None, rest) for n, g, t, rest in phases), total


def parse_link_benchmark(text: str) -> tuple[tuple[Phase, ...], float]:
    """The phases in the output of `link -benchmark`, and the total in ms; ParseError for none."""
    phases: list[tuple[str, float, int | None]] = []
    total = 0.0
    for line in text.splitlines():
        match = _LINK.match(line)
        if match is None:
            continue
        time = int(match["ns"]) / 1e6
        if match["phase"] == "TotalTime":
            total = time
            continue
        allocated = _ALLOCATED.search(match["rest"])
        phases.append((match["phase"], time, int(allocated[1]) if allocated else None))
    if not phases or not total:
        raise ParseError("link -benchmark", "it holds no complete run")
    return tuple(Phase(n, "link", t, t / total, size) for n, t, size in phases), total


def _json(phase: Phase) -> dict[str, Any]:
    return {
        "name": phase.name,
        "group": phase.group,
        "milliseconds": phase.milliseconds,
        "share": phase.share,
        "bytes": phase.bytes,
        "note": phase.note,
    }
