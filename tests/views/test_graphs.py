"""Static twins of a function's graph, of an edit's changes, and of what the passes did."""

from __future__ import annotations

import html

import pytest
from IPython.core.formatters import DisplayFormatter

from golifelab import display
from golifelab.program import Program
from golifelab.views import dot, graphs
from golifelab.views.dot import MAX_LINES, MAX_WIDTH, alternative, cfg_dot, dominators_dot
from golifelab.views.drawing import svg
from golifelab.views.graphs import cfg_html, changes_html, impact_html
from golifelab.widgets.export import export

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
    shown = cfg_html(graph)
    assert "(back)" in shown
    assert "one entry" in shown
    assert "dominator tree" in shown
    assert shown.count("<tr>") == len(graph) + len(graph.loops) + 2
    straight = cfg_html(program.ssa("main").cfg("start"))
    assert "(back)" not in straight
    assert "shape" not in straight


def test_the_drawing_has_instructions_loops_and_what_is_expected(program):
    step = program.ssa("sum")["regalloc"]
    graph = program.ssa("sum").cfg("regalloc")
    text = cfg_dot(graph)
    for one in graph:
        for value in graph.block(one.id).values[:MAX_LINES]:
            assert html.escape(value.text[: MAX_WIDTH - 1]) in text
    header = graph.loops[0].header
    assert f"cluster_b{header}" in text
    assert "dir=back" in text
    assert any(block.likely for block in step.blocks)
    assert "penwidth=2.2" in text
    assert "style=dashed" in text
    assert "&lt;b&gt;" in cfg_dot(program.ssa("sum").cfg("start")), "a string of Go is escaped"
    edges = [line for line in text.splitlines() if "->" in line and "label=" not in line]
    assert len(edges) == sum(len(one.successors) for one in graph)
    tree = dominators_dot(graph)
    assert sum("->" in line for line in tree.splitlines()) == len(graph) - 1


def test_the_drawing_is_what_graphviz_takes(program, tmp_path, monkeypatch):
    graph = program.ssa("sum").cfg()
    for source in (cfg_dot(graph), dominators_dot(graph)):
        assert svg(source).count('class="node"') == len(graph)
    assert f"{graph.function} after {graph.pass_name}" in alternative(graph)
    assert cfg_html(graph).count("<img ") == 2
    monkeypatch.setenv("PATH", str(tmp_path))
    svg.cache_clear()
    assert "dot is not installed" in cfg_html(graph)
    assert export(graph, tmp_path / "graph.dot").read_text().startswith("digraph")


def test_a_large_graph_is_drawn_by_names_and_a_larger_one_told(program, monkeypatch):
    graph = program.ssa("sum").cfg()
    monkeypatch.setattr(dot, "MAX_WHOLE", 1)
    assert "Phi" not in cfg_dot(graph)
    monkeypatch.setattr(graphs, "MAX_DRAWN", 1)
    assert "<img " not in cfg_html(graph)
    assert "too many" in cfg_html(graph)


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
