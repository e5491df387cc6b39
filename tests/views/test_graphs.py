"""Static twins of a function's graph, of an edit's changes, and of what the passes did."""

from __future__ import annotations

import pytest
from IPython.core.formatters import DisplayFormatter

from golifelab import display
from golifelab.program import Program
from golifelab.views.graphs import cfg_html, changes_html, impact_html

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


def test_the_graph_names_loops_and_ways_back(program):
    graph = program.ssa("sum").cfg("opt")
    html = cfg_html(graph)
    assert "(back)" in html
    assert "one entry" in html
    assert "dominator tree" in html
    assert html.count("<tr>") == len(graph) + len(graph.loops) + 2
    straight = cfg_html(program.ssa("main").cfg("start"))
    assert "(back)" not in straight
    assert "shape" not in straight


def test_changes_show_both_sides_and_the_evidence(program):
    edited = program.edit("total += values[i]", "total -= values[i]")
    html = changes_html(program.ssa_changes(edited, "sum", "opt"))
    assert "Add64" in html
    assert "Sub64" in html
    assert "operation" in html
    nothing = changes_html(program.ssa_changes(program, "sum", "opt"))
    assert "nothing changed" in nothing
    text = program.edit("<b>&", "<i>&")
    html = changes_html(program.ssa_changes(text, "sum", "start"))
    assert "&lt;b&gt;&amp;" in html
    assert "<b>" not in html


def test_impact_lists_what_occurs(program):
    found = program.ssa("sum").impact()
    html = impact_html(found)
    assert html.count("<tr>") == len(found) + 1
    assert all(name in html for name in found.idle)


def test_they_show_themselves(program):
    class Shell:
        display_formatter = DisplayFormatter()

    display.install(Shell)
    body = program.ssa("sum")
    for value in (
        body.cfg(),
        body.impact(),
        program.ssa_changes(program, "sum"),
        body.diff("opt", "lower"),
        body.biography(body["start"].blocks[0].values[0].id),
    ):
        bundle, _ = Shell.display_formatter.format(value)
        assert bundle["text/html"].startswith("<")
        assert bundle["text/plain"] == str(value)
