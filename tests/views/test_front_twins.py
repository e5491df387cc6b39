"""The static twins of the stages beside the compiler's: nothing of the source becomes markup."""

from __future__ import annotations

import pytest

from golifelab import Program, Target
from golifelab.compile.numbering import numbering
from golifelab.views.stage import stage_html
from golifelab.views.text import text

HOSTILE = """package main

// <script>alert(1)</script>
var s = "<img src=x onerror=alert(2)>"

func add(a, b int) int {
	return a + b
}

func main() { println(s, add(1, 2)) }
"""


@pytest.fixture(scope="module")
def program() -> Program:
    return Program.from_text(HOSTILE)


def test_go_tokens_with_names_and_numbers(program: Program) -> None:
    shown = str(stage_html(program.go_tokens))
    plus = next(token for token in program.go_tokens if token.text == "+")
    assert plus.name in shown
    assert f">{plus.number}<" in shown
    assert "end of the line" in shown
    assert "golifelab show gotokens" in shown
    assert plus.name in text(program.go_tokens)


@pytest.mark.parametrize("name", ["syntax", "go_syntax"])
def test_trees_are_indented_by_depth(program: Program, name: str) -> None:
    tree = getattr(program, name)
    shown = str(stage_html(tree))
    lines = shown.partition("<pre>")[2].partition("</pre>")[0].split("\n")
    assert len(lines) == len(tree)
    for node, line in zip(tree, lines, strict=True):
        depth = len(tree.path(node)) - 1
        assert len(line) - len(line.lstrip()) == 2 * depth
        assert node.kind in line


def test_the_moments_of_the_ir_open_one_by_one(program: Program) -> None:
    trees = program.ir_trees("add")
    shown = str(stage_html(trees))
    for heading in trees.headings:
        assert f"<summary>{heading}:" in shown
    assert shown.count("<pre>") == len(trees) + 1  # and the command
    said = text(trees)
    assert all(f"── {heading}" in said for heading in trees.headings)


def test_numbers_stand_to_the_right(program: Program) -> None:
    shown = str(stage_html(numbering(Target())))
    assert "_AssignOp" in shown
    assert "text-align: right" in shown


def test_nothing_of_the_source_is_markup(program: Program) -> None:
    stages = [program.go_tokens, program.go_syntax, program.syntax, program.ir_trees("main")]
    for stage in stages:
        shown = str(stage_html(stage))
        assert "<script" not in shown
        assert "<img" not in shown


def test_a_broken_program_shows_its_tree_and_what_go_says() -> None:
    broken = Program.from_text("package main\n\nfunc main() {\n\tx := (1 +\n}\n")
    shown = str(stage_html(broken.go_syntax))
    assert "FuncDecl" in shown
    assert "parse" in shown
    assert "main.go:5:" in shown or "main.go:4:" in shown
