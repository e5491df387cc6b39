"""An execution trace of some 50,000 events: read, and shown, beside `go tool trace`."""

from __future__ import annotations

import tracemalloc
from functools import cache

from benchmarks.images import Memory
from benchmarks.measure import Timing, in_turns
from golifelab.run.scheduler.reading import from_trace
from golifelab.run.scheduler.recording import recorded_scheduling
from golifelab.run.scheduler.scheduling import scheduling
from golifelab.run.trace.reading import execution_trace
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run
from golifelab.widgets import show

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
    """All events in order; the same with the page: what is sent to the browser, and its twin."""
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
                "parsed and shown": lambda: shown(data),
            },
            rounds=5,
        )


def shown(data: bytes) -> object:
    """What a cell does that ends with the value: a widget, its payload, and both its twins."""
    return show(from_trace(data))._repr_mimebundle_()


def memory() -> Memory:
    """What that takes at its peak, of Python's memory, numpy's and zlib's.

    Not counted are the bytes of the file, which are there before, and what is loaded but once:
    the libraries and the pages' modules.
    """
    data = trace()
    shown(recorded_scheduling().data)
    events = len(execution_trace(data))
    tracemalloc.start()
    try:
        shown(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return Memory(f"a trace of {events:,} events, parsed and shown", len(data), peak)
