"""A traced run of a program, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golifelab.errors import NoSuchName
from golifelab.run.bounded import Ended
from golifelab.run.scheduler.schedtrace import SchedulerState
from golifelab.run.trace.columns import ExecutionTrace
from golifelab.run.trace.goroutines import TracedGoroutine, TracedGoroutines
from golifelab.run.trace.happenings import Period, Preemption
from golifelab.run.trace.lanes import Spans
from golifelab.run.trace.profiles import Delay, Profile, delays
from golifelab.run.trace.rows import G_STATES
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduling(Stage):
    """A run of a program, traced: what each goroutine, P and thread did at each moment.

    `trace` has every event, `spans` what goroutines were doing, `goroutines` who they were.
    `preemptions`, `collections` and `pauses` are what happened to them; `reports` are the
    scheduler's own (GODEBUG=schedtrace), about at `report_times`. Times are nanoseconds from the
    first event. `ended` says who ended the run, `cut` why the trace is not whole ("" when it is);
    `returncode` and `output` are the program's, `said` is what Go said where it ended the program:
    "panic: …" or "fatal error: …". `data` is the trace as it was written, and `main` what main.main
    is called in it.
    """

    trace: ExecutionTrace = field(repr=False, compare=False)
    spans: Spans = field(repr=False, compare=False)
    goroutines: TracedGoroutines = field(repr=False, compare=False)
    preemptions: tuple[Preemption, ...] = field(repr=False, compare=False)
    collections: tuple[Period, ...] = field(repr=False, compare=False)
    pauses: tuple[Period, ...] = field(repr=False, compare=False)
    reports: tuple[SchedulerState, ...] = field(default=(), repr=False, compare=False)
    report_times: tuple[int, ...] = field(default=(), repr=False, compare=False)
    processors: int
    async_preemption: bool = True
    ended: Ended = "finished"
    returncode: int = 0
    said: str = ""
    output: str = field(default="", repr=False)
    data: bytes = field(repr=False)
    main: str = field(default="", repr=False)

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
        known: list[int] = self.goroutines.ids.tolist()
        if number not in known:
            raise NoSuchName("goroutine", str(number), list(map(str, known)))
        return self.goroutines[known.index(number)]

    def delays(self, profile: Profile = "sched") -> tuple[Delay, ...]:
        """Where goroutines waited, the longest first, as the profiles of `go tool trace` tell.

        "sched": for a P; "sync": for each other; "syscall": in system calls; "net": for a network.
        """
        return delays(self.trace, profile)

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
            "said": self.said,
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


def _period(one: Period) -> dict[str, Any]:
    return {"start": one.start, "end": one.end, "name": one.name, "goroutine": one.goroutine}
