"""Remarks: every family from one run of the compiler, at its place and on its node."""

from __future__ import annotations

import json

import pytest

from golifelab.compile.remarks import remarks
from golifelab.compile.remarks.budget import inline_budget
from golifelab.compile.remarks.remark import FAMILIES, OUTCOMES
from golifelab.position import Position
from golifelab.source import Source

TEXT = """package main

import (
	"io"
	"os"
)

type point struct{ x, y int }

type shape interface{ area() int }

func (p *point) area() int { return p.x * p.y }

func escaper(n int) *int {
	x := n
	y := &x
	return y
}

var global *point

func store(p *point) { global = p }

func sum(s []int) int {
	t := 0
	for i := 0; i < len(s); i++ {
		t += s[i]
	}
	return t + s[0]
}

//go:noinline
func add(a, b int) int { return a + b }

func deref(p *[1 << 20]int) int { return p[1<<19] }

func part(s []int, n int) []int { return s[n:] }

func main() {
	var s shape = &point{1, 2}
	store(&point{s.area(), *escaper(add(1, 2))})
	var w io.Writer = os.Stdout
	w.Write([]byte{byte(sum([]int{1})), byte(deref(new([1 << 20]int))), byte(len(part(nil, 0)))})
}
"""


@pytest.fixture(scope="module")
def found(target):
    return remarks(Source.from_text(TEXT), target)


def place(word, shift=0):
    """The position of a piece of TEXT that occurs once, or of what stands `shift` behind it."""
    before, _, _ = TEXT.partition(word)
    assert TEXT.count(word) == 1
    return Position("main.go", before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1 + shift)


def one(found, position, *words):
    """The only remark of some families and outcomes at a position."""
    (remark,) = [
        remark
        for remark in found
        if remark.position == position and {remark.family, remark.outcome} >= set(words)
    ]
    return remark


def test_every_remark_has_its_words(found):
    assert found.tier == "tool"
    assert found.errors == ()
    assert not found.brief
    assert sum(found.kinds().values()) == sum(found.families().values()) == len(found)
    assert tuple(found.families()) == FAMILIES
    for remark in found:
        assert remark.outcome in OUTCOMES[remark.family]
        assert remark.message
        assert remark.position.file == "main.go"
        assert remark.times >= 1
    assert list(found) == sorted(found, key=lambda remark: remark.position)


def test_inlining(found, target):
    cheap = one(found, place("func store", 5), "inline")
    assert (cheap.outcome, cheap.subject, cheap.kind) == (
        "can inline",
        "store",
        "canInlineFunction",
    )
    assert cheap.message == f"can inline store with cost {cheap.cost}"
    assert cheap.body == "func(*point) { global = p }"
    assert 0 < cheap.cost <= found.budget == inline_budget(target)
    never = one(found, place("func add", 5), "inline")
    assert (never.outcome, never.reason) == ("cannot inline", "marked go:noinline")
    assert one(found, place("store(&", 5), "inline").subject == "store"
    assert found.about("escaper") == (
        one(found, place("func escaper", 5), "inline"),
        one(found, place("escaper(add", 7), "inline", "inlined"),
    )


def test_the_judgement_of_a_function_by_its_name(found):
    judged = found.judgements()
    assert judged["store"] == one(found, place("func store", 5), "inline")
    assert judged["add"].outcome == "cannot inline"
    called = {remark.subject for remark in found.of("inlined")}
    assert called >= {"store", "escaper", "sum", "(*point).area"}
    assert all(judged[name].outcome == "can inline" for name in called)


def test_the_budget_is_the_one_the_compiler_names(target):
    body = "\n".join("\tx = x*7 + 1" for _ in range(60))
    text = (
        f"package main\n\nfunc f(x int) int {{\n{body}\n\treturn x\n}}\n\nfunc main() {{ f(1) }}\n"
    )
    found = remarks(Source.from_text(text), target)
    (heavy,) = (remark for remark in found.about("f") if remark.outcome == "cannot inline")
    assert heavy.budget == inline_budget(target)
    assert heavy.cost > heavy.budget
    assert "too complex" in heavy.reason


def test_why_a_variable_escapes(found):
    moved = one(found, place("x := n"), "escape")
    assert (moved.outcome, moved.subject) == ("moved to heap", "x")
    assert moved.message == "moved to heap: x"
    assert len(moved.said) == 2
    ways = [(step.position, step.kind, step.message) for step in moved.steps]
    assert ways[1:3] == [
        (place("&x"), "from", "&x (address-of)"),
        (place("y := &x", 2), "from", "y := &x (assign)"),
    ]
    assert ways[-1] == (place("return y"), "from", "return y (return)")
    assert [kind for _, kind, _ in ways] == ["flow", "from", "from", "flow", "from"]
    assert ways[0][2].startswith("y ")
    assert ways[0][2].endswith("&x")


def test_a_way_through_inlined_code_names_both_places(found):
    made = one(found, place("&point{s.area"), "escape")
    assert made.outcome == "escapes"
    last = made.steps[-1]
    assert last.message == "global = p (assign)"
    assert last.position == place("store(&", 5)
    assert last.inlined == (place("global = p", 7),)


def test_parameters_that_leak_and_values_that_stay(found):
    leaks = one(found, place("p *point) { global"), "escape")
    assert (leaks.outcome, leaks.message) == ("leaks", "leaking param: p")
    assert leaks.steps[-1].message == "global = p (assign)"
    stays = one(found, place("s []int) int"), "escape")
    assert (stays.outcome, stays.subject, stays.steps) == ("stays", "s", ())


def test_bounds_and_nil_checks(found):
    kept = one(found, place("s[0]", 1), "bounds")
    assert (kept.outcome, kept.kind) == ("kept", "isInBounds")
    assert one(found, place("s[i]", 1), "bounds").outcome == "proved away"
    assert one(found, place("s[n:]", 1), "bounds").kind == "isSliceInBounds"
    assert one(found, place("p[1<<19]", 1), "nil").outcome == "kept"
    assert one(found, place("p.x", 1), "nil").outcome == "removed"


def test_devirtualised_calls(found):
    called = one(found, place("s.area(", 6), "devirtualize")
    assert (called.outcome, called.subject, called.body) == ("devirtualized", "s.area", "*point")
    assert one(found, place("w.Write(", 7), "devirtualize").body == "*os.File"


def test_remarks_of_a_line(found):
    at = place("s[0]", 1)
    assert found.at(at)[0].position == at
    assert found.on_line(at.line) == tuple(r for r in found if r.position.line == at.line)
    assert found.at(Position("gone.go", 1, 1)) == ()
    assert set(found.of("bounds")) >= set(found.of_kind("isInBounds"))
    assert {remark.outcome for remark in found.of("moved to heap")} == {"moved to heap"}


@pytest.mark.usefixtures("tier")
def test_remarks_are_pinned_on_nodes(observed):
    found = remarks(Source.from_text(TEXT), observed)
    nodes = {remark: found.node(remark) for remark in found}
    assert None not in nodes.values()

    def kind(position, *words):
        return nodes[one(found, position, *words)].kind

    assert kind(place("func store", 5), "inline") == "FuncDecl"
    assert kind(place("x := n"), "escape") == "Name"
    assert kind(place("&point{s.area"), "escape") == "Operation"
    assert kind(place("s[i]", 1), "bounds") == "IndexExpr"
    assert kind(place("s[n:]", 1), "bounds") == "SliceExpr"
    assert kind(place("s.area(", 6), "devirtualize") == "CallExpr"
    assert kind(place("p.x", 1), "nil") == "SelectorExpr"
    for remark, node in nodes.items():
        assert node.position.line <= remark.position.line or node.position == remark.position


def test_generated_code_of_generic_functions_is_told_once(target):
    text = """package main

func first[T any](list []T) *T { x := list[0]; return &x }

func main() { println(first([]int{1}), first([]string{"a"})) }
"""
    found = remarks(Source.from_text(text), target)
    moved = [r for r in found.of("moved to heap") if r.subject == "x"]
    assert moved
    assert len({(r.position, r.function) for r in moved}) == len(moved)
    assert all(r.steps for r in moved)


def test_as_data(found):
    plain = found.to_json()
    json.dumps(plain)
    assert len(plain["remarks"]) == len(found)
    (moved,) = [r for r in plain["remarks"] if r["message"] == "moved to heap: x"]
    assert moved["family"] == "escape"
    assert moved["steps"][-1]["position"] == str(place("return y"))
    table = found.frame()
    assert len(table) == len(found)
    assert table.cost.dtype == "Int64"
    assert set(table.family) <= set(FAMILIES)
    assert "-m=2" in found.command


def test_errors_of_a_late_phase_are_errors_and_not_remarks(target):
    text = (
        "package main\n\nfunc f(a, b [1 << 29]byte) [1 << 29]byte { return a }\n\n"
        "func main() { x := 1; p := &x; println(p); var a [1 << 29]byte; f(a, a) }\n"
    )
    found = remarks(Source.from_text(text), target)
    assert len(found) == 0
    assert [error.position.line for error in found.errors] == [3]
    assert "stack frame too large" in found.errors[0].message


def test_a_line_directive_does_not_move_a_remark(target):
    made = "func f(n int) *int { return &n }"
    text = f"package main\n\n//line a b:c.y:70\n{made}\n\nfunc main() {{ f(1) }}\n"
    found = remarks(Source.from_text(text), target)
    (moved,) = found.of("moved to heap")
    assert moved.position == Position("main.go", 4, 8)
    assert moved.steps[-1].position.line == 4
    assert {remark.position.line for remark in found} == {4, 6}


def test_far_to_the_right_the_column_is_unknown(target):
    text = f"package main\n\nfunc main() {{ {' ' * 300}f := func() {{ recover() }}; f() }}\n"
    found = remarks(Source.from_text(text), target)
    (judged,) = (r for r in found.of_kind("cannotInlineFunction") if "func1" in r.subject)
    assert judged.position == Position("main.go", 3, 0)
    assert found.node(judged).kind == "FuncLit"


def test_hostile_names_and_strings_stay_data(target):
    word = "</script><b>${x}\\u2028\\x85"
    text = f'package main\n\nvar é any\n\nfunc main() {{ é = "{word}\x85\u2028"; println(&é) }}\n'
    found = remarks(Source.from_text(text), target)
    (kept,) = (r for r in found.of("escape") if "script" in r.subject)
    assert "</script><b>${x}" in kept.message
    assert kept.position.line == 5
    assert not found.errors
    assert found.rest == ()


def test_a_package_of_several_files(target):
    files = (
        ("b.go", "package main\n\nfunc main() { println(add(1, 2)) }\n"),
        ("a.go", "package main\n\nfunc add(a, b int) int { return a + b }\n"),
    )
    found = remarks(Source(files), target)
    assert [r.position.file for r in found] == sorted(
        (r.position.file for r in found), reverse=True
    )
    assert found.at(Position("a.go", 3, 6))[0].subject == "add"
    assert found.about("add")[0].position == Position("b.go", 3, 26)


def test_a_program_with_too_much_to_tell_is_told_in_brief(newest, monkeypatch):
    monkeypatch.setattr("golifelab.compile.remarks.stage._MOST_TOLD", 100)
    found = remarks(Source.from_text(TEXT, name="brief.go"), newest)
    assert found.brief
    assert found.errors == ()
    assert found.families()["bounds"] == 4
    assert {remark.cost for remark in found} == {None}
    assert all(not remark.steps for remark in found)
    assert "-json" not in found.command
    assert [r.subject for r in found.of("moved to heap")] == ["x"]
