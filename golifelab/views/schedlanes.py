"""The scheduler page's payload: spans of goroutines as columns, and what they are named by."""

from __future__ import annotations

from collections import Counter
from typing import Any

from golifelab.run.scheduler.stage import Scheduling
from golifelab.run.trace.rows import G_STATES
from golifelab.views.columns import Listed
from golifelab.views.schedspans import MAX_TEXT, SentSpans

Payload = dict[str, Any]

# What a page holds at most. The rest is counted; the whole is in the stage's frame.
MAX_GOROUTINES = 2_000
MAX_PERIODS = 2_000


def scheduling_payload(value: Scheduling) -> Payload:
    """A traced run for the browser. Times are nanoseconds from the first event.

    - `nanoseconds`, `events`, `processors`, `async_preemption`, `ended`, `returncode`, `said`,
      `cut`; `own`: how many goroutines the program has, those that are not sent too
    - `goroutines`: {id, name, system, creator, created, ended, spent (by state), preempted, last
      (where its last span that is sent ends)}
    - `threads`: the system's numbers; `strings`: reasons; `calls`: [function, file, line]
    - `spans`: columns that are made when they are written, by start; see `SentSpans.columns`
    - `collections`, `pauses`: [start, end, name, goroutine]
    - `reports`: {at, queue, queues, idle, threads} of the scheduler's own reports
    - `hidden`: spans and goroutines that are not sent; `until`: where the sent ones end, or null
    """
    trace, goroutines = value.trace, value.goroutines
    ids = goroutines.ids[:MAX_GOROUTINES]
    spans = SentSpans(value, ids)
    forced = Counter(one.goroutine for one in value.preemptions)

    def goroutine(place: int) -> Payload:
        one = goroutines[place]
        return {
            "id": one.id,
            "name": one.function[:MAX_TEXT],
            "system": one.system,
            "creator": one.creator,
            "created": one.created,
            "ended": one.ended,
            "spent": one.spent,
            "preempted": forced[one.id],
            "last": spans.ends[place],
        }

    return {
        "nanoseconds": trace.nanoseconds,
        "events": len(trace),
        "own": goroutines.own,
        "processors": value.processors,
        "async_preemption": value.async_preemption,
        "ended": value.ended,
        "returncode": value.returncode,
        "said": value.said,
        "cut": value.cut,
        "signals": sum(one.by == "signal" for one in value.preemptions),
        "checks": sum(one.by == "stack check" for one in value.preemptions),
        "states": list(G_STATES),
        "goroutines": Listed(len(ids), goroutine),
        "threads": list(trace.threads),
        "strings": spans.strings,
        "calls": spans.calls,
        "spans": spans.columns,
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
        "hidden": {"spans": spans.hidden, "goroutines": len(goroutines) - len(ids)},
        "until": spans.until,
    }


def _period(one: Any) -> list[Any]:
    return [one.start, one.end, one.name[:MAX_TEXT], one.goroutine]
