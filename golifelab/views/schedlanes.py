"""The scheduler page's payload: spans of goroutines as columns, and what they are named by."""

from __future__ import annotations

import base64
from collections import Counter
from typing import Any

from golifelab.run.scheduler.stage import Scheduling
from golifelab.run.trace.columns import ExecutionTrace, TraceFrame
from golifelab.run.trace.lanes import Spans
from golifelab.run.trace.rows import G_STATES

Payload = dict[str, Any]

# What a page holds at most. The rest is counted; the whole is in the stage's frame.
MAX_SPANS = 60_000
MAX_GOROUTINES = 2_000
MAX_PERIODS = 2_000
MAX_TEXT = 120
_DTYPES = {"b": "i1", "h": "i2", "i": "i4", "d": "f8"}


def scheduling_payload(value: Scheduling) -> Payload:
    """A traced run for the browser. Times are nanoseconds from the first event.

    - `nanoseconds`, `events`, `processors`, `async_preemption`, `ended`, `returncode`, `said`,
      `cut`; `own`: how many goroutines the program has, those that are not sent too
    - `goroutines`: {id, name, system, creator, created, ended, spent (by state), preempted}
    - `threads`: the system's numbers; `strings`: reasons; `calls`: [function, file, line]
    - `spans`: equally long columns (see `packed`), by start: goroutine (place in `goroutines`),
      state (see `states`), start (from that of the span before), length, processor, thread
      (place), reason (place), call (place), cause (a goroutine's id), preempted (0, 1 by a
      signal, 2 by a stack check); -1 for none
    - `collections`, `pauses`: [start, end, name, goroutine]
    - `reports`: {at, queue, queues, idle, threads} of the scheduler's own reports
    - `hidden`: spans and goroutines that are not sent; `until`: where the sent ones end, or null
    """
    import numpy as np

    trace, spans = value.trace, value.spans
    shown = value.goroutines[:MAX_GOROUTINES]
    ids = np.array([one.id for one in shown], dtype=np.int64)
    rows = spans.row
    if len(shown) < len(value.goroutines):
        rows = rows[np.isin(trace.subject[rows], ids)]
    rows = rows[np.argsort(Spans(trace, rows).start, kind="stable")]
    more = len(spans) - min(len(rows), MAX_SPANS)
    over, rows = rows[MAX_SPANS : MAX_SPANS + 1], rows[:MAX_SPANS]
    until = int(trace.time[over[0]] - trace.time[0]) if len(over) else None
    spans = Spans(trace, rows)
    start = spans.start
    forced = Counter(one.goroutine for one in value.preemptions)
    reasons, strings = _reasons(trace, rows)
    calls, places = _calls(trace, rows)
    return {
        "nanoseconds": trace.nanoseconds,
        "events": len(trace),
        "own": sum(not one.system for one in value.goroutines),
        "processors": value.processors,
        "async_preemption": value.async_preemption,
        "ended": value.ended,
        "returncode": value.returncode,
        "said": value.said,
        "cut": value.cut,
        "signals": sum(one.by == "signal" for one in value.preemptions),
        "checks": sum(one.by == "stack check" for one in value.preemptions),
        "states": list(G_STATES),
        "goroutines": [
            {
                "id": one.id,
                "name": one.function[:MAX_TEXT],
                "system": one.system,
                "creator": one.creator,
                "created": one.created,
                "ended": one.ended,
                "spent": one.spent,
                "preempted": forced[one.id],
            }
            for one in shown
        ],
        "threads": list(trace.threads),
        "strings": strings,
        "calls": calls,
        "spans": {
            "goroutine": packed(np.searchsorted(ids, spans.goroutine)),
            "state": packed(spans.state),
            "start": packed(np.diff(start, prepend=0)),
            "length": packed(spans.end - start),
            "processor": packed(spans.processor),
            "thread": packed(spans.thread),
            "reason": packed(reasons),
            "call": packed(places),
            "cause": packed(spans.cause),
            "preempted": packed(_preempted(value, rows)),
        },
        "collections": [_period(one) for one in value.collections[:MAX_PERIODS]],
        "pauses": [_period(one) for one in value.pauses[:MAX_PERIODS]],
        "reports": [
            {
                "at": at,
                "queue": row.global_queue,
                "queues": list(row.queues),
                "idle": row.idle_processors,
                "threads": row.threads,
            }
            for at, row in zip(value.report_times, value.reports, strict=True)
        ][:MAX_PERIODS],
        "hidden": {"spans": more, "goroutines": len(value.goroutines) - len(shown)},
        "until": until,
    }


def packed(column: Any) -> list[str]:
    """A column of numbers for the browser: the kind of its cells, and their bytes in base64.

    The kinds are "b", "h" and "i" for integers of 1, 2 and 4 bytes, "d" for floats of 8; little
    endian. A list of numbers would take many times the room.
    """
    import numpy as np

    column = np.asarray(column)
    low, high = int(column.min(initial=0)), int(column.max(initial=0))
    kind = next(
        (
            code
            for code, bits in (("b", 7), ("h", 15), ("i", 31))
            if -(1 << bits) <= low and high < 1 << bits
        ),
        "d",
    )
    return [kind, base64.b64encode(column.astype(f"<{_DTYPES[kind]}").tobytes()).decode()]


def unpacked(column: list[str]) -> list[int]:
    """The numbers of a packed column."""
    import numpy as np

    kind, text = column
    cells = np.frombuffer(base64.b64decode(text), f"<{_DTYPES[kind]}")
    return [int(cell) for cell in cells.tolist()]


def _reasons(trace: ExecutionTrace, rows: Any) -> tuple[Any, list[str]]:
    """For each span the place of its reason, and the reasons: only events that stop have one."""
    import numpy as np

    detail = np.where(np.isin(trace.kind[rows], (19, 20)), trace.detail[rows], 0)
    used, places = np.unique(detail, return_inverse=True)
    return places, [trace.strings[place][:MAX_TEXT] for place in used.tolist()]


def _calls(trace: ExecutionTrace, rows: Any) -> tuple[list[list[Any]], Any]:
    """For each span the place of the call that led to it, -1 for none, and the calls."""
    import numpy as np

    used, places = np.unique(trace.stacks[rows], return_inverse=True)
    found: dict[tuple[str, str, int], int] = {}
    known = []
    for number in used.tolist():
        call = telling(trace.calls(number))
        if call is None:
            known.append(-1)
            continue
        key = (call.function[:MAX_TEXT], call.position.file, call.position.line)
        known.append(found.setdefault(key, len(found)))
    numbers = np.array(known, dtype=np.int64)[places] if known else np.zeros(0, dtype=np.int64)
    return [list(key) for key in found], numbers


def telling(calls: tuple[TraceFrame, ...]) -> TraceFrame | None:
    """The call of a stack that a reader knows: of the program, else the first outside the runtime.

    None for a stack that has no calls.
    """
    own = (call for call in calls if call.function.startswith("main."))
    other = (call for call in calls if not call.function.startswith("runtime."))
    return next(own, None) or next(other, None) or next(iter(calls), None)


def _preempted(value: Scheduling, rows: Any) -> Any:
    """For each span how its goroutine was preempted when it began: 0, 1 or 2."""
    import numpy as np

    made = np.zeros(len(rows), dtype=np.int8)
    order = np.argsort(rows, kind="stable")
    at = np.searchsorted(rows, [one.row for one in value.preemptions], sorter=order)
    for place, one in zip(at.tolist(), value.preemptions, strict=True):
        if place < len(rows) and rows[order[place]] == one.row:
            made[order[place]] = 1 if one.by == "signal" else 2
    return made


def _period(one: Any) -> list[Any]:
    return [one.start, one.end, one.name[:MAX_TEXT], one.goroutine]
