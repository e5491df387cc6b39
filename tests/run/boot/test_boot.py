"""The way to main.main: watched, told by the runtime itself, recorded; gdb sees the same."""

from __future__ import annotations

import ast
import os
import shutil
from dataclasses import replace

import pytest

from golifelab.errors import NoSuchName, ParseError
from golifelab.link.executable import Executable, link
from golifelab.load.gdb import gdb_path
from golifelab.load.hold.together import Together
from golifelab.load.hold.tracer import PtraceRefused
from golifelab.run.boot.boot import boot, boot_of, recorded_boot
from golifelab.run.boot.recorded import boot_content, boot_from
from golifelab.run.boot.stage import MAX_STOPS, Boot, Milestone, at_microseconds
from golifelab.run.inits.tasks import init_tasks
from golifelab.source import Source
from golifelab.stage import Recording
from golifelab.target import Target
from golifelab.toolchain.link import Mode
from golifelab.toolchain.run import run

# What no release has changed since Go 1.24.
ORDER = [
    "runtime.rt0_go",
    "runtime.check",
    "runtime.args",
    "runtime.osinit",
    "runtime.schedinit",
    "runtime.mallocinit",
    "runtime.gcinit",
    "runtime.procresize",
    "runtime.newproc",
    "runtime.newproc1",
    "runtime.mstart",
    "runtime.mstart0",
    "runtime.mstart1",
    "runtime.schedule",
    "runtime.execute",
    "runtime.gogo",
    "runtime.main",
    "runtime.newm",
    "runtime.doInit1",
    "runtime.gcenable",
    "main.main",
    "runtime.exit",
]
# A program that says where it may run, in its init by HOW, and then in main.main.
WHERE = """package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"unsafe"
)

// The lines that tell it, of all threads: once if they are alike.
func allowed(where string) (found string) {
	paths, _ := filepath.Glob(where)
	for _, path := range paths {
		data, _ := os.ReadFile(path)
		_, rest, _ := strings.Cut(string(data), "Cpus_allowed_list:")
		line, _, _ := strings.Cut(rest, "\\n")
		if found != line {
			found += line
		}
	}
	return
}

func asked() string {
	var mask [128]byte
	place := uintptr(unsafe.Pointer(&mask))
	syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, 128, place)
	return strings.Repeat("|", int(mask[0]))
}

func child() string {
	out, _ := exec.Command("/bin/grep", "Cpus_allowed_list", "/proc/self/status").Output()
	return string(out)
}

func read() string { return allowed("/proc/self/status") }

func tell(words string) { os.Stdout.WriteString(words + "\\n") }

func init() { tell(HOW()) }

func main() { tell(allowed("/proc/self/task/*/status")) }
"""
THREE = """package main

func main() {
	done := make(chan bool)
	for range 3 {
		go func() { done <- true }()
	}
	for range 3 {
		<-done
	}
}
"""
GDB = """
import gdb
for setting in ("debuginfod enabled off", "pagination off", "style enabled off"):
    gdb.execute("set " + setting)
gdb.execute("set backtrace past-main on")
gdb.execute("set environment GODEBUG=asyncpreemptoff=1")
gdb.execute("set environment GOMAXPROCS=1")
seen = []

class Place(gdb.Breakpoint):
    def stop(self):
        frame = gdb.selected_frame()
        name, older = self.called, frame.older()
        # Calls from assembly go through a wrapper of the same name; an inlined one has no frame.
        while older is not None and (
            (older.name() or "").removesuffix(".abi0") == name or older.type() == gdb.INLINE_FRAME
        ):
            older = older.older()
        if name not in [one[0] for one in seen]:
            caller = (older.name() if older else "") or ""
            seen.append((name, caller, int(frame.read_register("r14"))))
        return False

for name, address in PLACES.items():
    Place(f"*{address}", internal=True).called = name
gdb.execute("run > /dev/null", to_string=True)
print("SEEN", seen)
"""


def traced(program: Executable, timeout: float = 10.0) -> Boot:
    try:
        return boot_of(program, timeout=timeout)
    except PtraceRefused as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def program(hello: Source, target: Target) -> Executable:
    return link(hello, target)


@pytest.fixture(scope="module")
def seen(program: Executable) -> Boot:
    return traced(program)


def test_the_order_and_who_calls(seen: Boot, program: Executable) -> None:
    assert seen.order[0] == program.entry_symbol
    assert [name for name in seen.order if name in ORDER] == ORDER
    callers = {stop.name: stop.caller for stop in seen.milestones}
    assert callers["runtime.newproc"] == callers["runtime.mstart"] == "runtime.rt0_go"
    assert callers["runtime.gogo"] == "runtime.execute"
    assert callers["runtime.main"] == "runtime.goexit"
    assert callers["main.main"] == "runtime.main"
    assert seen.milestone("runtime.schedule").chain == (
        "runtime.mstart1",
        "runtime.mstart0",
        "runtime.mstart",
        "runtime.rt0_go",
    )
    assert (seen.exit_code, seen.cut, seen.limited) == (0, "", False)


def test_stacks_goroutines_and_threads(seen: Boot) -> None:
    entry, gogo, main = (seen.milestone(n) for n in (seen.order[0], "runtime.gogo", "runtime.main"))
    # Nothing of Go is there at first; then g0 is, on the stack that the kernel made.
    assert (entry.g, entry.m, entry.register) == (0, 0, 0)
    assert (gogo.stack, gogo.goid, gogo.thread) == ("system", 0, 0)
    assert 0 < entry.sp - gogo.sp < 64 << 10
    assert gogo.hi - gogo.lo == 64 << 10
    # gogo is where it leaves that stack.
    assert (main.stack, main.goid, main.m) == ("goroutine", 1, gogo.m)
    assert main.g != gogo.g
    assert main.register == main.g
    assert main.lo < main.sp < main.hi
    assert not gogo.lo < main.sp < gogo.hi
    assert main.hi - main.lo == 2048
    assert all(stop.lo < stop.sp <= stop.hi for stop in seen.stops if stop.g and stop.thread == 0)
    assert seen.threads > 1


def test_inits_and_calls_are_on_the_same_clock(seen: Boot, program: Executable) -> None:
    tasks = init_tasks(program)
    assert tuple(one.package for one in seen.inits) == tasks.order
    early = {task.package for task in tasks.runtime}
    assert {one.package for one in seen.inits if one.runtime} == early
    collecting = seen.milestone("runtime.gcenable").at_microseconds
    assert all((one.at_microseconds < collecting) == one.runtime for one in seen.inits)
    assert {one.goid for one in seen.inits} == {1}
    times = [at_microseconds(event) for event in seen.events]
    assert times == sorted(times)
    names = [call.name for call in seen.calls]
    assert {"mmap", "rt_sigaction", "clone", "write"} <= set(names)
    assert "exit_group" in names
    start, end = (seen.milestone(n).at_microseconds for n in ("runtime.schedinit", "main.main"))
    assert any(start < call.at < end for call in seen.calls if call.name == "mmap")
    assert all(call.at > end for call in seen.calls if call.name == "write")


def test_what_is_never_come_to(seen: Boot, newest: Target) -> None:
    assert seen.counts["runtime.goexit1"] == seen.counts["runtime.goexit0"] == 0
    assert seen.counts["main.main"] == seen.counts["runtime.exit"] == 1
    with pytest.raises(NoSuchName):
        seen.milestone("runtime.goexit0")
    none = Source.from_text("package main\n\nfunc main() {}\n")
    few, more = (traced(link(one, newest)) for one in (none, Source.from_text(THREE)))
    assert more.counts["runtime.newproc1"] - few.counts["runtime.newproc1"] == 3
    # The last one may still be ending when main is done.
    assert 2 <= more.counts["runtime.goexit1"] <= 3


@pytest.mark.parametrize("way", ["pie", "stripped", "external"])
def test_other_kinds_of_executables(hello: Source, newest: Target, way: str) -> None:
    if way == "external" and shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    mode = {
        "pie": Mode("pie"),
        "stripped": Mode("pie", flags=("-s", "-w")),
        "external": Mode(linkmode="external"),
    }[way]
    found = traced(link(hello, newest.with_(cgo=way == "external"), mode))
    assert [name for name in found.order if name in ORDER] == ORDER
    assert found.milestone("main.main").chain == ("runtime.main", "runtime.goexit")
    assert found.milestone("main.main").goid == 1
    assert "os" in [one.package for one in found.inits]


def test_a_program_without_an_end_is_ended(newest: Target) -> None:
    endless = Source.from_text("package main\n\nfunc main() {\n\tfor {\n\t}\n}\n")
    found = traced(link(endless, newest), timeout=10.0)
    assert found.exit_code is None
    assert "after main.main had begun" in found.cut
    assert found.order[-1] == "main.main"


@pytest.mark.parametrize("how", ["asked", "read", "child"])
def test_a_program_never_sees_that_it_shares_a_processor(
    newest: Target, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if len(os.sched_getaffinity(0)) == 1:
        pytest.skip("there is only one processor")
    placed = []
    place = Together._place
    monkeypatch.setattr(
        Together, "_place", lambda self, where: (placed.append(len(where)), place(self, where))
    )
    program = link(Source.from_text(WHERE.replace("HOW", how)), newest)
    alone = run([program.path], env={}).text
    assert len(alone) > len("0-1\n\n")
    shown = [call.text(1) for call in traced(program).calls if call.name == "write"]
    assert "".join(ast.literal_eval(f'"{text}"') for text in shown) == alone
    assert 1 in placed  # it did
    # Until it asks, and again after that; for good where it hands on what it has.
    assert placed.count(1) == (3 if how == "asked" else 2)


def test_a_program_that_comes_to_more_than_is_looked_at(newest: Target) -> None:
    many = Source.from_text(THREE.replace("range 3", "range 2000"))
    found = traced(link(many, newest))
    assert found.limited
    assert len(found.stops) <= MAX_STOPS + 1
    assert found.order[-1] == "runtime.exit"
    assert found.exit_code == 0


def test_a_program_that_never_comes_to_main(newest: Target) -> None:
    text = 'package main\n\nimport "os"\n\nfunc init() { os.Exit(3) }\n\nfunc main() {}\n'
    found = traced(link(Source.from_text(text), newest))
    assert found.exit_code == 3
    assert "main.main" not in found.order
    assert found.inits[-1].package == "main"


def test_gdb_sees_the_same(seen: Boot, program: Executable, tmp_path) -> None:
    if shutil.which("gdb") is None:
        pytest.skip("gdb is not installed")
    found = {name: program.function(name) or program.function(f"{name}.abi0") for name in ORDER}
    assert all(found.values())
    script = tmp_path / "places.py"
    script.write_text(
        GDB.replace("PLACES", repr({name: one.address for name, one in found.items()}))
    )
    done = run([gdb_path(), "-nx", "-batch", "-x", script, program.path], env={"LC_ALL": "C"})
    line = next((one for one in done.text.splitlines() if one.startswith("SEEN")), "")
    assert line, done.error_text
    theirs = ast.literal_eval(line.removeprefix("SEEN "))
    assert [name for name, *_ in theirs] == ORDER
    register = {name: value % (1 << 64) for name, _, value in theirs}
    for name, caller, _ in theirs:
        ours = seen.milestone(name)
        assert ours.caller == (caller or "").removesuffix(".abi0"), name
        # g0 is a variable of the program, goroutine 1 is somewhere else in each run.
        if ours.stack == "system" and ours.register:
            assert register[name] == ours.register, name
        assert bool(register[name]) == bool(ours.register), name


def test_the_runtime_itself_tells_the_same(hello: Source, target: Target, seen: Boot) -> None:
    told, watched = boot(hello, target, tier="overlay"), seen
    assert told.how == "overlay"
    assert told.order == tuple(name for name in watched.order if name in told.order)
    assert len(told.order) >= 11
    assert [one.package for one in told.inits] == [one.package for one in watched.inits]
    for one in told.milestones:
        other = watched.milestone(one.name)
        assert (one.stack, one.goid) == (other.stack, other.goid), one
        assert one.caller in ("", other.caller)
    assert told.counts.items() <= {**watched.counts, **_varying(told)}.items()
    assert told.exit_code == 0


def told_of(one: Milestone) -> tuple[object, ...]:
    """A milestone without what is another in each run: addresses, and when it was."""
    room = (one.hi - one.lo, one.hi - one.sp) if one.lo else ()
    present = bool(one.g), bool(one.m), bool(one.register), one.register == one.g
    return one.name, one.function, one.stack, one.goid, one.chain, room, present


def test_without_ptrace_all_is_the_same(program: Executable, seen: Boot) -> None:
    found = boot_of(program, tier="loop")
    assert (found.how, found.exit_code) == ("loop", 0)
    # Once main.main has begun, main's goroutine may go to another thread.
    ours, theirs = ([told_of(one) for one in boot.milestones] for boot in (found, seen))
    assert ours == theirs
    assert len(ours) > 20
    assert [replace(one, at_microseconds=0.0) for one in found.inits] == [
        replace(one, at_microseconds=0.0) for one in seen.inits
    ]
    # Of the first thread: when others begin, and what they do, is not the same every time. The
    # place of the heap is drawn by lot, and it may need a piece more.
    ours_called, theirs_called = (
        [call.name for call in boot.calls if call.thread == 0 and call.name != "mmap"]
        for boot in (found, seen)
    )
    first = ours_called.index("clone")
    assert ours_called[:first] == theirs_called[: theirs_called.index("clone")]
    assert first > 100
    assert {**found.counts, **_varying(found)} == {**seen.counts, **_varying(found)}


def _varying(told: Boot) -> dict[str, int]:
    """How often the scheduler is asked is another matter in each run."""
    names = ("runtime.schedule", "runtime.newm", "runtime.gogo")
    return {name: told.counts[name] for name in names if name in told.counts}


def test_a_recording_tells_the_same(seen: Boot) -> None:
    note = Recording("1.27.3", "2026-11-24", "golifelab record boot-hello")
    again = boot_from(boot_content(seen), note)
    assert again == replace(
        seen, how="recording", recorded=note, command=note.command, calls=again.calls
    )
    assert [call.line() for call in again.calls] == [call.line() for call in seen.calls]
    assert set(seen.frame().name) == set(seen.order)
    assert seen.to_json()["milestones"][0]["name"] == seen.order[0]
    with pytest.raises(ParseError):
        boot_from({**boot_content(seen), "calls": {}}, note)


def test_the_one_that_comes_with_the_course() -> None:
    found = recorded_boot()
    assert found.how == "recording"
    assert [name for name in found.order if name in ORDER] == ORDER
    assert found.counts["runtime.goexit0"] == 0
