"""Execution traces: event by event what `go tool trace` reads, in little memory, damage refused."""

from __future__ import annotations

import re

import pytest

from benchmarks.traces import memory
from golifelab import Target
from golifelab.errors import ParseError
from golifelab.run.scheduler.reading import from_trace
from golifelab.run.trace.columns import ExecutionTrace
from golifelab.run.trace.lanes import RUNNING, spans_of
from golifelab.run.trace.order import Order
from golifelab.run.trace.profiles import delays
from golifelab.run.trace.reading import _merge, execution_trace
from golifelab.run.trace.rows import Rows
from golifelab.run.trace.wire import Generation
from golifelab.run.wrapped import wrapped
from golifelab.source import Source
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

# Channels, system calls, coroutines, tasks, regions, logs, labels, collections, samples.
TEXT = """\
package main

import (
	"context"
	"io"
	"iter"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"sync"
	"time"
)

var sink [][]byte

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func main() {
	pprof.StartCPUProfile(io.Discard)
	defer pprof.StopCPUProfile()
	ctx, task := trace.NewTask(context.Background(), "whole")
	defer task.End()
	var wait sync.WaitGroup
	numbers := make(chan int)
	for i := range 6 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for j := range ROUNDS {
				numbers <- i * j
				if j%8 == 0 {
					sink = append(sink, make([]byte, 50_000))
				}
			}
		}()
	}
	go func() { wait.Wait(); close(numbers) }()
	sum := 0
	for n := range numbers {
		sum += n
	}
	trace.WithRegion(ctx, "pulling", func() {
		next, stop := iter.Pull(count(9))
		for range 4 {
			n, _ := next()
			sum += n
		}
		stop()
	})
	trace.Log(ctx, "sum", "is known")
	pprof.Do(ctx, pprof.Labels("k", "v"), func(context.Context) { time.Sleep(time.Millisecond) })
	for range 3 {
		file, _ := os.ReadFile("/proc/self/status")
		sum += len(file)
		runtime.GC()
	}
	for i := range 60_000_000 {
		sum ^= i
	}
	println(sum != 0)
}
"""


def traced(target, rounds):
    made = wrapped(
        Source.from_text(TEXT.replace("ROUNDS", str(rounds))),
        target,
        before="golifelab_trace.Start(golifelab_out)",
        after="golifelab_trace.Stop()",
        imports=("runtime/trace",),
    )
    gathered = made.run(environment={"GOMAXPROCS": "3"}, timeout=60)
    assert (gathered.ended, gathered.error_text) == ("finished", "true\n")
    return gathered.data


@pytest.fixture(scope="module")
def small():
    return traced(Target(), 10)


def judged(data, target, folder):
    """The lines of `go tool trace -d=parsed`, an event each; without the marks between parts."""
    path = folder / "trace.out"
    path.write_bytes(data)
    go = find_go(target.go)
    words = [go.command, "tool", "trace", "-d=parsed", path]
    done = run(words, env=go.host_environment(), timeout=300, max_output=1 << 30)
    assert done.returncode == 0, done.error_text
    events = re.split(r"^(?=M=)", done.text, flags=re.MULTILINE)[1:]
    return [event for event in events if not re.match(r"M=\S+ P=\S+ G=\S+ Sync", event)]


def stack_lines(event):
    """How the judge writes a stack."""
    return "".join(
        f"\t{call.function} @ {call.address:#x}\n\t\t{call.position.file}:{call.position.line}\n"
        for call in event.stack
    )


def agree(trace, events):
    own = [event for event in trace if event.name != "Sync"]
    assert len(own) == len(events)
    for event, text in zip(own, events, strict=True):
        head = f"M={event.thread} P={event.processor} G={event.goroutine} "
        assert text.startswith(head), (event, text)
        assert f" Time={event.time} " in text.replace("\n", " "), (event, text)
        if " StateTransition " in text:
            who = "GoID" if event.name.startswith("Go") else "ProcID"
            assert f" {who}={event.subject} {event.before}->{event.after}" in text, (event, text)
            assert f' Reason="{event.reason}"' in text, (event, text)
        else:
            assert not event.before, (event, text)
        if "\nStack=\n" in text:
            assert text.split("\nStack=\n")[1].split("TransitionStack")[0].strip("\n") == (
                stack_lines(event).strip("\n")
            )
        else:
            assert event.stack == (), (event, text)
    return own


def test_event_by_event_as_go_tool_trace_reads_it(target, tmp_path):
    data = traced(target, 25)
    own = agree(execution_trace(data), judged(data, target, tmp_path))
    names = {event.name for event in own}
    # Those that no run is without; how often a P sweeps or a signal comes is a matter of chance.
    wanted = """
        GoCreate GoStart GoBlock GoUnblock GoDestroy GoSyscallBegin GoSyscallEnd GoStatus ProcStart
        ProcStop STWBegin STWEnd GCBegin GCEnd HeapAlloc HeapGoal GoCreateBlocked UserTaskBegin
        UserTaskEnd UserRegionBegin UserRegionEnd UserLog ProcsChange
    """
    assert set(wanted.split()) <= names, set(wanted.split()) - names


@pytest.mark.slow
def test_a_long_trace_event_by_event(target, tmp_path):
    data = traced(target, 4_000)
    trace = execution_trace(data)
    assert len(trace) > 50_000
    agree(trace, judged(data, target, tmp_path))


@pytest.mark.parametrize("profile", ["sched", "sync", "syscall"])
def test_profiles_are_those_of_go_tool_trace(small, tmp_path, profile):
    """Count and time of each place, from the judge's own file."""
    (tmp_path / "trace.out").write_bytes(small)
    go = find_go()
    words = [go.command, "tool", "trace", f"-pprof={profile}", tmp_path / "trace.out"]
    made = run(words, env=go.host_environment(), timeout=300)
    (tmp_path / "profile").write_bytes(made.stdout)
    words = [go.command, "tool", "pprof", "-raw", tmp_path / "profile"]
    told = run(words, env=go.host_environment(), timeout=300).text
    samples = re.findall(r"^ *(\d+) +(\d+): ?([\d ]*)$", told, re.MULTILINE)
    theirs = sorted((int(count), int(time), len(calls.split())) for count, time, calls in samples)
    found = delays(execution_trace(small), profile)
    # Ours have a row for what has no stack, too; inlined calls share a location of theirs.
    ours = sorted((one.count, one.nanoseconds) for one in found if one.calls)
    assert sum(count for count, _, _ in theirs) >= sum(count for count, _ in ours) > 0
    assert [(count, time) for count, time, calls in theirs if calls] == ours


def test_a_trace_is_parsed_and_shown_in_five_times_its_memory():
    """A cell that ends with a trace of 50,000 events: its columns, its page and both its twins."""
    found = memory()
    assert re.match(r"a trace of 5\d,\d{3} events", found.name)
    assert found.ratio <= 5


def test_spans_fill_the_time_of_each_goroutine(small):
    trace = execution_trace(small)
    spans = spans_of(trace)
    for number in set(spans.goroutine.tolist()):
        mine = spans.goroutine == number
        start, end = spans.start[mine], spans.end[mine]
        assert (start[1:] == end[:-1]).all(), f"goroutine {number}"
        assert (end >= start).all()
    # No P runs two goroutines at once, and what runs has a P and a thread.
    running = spans.state == RUNNING
    assert (spans.thread[running] >= 0).all()
    for processor in set(spans.processor[running].tolist()):
        mine = running & (spans.processor == processor)
        assert (spans.start[mine][1:] >= spans.end[mine][:-1]).all(), f"P{processor}"


def test_a_sample_may_have_no_p_and_no_goroutine():
    rows, none = Rows(), (1 << 64) - 1
    now = Generation(1, samples=[(5, none, none, 0, 0), (6, 700, 2, 18, 0)])
    rows.begin(now)
    _merge(b"", now, Order(rows), rows)
    first, second = ExecutionTrace(rows, "1.27")
    assert (first.thread, first.processor, first.goroutine) == (-1, -1, -1)
    assert (second.thread, second.processor, second.goroutine) == (700, 2, 18)


def test_a_cut_trace_is_read_as_far_as_it_is_whole(small):
    whole = execution_trace(small)
    with pytest.raises(ParseError, match="execution trace"):
        execution_trace(small[: len(small) // 2])
    cut = execution_trace(small[: len(small) // 2], partial=True)
    assert cut.cut
    assert len(cut) < len(whole)
    assert from_trace(small).cut == ""


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it does not begin as one"),
        (b"go 1.21 trace\0\0\0", "its format is that of Go 1.21"),
        (b"go 1.26 trace\0\0\0\x09", "event 9 where a batch begins"),
        (b"go 1.26 trace\0\0\0\x01\x01\x01\x01\xff\xff\x7f", "a batch of generation 1 with"),
        (b"go 1.26 trace\0\0\0\x01\x01", "it ends in the middle of a batch"),
        (b"go 1.26 trace\0\0\0\x01\x01\x01\x01\x01\x09", "its last generation is not complete"),
    ],
)
def test_what_is_no_trace_is_refused_with_a_reason(data, message):
    with pytest.raises(ParseError, match=message):
        execution_trace(data)
