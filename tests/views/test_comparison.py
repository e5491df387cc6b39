"""What the browser gets of two states compared: all of it, in words, and no more."""

from __future__ import annotations

import json

import pytest

from golifelab.program import Program
from golifelab.views.comparison import comparison_payload, partners

TEXT = """package main

//go:noinline
func sum(values []int, name string) (int, string) {
	total := 0
	for i := range values {
		total += values[i]
	}
	return total, name + "<b>&"
}

func main() { println(sum([]int{1, 2, 3}, "x")) }
"""


@pytest.fixture
def program(target) -> Program:
    return Program.from_text(TEXT, target=target)


@pytest.mark.parametrize("which", ["start", "opt", "regalloc"])
def test_every_living_value_and_block_is_named_once(program, which):
    edited = program.edit("total += values[i]", "total += values[i] * 3")
    left, right = program.ssa("sum"), edited.ssa("sum")
    made = comparison_payload(left, right, None, which, (program.source, edited.source))
    for side, at, lone, lone_blocks in (
        (left, 0, "removed", "blocks_removed"),
        (right, 1, "added", "blocks_added"),
    ):
        blocks = [block for block in side[which].blocks if not block.dead]
        values = [value.name for block in blocks for value in block.values if not value.dead]
        assert sorted([row[at] for row in made["values"]] + made[lone]) == sorted(values)
        names = [row[at] for row in made["blocks"]] + made[lone_blocks]
        assert sorted(names) == sorted(block.name for block in blocks)
    counts = made["counts"]
    assert counts["changed"] == sum(bool(row[2]) for row in made["values"]) > 0
    assert counts["same"] + counts["changed"] == len(made["values"])
    assert counts["added"] == len(made["added"]) > 0
    assert made["left"]["lines"] == left.text(which).split("\n")
    assert made["right"]["lines"] == right.text(which).split("\n")
    assert made["left"]["pass"] == made["right"]["pass"] == which
    assert json.loads(json.dumps(made)) == made


def test_any_two_passes(program):
    one = program.ssa("sum")
    made = comparison_payload(one, one, "start", len(one) - 1)
    assert (made["left"]["index"], made["right"]["index"]) == (0, len(one) - 1)
    assert made["counts"]["changed"] > 0


def test_partners_name_values_and_blocks(program):
    edited = program.edit("\ttotal := 0\n", "\tprintln(name)\n\ttotal := 0\n")
    names = partners(program.ssa("sum"), edited.ssa("sum"), (program.source, edited.source))
    assert names["b1"] == "b1"
    assert any(left != right for left, right in names.items())
    assert {name[0] for name in names} == {"b", "v"}
