"""Two edits of a function, and two numberings of one, compared value by value."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from golifelab.compile import dump
from golifelab.compile.dump import HelperCode
from golifelab.compile.ssa.changes import ssa_changes
from golifelab.compile.ssa.comparison import compare
from golifelab.compile.ssa.stage import ssa
from golifelab.program import Program
from golifelab.source import Source

PASSES = ["start", "opt", "lower", "regalloc", -1]


def edited(source, old, new):
    text = source.text()
    assert text.count(old) == 1
    return source.with_text(text.replace(old, new))


@pytest.mark.parametrize("which", PASSES)
def test_lines_added_above_change_nothing(tier, rich, observed, which):
    for old, new in (
        ("func main() {", "// one\n\n// two\nfunc main() {"),
        ("\tc := &counter", "\t// c counts\n\tc := &counter"),
        ("return a * 2 }", "return a * 2 } // twice"),
    ):
        found = ssa_changes(rich, edited(rich, old, new), observed, "main", which)
        assert found.empty, str(found)
        assert len(found.pairs) == ssa(rich, observed, "main")[which].statistics[1]


def test_another_operator(tier, rich, observed):
    found = ssa_changes(rich, edited(rich, "return a + b", "return a - b"), observed, "add")
    (pair,) = found.changed
    assert (pair.before.op, pair.after.op) == ("Add64", "Sub64")
    assert (pair.changes, pair.by) == (("operation",), "position")
    assert found.added == found.removed == found.blocks_changed == ()
    assert found.of(pair.before.name) is pair
    assert found.of(pair.before.id) is pair
    assert found.of("v999") is None
    assert "Add64" in str(found)
    assert "(operation)" in str(found)


def test_another_condition(tier, observed):
    one = Source.from_text(
        "package main\n\nfunc f(a int) {\n\tif a > 0 {\n\t\tprintln(a)\n\t}\n}\n\n"
        "func main() { f(1) }\n"
    )
    for which in ("lower", "regalloc", "trim"):
        found = ssa_changes(one, edited(one, "a > 0", "a > 7"), observed, "f", which)
        (pair,) = found.changed
        assert (pair.before.op, pair.after.op) == ("TESTQ", "CMPQconst")
        assert found.added == found.removed == found.blocks_changed == ()


def test_a_value_more(rich, observed):
    """Columns tell the old sum from the new one, though their operations are the same."""
    one = Source.from_text(
        "package main\n\nfunc f(a, b int) int {\n\treturn a + b\n}\n\nfunc main() { f(1, 2) }\n"
    )
    found = ssa_changes(one, edited(one, "a + b", "a + b + 1"), observed, "f")
    assert sorted(value.op for value in found.added) == ["Add64", "Const64"]
    assert not found.removed
    (pair,) = found.changed  # what is returned
    assert (pair.before.op, pair.changes) == ("MakeResult", ("arguments",))


def test_a_condition_more(tier, observed):
    text = (
        "package main\n\n//go:noinline\nfunc f(a, b int) int {\n\tprintln(a)\n\treturn a * b\n}\n\n"
        "func main() { f(1, 2) }\n"
    )
    one = Source.from_text(text)
    found = ssa_changes(
        one, edited(one, "println(a)", "if b > 1 {\n\t\tprintln(a)\n\t}"), observed, "f", "opt"
    )
    product = next(pair for pair in found.pairs if pair.before.op == "Mul64")
    assert set(product.changes) <= {"block"}
    assert {value.op for value in found.added} >= {"Less64", "Phi"}
    assert not found.removed
    assert found.blocks_added
    assert any("kind" in pair.changes for pair in found.blocks_changed)


def test_as_data(tier, rich, observed):
    found = ssa_changes(rich, edited(rich, "i > 0 &&", "i > 1 &&"), observed, "main", "lower")
    data = found.to_json()
    counts = [row["change"] for row in data["values"]]
    assert counts.count("changed") == len(found.changed)
    assert counts.count("added") == len(found.added)
    assert counts.count("removed") == len(found.removed)
    assert counts.count("same") == len(found.pairs) - len(found.changed)
    assert len(found.frame()) == len(counts)
    assert len(data["blocks"]) == len(found.blocks) + len(found.blocks_added) + len(
        found.blocks_removed
    )


def test_of_programs(rich, observed):
    program = Program(rich, observed)
    later = program.edit("return a + b", "return a - b")
    assert program.ssa_changes(later, "add", "lower").changed[0].after.op == "SUBQ"
    back = later.ssa_changes(program, "add", "lower")
    assert back.changed[0].after.op == "ADDQ"


def renumbered(blocks, chance):
    """The same function with other numbers, as another edit would have them."""
    values = [value.id for block in blocks for value in block.values]
    numbers = dict(zip(values, chance.sample(range(10_000), len(values)), strict=True))
    ids = [block.id for block in blocks]
    names = dict(zip(ids, chance.sample(range(10_000), len(ids)), strict=True))

    def value(old):
        return replace(old, id=numbers[old.id], args=tuple(numbers.get(a, a) for a in old.args))

    return tuple(
        replace(
            block,
            id=names[block.id],
            values=tuple(map(value, block.values)),
            controls=tuple(numbers[c] for c in block.controls),
            successors=tuple(names[s] for s in block.successors),
            predecessors=tuple(names[p] for p in block.predecessors),
        )
        for block in blocks
    ), numbers


def compared_with_other_numbers(code, functions):
    """How many values in all, and how many of them were not found again."""
    chance = random.Random(7)
    whole = lost = 0
    for function in functions:
        for step in code.passes(function)[:: 1 if len(functions) < 20 else 7]:
            other, numbers = renumbered(step.blocks, chance)
            places = (lambda value: value.stack or value.position,) * 2
            found = compare(step.blocks, other, places)
            whole += step.statistics[1]
            lost += len(found.removed) + sum(
                numbers[pair.before.id] != pair.after.id for pair in found.pairs
            )
            if not lost:
                assert found.empty
    return whole, lost


def test_numbers_do_not_matter(rich, observed):
    code = HelperCode(rich, observed)
    whole, lost = compared_with_other_numbers(code, code.functions)
    assert whole > 10_000
    assert lost == 0


@pytest.mark.slow
@pytest.mark.parametrize("path", ["strconv", "sort", "bufio"])
def test_numbers_do_not_matter_in_a_package(path, newest, std_source, monkeypatch):
    monkeypatch.setattr(dump, "_WHOLE", 1 << 30)  # every function in one run
    target = newest.with_(gcflags=("-std",))
    code = HelperCode(std_source(path, target), target)
    whole, lost = compared_with_other_numbers(code, [f for f in code.functions if f.size])
    assert whole > 10_000
    assert lost == 0


def test_an_edit_may_be_for_another_processor(observed):
    program = Program.from_text(
        "package main\n\nfunc f(a, b int) int {\n\treturn a * b\n}\n\nfunc main() { f(1, 2) }\n",
        target=observed,
    )
    arm = program.for_target(goarch="arm64")
    assert program.ssa_changes(arm, "f").empty
    found = program.ssa_changes(arm, "f", "lower")
    (product,) = [pair for pair in found.changed if "operation" in pair.changes]
    assert (product.before.op, product.after.op) == ("MULQ", "MUL")
    assert found.added == found.removed == ()
    # The same moment is told by its name: no processor runs quite the same passes.
    assert program.ssa_changes(arm, "f", -1).pass_name == program.ssa("f")[-1].name
