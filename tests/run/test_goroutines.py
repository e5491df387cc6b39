"""Goroutines: the runtime's tracebacks read, asked for at a moment, and read in a held process."""

from __future__ import annotations

import pytest

from golifelab import Program, sample
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.run.tracebacks import parse_traceback

TEXT = """\
package main

import (
	"sync"
	"time"
)

func wait(c chan int) { <-c }

func main() {
	c := make(chan int)
	go wait(c)
	go func() { select {} }()
	go time.Sleep(time.Hour)
	var m sync.Mutex
	m.Lock()
	m.Lock()
}
"""


def test_states_reasons_and_stacks_at_a_moment(target):
    found = Program.from_text(TEXT, target=target).goroutines(0.6)
    by = {one.function: one for one in found.own}
    waiting = by["main.main.gowrap1"]
    assert (found.how, found.said, found.ended) == ("traceback", "SIGQUIT: quit", "finished")
    assert (waiting.state, waiting.reason) == ("waiting", "chan receive")
    assert waiting.waits_in.function == "main.wait"
    assert str(waiting.waits_in.position) == "main.go:8"
    assert (waiting.creator, str(waiting.created_by)) == (1, "main.go:12")
    assert by["main.main.func1"].reason == "select (no cases)"
    assert by["main.main"].reason == "sync.Mutex.Lock"
    assert [call.function for call in by["main.main"].frames][-2:] == [
        "runtime.main",
        "runtime.goexit",
    ]
    assert by["main.main"].frames[0].address in range(0x400000, 0x600000)
    assert any(one.reason == "force gc (idle)" for one in found if one.system)
    assert found[1] is by["main.main"]
    with pytest.raises(GolifelabError, match="there is no goroutine '99999'"):
        found[99999]


def test_a_program_that_ends_leaves_its_own_traceback_or_none():
    found = sample("scheduler").goroutines(5.0)
    assert found.said == "panic: look around"
    assert found[1].state == "running"
    assert found.seconds < 5
    with pytest.raises(GolifelabError, match="without a traceback"):
        sample("hello").goroutines(5.0)


def test_in_a_held_process_all_are_where_they_were():
    try:
        found = Program.from_text(TEXT).goroutines(hold="main.main")
    except FeatureUnavailable as error:
        pytest.skip(f"ptrace is refused here: {error.remedy}")
    assert found.how == "held"
    assert found[1].state == "running"
    assert found[1].frames[0].function == found.held_at
    assert any(one.reason == "force gc (idle)" for one in found)


def test_every_form_of_a_header_is_read():
    text = """\
panic: x
goroutine 7 gp=0xc0001 m=3 mp=0xc0002 [chan send (scan), 12 minutes, locked to thread] {k: "v"}:
main.(*T[...]).f(0x1, {0x2, 0x3})
\t/a b/main.go:12 +0x25 fp=0x1 sp=0x2 pc=0x401234
created by main.main in goroutine 1
\t/a b/main.go:9 +0x1a

goroutine 8 [running]:
\tgoroutine running on other thread; stack unavailable
created by main.main
\t/x.go:1 +0x1

goroutine 8 [running]:
main.again()
\tx.go:1
"""
    one, two = parse_traceback(text)
    assert (one.id, one.state, one.reason, one.minutes) == (7, "waiting", "chan send", 12)
    assert (one.locked, one.thread, one.address, one.creator) == (True, 3, 0xC0001, 1)
    (call,) = one.frames
    assert (call.function, call.arguments) == ("main.(*T[...]).f", "0x1, {0x2, 0x3}")
    assert (str(call.position), call.address) == ("/a b/main.go:12", 0x401234)
    assert (two.id, two.state, two.frames, two.creator) == (8, "running", (), 0)
    # However it is cut, it is read as far as it goes.
    assert all(len(parse_traceback(text[:end])) <= 2 for end in range(len(text)))
