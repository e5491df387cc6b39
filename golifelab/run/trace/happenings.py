"""What a trace tells beside the lanes: preemptions, collections, and when the world was stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from golifelab.run.trace.columns import ExecutionTrace, TraceFrame

# $GOROOT/src/runtime/preempt.go: the signal handler makes a goroutine seem to call this.
_ASYNC = "runtime.asyncPreempt"
_PREEMPTED = "preempted"
_STW_BEGIN, _STW_END, _GC_BEGIN, _GC_ACTIVE, _GC_END = 26, 27, 29, 28, 30
_GO_STOP = 19


@dataclass(frozen=True, slots=True)
class Preemption:
    """A goroutine that was made to give its P up while it could have run on.

    `at` is nanoseconds from the first event. `by` is "signal" (SIGURG stopped it anywhere) or
    "stack check" (it looked at its stack's bound at a function's start). `calls` begin with its own
    function.
    """

    row: int
    at: int
    goroutine: int
    processor: int
    by: Literal["signal", "stack check"]
    calls: tuple[TraceFrame, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A span of the whole program: nanoseconds from the first event, and what it is.

    `goroutine` is the one that brought it about, -1 for none.
    """

    start: int
    end: int
    name: str
    goroutine: int = -1


def preemptions(trace: ExecutionTrace) -> tuple[Preemption, ...]:
    """The preemptions, in order."""
    import numpy as np

    if _PREEMPTED not in trace.strings:
        return ()
    reason = trace.strings.index(_PREEMPTED)
    first = int(trace.time[0])
    # Most come from a few places: their calls are kept once.
    known: dict[int, tuple[TraceFrame, ...]] = {}
    found = []
    for row in np.flatnonzero((trace.kind == _GO_STOP) & (trace.detail == reason)).tolist():
        number = int(trace.stacks[row])
        calls = known.get(number) or known.setdefault(number, trace.calls(number))
        signal = any(call.function.startswith(_ASYNC) for call in calls[:3])
        skip = next(
            (at for at, call in enumerate(calls) if not call.function.startswith("runtime.")), 0
        )
        found.append(
            Preemption(
                row,
                int(trace.time[row]) - first,
                int(trace.goroutine[row]),
                int(trace.processor[row]),
                "signal" if signal else "stack check",
                calls[skip:],
            )
        )
    return tuple(found)


def collections(trace: ExecutionTrace) -> tuple[Period, ...]:
    """When the collector marked, while the program ran on."""
    return _periods(trace, (_GC_BEGIN, _GC_ACTIVE), _GC_END)


def pauses(trace: ExecutionTrace) -> tuple[Period, ...]:
    """When the world was stopped, and what for."""
    return _periods(trace, (_STW_BEGIN,), _STW_END)


def _periods(trace: ExecutionTrace, begins: tuple[int, ...], ends: int) -> tuple[Period, ...]:
    import numpy as np

    first = int(trace.time[0]) if len(trace) else 0
    begun: tuple[int, int] | None = None
    found = []

    def period(end: int) -> None:
        if begun is not None:
            row, start = begun
            name = trace.reason(row) or "concurrent mark"
            found.append(Period(start, end, name, int(trace.goroutine[row])))

    for row in np.flatnonzero(trace.among((*begins, ends))).tolist():
        at = int(trace.time[row]) - first
        if trace.kind[row] == ends:
            period(at)
            begun = None
        elif begun is None:
            begun = (row, at)
    period(trace.nanoseconds)
    return tuple(found)
