"""The runtime's types, variables and lists: gdb, the kernel and the program itself say the same."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest

from golifelab.errors import FeatureUnavailable, GolifelabError, NoSuchName
from golifelab.link.elf.image import Image
from golifelab.link.executable import Executable, link
from golifelab.load.gdb import gdb_path
from golifelab.load.hold.process import Process
from golifelab.load.hold.start import start
from golifelab.load.runtime.dwarftypes import STRUCT, DwarfTypes
from golifelab.load.runtime.layouts import Layouts
from golifelab.load.runtime.listing import goroutines, processors, threads
from golifelab.load.runtime.structures import OWN, TWIN, structures
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.link import Mode
from golifelab.toolchain.run import run

TYPES = ("runtime.g", "runtime.m", "runtime.p", "runtime.mheap", "runtime.mspan", "runtime.gobuf")
VARIABLES = ("runtime.allgs", "runtime.allm", "runtime.allp", "runtime.mheap_", "runtime.sched")
WAITING = """package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

var lock sync.Mutex

//go:noinline
func parked(text []byte) { fmt.Printf("%s", text) }

func main() {
	lock.Lock()
	go func() { select {} }()
	go func() { <-make(chan int) }()
	go func() { make(chan int) <- 1 }()
	go func() { time.Sleep(time.Hour) }()
	go func() { lock.Lock() }()
	go func() {
		runtime.LockOSThread()
		for {
			time.Sleep(time.Hour)
		}
	}()
	for range 100 {
		runtime.Gosched()
		time.Sleep(time.Microsecond)
	}
	text := make([]byte, 1<<16)
	parked(text[:runtime.Stack(text, true)])
}
"""


def held(program: Executable, where: str) -> Process:
    try:
        return start(program, hold=where, tier="ptrace")
    except FeatureUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def waiting(target: Target) -> Executable:
    return link(Source.from_text(WAITING), target)


def test_every_field_is_where_gdb_sees_it(program: Executable) -> None:
    if shutil.which("gdb") is None:
        pytest.skip("gdb is not installed")
    known = structures(program)
    assert known.how == OWN
    wanted = [(name, field) for name in TYPES for field in known.fields(name) if field.name != "_"]
    words = [gdb_path(), "-nx", "-batch", "-ex", "set debuginfod enabled off"]
    words += ["-ex", "set language c", "-ex", "set pagination off"]
    for name, field in wanted:
        words += ["-ex", f"print (long)&((struct '{name}'*)0)->{field.name}"]
    done = run([*words, program.path], env={"LC_ALL": "C"})
    theirs = [int(found) for found in re.findall(r"^\$\d+ = (\d+)$", done.text, re.MULTILINE)]
    assert theirs == [field.offset for _, field in wanted], done.error_text[:500]
    assert len(theirs) > 200


def test_goroutines_are_those_of_the_programs_own_traceback(waiting: Executable) -> None:
    with held(waiting, "main.parked") as process:
        found = [one for one in goroutines(process) if one.status != "dead" and not one.system]
        on_threads, all_processors = threads(process), processors(process)
        tasks = {int(task.name) for task in Path(f"/proc/{process.pid}/task").iterdir()}
        maps = process.maps
        text = process.resume().output
    told = re.findall(
        r"^goroutine (\d+)(?: gp=\S+ m=\S+(?: mp=\S+)?)? \[([^\],]*)", text, re.MULTILINE
    )
    assert {number for number, _ in told} == {str(one.goid) for one in found}
    reasons = {str(one.goid): one.wait_reason or one.status for one in found}
    assert dict(told) == reasons
    assert {"select (no cases)", "chan receive (nil chan)", "sleep", "running"} - set(
        reasons.values()
    ) <= {"chan receive (nil chan)"}
    started = dict(re.findall(r"created by (\S+) in goroutine (\d+)", text))
    assert set(started) == {one.created_by for one in found if one.parent}
    main = next(one for one in found if one.goid == 1)
    assert (main.start, main.parent) == ("runtime.main", 0)
    for one in found:
        assert one.lo < one.hi
        assert one.stack_size & (one.stack_size - 1) == 0
        assert one.status == "running" or one.lo < one.sp < one.hi
        assert any(row.start <= one.lo < one.hi <= row.end for row in maps.rows)
    assert {one.tid for one in on_threads if one.tid} == tasks
    first = on_threads[0]
    assert (first.id, first.tid) == (0, process.pid)
    at_work = next(one for one in on_threads if one.goid == 1)
    assert (at_work.tid, at_work.current) == (main.thread, main.address)
    assert first.hi - first.lo == 64 << 10
    assert {one.hi - one.lo for one in on_threads[1:]} == {16 << 10}
    assert {one.signal_hi - one.signal_lo for one in on_threads} == {32 << 10}
    assert any(one.start == "runtime.sysmon" for one in on_threads)
    assert [(one.id, one.status, one.m) for one in all_processors] == [(0, "running", at_work.id)]


@pytest.mark.parametrize("buildmode", ["exe", "pie"])
def test_without_symbols_the_variables_are_found_by_the_code(
    hello: Source, target: Target, buildmode: str
) -> None:
    whole = link(hello, target, Mode(buildmode))
    bare = link(hello, target, Mode(buildmode, flags=("-s", "-w")))
    known = structures(bare)
    assert (structures(whole).how, known.how) == (OWN, TWIN)
    for name in VARIABLES:
        symbol = whole.symbol(name)
        assert symbol is not None
        assert known.variable(name) == symbol.address == structures(whole).variable(name)
    for name in TYPES:
        assert known.layout(name).size == structures(whole).layout(name).size
    if buildmode == "pie":
        with held(bare, "main.main") as process:
            assert [one.goid for one in goroutines(process)][:2] == [1, 2]
            reasons = {one.wait_reason for one in goroutines(process)}
        assert "GC scavenge wait" in reasons


def test_nothing_is_listed_before_the_runtime_has_begun(program: Executable) -> None:
    with held(program, "exec") as process:
        assert (goroutines(process), threads(process), processors(process)) == ((), (), ())


def test_another_processor_and_names_that_are_none(hello: Source, newest: Target) -> None:
    known = structures(link(hello, newest.with_(goarch="arm64")))
    here = structures(link(hello, newest))
    # Both have eight bytes a word; only what concerns registers and signals differs.
    assert known.offset("runtime.g", "goid") == here.offset("runtime.g", "goid")
    bare = link(hello, newest.with_(goarch="arm64"), Mode(flags=("-s", "-w")))
    for name in VARIABLES:
        assert structures(bare).variable(name) == known.variable(name)
    with pytest.raises(GolifelabError, match="no type"):
        here.layout("runtime.nothing")
    with pytest.raises(NoSuchName):
        here.offset("runtime.g", "stack.middle")
    with pytest.raises(NoSuchName):
        here.offset("runtime.mheap", "central[9999]")
    with pytest.raises(GolifelabError, match="no variable"):
        here.variable("runtime.nothing")


def test_damaged_debug_information_is_an_error_or_nothing(hello: Source, newest: Target) -> None:
    plain = link(hello, newest, Mode(flags=("-compressdwarf=false",)))
    sections = {name: plain.image.section(name) for name in (".debug_info", ".debug_abbrev")}
    good = plain.image.data
    entry = DwarfTypes(plain.image).find("runtime.g", frozenset((STRUCT,)))
    info = sections[".debug_info"]
    assert entry is not None
    assert info is not None
    place = info.offset + entry.offset
    generator = random.Random(6)
    said = 0
    for turn in range(120):
        data = bytearray(good)
        section = sections[".debug_info" if turn % 2 else ".debug_abbrev"]
        assert section is not None
        for _ in range(3):
            start = place if turn % 2 else section.offset
            at = start + generator.randrange(700 if turn % 2 else section.file_size)
            data[at] = generator.randrange(256)
        try:
            Layouts(DwarfTypes(Image(plain.path, bytes(data)))).named("runtime.g")
        except GolifelabError:
            said += 1
    assert said
    packed = link(hello, newest).image
    section = packed.section(".debug_info")
    assert section is not None
    data = bytearray(packed.data)
    data[section.offset + 200] ^= 0xFF
    with pytest.raises(GolifelabError):
        DwarfTypes(Image(packed.path, bytes(data)))
