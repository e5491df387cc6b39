"""The static twin of the types: objects, scopes and instances."""

from __future__ import annotations

from golifelab import Program
from golifelab.views.stage import stage_html

TEXT = """package main

func Map[A, B any](list []A, f func(A) B) (out []B) {
	for _, a := range list {
		out = append(out, f(a))
	}
	return
}

func main() { _ = Map([]int{1}, func(n int) string { return "<b>" }) }
"""


def test_scopes_and_instances_can_be_opened(newest):
    types = Program.from_text(TEXT, target=newest).types
    page = str(stage_html(types))
    assert f"{len(types.scopes)} scopes" in page
    assert "A, B, list, f, out" in page
    assert "\u2003\u2003\u2003FuncType" in page  # in a file of the package in the universe
    assert "1 instances" in page
    assert "int, string" in page
    assert "main.go:10:19" in page
    assert "<b>" not in page


def test_a_program_without_types(newest):
    page = str(stage_html(Program.from_text("", target=newest).types))
    assert "instances" not in page
    assert "syntax error" in page
