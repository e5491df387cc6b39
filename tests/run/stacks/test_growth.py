"""Stacks that grow: judged by the runtime's own counters, by frames, and by gdb."""

from __future__ import annotations

import os
import re
import shutil
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from golifelab import Program, Target, sample
from golifelab.errors import CompileFailed, FeatureUnavailable, GolifelabError, NoSuchName
from golifelab.run.stacks import growth
from golifelab.run.stacks.comparison import growth_comparison
from golifelab.run.stacks.copies import copies_of
from golifelab.run.stacks.growth import StackGrowth, stack_growth
from golifelab.run.stacks.law import Step, law
from golifelab.run.stacks.overflow import SMALL, stack_overflow
from golifelab.run.stacks.recording import recorded_growth
from golifelab.run.stacks.subject import subject, subjects
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run
from golifelab.views.stage import stage_html

SMALL_STACKS = 1 << 20
SEVERAL = """package main

import "fmt"

type tree struct{ left *tree }

func (t *tree) depth(n int) int { return n }

func noise(n uint8) {
	fmt.Println("noise", n)
	if n > 0 {
		noise(n - 1)
	}
}

func flat(n int) int { return n * 2 }

func endless(n int) int {
	for n > 0 {
	}
	return n
}

func away(n int) int {
	return 1 + away(n+1)
}

func broken(n int) int {
	if n > 20 {
		panic("too deep")
	}
	if n == 0 {
		return 0
	}
	return broken(n-1) + 1
}

func pair(a, b int) int { return a + b }

func main() { noise(3) }
"""


@pytest.fixture(scope="module")
def deep(target):
    return sample("deep", target=target).stack_growth()


@pytest.fixture(scope="module")
def several(newest):
    return Program.from_text(SEVERAL, target=newest)


def test_the_law_of_the_course(deep):
    assert deep.start == deep.steps[0].size == 2048
    assert [step.size for step in deep.steps] == [1 << power for power in range(11, 25)]
    assert deep.size(10_000) == 128 << 10
    assert deep.size(3000) == 64 << 10
    assert deep.bytes_per_level == pytest.approx(12, abs=0.01)
    assert (deep.frame_size, deep.levels_per_frame) == (24, 2)
    assert (deep.limit, deep.usable) == (1_000_000_000, 512 << 20)
    assert deep.ended == ""
    for step in deep.steps[:-1]:
        assert deep.size(step.last) == step.size
        assert deep.size(step.last + 1) == 2 * step.size
    # Beyond what was measured the law goes on.
    assert deep.size(deep.last(64 << 20)) == 64 << 20
    assert 44_000_000 < deep.last(deep.usable) < 45_500_000


def test_the_counters_of_the_runtime_agree(deep):
    for one in deep.growth:
        assert one.stack == deep.size(one.argument)
        # Smaller stacks come out of spans of 32 KiB that several share.
        if one.stack >= 64 << 10:
            assert one.stack_inuse == one.stack
        assert one.heap_inuse < 64 << 10
    sizes = [one.stack for one in deep.shrinking]
    assert sizes[0] > sizes[-1]
    assert all(after in (before, before // 2) for before, after in pairwise(sizes))
    assert sizes[-1] == sizes[-2]


def test_never_inlined_a_level_has_its_own_frame(target):
    program = sample("deep", target=target)
    made = growth_comparison(program.source, target, most=SMALL_STACKS)
    written, plain = made["as written"], made["//go:noinline"]
    assert plain.bytes_per_level == pytest.approx(24, abs=0.01)
    assert plain.levels_per_frame == 1
    assert plain.size(10_000) == 2 * written.size(10_000)
    frame = made.frame()
    assert list(frame.columns) == ["size", "as written", "//go:noinline"]
    with pytest.raises(KeyError):
        made["go1.0"]


def test_it_overflows_where_the_law_says(target):
    found = stack_overflow(sample("deep", target=target).source, target, limit=SMALL)
    assert found.overflows == found.fits + 1
    assert (found.usable, found.lowered) == (16 << 20, True)
    assert "exceeds 25000000-byte limit" in found.message
    assert "stack overflow" in found.message
    assert len(found.tries) < 8
    assert any(one.stack == 16 << 20 and not one.fits for one in found.tries)


@pytest.mark.slow
def test_the_real_limit_leaves_half_a_gibibyte(newest):
    found = stack_overflow(sample("deep").source, newest, limit=1_000_000_000)
    assert found.usable == 512 << 20
    assert abs(found.fits - sample("deep").stack_growth().last(512 << 20)) < 30


def test_every_move_is_seen_and_gdb_sees_the_same(newest):
    program = sample("deep", target=newest)
    try:
        copies = program.stack_copies
    except FeatureUnavailable as error:
        pytest.skip(error.message)
    mine = [(row.old, row.new) for row in copies.of(1)]
    assert all(new == 2 * old for old, new in mine)
    assert mine[-1][1] == program.stack_growth().size(10_000)
    assert copies.rows[-1].function == "main.deep"
    assert copies.rows[0].function != "main.deep", "main's stack has moved before main began"
    if shutil.which("gdb") is None:
        return
    line = copies.command.rpartition(" && ")[2].removesuffix(" main")
    judged = run(["bash", "-c", f"{line} {program.link().path}"], timeout=60).text
    moves = re.findall(r"^goroutine 1: (\d+) > (\d+)$", judged, re.MULTILINE)
    assert [(int(old), int(new)) for old, new in moves] == mine


def test_which_functions_can_be_measured(several, newest):
    found = subjects(several.source, newest)
    assert [one.name for one in found] == ["noise", "away", "broken", "flat", "endless"]
    assert found[0].most == 255
    assert subject(several.source, newest, "main.flat").recursive is False
    with pytest.raises(NoSuchName, match="pair"):
        subject(several.source, newest, "pair")
    with pytest.raises(GolifelabError, match="no function whose stack"):
        subject(sample("hello").source, newest)
    with pytest.raises(CompileFailed):
        subject(Program.from_text("package main\n\nfunc f(n int) { g() }\n").source, newest)


def test_odd_functions_leave_what_was_measured(several, newest):
    def measured(name, **options) -> StackGrowth:
        return stack_growth(several.source, newest, name, most=SMALL_STACKS, **options)

    assert "no larger stack" in measured("flat").ended
    assert measured("flat").law is None
    assert measured("flat").levels_per_frame == 0
    noise = measured("noise")
    assert noise.steps
    assert max(step.last for step in noise.steps) <= 255
    endless = measured("endless", timeout=0.5)
    assert "takes too long" in endless.ended
    assert endless.start == 2048
    assert "too deep" in measured("broken").ended
    # It has no end: the first call overflows, and nothing is known.
    with pytest.raises(FeatureUnavailable, match="goroutine stack exceeds"):
        measured("away")


FRAMES = """package main

import "fmt"

func even(n int) bool {
	if n == 0 {
		return true
	}
	return odd(n - 1)
}

func odd(n int) bool {
	if n == 0 {
		return false
	}
	return even(n - 1)
}

func big(n int) int {
	var page [100_000]byte
	page[n%len(page)] = 1
	if n == 0 {
		return 0
	}
	return big(n-1) + int(page[n%7])
}

func deferred(n uint) {
	if n == 0 {
		return
	}
	defer func() { _ = fmt.Sprint(n) }()
	deferred(n - 1)
}

func main() { fmt.Println(even(4), big(1)); deferred(1) }
"""


@pytest.mark.parametrize("name", ["even", "big", "deferred"])
def test_levels_cost_what_the_linkers_table_says(name, newest):
    program = Program.from_text(FRAMES, target=newest)
    found = program.stack_growth(name, most=SMALL_STACKS)
    assert found.ended == ""
    assert found.levels_per_frame == (2 if name == "even" else 1)
    whole = found.levels_per_frame * found.bytes_per_level
    assert whole == pytest.approx(found.frame_size, rel=0.01)


def test_the_line_for_a_terminal_measures_the_same(deep, target, tmp_path):
    if target.go:
        pytest.skip("a shell would have to fetch that Go")
    source = sample("deep").source
    source.write(tmp_path)
    go = find_go("")
    path = f"{go.root / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {**go.host_environment(), "PATH": path, "PYTHONPATH": str(Path.cwd())}
    done = run(["bash", "-c", deep.command], cwd=tmp_path, env=env, timeout=120)
    steps = [
        Step(int(a), int(b)) for a, b in re.findall(r"^step (\d+) (\d+)$", done.text, re.MULTILINE)
    ]
    assert tuple(steps) == deep.steps, done.error_text


def test_where_nothing_runs_the_course_has_a_recording(newest, monkeypatch):
    def refused(*_, **__):
        raise FeatureUnavailable("running the program", "this is no Linux")

    monkeypatch.setattr(growth, "probed", refused)
    growth._measured.cache_clear()
    shown = sample("deep", target=newest).stack_growth()
    assert shown.recorded is not None
    assert shown == recorded_growth()
    assert "recorded with go" in stage_html(shown)
    with pytest.raises(FeatureUnavailable):
        sample("deep", target=newest).edit("10_000", "9").stack_growth()


def test_the_recording_has_the_same_shape(newest):
    old = recorded_growth()
    assert old.recorded is not None
    assert old.bytes_per_level > 0
    again = StackGrowth.from_json(old.to_json() | {"recorded": None}, old.recorded)
    assert again.steps == old.steps
    assert again.to_json() == old.to_json()


def test_a_law_needs_two_places():
    assert law([Step(2048, 10)]) is None
    assert law([Step(2048, 10), Step(4096, 10)]) is None
    found = law([Step(2048, 10), Step(4096, 20)])
    assert found is not None
    assert found.per_level == pytest.approx(204.8)
    assert found.size(20) == 4096


def test_another_processor_is_refused_in_words(newest):
    other = Target(goarch="arm64" if newest.goarch == "amd64" else "amd64")
    with pytest.raises(FeatureUnavailable, match="this machine is"):
        stack_growth(sample("deep").source, other, most=SMALL_STACKS)
    with pytest.raises(FeatureUnavailable):
        copies_of(sample("deep", target=other).link())
