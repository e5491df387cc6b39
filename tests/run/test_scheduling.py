"""A program's own scheduler, traced: who runs, who is preempted by what, and what is kept of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import numpy as np
import pytest

from golifelab import Program, Target, sample, show
from golifelab.errors import GolifelabError, ParseError
from golifelab.link.executable import link
from golifelab.run.around import FILE
from golifelab.run.goroutines import recorded_goroutines
from golifelab.run.scheduler.reading import _names, from_trace
from golifelab.run.scheduler.recording import content_of, from_content, recorded_scheduling
from golifelab.run.scheduler.scheduling import _traced, scheduling
from golifelab.run.trace.relabel import relabelled
from golifelab.run.wrapped import wrapped
from golifelab.source import Source
from golifelab.views import schedlanes
from golifelab.views.columns import kind_of, packed, unpacked
from golifelab.views.schedlanes import scheduling_payload
from golifelab.views.schedlanestwin import duration, headline, scheduling_html
from golifelab.views.text import brief
from golifelab.widgets.view import pack, unpack

ENDLESS = "package main\n\nfunc main() {\n\tgo func() { for {} }()\n\tfor {}\n}\n"


def test_goroutines_that_never_ask_are_stopped_by_signals(target):
    program = sample("spinning", target=target)
    value = program.scheduled(1)
    by_signal = [one for one in value.preemptions if one.by == "signal"]
    assert len(by_signal) >= 4
    # Each of them was counting: the innermost call of its own is the loop.
    assert {one.calls[0].function for one in by_signal} == {"main.count"}
    own = [one for one in value.goroutines if not one.system]
    assert [one.function for one in own] == ["main.main", *["main.main.func1"] * 4]
    assert all(one.creator == 1 and one.ended is not None for one in own[1:])
    # On one P, they run one after the other: together not longer than it took.
    assert sum(one.seconds("Running") for one in own) <= value.trace.nanoseconds / 1e9
    # And so they wait longer than they run: on a busy machine not each of them, but all together.
    waited, ran = (sum(one.seconds(state) for one in own[1:]) for state in ("Runnable", "Running"))
    assert waited > ran
    assert (value.ended, value.returncode, value.cut) == ("finished", 0, "")
    # Nothing of what is around the program shows.
    calls = {call.function for event in value.trace for call in event.stack}
    assert "main.main" in calls
    assert not [name for name in calls if "golifelab" in name or "maiN" in name]


def test_without_signals_nobody_is_stopped_but_by_a_stack_check():
    off = sample("spinning").scheduled(1, async_preemption=False)
    assert "signal" not in {one.by for one in off.preemptions}
    assert not off.async_preemption


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace counts the signals")
def test_signals_are_as_many_as_strace_sees(tmp_path):
    program = sample("spinning")
    path = link(program.source, program.target).path
    counts = {}
    for setting in ("asyncpreemptoff=0", "asyncpreemptoff=1"):
        log = tmp_path / setting
        words = ["strace", "-f", "-e", "trace=none", "-e", "signal=SIGURG", "-o", log, path]
        settings = {"GOMAXPROCS": "1", "GODEBUG": setting}
        done = subprocess.run(words, env=settings, timeout=60, capture_output=True, text=True)
        if "not permitted" in done.stderr:
            pytest.skip("strace may not trace here")
        counts[setting] = len(re.findall("SIGURG", log.read_text()))
    assert counts["asyncpreemptoff=1"] == 0
    assert counts["asyncpreemptoff=0"] >= 4


def test_an_endless_program_leaves_its_trace():
    value = scheduling(Source.from_text(ENDLESS), Target(), processors=2, timeout=1.0)
    assert value.ended == "time limit"
    assert value.trace.nanoseconds > 100_000_000
    assert {one.function for one in value.goroutines if not one.system} == {
        "main.main",
        "main.main.func1",
    }


def test_a_panic_of_any_goroutine_leaves_the_whole_trace(target):
    text = """package main

import "time"

func main() {
	go func() {
		time.Sleep(30 * time.Millisecond)
		panic("oh")
	}()
	time.Sleep(time.Hour)
}
"""
    value = scheduling(Source.from_text(text), target, timeout=20)
    assert (value.ended, value.returncode, value.said) == ("finished", 2, "panic: oh")
    assert value.cut == ""
    # What it did after it had slept, right before the end, is told.
    one = next(row for row in value.goroutines if row.function == "main.main.func1")
    assert value.frame().query(f"goroutine == {one.id}").start.max() > 30_000
    assert value.goroutine(1).function == "main.main"


def test_where_nothing_can_stop_it_from_inside_there_is_no_trace():
    with pytest.raises(GolifelabError, match=r"before the program was stopped \(time limit\)"):
        scheduling(
            Source.from_text(ENDLESS), Target(), processors=1, async_preemption=False, timeout=0.1
        )


def test_the_schedulers_own_reports_come_with_it():
    source = sample("busy").source
    value = scheduling(source, Target(), processors=2, reports=True, timeout=0.3)
    assert value.reports
    assert {len(row.queues) for row in value.reports} == {2}
    # Their times are those of the trace's clock: during the run, or just before.
    assert all(abs(at) < 10_000_000_000 for at in value.report_times)
    assert len(scheduling_payload(value)["reports"]) == len(value.reports)


def test_a_deadlock_ends_it_at_once_and_is_told_by_go():
    text = "package main\n\nfunc main() { <-make(chan int) }\n"
    value = scheduling(Source.from_text(text), Target(), timeout=60)
    assert (value.ended, value.returncode, value.cut) == ("finished", 2, "")
    assert value.said == "fatal error: all goroutines are asleep - deadlock!"
    assert value.goroutine(1).function == "main.main"
    assert headline(scheduling_payload(value)).endswith(f" The program ended: {value.said}")


def test_one_that_prints_too_much_leaves_its_trace():
    text = 'package main\n\nimport "fmt"\n\nfunc main() { for { fmt.Println("abc") } }\n'
    made = _traced(Source.from_text(text), Target())
    gathered = made.run(environment={"GODEBUG": ""}, max_output=1000)
    value = from_trace(gathered.data, gathered=gathered, main=made.main)
    assert (value.ended, value.cut) == ("output limit", "")
    assert value.goroutine(1).seconds("Running") > 0


def test_all_goroutines_are_counted_and_those_that_are_drawn(monkeypatch):
    value = recorded_scheduling()
    shown = scheduling_payload(value)
    assert "; 5 goroutines of the program, " in headline(shown)
    assert " on 1 P and 1 thread; " in headline(shown | {"threads": [1]})
    assert "; 1 goroutine of the program, " in headline(
        shown | {"own": 1, "goroutines": shown["goroutines"][:1]}
    )
    monkeypatch.setattr(schedlanes, "MAX_GOROUTINES", 3)
    few = scheduling_payload(value)
    assert len(unpack(pack(few))["goroutines"]) == 3
    assert few["hidden"]["goroutines"] == len(value.goroutines) - 3
    own = sum(not one.system for one in value.goroutines[:3])
    assert f"; 5 goroutines of the program ({own} of them are shown), " in headline(few)


def test_calls_around_the_program_have_no_name():
    named = _names("main.maiN")
    assert named("main.maiN-range1.1", "/x/main.go") == "main.main-range1.1"
    assert named("main.maiN.func1", "/x/main.go") == "main.main.func1"
    assert named("main.main", f"/x/{FILE}") == ""
    assert named("main.golifelab_after", "<autogenerated>") == ""
    assert named("main.main.golifelab_after.func1", "/go/src/sync/once.go") == ""


def test_what_is_around_the_program_is_preempted_on_its_own_account():
    busy = "for began := golifelab_time.Now(); golifelab_time.Since(began) < 60e6; {}\n"
    made = wrapped(
        Source.from_text("package main\n\nfunc main() { go func() { for {} }() }\n"),
        Target(),
        before="golifelab_trace.Start(golifelab_out)",
        after=f"{busy}golifelab_trace.Stop()",
        imports=("runtime/trace", "time"),
    )
    gathered = made.run(environment={"GOMAXPROCS": "1"}, timeout=60)
    value, raw = (from_trace(gathered.data, gathered=gathered, main=m) for m in (made.main, ""))
    assert {1} < {one.goroutine for one in raw.preemptions}
    assert value.preemptions
    assert 1 not in {one.goroutine for one in value.preemptions}


def test_columns_are_packed_as_narrow_as_they_can_be():
    for numbers, kind in (
        ([], "b"),
        ([-1, 127], "b"),
        ([128], "h"),
        ([-40_000], "i"),
        ([1 << 40, 5], "d"),
    ):
        assert kind_of(min(numbers, default=0), max(numbers, default=0)) == kind
        # However it is cut into pieces, its bytes are one text.
        pieces = (np.array(piece) for piece in (numbers[:1], numbers[1:], [], numbers))
        column = json.loads("".join(packed(pieces, kind)))
        assert column[0] == kind
        assert unpacked(column) == numbers + numbers


def test_the_page_is_also_tables():
    value = recorded_scheduling()
    shown = scheduling_payload(value)
    sent = unpack(pack(shown))
    columns = {name: unpacked(column) for name, column in sent["spans"].items()}
    assert {len(column) for column in columns.values()} == {len(value.spans)}
    assert sum(1 for by in columns["preempted"] if by == 1) == shown["signals"]
    page = str(scheduling_html(value))
    assert "<svg" not in page
    assert page.count("<table") >= 4
    assert "main.main.func1" in page
    assert "by SIGURG" in brief(value)
    assert show(value).view == "scheduler"
    assert [duration(n) for n in (5, 5_000, 5_000_000, 5_000_000_000)] == [
        "5 ns",
        "5 µs",
        "5 ms",
        "5 s",
    ]
    assert value.goroutine(1).function == "main.main"
    with pytest.raises(GolifelabError, match="no goroutine '999'"):
        value.goroutine(999)
    assert len(value.frame()) == len(value.spans)


def test_a_recording_is_the_trace_without_this_machines_names():
    value = recorded_scheduling()
    assert "recorded with go" in str(value.recorded)
    assert content_of(value, Target())["main"] == value.main
    with pytest.raises(ParseError, match="recorded trace"):
        from_content({"trace": "!", "main": "", "processors": 1, "async_preemption": True})
    longer = relabelled(value.data, lambda text: text.replace("$GOROOT", "$GOROOT/and/more"))
    from_content(content_of(value, Target()))
    assert len(longer) > len(value.data)
    assert relabelled(longer, lambda text: text.replace("/and/more", "")) == value.data
    reasons = {one.reason for one in recorded_goroutines().own}
    assert {"chan receive", "chan send", "select", "sleep", "sync.Mutex.Lock"} <= reasons
    assert "in main.receive main.go:10" in brief(recorded_goroutines())
    assert "their stacks" in show(recorded_goroutines()).value


def test_a_program_that_is_refused_says_so_in_its_own_words():
    with pytest.raises(GolifelabError, match=r"main.go:3:15: undefined: x"):
        Program.from_text("package main\n\nfunc main() { x }\n").scheduled()
