"""Passes switched off and on, and what they save divided between them."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import permutations

import pytest

from golifelab.compile.dump import code_of
from golifelab.compile.machine.stage import machine
from golifelab.compile.ssa.ablation import ablation, attribution, pass_table, sweep, switch
from golifelab.compile.ssa.ablation.attribution import MAX_PASSES, shapley
from golifelab.compile.ssa.ablation.measure import checks, measure, switched
from golifelab.compile.ssa.stage import ssa
from golifelab.errors import CompileFailed, GolifelabError, LimitExceeded
from golifelab.source import Source
from golifelab.toolchain.compile import compile_object

SUM = """package main

func sum(values []int) int {
	total := 0
	for i := range values {
		total += values[i]
	}
	return total
}

func pick(values []int, i, j int) int { return values[i] + values[j] + values[i] }

func part(values []int, i int) []int { return values[i:] }

func main() { println(sum([]int{1, 2, 3}), pick([]int{1}, 0, 0), len(part(nil, 0))) }
"""


@pytest.fixture(params=["amd64", "arm64"])
def aim(request, target):
    return target.with_(goarch=request.param)


def test_the_table_is_the_compilers_own(aim):
    table = pass_table(aim)
    by_name = {entry.name: entry for entry in table}
    assert by_name["regalloc"].required
    assert "regalloc" in by_name["regalloc"].refusal
    assert not by_name["prove"].required
    assert not by_name["prove"].refusal
    ran = [step.name for step in ssa(Source.from_text(SUM), aim, "sum").passes[1:]]
    assert set(ran) <= set(by_name)
    assert [name for name in by_name if name in ran] == ran
    source = Source.from_text(SUM)
    for entry in table:
        if entry.required:
            done = compile_object(source, switched(aim, (entry.flag,)))
            assert entry.refusal in done.stdout + done.stderr
            break


def test_without_prove_the_bounds_check_is_back(aim):
    made = ablation(Source.from_text(SUM), aim, "sum", ["prove", "regalloc", "check bce"])
    assert [cell.name for cell in made] == ["prove", "check bce", "regalloc"]
    assert made.baseline.checks == 0
    assert made["prove"].switched == "off"
    assert made.change("prove", "checks") == 1
    assert made.change("prove") > 0
    # It only looks for checks; what it does changes nothing.
    assert made["check bce"].measure == made.baseline
    assert made["regalloc"].required
    assert made["regalloc"].measure is None
    assert "Cannot disable" in made["regalloc"].error
    assert made.change("regalloc") is None
    with pytest.raises(KeyError):
        made["breakfast"]


def test_measures_are_those_of_the_other_stages(aim, tier):
    source = Source.from_text(SUM)
    without = switched(aim, ("prove",))
    made = ablation(source, aim, "sum", ["prove"])
    assert made.tier == tier
    for target, measured in ((aim, made.baseline), (without, made["prove"].measure)):
        code = machine(source, target, "sum")
        assert (measured.bytes, measured.instructions) == (len(code.code), len(code))
        assert measured.frame == code.frame_size
        assert measured.values == ssa(source, target, "sum").passes[-1].statistics[1]


def test_bounds_checks_are_those_the_compiler_finds(aim):
    source = Source.from_text(SUM)
    for target in (aim, switched(aim, ("prove",))):
        done = compile_object(source, target, extra=("-c=1", "-m", "-d=ssa/check_bce/debug=1"))
        found = sum(": Found Is" in line for line in done.stdout.splitlines())
        code = code_of(source, target)
        assert found == sum(checks(code.passes(function)) for function in code.functions)
        assert found


def test_a_pass_that_does_not_run_by_itself_is_switched_on(aim):
    made = ablation(Source.from_text(SUM), aim, "sum", ["insert resched checks"])
    assert made["insert resched checks"].switched == "on"
    assert made.change("insert resched checks") > 0


def test_several_passes_are_switched_at_once(aim):
    source, names = Source.from_text(SUM), ["insert resched checks", "prove"]
    both = switch(source, aim, "sum", names)
    assert (both.name, both.switched) == ("prove + insert resched checks", "off and on")
    alone = ablation(source, aim, "sum", names)
    assert both.measure.checks == alone["prove"].measure.checks == 1
    assert both.measure.bytes > max(cell.measure.bytes for cell in alone)
    assert switch(source, aim, "sum", []).measure == alone.baseline
    with pytest.raises(GolifelabError, match="regalloc"):
        switch(source, aim, "sum", ["prove", "regalloc"])


def test_a_sweep_grows_into_the_whole(target):
    source, names = Source.from_text(SUM), ["prove", "dse"]
    steps = list(sweep(source, target, "sum", names))
    assert [len(step) for step in steps] == [0, 1, 2]
    assert steps[-1] == ablation(source, target, "sum", names)


def test_every_pass_has_a_cell(target):
    made = ablation(Source.from_text(SUM), target, "pick")
    assert [cell.name for cell in made] == [entry.name for entry in pass_table(target)]
    frame, plain = made.frame(), made.to_json()
    assert len(frame) == len(plain["passes"]) + 1 == len(made) + 1
    assert frame["bytes"][0] == made.baseline.bytes == plain["baseline"]["bytes"]
    assert plain["stage"] == "ablation"
    assert all(bool(cell.error) == (cell.measure is None) for cell in made)


def test_a_compiler_that_fails_is_a_cell_with_its_words(target, monkeypatch):
    import golifelab.compile.ssa.ablation.stage as module

    def fail(source, aim, tier, function):
        if aim.gcflags:
            raise GolifelabError("internal compiler error: lost v7\nmore")
        return measure(source, aim, tier, function)

    monkeypatch.setattr(module, "measure", fail)
    made = ablation(Source.from_text(SUM), target, "sum", ["prove"])
    assert made["prove"].measure is None
    assert made["prove"].error == "internal compiler error: lost v7"
    assert not made["prove"].required


def test_shares_are_exact_and_sum_to_what_is_saved(aim):
    source = Source.from_text(SUM)
    heard = []
    made = attribution(
        source, aim, "sum", ["prove", "generic cse", "dse"], progress=lambda *at: heard.append(at)
    )
    assert made.compilations == 8
    assert heard == [(done, 8) for done in range(1, 9)]
    assert sum(made.shares) == made.without - made.with_all
    assert made.with_all == ablation(source, aim, "sum", []).baseline.bytes
    assert made["prove"] == max(made.shares) > 0
    assert made["dse"] == 0
    assert list(made.frame()["share"]) == [float(share) for _, share in made.ranked()]
    assert made.to_json()["shares"][0] == {
        "pass": "prove",
        "share": float(made["prove"]),
        "exact": str(made["prove"]),
    }


def test_shapley_values_against_all_orders():
    costs = [100, 90, 80, 75, 100, 70, 80, 41]

    def average(player):
        total = 0
        for order in permutations(range(3)):
            before = sum(1 << one for one in order[: order.index(player)])
            total += costs[before] - costs[before | 1 << player]
        return Fraction(total, math.factorial(3))

    assert shapley(3, costs.__getitem__) == tuple(average(player) for player in range(3))
    assert shapley(0, lambda _: 7) == ()


def test_errors(target):
    source = Source.from_text(SUM)
    with pytest.raises(GolifelabError, match="breakfast"):
        ablation(source, target, "sum", ["breakfast"])
    with pytest.raises(GolifelabError, match="sun"):
        ablation(source, target, "sun", [])
    with pytest.raises(CompileFailed):
        ablation(Source.from_text(SUM.replace("total := 0", "")), target, "sum", [])
    with pytest.raises(GolifelabError, match="Cannot disable"):
        attribution(source, target, "sum", ["regalloc"])
    with pytest.raises(GolifelabError, match="smell"):
        attribution(source, target, "sum", ["prove"], what="smell")
    many = [entry.name for entry in pass_table(target) if not entry.required]
    with pytest.raises(LimitExceeded):
        attribution(source, target, "sum", many[: MAX_PASSES + 1])
