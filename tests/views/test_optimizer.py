"""Static twins of rewrites, proofs, ablation and attribution."""

from __future__ import annotations

import pytest

from golifelab.program import Program
from golifelab.views.stage import stage_html
from golifelab.views.text import text

TEXT = """package main

func sum(values []int) int {
	total := 0
	for i := range values {
		total += values[i]
	}
	return total
}

func main() { println(sum([]int{1, 2, 3})) }
"""


@pytest.fixture
def program(target) -> Program:
    return Program.from_text(TEXT, target=target)


def test_rewrites_name_their_rules(program):
    made = program.rewrites("sum")
    html = stage_html(made)
    step = next(step for step in made if step.rule is not None)
    assert f"{step.rule.file}:{step.rule.line}" in html
    assert "=&gt;" in html
    assert "GOSSAFUNC" in html
    assert f"{len(made):,} steps" in html
    words = text(made)
    assert f"{step.before}  ->  {step.after}" in words
    assert str(step.rule) in words


def test_proofs_give_their_reasons(program):
    html = stage_html(program.proofs("sum"))
    assert "Proved IsInBounds" in html
    assert "cannot" in html
    assert "Induction variable" in html
    assert "≤ v" in html
    assert "proved nothing" in stage_html(program.proofs("main")) or program.proofs("main").proofs


def test_ablation_tells_what_matters_from_what_does_not(program):
    made = program.ablation("sum", ["prove", "check bce", "regalloc"])
    html = stage_html(made)
    assert f"+{made.change('prove'):,}" in html
    assert "Without difference here (1)" in html
    assert "check bce" in html
    assert "Required" in html
    assert "regalloc" in html


def test_attribution_shows_shares_and_their_sum(program):
    made = program.attribution("sum", ["prove", "dse"])
    html = stage_html(made)
    assert "prove" in html
    assert "together" in html
    assert f"{made.compilations:,} compilations" in html


def test_times_are_shown_against_the_default(program):
    made = program.run_times("sum(values)", ["prove"], setup="values := make([]int, 9)", rounds=1)
    html = stage_html(made)
    assert "without prove" in html
    assert "1.00 ×" in html
    assert "sum(values)" in html
