"""Where goroutines spent their time in a state: the profiles that `go tool trace -pprof` makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from golifelab.run.trace.columns import ExecutionTrace, TraceFrame
from golifelab.run.trace.lanes import RUNNABLE, RUNNING, SYSCALL, WAITING, Spans

Profile = Literal["sched", "sync", "syscall", "net"]

# cmd/trace/pprof.go: the state, and which reasons count.
_STATE = {"sched": RUNNABLE, "syscall": SYSCALL, "sync": WAITING, "net": WAITING}
_REASONS = {"sync": ("chan", "sync", "select"), "net": ("network",)}


@dataclass(frozen=True, slots=True)
class Delay:
    """How often goroutines came into a state from one place, and how long they stayed, in all."""

    calls: tuple[TraceFrame, ...]
    count: int
    nanoseconds: int


def delays(trace: ExecutionTrace, profile: Profile, *, newborn: bool = False) -> tuple[Delay, ...]:
    """A profile, the longest first: waits for a P ("sched"), for others ("sync") and so on.

    What is not over when the trace ends does not count; nor, unless `newborn` is set, does the wait
    of a goroutine for its first turn in the trace.
    """
    import numpy as np

    spans = Spans(trace)
    rows = spans.row
    wanted = (spans.state == _STATE[profile]) & (trace.until[rows] > 0)
    if profile == "sched" and not newborn:
        wanted &= rows >= _first_turns(spans)
    if profile in _REASONS:
        wanted &= np.array([_counts(profile, trace.reason(row)) for row in rows.tolist()])
    kept = Spans(trace, rows[wanted])
    took = trace.time[trace.until[kept.row]] - trace.time[kept.row]
    stacks, places = np.unique(trace.stacks[kept.row], return_inverse=True)
    sums = np.zeros(len(stacks), dtype=np.int64)
    np.add.at(sums, places, took)
    counts = np.bincount(places, minlength=len(stacks))
    found = zip(stacks.tolist(), counts.tolist(), sums.tolist(), strict=True)
    made = [Delay(trace.calls(stack), count, time) for stack, count, time in found]
    return tuple(sorted(made, key=lambda one: -one.nanoseconds))


def _first_turns(spans: Spans) -> Any:
    """For each span, the event with which its goroutine runs for the first time."""
    import numpy as np

    running = spans.state == RUNNING
    found, first = np.unique(spans.goroutine[running], return_index=True)
    rows = np.append(spans.row[running][first], len(spans.trace))
    places = np.minimum(np.searchsorted(found, spans.goroutine), len(found) - 1)
    never = found[places] != spans.goroutine if len(found) else np.ones(len(spans), bool)
    return np.where(never, len(spans.trace), rows[places])


def _counts(profile: str, reason: str) -> bool:
    if profile == "net":
        return reason in _REASONS["net"]
    return any(word in reason for word in _REASONS[profile])
