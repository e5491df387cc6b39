"""A program's run as its scheduler saw it: an execution trace of the reader's own program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golifelab.errors import GolifelabError, NoSuchName, ParseError
from golifelab.run.bounded import Ended
from golifelab.run.scheduler.schedtrace import SchedulerState, parse_schedtrace
from golifelab.run.trace.columns import ExecutionTrace
from golifelab.run.trace.happenings import Period, Preemption, collections, pauses, preemptions
from golifelab.run.trace.lanes import Spans, TracedGoroutine, goroutines_of, spans_of
from golifelab.run.trace.reading import execution_trace
from golifelab.run.trace.rows import G_STATES
from golifelab.run.wrapped import FILE, Gathered, Wrapped, wrapped
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

# A program that is killed leaves whole generations only: they are to be short. In nanoseconds.
_GENERATION = 200_000_000
_REPORTS_EVERY = 10  # milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduling(Stage):
    """A run of a program, traced: what each goroutine, P and thread did at each moment.

    `trace` has every event, `spans` what goroutines were doing, `goroutines` who they were.
    `preemptions`, `collections` and `pauses` are what happened to them; `reports` are the
    scheduler's own (GODEBUG=schedtrace), about at `report_times`. Times are nanoseconds from the
    first event. `ended` says who ended the run, `cut` why the trace is not whole ("" when it is);
    `returncode` and `output` are the program's. `data` is the trace as it was written.
    """

    trace: ExecutionTrace = field(repr=False, compare=False)
    spans: Spans = field(repr=False, compare=False)
    goroutines: tuple[TracedGoroutine, ...] = field(repr=False, compare=False)
    preemptions: tuple[Preemption, ...] = field(repr=False, compare=False)
    collections: tuple[Period, ...] = field(repr=False, compare=False)
    pauses: tuple[Period, ...] = field(repr=False, compare=False)
    reports: tuple[SchedulerState, ...] = field(default=(), repr=False, compare=False)
    report_times: tuple[int, ...] = field(default=(), repr=False, compare=False)
    processors: int
    async_preemption: bool = True
    ended: Ended = "finished"
    returncode: int = 0
    output: str = field(default="", repr=False)
    data: bytes = field(repr=False)

    @property
    def cut(self) -> str:
        """Why the trace is not whole; "" when it is."""
        return self.trace.cut

    @property
    def threads(self) -> tuple[int, ...]:
        """The threads of the trace, by the system's numbers."""
        return self.trace.threads

    def goroutine(self, number: int) -> TracedGoroutine:
        """A goroutine by its id; GolifelabError tells those that there are."""
        for one in self.goroutines:
            if one.id == number:
                return one
        known = [str(one.id) for one in self.goroutines]
        raise NoSuchName("goroutine", str(number), known)

    def frame(self) -> pd.DataFrame:
        """One row a span: goroutine, function, state, start and microseconds, P, thread, reason.

        `start` is in microseconds; `reason` is why the goroutine came into this state.
        """
        import pandas as pd

        names = {one.id: one.function for one in self.goroutines}
        spans, threads = self.spans, (*self.trace.threads, -1)
        return pd.DataFrame(
            {
                "goroutine": spans.goroutine,
                "function": [names.get(number, "") for number in spans.goroutine.tolist()],
                "state": [G_STATES[state] for state in spans.state.tolist()],
                "start": spans.start / 1000,
                "microseconds": (spans.end - spans.start) / 1000,
                "processor": spans.processor,
                "thread": [threads[place] for place in spans.thread.tolist()],
                "reason": [self.trace.reason(row) for row in spans.row.tolist()],
                "cause": spans.cause,
            }
        )

    def to_json(self) -> dict[str, Any]:
        """Figures, goroutines, preemptions, periods and reports; not every span."""
        return self.header() | {
            "events": len(self.trace),
            "spans": len(self.spans),
            "nanoseconds": self.trace.nanoseconds,
            "processors": self.processors,
            "async_preemption": self.async_preemption,
            "ended": self.ended,
            "returncode": self.returncode,
            "cut": self.cut,
            "threads": len(self.threads),
            "goroutines": [
                {
                    "id": one.id,
                    "function": one.function,
                    "creator": one.creator,
                    "created": one.created,
                    "ended": one.ended,
                    "system": one.system,
                    "spent": one.spent,
                }
                for one in self.goroutines
            ],
            "preemptions": [
                {"at": one.at, "goroutine": one.goroutine, "by": one.by} for one in self.preemptions
            ],
            "collections": [_period(one) for one in self.collections],
            "pauses": [_period(one) for one in self.pauses],
            "reports": len(self.reports),
        }


def scheduling(
    source: Source,
    target: Target,
    *,
    processors: int = 0,
    async_preemption: bool = True,
    reports: bool = False,
    timeout: float = 5.0,
    argv: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
) -> Scheduling:
    """Run a program under runtime/trace for `timeout` seconds at most.

    The trace begins before main.main and ends after it, at os.Exit, at a panic of main, or at the
    limit. `processors` is GOMAXPROCS, 0 for as many as there are. Without `async_preemption` the
    runtime sends no SIGURG (GODEBUG=asyncpreemptoff=1). With `reports` the scheduler also reports
    every ten milliseconds (schedtrace). A program that is killed, or that a panic of another
    goroutine ends, has a trace up to the last 0.2 seconds.

    CompileFailed and LinkFailed as for the program, FeatureUnavailable where it can't run here,
    GolifelabError when it ended before anything was traced.
    """
    made = _traced(source, target)
    words = [f"traceadvanceperiod={_GENERATION}"]
    words += [] if async_preemption else ["asyncpreemptoff=1"]
    words += [f"schedtrace={_REPORTS_EVERY}"] if reports else []
    settings = dict(environment or {})
    debug = ",".join([*filter(None, [settings.pop("GODEBUG", "")]), *words])
    settings |= {"GOMAXPROCS": str(processors)} if processors else {}
    gathered = made.run(argv, environment=settings | {"GODEBUG": debug}, timeout=timeout)
    return from_trace(
        gathered.data,
        wrapped_as=made,
        gathered=gathered,
        processors=processors,
        async_preemption=async_preemption,
    )


def from_trace(
    data: bytes,
    *,
    wrapped_as: Wrapped | None = None,
    gathered: Gathered | None = None,
    processors: int = 0,
    async_preemption: bool = True,
) -> Scheduling:
    """The value of a trace's bytes; ParseError when they are no sound trace.

    With the run that they come from, a trace that was cut short is told as such.
    """
    if not data and gathered is not None:
        said = gathered.error_text.strip().splitlines()
        reason = said[0] if said else f"exit code {gathered.returncode}"
        raise GolifelabError(f"the program ended before anything was traced: {reason}")
    whole = gathered is None or (gathered.ended == "finished" and gathered.returncode == 0)
    try:
        trace = execution_trace(data, partial=not whole, rename=_names(wrapped_as))
    except ParseError:
        if gathered is None:
            raise
        trace = execution_trace(data, partial=True, rename=_names(wrapped_as))
    spans = spans_of(trace)
    reports = parse_schedtrace(gathered.error_text) if gathered else ()
    first = int(trace.time[0]) if len(trace) else 0
    began = gathered.began if gathered else 0
    return Scheduling(
        trace=trace,
        spans=spans,
        goroutines=goroutines_of(trace, spans),
        preemptions=preemptions(trace),
        collections=collections(trace),
        pauses=pauses(trace),
        reports=reports,
        report_times=tuple(began + row.at_milliseconds * 1_000_000 - first for row in reports),
        processors=processors or _used(trace),
        async_preemption=async_preemption,
        ended=gathered.ended if gathered else "finished",
        returncode=gathered.returncode if gathered else 0,
        output=gathered.text if gathered else "",
        data=data,
        command=gathered.command if gathered else "go tool trace trace.out",
        seconds=gathered.seconds if gathered else 0.0,
        tier="tool",
        precision="line",
    )


@lru_cache(maxsize=32)
def _traced(source: Source, target: Target) -> Wrapped:
    return wrapped(
        source,
        target,
        before="golifelab_trace.Start(golifelab_out)",
        after="golifelab_trace.Stop()",
        imports=("runtime/trace",),
        stops_inside=True,
    )


def _names(made: Wrapped | None) -> Any:
    """What calls are shown as: the reader's names, without what was added around the program."""
    if made is None:
        return None

    def name(function: str, file: str) -> str:
        return "" if file.endswith(FILE) else made.original(function)

    return name


def _used(trace: ExecutionTrace) -> int:
    """How many Ps a trace tells of."""
    rows, numbers = trace.values("first")
    told = [int(number) for row, number in zip(rows, numbers, strict=True) if trace.kind[row] == 9]
    return max(told, default=int(trace.processor.max(initial=-1)) + 1)


def _period(one: Period) -> dict[str, Any]:
    return {"start": one.start, "end": one.end, "name": one.name, "goroutine": one.goroutine}
