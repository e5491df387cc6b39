"""The reader of execution traces."""

from __future__ import annotations

import json
from functools import cache

from fuzz.reader import Seed
from golifelab.errors import ParseError
from golifelab.run.scheduler.reading import from_trace
from golifelab.run.scheduler.recording import recorded_scheduling
from golifelab.run.trace.reading import execution_trace
from golifelab.views.columns import Streamed
from golifelab.views.schedlanes import scheduling_payload


def read_trace_whole(content: bytes) -> None:
    """All events, spans, goroutines and what a page shows; of a damaged trace, its beginning."""
    try:
        value = from_trace(content)
    except ParseError:
        execution_trace(content, partial=True)  # refuses what has no header
        raise
    for part in scheduling_payload(value).values():
        if isinstance(part, Streamed):
            json.loads("".join(part.json()))
    for event in value.trace:
        assert event.time >= 0
    value.to_json()


@cache
def trace_seeds() -> tuple[Seed, ...]:
    """The recorded trace; the spots are its header and its first batches."""
    data = recorded_scheduling().data
    return (Seed("spinning", data, ((0, 80), (16, min(len(data), 2000)), (16, len(data)))),)
