"""A process's memory at four moments, judged by the kernel, the file, gdb and the program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from golifelab.errors import FeatureUnavailable, NoSuchName
from golifelab.link.executable import Executable, link
from golifelab.load.gdb import gdb_path
from golifelab.load.hold.noticed import NoticedProcess
from golifelab.load.hold.overlay.building import overlaid
from golifelab.load.hold.start import CALM, start
from golifelab.load.memory.maps import PAGE, parse_maps
from golifelab.load.memory.residency import ABSENT, FAULT_AROUND, FILE
from golifelab.load.moments.difference import fault_windows
from golifelab.load.moments.looking import moment
from golifelab.load.moments.plain import moments_from
from golifelab.load.moments.regions import KINDS
from golifelab.load.moments.stage import MOMENTS, Moment, Moments
from golifelab.load.moments.taking import moments_of, recorded_moments
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.run import run

OURS = Path(__file__).parents[2]
# It prints its own mappings, without the heap having to grow for that.
MIRROR = """package main

import (
	"os"
	"syscall"
)

var room [1 << 18]byte

func main() {
	file, _ := syscall.Open("/proc/self/maps", syscall.O_RDONLY, 0)
	count := 0
	for {
		read, _ := syscall.Read(file, room[count:])
		if read <= 0 {
			break
		}
		count += read
	}
	os.Stdout.Write(room[:count])
}
"""
ENDLESS = "package main\n\nfunc main() {\n\tfor {\n\t}\n}\n"
KILLED = """package main

import "syscall"

func main() { syscall.Kill(syscall.Getpid(), syscall.SIGKILL) }
"""
MAPPED = """package main

import (
	"os"
	"syscall"
)

func main() {
	own, _ := syscall.Mmap(-1, 0, 3<<20, 3, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	own[1<<20] = 1
	file, _ := os.Open("/proc/self/exe")
	seen, _ := syscall.Mmap(int(file.Fd()), 0, 8192, 1, syscall.MAP_SHARED)
	println(seen[1], own[0])
}
"""
WIDE = """package main

var wide [300 << 20]byte

func main() {
	for i := 0; i < len(wide); i += 30 << 20 {
		wide[i] = 1
	}
	println(wide[7])
}
"""
LARGE = """package main

import (
	"fmt"
	"runtime"
)

var kept [][]byte

func main() {
	for range 100 {
		kept = append(kept, make([]byte, 1<<20))
		go func() { select {} }()
	}
	runtime.Gosched()
	runtime.GC()
	fmt.Println(len(kept))
}
"""


@pytest.fixture(scope="module")
def found(hello: Source, target: Target) -> Moments:
    return moments_of(link(hello, target), tier="ptrace")


def sound(one: Moment) -> None:
    """What must be true of every moment, whatever the program is."""
    for row, smap in zip(one.rows, one.smaps, strict=True):
        counts = one.counts(row)
        # Two files of the kernel that know nothing of each other: pagemap and smaps.
        assert (counts["file"] + counts["private"]) * PAGE == smap.rss, row
        assert counts["private"] * PAGE == smap.anonymous, row
        assert row.kind in KINDS
        assert row.kind != "other", row
        assert all(part.kind != "other" for part in one.parts(row)), one.parts(row)
        assert sum(part.size for part in one.parts(row)) in (0, row.size)
    assert one.writable_code == ()
    totals = one.totals
    assert totals.mapped == totals.reserved + totals.committed
    assert totals.resident == totals.file + totals.private


def test_everything_has_a_name_and_the_kernels_sums_agree(found: Moments):
    assert [one.name for one in found] == list(MOMENTS)
    assert found.how == "ptrace"
    assert not found.notes
    for one in found:
        sound(one)


def test_pages_come_when_they_are_touched(found: Moments):
    at_exec, schedinit, main, end = found
    code = at_exec.of_kind("code")[0]
    # The kernel has not read one page of code; the part of a page that has to be zero it has.
    assert not any(at_exec.pages(code))
    assert at_exec.counts(at_exec.of_kind("data")[0])["private"] == 1
    resident = [one.totals.resident for one in found]
    assert resident == sorted(resident)
    # Whole windows of 16 pages, or what there is of one.
    windows = fault_windows(schedinit, code)
    assert 1 < len(windows) < len(fault_windows(end, code))
    span = FAULT_AROUND * PAGE
    for window, count in windows:
        assert count == min(
            FAULT_AROUND, (min(code.end, window + span) - max(code.start, window)) // PAGE
        )
    assert main.totals.mapped > 100 * main.totals.committed / 10 > main.totals.resident
    assert found.difference("main.main", "exit").left == ()


def test_what_the_runtime_took_between_two_moments(found: Moments):
    change = found.difference("schedinit", "main.main")
    assert change.grown["mapped"] == sum(
        c.end - c.start for c in change.changes if not c.before
    ) - sum(c.end - c.start for c in change.changes if not c.after)
    kinds = {c.kind for c in change.changed("mapped")}
    assert {"heap", "arena index", "page summary"} <= kinds
    assert {c.kind for c in change.changed("reserved")} >= {"heap reserve", "page summary"}
    # Some variables were written: the file's page became a copy.
    data = found["main.main"].of_kind("data")[0]
    assert change.copied
    assert all(data.start <= page < data.end for page in change.copied)
    before, after = found["schedinit"], found["main.main"]
    assert all(before.page(page) in ("absent", "not mapped") for page in change.arrived)
    assert all(after.page(page) != "absent" for page in change.arrived)
    assert found.difference("exec", "exec").changes == ()


def test_segments_of_the_file_are_the_mappings(hello: Source, target: Target, found: Moments):
    program = link(hello, target)
    readelf = shutil.which("readelf")
    if readelf is None:
        pytest.skip("readelf is not installed")
    text = run([readelf, "-lW", str(program.path)]).text
    pattern = r"LOAD\s+0x\w+ 0x(\w+) 0x\w+ 0x\w+ 0x(\w+) ([RWE ]{3})"
    for address, size, flags in re.findall(pattern, text):
        start_, end = (
            int(address, 16) // PAGE * PAGE,
            -(-(int(address, 16) + int(size, 16)) // PAGE) * PAGE,
        )
        rows = [row for row in found["exec"] if row.start < end and start_ < row.end]
        assert (rows[0].start, rows[-1].end) == (start_, end)
        assert all(("x" in row.permissions) == ("E" in flags) for row in rows)
        assert all(("w" in row.permissions) == ("W" in flags) for row in rows)


def test_the_heap_is_made_of_spans_and_stacks_lie_in_it(found: Moments):
    main = found["main.main"]
    heap = main.of_kind("heap")[0]
    assert main.spans
    assert all(heap.start <= span.start < span.end <= heap.end for span in main.spans)
    pairs = zip(main.spans, main.spans[1:], strict=False)
    assert all(one.end <= other.start for one, other in pairs)
    first = next(stack for stack in main.stacks if "runtime.main" in stack.name)
    assert first.kind == "goroutine stack"
    span = next(span for span in main.spans if span.start <= first.start < span.end)
    assert span.kind == "stacks and the like"
    system = next(stack for stack in main.stacks if "thread 0 (g0)" in stack.name)
    place = main.at(system.start)
    assert place is not None
    assert place.path == "[stack]"
    assert system.size <= 65536


def test_looking_brings_nothing_into_memory(hello: Source, newest: Target):
    program = link(hello, newest)
    with start(program, hold="main.main", tier="ptrace") as process:
        first = moment(process, "main.main")
        second = moment(process, "main.main")
        assert first.states == second.states
        assert (first.rows, first.regions) == (second.rows, second.regions)
        status = Path(f"/proc/{process.pid}/status").read_text()
    kilobytes = dict(re.findall(r"^(Vm\w+):\s+(\d+) kB$", status, re.MULTILINE))
    assert int(kilobytes["VmSize"]) << 10 == first.totals.mapped
    assert int(kilobytes["VmRSS"]) << 10 == first.totals.resident


def test_the_program_sees_the_same(newest: Target):
    program = link(Source.from_text(MIRROR), newest)
    with start(program, hold="runtime.exit", tier="ptrace") as process:
        seen = moment(process, "exit")
        told = parse_maps(process.resume().output.encode())
    assert [(row.start, row.end, row.permissions) for row in told] == [
        (row.start, row.end, row.permissions) for row in seen
    ]


def test_gdb_sees_the_same_at_exec(hello: Source, newest: Target, found: Moments):
    try:
        words = [gdb_path(), "-nx", "-batch", "-ex", "set debuginfod enabled off"]
    except FeatureUnavailable as error:
        pytest.skip(str(error))
    program = link(hello, newest)
    words += ["-ex", "starti", "-ex", "info proc mappings", str(program.path)]
    text = run(words, env={"HOME": "/nonexistent", "LC_ALL": "C"}, timeout=60).text
    rows = re.findall(r"^\s*0x(\w+)\s+0x(\w+)\s+0x\w+\s+0x\w+\s+(\S{4})", text, re.MULTILINE)
    if not rows:
        pytest.skip("gdb may not trace here")
    ours = moments_of(program, tier="ptrace")["exec"]
    fixed = {(r.start, r.end, r.permissions) for r in ours if r.sections}
    theirs = {(int(start_, 16), int(end, 16), rights) for start_, end, rights in rows}
    assert fixed <= theirs
    assert len(theirs) == len(ours)


@pytest.fixture(scope="module", params=["loop", "overlay", "pipe"])
def quietly(request: pytest.FixtureRequest, hello: Source, target: Target) -> Moments:
    changed = (lambda: overlaid(hello, target)) if request.param == "overlay" else None
    return moments_of(link(hello, target), changed=changed, tier=request.param)


def test_without_ptrace_it_is_the_same(quietly: Moments, found: Moments):
    expected = ["exec", "main.main"] if quietly.how == "pipe" else list(MOMENTS)
    assert [one.name for one in quietly] == expected
    assert quietly.notes
    for one in quietly:
        sound(one)
        other = found[one.name]
        # Which neighbours the kernel joins is chance; what the runtime has is not.
        assert {region.kind for region in one.regions} == {r.kind for r in other.regions}
        for kind in ("code", "read-only data", "data"):
            pages, others = one.pages(one.of_kind(kind)[0]), other.pages(other.of_kind(kind)[0])
            assert abs(pages.count(ABSENT) - others.count(ABSENT)) <= FAULT_AROUND


def test_an_unchanged_program_stands_still_before_its_first_instruction(program: Executable):
    with NoticedProcess(program, (), CALM, 10.0) as process:
        one = moment(process, "exec")
        where = Path(f"/proc/{process.pid}/syscall").read_text().split()
        assert int(where[-1], 16) == program.entry
        assert FILE not in one.pages(one.of_kind("code")[0])
        done = process.resume()
    assert done.returncode == 0
    assert "one" in done.output


WITHOUT = """
import sys
from golifelab import Program
program = Program.from_text(sys.stdin.read())
found, boot = program.moments, program.boot
print(found.how, *(f"{one.name}={one.how}" for one in found))
print(boot.how, "runtime.gogo" in boot.order, boot.exit_code, len(boot.calls) > 100)
print(program.goroutines(hold="main.main")[1].frames[0].function, len(program.stack_copies.rows))
"""
LEFT = """
import sys, time
from golifelab.link.executable import executable
from golifelab.load.hold.noticed import NoticedProcess
process = NoticedProcess(executable(sys.argv[1]), (), {}, 10.0)
print(process.pid, flush=True)
time.sleep(60)
"""


def test_where_ptrace_is_refused(hello: Source, deny_ptrace: Path):
    words = [str(deny_ptrace), sys.executable, "-c", WITHOUT]
    environment = {**os.environ, "PYTHONPATH": str(OURS)}
    done = subprocess.run(
        words, env=environment, input=hello.text(), capture_output=True, text=True, timeout=120
    )
    told = "loop exec=signal schedinit=loop main.main=loop exit=loop\n"
    assert done.stdout == f"{told}loop True 0 True\nmain.main 1\n", done.stderr


def test_nothing_survives_the_death_of_its_parent(program: Executable):
    environment = {**os.environ, "PYTHONPATH": str(OURS)}
    words = [sys.executable, "-c", LEFT, str(program.path)]
    child = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    pid = int(child.stdout.readline())
    folder = Path(f"/proc/{pid}")
    assert folder.exists()
    child.kill()
    child.communicate(timeout=10)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _lives(folder):
        time.sleep(0.01)
    assert not _lives(folder)


def _lives(folder: Path) -> bool:
    try:
        return folder.joinpath("stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def test_other_kinds_of_programs(kind: Executable):
    for one in moments_of(kind, tier="ptrace"):
        sound(one)
        assert one.bias % PAGE == 0


def test_a_large_heap(newest: Target):
    found = moments_of(link(Source.from_text(LARGE), newest), tier="ptrace", patience=10)
    end = found["exit"]
    sound(end)
    assert sum(span.size for span in end.stacks if span.kind == "goroutine stack") >= 100 * 2048
    assert sum(1 for span in end.spans if span.element == 1 << 20) == 100
    # A megabyte that nobody wrote to is a promise.
    assert end.totals.resident < 100 << 20 < end.totals.committed


def test_what_the_program_mapped_itself_is_nobody_elses(newest: Target):
    found = moments_of(link(Source.from_text(MAPPED), newest), tier="ptrace")
    assert not [row for row in found["main.main"] if row.kind == "other"]
    end = found["exit"]
    rows = [part for row in end for part in (end.parts(row) or (row,))]
    own = [part for part in rows if part.kind == "other"]
    assert [part.size for part in own] == [3 << 20]
    assert any(row.name == "the executable's file, mapped once more" for row in end)


def test_more_than_is_asked_for_at_once(newest: Target):
    end = moments_of(link(Source.from_text(WIDE), newest), tier="ptrace")["exit"]
    zeroed = end.of_kind("zeroed data")[0]
    assert zeroed.size > 300 << 20
    assert end.counts(zeroed)["private"] == end.smap(zeroed).anonymous // PAGE >= 10


def test_a_program_that_is_killed(newest: Target):
    found = moments_of(link(Source.from_text(KILLED), newest), tier="ptrace")
    assert [one.name for one in found] == list(MOMENTS[:3])
    assert found.notes == ("it ended before exit",)


def test_a_program_without_an_end(newest: Target):
    program = link(Source.from_text(ENDLESS), newest)
    found = moments_of(program, tier="ptrace", patience=0.2)
    assert found["exit"].held_at == "still running after 0.2 s"
    assert "did not come to exit" in found.notes[0]
    sound(found["exit"])


def test_as_plain_data_and_back(found: Moments):
    plain = found.to_json()
    back = moments_from(plain, None)
    assert back.to_json()["moments"] == plain["moments"]
    assert back["exit"].totals == found["exit"].totals
    assert back["main.main"].touched == found["main.main"].touched
    recorded = recorded_moments()
    assert recorded.recorded is not None
    assert recorded.how == "recording"
    for one in recorded:
        sound(one)
    assert len(found.frame()) == sum(len(one) for one in found)
    with pytest.raises(NoSuchName):
        found["nowhere"]
