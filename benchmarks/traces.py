"""An execution trace of some 50,000 events: read, and shown, beside `go tool trace`."""

from __future__ import annotations

import tracemalloc
from functools import cache

from benchmarks.images import Memory
from benchmarks.measure import Timing, in_turns
from golifelab.run.scheduler.reading import from_trace
from golifelab.run.scheduler.scheduling import scheduling
from golifelab.run.trace.reading import execution_trace
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run
from golifelab.views.schedlanes import scheduling_payload
from golifelab.widgets.view import pack

_OUTPUT = 1 << 30
# Eight goroutines that wait for each other all the time: a few events for every number.
_TEXT = """\
package main

func main() {
	numbers := make(chan int)
	for range 8 {
		go func() {
			for n := range 2200 {
				numbers <- n
			}
		}()
	}
	for range 8 * 2200 {
		<-numbers
	}
}
"""


@cache
def trace() -> bytes:
    """The trace, written by the program itself on one P."""
    return scheduling(Source.from_text(_TEXT), Target(), processors=1, timeout=20).data


def reading() -> list[Timing]:
    """All events in order; the same with what the page shows, packed for the browser."""
    data = trace()
    go = find_go()
    with scratch() as folder:
        path = folder / "trace.out"
        path.write_bytes(data)

        def judge() -> object:
            words = [go.command, "tool", "trace", "-d=parsed", path]
            return run(words, env=go.host_environment(), timeout=120, max_output=_OUTPUT)

        return in_turns(
            {
                "go tool trace -d=parsed": judge,
                "all events in order": lambda: execution_trace(data),
                "parsed and shown": lambda: pack(scheduling_payload(from_trace(data))),
            },
            rounds=5,
        )


def memory() -> Memory:
    """What reading takes at its peak, without the file's own bytes."""
    data = trace()
    value = from_trace(data)
    events = len(value.trace)
    del value
    tracemalloc.start()
    try:
        from_trace(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return Memory(f"a trace of {events:,} events", len(data), peak)
