"""A process that is run past many addresses: every arrival is seen, and nothing of it stays."""

from __future__ import annotations

import dataclasses
import signal
from collections import Counter

import pytest

from golifelab.errors import GolifelabError
from golifelab.link.executable import link
from golifelab.load.hold import ptrace
from golifelab.load.hold.architecture import host
from golifelab.load.hold.breakpoints import movable
from golifelab.load.hold.start import start
from golifelab.source import Source

BOOT = (
    "runtime.schedinit",
    "runtime.newproc",
    "runtime.mstart1",
    "runtime.schedule",
    "runtime.execute",
    "runtime.main",
    "runtime.doInit1",
    "runtime.gcenable",
    "main.main",
)
# Four processors, preemption by signals, and threads of their own: stops at the same time.
LIVELY = {"GODEBUG": "asyncpreemptoff=0", "GOMAXPROCS": "4"}

SIGNALLED = """package main

import (
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"
)

//go:noinline
func spin(n int) (total int) {
	for i := range n {
		total += i % 7
	}
	return total
}

func main() {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGUSR1)
	go func() {
		for {
			// At each thread: one that stands at a breakpoint is sent it as well.
			threads, _ := os.ReadDir("/proc/self/task")
			for _, thread := range threads {
				id, _ := strconv.Atoi(thread.Name())
				pid, number := uintptr(syscall.Getpid()), uintptr(syscall.SIGUSR1)
				syscall.RawSyscall(syscall.SYS_TGKILL, pid, uintptr(id), number)
			}
			time.Sleep(20 * time.Microsecond)
		}
	}()
	var group sync.WaitGroup
	for range 4 {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range 300 {
				spin(i)
			}
		}()
	}
	group.Wait()
}
"""


def counted(executable, places, *, environment=None, called=None):
    """How often each place was arrived at, and how the process ended."""
    hits: list[str] = []
    with start(executable, hold="exec", tier="ptrace", environment=environment) as process:
        held = process.run_through(places, lambda stop: hits.append(stop.place), called=called)
        assert not held
        return hits, process.resume()


def test_the_boot_in_order(program):
    hits, finished = counted(program, BOOT)
    first = list(dict.fromkeys(hits))
    assert first == [*BOOT[:6], *[name for name in first if name in BOOT[6:8]], "main.main"]
    counts = Counter(hits)
    # The others may begin twice: a function whose stack must grow starts again on the new one.
    assert counts["runtime.schedinit"] == 1
    assert finished.returncode == 0
    assert finished.output.splitlines()[0] == "0 two 0"


@pytest.mark.parametrize("moving", [True, False])
def test_no_arrival_is_missed(busy, monkeypatch, moving):
    from golifelab.load.hold import breakpoints

    if not moving:  # as on processors where an instruction can't be executed elsewhere
        monkeypatch.setattr(breakpoints, "movable", lambda _code: 0)
    hits, finished = counted(busy, ["main.work", "main.last"], environment=LIVELY)
    assert Counter(hits)["main.work"] == 64  # needs so little stack that it never begins twice
    assert hits[-1] == "main.last"
    assert (finished.returncode, finished.output[:6]) == (0, "total ")


def test_held_now_and_then_no_arrival_is_missed_or_told_twice(busy):
    hits: list[str] = []

    def seen(stop):
        hits.append(stop.place)
        return len(hits) % 5 == 0

    with start(busy, hold="exec", tier="ptrace", environment=LIVELY) as process:
        while process.run_through(["main.work", "main.last"], seen):
            text = busy.image.section(".text")
            assert process.memory(text.address, text.size) == busy.bytes_at(text.address, text.size)
        assert process.resume().returncode == 0
    assert Counter(hits) == {"main.work": 64, "main.last": 1}


@pytest.mark.skipif(host().name != "amd64", reason="nothing is executed aside")
def test_no_signal_finds_a_thread_where_no_function_is(newest):
    program = link(Source.from_text(SIGNALLED), newest)
    hits: Counter[str] = Counter()
    found = set()

    def seen(stop):
        hits[stop.place] += 1
        if stop.place == "runtime.sighandler":  # its third argument is a struct ucontext
            found.add(stop.word(stop.registers["rcx"] + 168))

    # The second has a first instruction that can't be executed aside.
    with start(program, hold="exec", tier="ptrace", environment=LIVELY) as process:
        assert not process.run_through(["main.spin", "runtime.sighandler"], seen)
        assert process.resume().returncode == 0
    assert hits["main.spin"] == 1200
    assert len(found) > 2
    assert [place for place in found if program.bytes_at(place, 1) == b"\xcc"] == []


def test_held_on_the_way_nothing_of_ours_is_left(program):
    main = program.function("main.main").address
    shown = []
    with start(program, hold="exec", tier="ptrace") as process:

        def seen(stop):
            shown.append((stop.memory(main, 16), stop.word(stop.sp)))
            return stop.place == "main.main"

        assert process.run_through(["runtime.main", "main.main"], seen)
        assert process.held_at == "main.main"
        assert process.registers()[host().pc] == main
        original = program.bytes_at(main, 16)
        assert process.memory(main, 16) == original
        assert [code for code, _ in shown] == [original] * 2
        assert program.pclntab.find(shown[1][1]).name == "runtime.main"
        text = program.image.section(".text")
        held = process.memory(text.address, text.size)
        assert held == program.bytes_at(text.address, text.size)
        # It goes on from where it stands, and only comes there again if its stack must grow.
        places = ["main.main", "main.add"]
        assert process.run_through(places, lambda stop: stop.place == "main.add")
        assert process.held_at == "main.add"
        assert process.run_to("main.add")
        assert process.resume().returncode == 0


def test_every_kind_of_executable(kind):
    entry = kind.entry
    hits, finished = counted(kind, [entry, "runtime.main", "main.main"])
    assert hits == [entry, "runtime.main", "main.main"]
    assert finished.returncode == 0


def test_system_calls_on_the_same_way(program):
    entered: list[int] = []

    def called(thread: int) -> None:
        entry, number, _ = ptrace.call_stop(thread)
        if entry:
            entered.append(number)

    hits, finished = counted(program, ["main.main"], called=called)
    assert hits == ["main.main"]
    assert len(entered) > 20
    lines = finished.output.splitlines()
    assert entered.count(host().write) == len(lines)  # fmt.Println writes a line at once


def test_a_function_that_faults_at_once(newest):
    text = (
        'package main\n\nimport "fmt"\n\n//go:noinline\nfunc bad(p *int) int { return *p }\n\n'
        "func main() {\n\tdefer func() { fmt.Println(recover()) }()\n\tbad(nil)\n}\n"
    )
    program = link(Source.from_text(text), newest)
    hits, finished = counted(program, ["main.bad"])
    assert hits[0] == "main.bad"
    assert "nil pointer" in finished.output


def test_a_place_that_is_not_there(program):
    with start(program, hold="exec", tier="ptrace") as process:
        with pytest.raises(GolifelabError, match=r"main\.nobody"):
            process.run_through(["main.nobody"], lambda _stop: None)
        with pytest.raises(GolifelabError, match="no code"):
            process.run_through([64], lambda _stop: None)


def test_a_program_that_ends_itself_by_force(newest):
    text = (
        'package main\n\nimport "syscall"\n\nfunc main() {\n'
        "\tsyscall.Kill(syscall.Getpid(), syscall.SIGKILL)\n\tselect {}\n}\n"
    )
    hits, finished = counted(link(Source.from_text(text), newest), ["main.main", "runtime.exit"])
    assert hits == ["main.main"]
    assert finished.returncode == -signal.SIGKILL


def test_the_lengths_of_instructions_are_the_disassemblers(program):
    capstone = pytest.importorskip("capstone")
    if host().name != "amd64":
        pytest.skip("only amd64's have different lengths")
    engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    known = 0
    for function in program.functions:
        code = program.bytes_at(function.address, 15)
        judged = next(engine.disasm(code, function.address), None)
        length = movable(code)
        known += bool(length)
        if judged is not None and length:
            assert (length, "rip" in judged.op_str) == (judged.size, False), function.name
    assert known > 0.8 * len(program.functions)


def test_without_debug_registers_threads_that_struck_go_back(busy, monkeypatch):
    from golifelab.load.hold import tracer

    plain = dataclasses.replace(host(), debug_offset=0)
    monkeypatch.setattr(tracer, "host", lambda: plain)
    with start(busy, hold="main.last", tier="ptrace", environment=LIVELY) as process:
        code = process.memory(busy.function("main.work").address, 16)
        assert code == busy.bytes_at(busy.function("main.work").address, 16)
        assert process.resume().returncode == 0
