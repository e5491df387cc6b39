"""Remarks matched across an edit."""

from __future__ import annotations

from golifelab.program import Program

TEXT = """package main

func pick(list []int, i int) int {
	return list[i]
}

func keep(n int) int {
	x := n
	return x
}

func show(p *int) int { return *p }

func main() {
	println(pick([]int{1}, keep(0)), show(new(int)))
}
"""


def program(target):
    return Program.from_text(TEXT, target=target)


def test_nothing_changes_in_an_equal_text(target):
    before = program(target).remarks
    found = before.changes(program(target).remarks)
    assert found.new == found.gone == found.changed == ()
    assert len(found.same) == len(before)


def test_moved_lines_keep_their_remarks(target):
    edited = program(target).edit("func pick", "// one\n\n// two\nfunc pick")
    before = program(target).remarks
    found = before.changes(edited.remarks)
    assert found.new == found.gone == found.changed == ()
    for old, now in found.same:
        assert now.position.line == old.position.line + 3
        assert found.place(old) == now.position


def test_a_variable_begins_to_escape(target):
    edited = program(target).edit(
        "keep(n int) int {\n\tx := n\n\treturn x", "keep(n int) *int {\n\tx := n\n\treturn &x"
    )
    edited = edited.edit("keep(0)", "*keep(0)")
    found = program(target).remarks.changes(edited.remarks)
    assert [remark.message for remark in found.new if remark.position.line == 8] == [
        "moved to heap: x"
    ]
    assert [remark.subject for remark in found.new if remark.outcome == "moved to heap"] == ["x"]
    back = edited.remarks.changes(program(target).remarks)
    (lost,) = (remark for remark in back.gone if remark.outcome == "moved to heap")
    assert back.place(lost).line == 8


def test_a_cost_that_changes_is_the_same_remark_changed(target):
    edited = program(target).edit("return x", "return x*x + n*n")
    found = program(target).remarks.changes(edited.remarks)
    judged = [(a, b) for a, b in found.changed if a.subject == "keep"]
    assert [(a.kind, b.kind) for a, b in judged] == [("canInlineFunction", "canInlineFunction")]
    assert judged[0][0].cost < judged[0][1].cost


def test_a_function_that_moved_elsewhere_is_found_by_its_name(target):
    show = "func show(p *int) int { return *p }\n\n"
    edited = program(target).edit(show, "").edit("func pick", show + "func pick")
    found = program(target).remarks.changes(edited.remarks)
    assert found.new == found.gone == found.changed == ()


def test_a_check_that_an_edit_saves(target):
    edited = program(target).edit(
        "\treturn list[i]", "\tif uint(i) < uint(len(list)) {\n\t\treturn list[i]\n\t}\n\treturn 0"
    )
    found = program(target).remarks.changes(edited.remarks)
    assert "proved away" in {now.outcome for _, now in found.changed} | {
        remark.outcome for remark in found.new
    }
    kept = [remark for remark in edited.remarks.of("kept") if remark.position.line == 5]
    assert kept == []


def test_a_program_that_does_not_compile_has_nothing_to_match(target):
    broken = program(target).edit("return x", "return y")
    found = program(target).remarks.changes(broken.remarks)
    assert found.new == found.same == found.changed == ()
    assert len(found.gone) == len(program(target).remarks)
    assert broken.remarks.errors


def test_large_rewrites_are_bounded(target):
    body = "\n".join(f"var v{n} = {n}" for n in range(3_000))
    one = Program.from_text(f"package main\n\n{body}\n\nfunc main() {{}}\n", target=target)
    other = one.with_text(one.text.replace("var v", "var w"))
    found = one.remarks.changes(other.remarks)
    assert len(found.same) == len(one.remarks)
