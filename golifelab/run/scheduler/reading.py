"""The value of a trace's bytes, with or without the run that they come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from golifelab.errors import GolifelabError, ParseError
from golifelab.run.around import FILE
from golifelab.run.scheduler.schedtrace import parse_schedtrace
from golifelab.run.scheduler.stage import Scheduling
from golifelab.run.trace.columns import ExecutionTrace
from golifelab.run.trace.goroutines import TracedGoroutines, goroutines_of
from golifelab.run.trace.happenings import Preemption, collections, pauses, preemptions
from golifelab.run.trace.lanes import ADDED, spans_of
from golifelab.run.trace.reading import execution_trace
from golifelab.run.wrapped import Gathered, original

_MAIN, _DEEP = 1, 100
_WATCHING = (ADDED, "runtime/trace.")


def from_trace(
    data: bytes,
    *,
    gathered: Gathered | None = None,
    main: str = "",
    processors: int = 0,
    async_preemption: bool = True,
) -> Scheduling:
    """The value of a trace's bytes; ParseError when they are no sound trace.

    With the run that they come from, a trace that was cut short is told as such. `main` is what
    main.main is called in it, when code was put around it.
    """
    if not data and gathered is not None:
        said = gathered.error_text.strip().splitlines()
        if gathered.ended != "finished":
            raise GolifelabError(
                f"nothing was traced before the program was stopped ({gathered.ended})",
                remedy="give it more time, or another P for the tracer to run on",
            )
        reason = said[0] if said else f"exit code {gathered.returncode}"
        raise GolifelabError(f"the program ended before anything was traced: {reason}")
    whole = gathered is None or (gathered.ended == "finished" and gathered.returncode == 0)
    try:
        trace = execution_trace(data, partial=not whole, rename=_names(main) if main else None)
    except ParseError:
        if gathered is None:
            raise
        trace = execution_trace(data, partial=True, rename=_names(main) if main else None)
    spans, goroutines = spans_of(trace), goroutines_of(trace)
    stopped = preemptions(trace)
    reports = parse_schedtrace(gathered.error_text) if gathered else ()
    first = int(trace.time[0]) if len(trace) else 0
    began = gathered.began if gathered else 0
    return Scheduling(
        trace=trace,
        spans=spans,
        goroutines=goroutines,
        preemptions=_theirs(stopped, trace, goroutines) if main else stopped,
        collections=collections(trace),
        pauses=pauses(trace),
        reports=reports,
        report_times=tuple(began + row.at_milliseconds * 1_000_000 - first for row in reports),
        processors=processors or _used(trace),
        async_preemption=async_preemption,
        ended=gathered.ended if gathered else "finished",
        returncode=gathered.returncode if gathered else 0,
        said=gathered.last_words if gathered else "",
        output=gathered.text if gathered else "",
        data=data,
        main=main,
        command=gathered.command if gathered else "go tool trace trace.out",
        seconds=gathered.seconds if gathered else 0.0,
        tier="tool",
        precision="line",
    )


def _names(main: str) -> Callable[[str, str], str]:
    """What calls are shown as: the reader's names, without what was added around the program."""

    def name(function: str, file: str) -> str:
        # The compiler's own wrappers of what was added are of no file.
        return "" if file.endswith(FILE) or ".golifelab_" in function else original(function, main)

    return name


def _theirs(
    stopped: Sequence[Preemption], trace: ExecutionTrace, goroutines: TracedGoroutines
) -> tuple[Preemption, ...]:
    """The preemptions that the program's own code or the runtime met, not what was added around it.

    On a busy machine that is stopped, too: goroutines that watch, and what main's goroutine does
    before and after main.
    """
    ours = goroutines.beginning_in(_WATCHING)

    def added(one: Preemption) -> bool:
        if one.goroutine != _MAIN:
            return one.goroutine in ours
        calls = trace.calls(int(trace.stacks[one.row]))
        whole = len(calls) < _DEEP  # of a deeper stack only the innermost calls are told
        return whole and (not calls or calls[-1].function != "main.main")

    return tuple(one for one in stopped if not added(one))


def _used(trace: ExecutionTrace) -> int:
    """How many Ps a trace tells of."""
    rows, numbers = trace.values("first")
    told = [int(number) for row, number in zip(rows, numbers, strict=True) if trace.kind[row] == 9]
    return max(told, default=int(trace.processor.max(initial=-1)) + 1)
