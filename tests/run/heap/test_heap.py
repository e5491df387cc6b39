"""A program's heap, watched: counts that are known beforehand, and every way to end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from golifelab import Program, sample
from golifelab.errors import CompileFailed, FeatureUnavailable
from golifelab.load.memory.maps import Mapping
from golifelab.run.heap import heap as module
from golifelab.run.heap.arenas import ARENA, Arena, arenas
from golifelab.run.heap.gctrace import parse_gctrace, parse_scavtrace
from golifelab.run.heap.heap import DEFAULT_RATE, Heap, heap
from golifelab.run.heap.recording import recorded_heap
from golifelab.run.wrapped import Wrapped

COUNTED = """package main

import "os"

var kept [][]byte

func keep() {
	kept = append(kept, make([]byte, 4096))
}

func main() {
	for range 1000 {
		keep()
	}
	END
}
"""


def counted(end, target):
    return Program.from_text(COUNTED.replace("END", end), target=target)


def of(run, name, kind):
    column = run.profile.column(kind)
    return sum(
        int(run.profile.values[row, column])
        for row, stack in enumerate(run.profile.stacks)
        if stack and run.profile.frames[stack[0]].function == name
    )


@pytest.fixture(scope="module")
def keeper(target):
    return sample("keeper", target=target).heap


def test_every_object_is_counted(target):
    run = counted("os.Exit(0)", target).heap
    assert run.ended == ""
    lines = {
        frame.line for frame in run.profile.frames if frame.function == "main.keep" and frame.line
    }
    assert lines == {8}
    # A thousand pieces, and the growing array of pointers to them.
    assert 1000 < of(run, "main.keep", "alloc_objects") < 1030
    assert of(run, "main.keep", "alloc_space") >= 1000 * 4096
    assert of(run, "main.keep", "left_space") >= 1000 * 4096
    names = {frame.function for frame in run.profile.frames}
    assert "main.main" in names
    assert not any("golifelab" in name for name in names)
    assert all(not frame.file.startswith("/") for frame in run.profile.frames)


def test_what_dies_is_told_from_what_stays(keeper):
    assert keeper.frame()["function"][0] == "main.garbage"
    assert of(keeper, "main.garbage", "alloc_space") > 80_000 * 1024
    assert of(keeper, "main.garbage", "left_space") < 64 << 10
    # The slice was made short, and yet everything that it once held stays alive.
    assert of(keeper, "main.store", "left_space") > 4000 * 4096
    assert keeper.profile.total("inuse_space") >= keeper.profile.total("left_space")
    assert len(keeper.collections) >= 3
    assert [one.number for one in keeper.collections] == sorted(
        one.number for one in keeper.collections
    )
    assert not any(one.forced for one in keeper.collections)
    assert keeper.scavenges
    assert keeper.samples[-1].cycles >= len(keeper.collections)
    assert max(one.live for one in keeper.samples) > 12 << 20
    begin, last = (sum(one.committed for one in keeper.arenas[name]) for name in ("begin", "last"))
    assert 4 << 20 <= begin < last
    assert all(one.reserved == ARENA for rows in keeper.arenas.values() for one in rows)
    assert list(keeper.memory().columns[:2]) == ["at", "objects"]
    assert len(keeper.cycles()) == len(keeper.collections)


def test_a_sampled_profile_comes_near(keeper, target):
    sampled = sample("keeper", target=target).heap_at(64 << 10)
    assert sampled.rate == 64 << 10
    exact = keeper.profile.total("alloc_space")
    assert sampled.profile.total("alloc_space") == pytest.approx(exact, rel=0.25)
    assert len(sampled.profile) < len(keeper.profile)
    assert DEFAULT_RATE == 524_288


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("", ""),
        ("panic(os.Args[0][:0])", "panic:"),
        ("os.Exit(3)", "exit status 3"),
        ("for os.Args != nil {}", "stopped after 1 s"),
        ("select { case <-make(chan int): os.Exit(1) }", "asleep - deadlock!"),
        ("for os.Args != nil { println(string(kept[0])) }", "stopped: output limit"),
        ("go func() { panic(os.Args) }(); select {}", "panic:"),
    ],
)
def test_every_end_leaves_what_there_was(end, told, newest):
    # Only one has to be stopped: the others may take their time on a busy machine.
    timeout = 1 if "stopped after 1 s" in told else 30
    run = heap(counted(end or "_ = os.Args", newest).source, newest, timeout=timeout)
    assert told in run.ended
    assert bool(told) == bool(run.ended)
    assert run.samples
    if "go func" not in end:
        assert of(run, "main.keep", "alloc_objects") >= 1000


def test_a_program_that_never_begins_is_refused_in_words(newest):
    text = COUNTED.replace("END", "os.Exit(0)") + "\nfunc init() { os.Exit(7) }\n"
    with pytest.raises(FeatureUnavailable, match="before its main began"):
        heap(Program.from_text(text).source, newest)
    with pytest.raises(CompileFailed, match="undefined: nothing"):
        heap(Program.from_text("package main\n\nfunc main() { nothing() }\n").source, newest)


def test_the_traces_as_the_runtime_writes_them():
    text = (
        "noise\ngc 13 @0.333s 5%: 0.050+4.7+0.048 ms clock, 0.20+0/0.21/0.33+0.030 ms cpu, "
        "36->37->16 MB, 42 MB goal, 1 MB stacks, 2 MB globals, 4 P (forced)\n"
        "scav 0 KiB work (bg), 12 KiB work (eager), 3448 KiB now, 71% util (forced)\n"
        "scav 8 KiB work (bg), 0 KiB work (eager), 9 KiB now, 1% util [controller reset]\n"
    )
    (one,) = parse_gctrace(text)
    assert (one.number, one.at_seconds, one.share, one.clock) == (13, 0.333, 5, (0.050, 4.7, 0.048))
    assert (one.start, one.end, one.live, one.goal) == (36, 37, 16, 42)
    assert (one.stacks, one.globals, one.processors, one.forced) == (1, 2, 4, True)
    first, second = parse_scavtrace(text)
    assert (first.eager, first.now, first.used, first.forced) == (12, 3448, 71, True)
    assert (second.background, second.forced) == (8, False)
    assert parse_gctrace("gc 1 @x") == ()


def test_the_runtimes_own_list_of_arenas_agrees(newest):
    try:
        moments = sample("keeper", target=newest).moments
    except FeatureUnavailable as error:
        pytest.skip(error.message)
    for name in ("main.main", "exit"):
        moment = moments[name]
        told = [one for one in moment.regions if one.kind == "heap"]
        if not told:
            pytest.skip("the process could not be held there")
        found = arenas(moment.rows, moment.of_kind("heap")[0].start)
        assert [(one.start, one.reserved) for one in found] == [
            (one.start, one.end - one.start) for one in told
        ]
        committed = sum(row.size for row in moment.of_kind("heap"))
        assert sum(one.committed for one in found) == committed


def test_an_interrupted_run_is_not_kept(newest, monkeypatch):
    source = counted("_ = os.Args[0]", newest).source
    really = Wrapped.run
    monkeypatch.setattr(
        Wrapped, "run", lambda *args, **how: replace(really(*args, **how), ended="interrupted")
    )
    assert heap(source, newest).ended == "it was interrupted"
    monkeypatch.undo()
    assert heap(source, newest).ended == ""


def test_arenas_of_mappings():
    base = 0xC000000000

    def row(start, end, permissions):
        return Mapping(base + start, base + end, permissions, 0, "00:00", 0, "")

    rows = [row(0, 4 << 20, "rw-p"), row(4 << 20, ARENA, "---p")]
    assert arenas(rows, base + 0x123) == (Arena(base, ARENA, 4 << 20),)
    more = [row(0, ARENA + (8 << 20), "rw-p"), row(ARENA + (8 << 20), 2 * ARENA, "---p")]
    assert [one.committed for one in arenas(more, base)] == [ARENA, 8 << 20]
    assert arenas(rows, 0) == ()
    assert arenas([row(0, 4 << 20, "rw-p")], base) == ()


def test_what_watches_is_not_in_the_picture(newest):
    run = sample("hello", target=newest).heap
    names = {frame.function for frame in run.profile.frames}
    assert not any(name.startswith(("runtime/metrics", "compress/", "hash/")) for name in names)
    assert "main.init" not in names
    assert {frame.file for frame in run.profile.frames if frame.function == "main.main"} == {
        "main.go"
    }
    # Without a collection nothing was ever freed.
    assert run.profile.total("inuse_space") == run.profile.total("alloc_space")


def test_where_nothing_runs_the_course_has_a_recording(newest, monkeypatch):
    def refused(*_, **__):
        raise FeatureUnavailable("running the program", "this is no Linux")

    monkeypatch.setattr(module, "watching", refused)
    module._watched.cache_clear()
    assert sample("keeper", target=newest).heap_at(1).recorded is not None
    with pytest.raises(FeatureUnavailable):
        _ = counted("_ = os.Args", newest).heap


def test_the_recording_reads_as_it_was(newest):
    old = recorded_heap()
    assert old.recorded is not None
    again = Heap.from_json(old.to_json(), old.recorded)
    assert again.to_json() == old.to_json()
    assert of(old, "main.garbage", "alloc_space") > 80_000 * 1024
