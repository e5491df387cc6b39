"""The exercises of chapter 4: each is right for what really happens here, and wrong otherwise."""

from __future__ import annotations

import pytest

from golifelab.course.exercise import State, exercise
from golifelab.course.exercises_boot import leaving_words, register_milestones, started, steps
from golifelab.course.exercises_inits import FOUR, VARIABLES, asked_imports
from golifelab.course.exercises_loading import (
    came,
    load_headers,
    made_mappings,
    touched_address,
    traces,
)
from golifelab.course.exercises_stacks import both, growth, seen_permissions
from golifelab.run.inits.order import init_order
from golifelab.run.inits.packages import package_order
from golifelab.run.program import run_program


@pytest.fixture(autouse=True)
def progress(monkeypatch, tmp_path):
    monkeypatch.setenv("GOLIFELAB_PROGRESS", str(tmp_path / "progress.json"))


def said(id_, answer):
    """What an exercise says to an answer that is wrong."""
    result = exercise(id_).check(answer)
    assert result.state is State.INCORRECT, result
    return result.message


def right(id_, answer):
    result = exercise(id_).check(answer)
    assert result.state is State.CORRECT, result
    return result.message


def test_4_1a_the_headers_alone_tell_the_mappings():
    rows = []
    for one in load_headers():
        start, end = one.address // 4096 * 4096, -(-(one.address + one.file_size) // 4096) * 4096
        rows.append((start, end, one.permissions))
        rest = -(-(one.address + one.memory_size) // 4096) * 4096
        rows += [(end, rest, one.permissions)] if rest > end else []
    assert rows == made_mappings()
    right("4.1a", [(*row[:2], row[2] + "p") for row in rows])
    assert "who has the zeroes" in said("4.1a", rows[:-1])
    assert "page" in said("4.1a", [(rows[0][0], rows[0][1] - 1, "r-x")])
    assert "2 of 3" in said("4.1a", [(*rows[0][:2], "rwx"), *rows[1:]])
    assert "not 5" in said("4.1a", [*rows, rows[-1]])
    assert "is not (start" in said("4.1a", [(1, 2)])
    assert "list" in said("4.1a", "r-x")
    assert "numbers" in said("4.1a", [("a", "b", "c")])


def test_4_1b_only_a_loader_maps_files():
    truth = {
        kind: sum("PROT" in row.arguments and ", -1, " not in row.arguments for row in rows)
        for kind, rows in ((kind, calls.named("mmap")) for kind, calls in traces().items())
    }
    assert truth["static"] == 0
    right("4.1b", truth)
    assert "look again at static" in said("4.1b", truth | {"static": 3})


def test_4_1c_a_group_begins_at_a_multiple_of_its_size():
    first, last = came()
    size = last - first
    assert first == touched_address() // size * size
    right("4.1c", (first, last))
    assert "must be among" in said("4.1c", (0, 4096))
    page = touched_address() // 4096 * 4096
    assert "another number" in said("4.1c", (page, page + 4096))
    if first != page:
        assert "as many, but others" in said("4.1c", (page, page + size))
    assert "two addresses" in said("4.1c", 3)


def test_4_1d_no_code_is_mapped_by_the_program_itself():
    right("4.1d", {"MAP_DENYWRITE", "PROT_EXEC"})
    assert "1 more" in said("4.1d", ["PROT_EXEC"])
    assert "occurs" in said("4.1d", ["MAP_FIXED"])
    assert "not asked" in said("4.1d", ["MAP_SHARED"])


def test_4_2a_and_c_follow_the_measured_steps():
    grown = growth()
    size = next(step.size for step in grown.steps if step.last >= 3000)
    right("4.2a", size)
    assert "too small" in said("4.2a", size // 2)
    assert "too large" in said("4.2a", size * 2)
    assert "cannot be" in said("4.2a", size + 1)
    wall = grown.last(grown.usable)
    right("4.2c", (wall, wall + 1))
    assert "too large" in said("4.2c", (wall + 1, wall + 2))
    assert "fits" in said("4.2c", (wall - 2, wall - 1))
    assert "apart" in said("4.2c", (wall // 2, wall * 2))
    assert "smaller" in said("4.2c", (wall + 1, wall))


def test_4_2b_is_the_slope_between_steps():
    slopes = {}
    for row in both().rows:
        first, last = row.growth.steps[3], row.growth.steps[-1]
        slopes[row.label] = (last.size - first.size) / (last.last - first.last)
    assert "share a frame" in right("4.2b", slopes)
    assert "as written" in said("4.2b", slopes | {"as written": slopes["as written"] * 2})


def test_4_2d_nothing_is_both_written_and_executed():
    seen = seen_permissions()
    assert {"r-xp", "r--p", "rw-p"} <= set(seen)
    assert all({"w", "x"} - set(one) for one in seen)
    absent = {"---p", "--xp", "-w-p", "r--p", "r-xp", "rw-p", "rwxp"} - set(seen)
    assert "rwxp" in absent
    right("4.2d", absent)
    assert "is there" in said("4.2d", ["rw-p"])
    assert "more never" in said("4.2d", ["rwxp"])


def test_4_3a_is_what_the_built_program_prints():
    graph = asked_imports()
    truth = list(package_order(graph).printed)
    assert truth == list(init_order(graph).order)
    assert truth[:-1] != sorted(truth[:-1])
    right("4.3a", truth)
    assert "at the beginning" in said("4.3a", truth[::-1])
    assert "the first 3 are right; go on" in said("4.3a", truth[:3])
    assert "once" in said("4.3a", [truth[0], truth[0]])
    assert "not among" in said("4.3a", ["fmt"])


def test_4_3b_is_the_order_of_the_running_program():
    ran = run_program(VARIABLES.link())
    assert ran.text.split() == list(VARIABLES.variable_order.code_order)
    right("4.3b", ran.text.split())
    assert "at the beginning" in said("4.3b", ["sum", "first", "second", "third", "fourth"])


def test_4_3c_takes_any_import_that_does_it():
    right("4.3c", ("m", "a"))
    right("4.3c", ("m", "z"))
    assert "then the order is" in said("4.3c", ("a", "m"))
    assert "import each other" in said("4.3c", ("z", "a"))
    assert "the packages are" in said("4.3c", ("m", "fmt"))
    assert list(package_order(FOUR).printed) == ["m", "z", "a", "main"]


def test_4_3d_is_the_largest_number_of_the_trace():
    from golifelab.course.exercises_inits import traced_inits

    rows = sorted(traced_inits().rows, key=lambda row: row.allocations)
    right("4.3d", rows[-1].package)
    assert "another one makes more" in said("4.3d", rows[0].package)
    assert "no line about" in said("4.3d", "fmt")


def test_4_4_is_judged_by_the_start_that_was_seen():
    order = [name for name in started().order if name in steps()]
    assert sorted(order) == sorted(steps())
    right("4.4a", [name.removeprefix("runtime.") for name in order])
    assert "the first 2 are right" in said("4.4a", [*order[:2], *order[:1:-1]])
    assert "once" in said("4.4a", order[:4])
    assert "none of the ten" in said("4.4a", ["goexit"])
    right("4.4b", "rt0_go")
    assert "look at the milestone" in said("4.4b", "runtime.main")
    assert register_milestones() == ("runtime.check", "runtime.main")
    right("4.4c", register_milestones())
    assert "second" in said("4.4c", ("check", "main.main"))


def test_4_4d_is_what_the_runtime_prints():
    assert "no goroutines (main called runtime.Goexit) - deadlock!" in leaving_words()
    right("4.4d", leaving_words() + "\nexit status 2")
    right("4.4d", leaving_words().removeprefix("fatal error: "))
    assert "does not say" in said("4.4d", "all goroutines are asleep")
