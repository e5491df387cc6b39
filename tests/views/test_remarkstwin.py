"""The compiler's remarks as text and tables, for where no widget runs."""

from __future__ import annotations

from golifelab import Program
from golifelab.source import Source
from golifelab.target import Target
from golifelab.views.html import Markup
from golifelab.views.remarks import lane_payload
from golifelab.views.remarkstwin import lane_html, remarks_html, remarks_text
from golifelab.views.stage import stage_html
from golifelab.views.text import text

TEXT = """package main

func keep(n int) *int {
	x := n
	y := &x
	return y
}

func main() { println(*keep(1)) }
"""


def test_a_terminal_gets_the_way_below_its_remark():
    remarks = Program.from_text(TEXT).remarks
    lines = text(remarks).split("\n")
    assert text(remarks) == remarks_text(remarks)
    assert lines[0].startswith("main.go: ")
    at = next(number for number, line in enumerate(lines) if "moved to heap  x" in line)
    (moved,) = remarks.of("moved to heap")
    assert "4:2" in lines[at]
    for step, line in zip(moved.steps, lines[at + 1 :], strict=False):
        assert step.message in line
        assert f"{step.position.line}:{step.position.column}" in line


def test_one_is_told_as_one():
    told = str(lane_html(lane_payload(Program.from_text(TEXT).remarks, "main.go")))
    assert ">3 inlining, 1 escape, 1 nil check<" in told
    assert ">in 5 steps<" in told
    assert ">in 1 step<" in told
    assert ">1 quiet one<" in told


def test_the_table_has_every_loud_remark_and_the_command():
    remarks = Program.from_text(TEXT).remarks
    shown = stage_html(remarks)
    assert isinstance(shown, Markup)
    for remark in remarks.of("moved to heap", "can inline", "inlined"):
        assert remark.subject in shown
    assert "return y (return)" in shown
    assert "-m=2" in shown
    assert "1 quiet one<" in shown


def test_what_does_not_compile_says_why():
    remarks = Program.from_text(TEXT.replace("return y", "return z")).remarks
    assert "undefined: z" in remarks_html(remarks)
    assert "undefined: z" in remarks_text(remarks)
    assert "no remarks" in remarks_text(remarks)


def test_a_package_is_told_file_by_file():
    files = (
        ("a.go", "package main\n\nfunc main() { println(one()) }\n"),
        ("b.go", "package main\n\nfunc one() int { return 1 }\n"),
    )
    remarks = Program(Source(files), Target()).remarks
    lines = remarks_text(remarks).split("\n")
    assert [line.partition(":")[0] for line in lines if "inlining" in line] == ["a.go", "b.go"]
    assert "a.go · " in remarks_html(remarks)
