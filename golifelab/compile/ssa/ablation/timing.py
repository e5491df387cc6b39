"""How long an expression takes with some passes switched off, measured on this machine."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from golifelab.compile.ssa.ablation.measure import switched
from golifelab.compile.ssa.ablation.stage import optional
from golifelab.errors import FeatureUnavailable
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.compile import compile_object, require_object
from golifelab.toolchain.go import find_go
from golifelab.toolchain.link import link_object
from golifelab.toolchain.run import run

if TYPE_CHECKING:
    import pandas as pd

_FILE = "golifelab_times.go"
# A batch takes about half a millisecond: long against the steps of the clock, and short enough for
# some batches to pass between whatever else the machine does. The call that is not inlined keeps
# the result from being thrown away.
_CODE = """package main

import (
	golifelabos "os"
	golifelabtime "time"
)

//go:noinline
func golifelabKeep[T any](T) {{}}

func golifelabLoop(golifelabN int) golifelabtime.Duration {{
	{setup}
	golifelabStart := golifelabtime.Now()
	for range golifelabN {{
		golifelabKeep({expression})
	}}
	return golifelabtime.Since(golifelabStart)
}}

func init() {{
	n := 1
	for golifelabLoop(n) < golifelabtime.Millisecond/2 && n < 1<<40 {{
		n *= 2
	}}
	for range {batches} {{
		println("golifelab", n, golifelabLoop(n).Nanoseconds())
	}}
	golifelabos.Exit(0)
}}
"""
_BATCHES = 20


@dataclass(frozen=True, slots=True)
class RunTime:
    """How long the expression took with one pass switched off, or several.

    `name` is empty for none, and "prove + dse" for several.
    `nanoseconds` are one a batch, each the average of many evaluations. The smallest is the one
    least disturbed by what else the machine did.
    """

    name: str
    nanoseconds: tuple[float, ...]

    @property
    def best(self) -> float:
        """The shortest batch, in nanoseconds an evaluation."""
        return min(self.nanoseconds)

    @property
    def median(self) -> float:
        """The batch in the middle, in nanoseconds an evaluation."""
        return median(self.nanoseconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTimes(Stage):
    """An expression timed by default, and with each pass switched off. A sequence of RunTime.

    All variants were run in turn, round by round, so that a slow moment of the machine touches all
    alike. A difference within the spread of the batches says nothing.
    """

    expression: str
    times: tuple[RunTime, ...]

    def __len__(self) -> int:
        return len(self.times)

    def __iter__(self) -> Iterator[RunTime]:
        return iter(self.times)

    def __getitem__(self, name: str) -> RunTime:
        """The time without a pass ("prove"), or by default (""); KeyError for others."""
        for time in self.times:
            if time.name == name:
                return time
        raise KeyError(name)

    def frame(self) -> pd.DataFrame:
        """One row a variant: pass, best, median, slowest (ns), times (best against default)."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """`expression`; `variants` as the rows of `frame`, with all batches."""
        rows = self._rows()
        for row, time in zip(rows, self.times, strict=True):
            row["nanoseconds"] = list(time.nanoseconds)
        return self.header() | {"expression": self.expression, "variants": rows}

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "pass": time.name or "(default)",
                "best": time.best,
                "median": time.median,
                "slowest": max(time.nanoseconds),
                "times": time.best / self[""].best if self[""].best else float("nan"),
            }
            for time in self.times
        ]


def run_times(
    source: Source,
    target: Target,
    expression: str,
    passes: Sequence[str],
    *,
    setup: str = "",
    rounds: int = 5,
    together: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> RunTimes:
    """Time a Go expression of the program by default and without each of some optional passes.

    `setup` are statements that run before the clock starts ("values := make([]int, 1000)"). The
    program's own init functions run, main does not. With `together` it is timed without all of
    these passes at once, too. `progress` hears how much is done, of how much.

    CompileFailed for an expression Go refuses, FeatureUnavailable where this machine can't run the
    target's programs, GolifelabError for a pass that is required or unknown.
    """
    go = find_go(target.go)
    here = go.tool_directory.name
    if here != f"{target.goos}_{target.goarch}":
        raise FeatureUnavailable(
            f"running a program for {target.platform}",
            f"this machine runs {here.replace('_', '/')}",
        )
    chosen = optional(target, passes)
    variants = [(), *((entry,) for entry in chosen)]
    if together and len(chosen) > 1:
        variants.append(chosen)
    rounds = max(1, rounds)
    steps = len(variants) * (1 + rounds)

    def told(done: int) -> None:
        if progress is not None:
            progress(done, steps)

    text = _CODE.format(setup=setup, expression=expression, batches=_BATCHES)
    timed = Source((*source.files, (_FILE, text)), source.package)
    programs: dict[str, Path] = {}
    for entries in variants:
        aim = switched(target, [entry.flag for entry in entries])
        programs[" + ".join(entry.name for entry in entries)] = _built(timed, aim)
        told(len(programs))
    batches: dict[str, list[float]] = {name: [] for name in programs}
    seconds = 0.0
    for number in range(rounds):
        for name, path in programs.items():
            made, took = _timed(path)
            batches[name] += made
            seconds += took
        told(len(programs) * (2 + number))
    return RunTimes(
        command=_command(timed, target, [entry.flag for entry in chosen]),
        tier="tool",
        precision="line",
        seconds=seconds,
        expression=expression,
        times=tuple(RunTime(name, tuple(made)) for name, made in batches.items()),
    )


def _built(timed: Source, target: Target) -> Path:
    made = require_object(compile_object(timed, target), timed)
    return link_object(made, timed, target).path


def _command(timed: Source, target: Target, flags: list[str]) -> str:
    """Write the file with the clock, build it without one of the passes, and run it."""
    setting = f"GOAMD64={target.goamd64} " if target.goarch == "amd64" else ""
    words = switched(target, flags[:1]).gcflags
    option = f"-gcflags={shlex.quote(' '.join(words))} " if words else ""
    return (
        f"cat > {_FILE} <<'END'\n{timed.text(_FILE)}END\n"
        f"{setting}go build {option}-o timed {shlex.join(timed.names)} && ./timed"
    )


def _timed(program: Path) -> tuple[list[float], float]:
    """Nanoseconds an evaluation, batch by batch, and how long the program ran."""
    done = run([program])
    lines = [line.split() for line in done.error_text.splitlines()]
    batches = [int(words[2]) / int(words[1]) for words in lines if words[:1] == ["golifelab"]]
    if done.returncode or len(batches) != _BATCHES:
        said = done.error_text.strip()[:500] or f"exit status {done.returncode}"
        raise FeatureUnavailable("timing the expression", said)
    return batches, done.seconds
