"""Who implements what: every verdict is the checker's, every reason is in its sentence."""

from __future__ import annotations

import json

import pytest

from golifelab.compile.check.satisfaction import satisfaction
from golifelab.compile.check.words import reason_of
from golifelab.errors import GolifelabError, LimitExceeded
from golifelab.position import Position
from golifelab.program import Program
from golifelab.source import Source

TEXT = """package main

import (
	"fmt"
	"io"
	"sync"
)

type Shape interface {
	Area() float64
	fmt.Stringer
}
type Number interface{ ~int | ~float64 }
type Keyed interface {
	comparable
	Key() string
}
type Container[T any] interface{ Push(T) }
type Never interface {
	int
	string
}

type Base struct {
	sync.Mutex
	n int
}

func (b *Base) Area() float64 { return 1 }
func (b Base) String() string { return "" }

type Derived struct {
	*Base
	name string
}

func (d Derived) Read(p string) {}

type Stack[P any] struct{ items []P }

func (s *Stack[Q]) Push(q Q) { s.items = append(s.items, q) }

type low struct{ Area int }

func (low) string() string { return "" }

type My int

func (My) Key() string { return "" }

type List []int

func (List) Key() string { return "" }

type Twice struct {
	Base
	Other
}
type Other struct{}

func (Other) String() string { return "" }

var _ Stack[int]
var _ Container[int]

func Use[X any]() { var _ Stack[X] }

func main() {
	type local struct{ Derived }
	type Locked interface{ Lock() } // after it, in its function
	var _ fmt.Stringer = local{}
	var _ io.Reader
}

func other() {
	type far interface{ Far() }
	type near int
}
"""


@pytest.fixture
def matrix(tier, observed):
    return satisfaction(Source.from_text(TEXT), observed)


# type, interface → reason ("" where it is satisfied), method, the line of the position (0: none).
CELLS = {
    ("Base", "Shape"): ("pointer receiver", "Area", 29),
    ("*Base", "Shape"): ("", "", 0),
    ("Derived", "Shape"): ("", "", 0),
    ("My", "Shape"): ("missing method", "Area", 10),
    ("low", "Shape"): ("field, not method", "Area", 10),
    ("low", "fmt.Stringer"): ("wrong name", "String", 45),
    ("Derived", "io.Reader"): ("wrong signature", "Read", 37),
    ("Twice", "fmt.Stringer"): ("ambiguous", "String", 0),
    ("My", "Number"): ("", "", 0),
    ("low", "Number"): ("not in type set", "", 0),
    ("My", "Keyed"): ("", "", 0),
    ("List", "Keyed"): ("not comparable", "", 0),
    ("My", "Never"): ("empty type set", "", 0),
    ("Stack[P]", "Container[int]"): ("pointer receiver", "Push", 41),
    ("*Stack[P]", "Container[int]"): ("wrong signature", "Push", 41),
    ("*Stack[int]", "Container[int]"): ("", "", 0),
    ("local", "Shape"): ("", "", 0),
    ("local", "Locked"): ("", "", 0),
    ("*Base", "Locked"): ("", "", 0),
    ("Base", "Locked"): ("pointer receiver", "Lock", 70),
}


@pytest.mark.parametrize("pair", CELLS, ids=" ".join)
def test_every_reason(pair, matrix):
    reason, method, line = CELLS[pair]
    cell = matrix.cell(*pair)
    assert (cell.satisfied, cell.reason, cell.method) == (not reason, reason, method)
    assert (cell.position.line if cell.position else 0) == line
    if reason:
        assert cell.because.startswith(f"{pair[0]} does not") or reason == "empty type set"
        assert pair[1] in cell.message or reason == "not comparable"
    else:
        assert cell.message == ""


def test_signatures_are_compared(matrix):
    cell = matrix.cell("Derived", "io.Reader")
    assert (cell.have, cell.want) == ("Read(string)", "Read([]byte) (int, error)")
    assert cell.position == Position("main.go", 37, 18)
    assert cell.question == "var _ io.Reader = *new(Derived)"


def test_what_can_not_be_asked_says_so(matrix):
    assert matrix.cell("near", "far").satisfied is False
    for pair in (("local", "far"), ("near", "Locked"), ("Stack[P]", "Locked")):
        cell = matrix.cell(*pair)
        assert (cell.satisfied, cell.reason) == (None, "not asked")
        assert cell.message
    with pytest.raises(GolifelabError) as caught:
        matrix.cell("Base", "Nothing")
    assert "Shape" in caught.value.remedy


def test_rows_and_columns(matrix, tier, observed):
    assert matrix.tier == tier
    assert matrix.errors == ()
    assert ("Stack[X]" in matrix.types, "Container[T]" in matrix.interfaces) == (False, False)
    assert {"Stack[int]", "*Stack[int]", "Stack[P]"} <= set(matrix.types)
    assert len(matrix) == len(matrix.types) * len(matrix.interfaces)
    assert [cell.type for cell in matrix][: len(matrix.interfaces)] == ["Base"] * len(
        matrix.interfaces
    )
    frame = matrix.matrix()
    assert frame.loc["Base", "Shape"] == "pointer receiver"
    assert frame.loc["*Base", "Shape"] == "yes"
    assert len(matrix.frame()) == len(matrix)
    told = json.loads(json.dumps(matrix.to_json()))
    assert len(told["cells"]) == len(matrix)
    assert Program.from_text(TEXT, target=observed).satisfaction() == matrix


def test_the_verdicts_are_those_of_a_real_program(matrix, observed):
    """Each cell's question, put into the program by hand, compiles if and only if it says yes."""
    asked = [cell for cell in matrix if cell.satisfied is not None]
    at_top = [
        c
        for c in asked
        if not {c.type.strip("*"), c.interface} & {"local", "near", "Locked", "far"}
    ]
    assert len(at_top) > 100
    for cell in at_top[:: len(at_top) // 12]:
        program = Program.from_text(f"{TEXT}\n{cell.question}\n", target=observed)
        assert (not program.errors) == cell.satisfied, cell
        if program.errors:
            assert program.errors[0].message == cell.message


@pytest.mark.parametrize("package", ["go/types", "text/template/parse", "reflect", "io/fs"])
def test_verdicts_are_those_of_go_types(package, tier, observed, std_source, typesets):
    source = std_source(package, observed)
    expected = {
        (row[0], row[1]): row[2] == "true" for row in typesets("implements", source, observed)
    }
    assert len(expected) > 20
    assert {True, False} == set(expected.values())
    names = {kind: list(dict.fromkeys(pair[kind] for pair in expected)) for kind in (0, 1)}
    found = satisfaction(source, observed, types=names[0], interfaces=names[1])
    got = {(cell.type, cell.interface): cell.satisfied for cell in found}
    assert got == expected


def test_any_expression_can_be_asked_about(tier, observed):
    program = Program.from_text(TEXT, target=observed)
    asked = program.satisfaction(
        ["int", "*Stack[string]", "map[", "int) + (x", "nosuch", "any", "*Base", "struct{ Base }"],
        ["io.Reader", "interface{ Area()\n float64 }", "cmp.Ordered", "Container[string]", "int"],
    )
    assert asked.cell("int", "cmp.Ordered").satisfied
    assert asked.cell("*Stack[string]", "Container[string]").satisfied
    assert asked.cell("*Base", "interface{ Area() float64 }").satisfied
    assert asked.cell("struct{ Base }", "interface{ Area() float64 }").reason == "pointer receiver"
    assert asked.cell("any", "io.Reader").reason == "missing method"
    assert asked.cell("int", "int").reason == "not an interface"
    for wrong in ("map[", "int) + (x", "nosuch"):
        cell = asked.cell(wrong, "io.Reader")
        assert (cell.satisfied, cell.reason) == (None, "not asked")
    assert "undefined: nosuch" in asked.cell("nosuch", "io.Reader").message


def test_broken_declarations_are_no_verdict(tier, observed):
    text = (
        "package main\ntype T nosuch\ntype S struct{ x nosuch }\ntype I interface{ M() }\n"
        "type J interface{ M(); ~int | nosuch }\nfunc (S) M() {}\ntype good struct{}\n"
    )
    found = satisfaction(Source.from_text(text), observed)
    assert found.errors
    assert found.cell("T", "I").reason == "invalid type"
    assert found.cell("S", "I").satisfied is None
    assert "nosuch" in found.cell("S", "I").message
    assert found.cell("good", "I").reason == "missing method"
    assert satisfaction(Source.from_text("package main\ntype T\n"), observed).errors
    open_ended = satisfaction(Source.from_text("package main\ntype T int\nfunc (\n"), observed)
    assert all(cell.satisfied is None for cell in open_ended)


@pytest.mark.parametrize(
    "text",
    [
        'package p\nimport "unsafe"\ntype T struct{ T }\nvar _ = unsafe.Sizeof(T{})\n',
        "package p\ntype X[T any] interface{ X[*T] }\nvar _ X[int]\ntype Y[P any] [2]Y[*P]\n",
        "package p\ntype A [2]B\ntype B struct{ A }\ntype I interface{ I; M() }\nfunc (A) M() {}\n",
    ],
)
def test_types_without_an_end(text, tier, observed):
    # Go's own checker overflows its stack, or comes to no end, when it is asked about some of them.
    found = satisfaction(Source.from_text(text + "type S interface{ M() }\n"), observed)
    assert found.errors
    assert "invalid type" in {cell.reason for cell in found}


def test_files_and_names_of_the_questions_do_not_collide(tier, observed):
    files = (
        ("questions.go", "package shapes\ntype I interface{ M() }\ntype T struct{}\n"),
        ("b.go", "package shapes\nfunc (T) M() {}\nfunc f() { type U int; println(); _ = U(1) }\n"),
    )
    found = satisfaction(Source(files, package="shapes"), observed)
    assert found.errors == ()
    assert found.cell("T", "I").satisfied
    assert found.cell("U", "I").reason == "missing method"


def test_a_matrix_has_a_limit(observed):
    names = [f"[{n}]int" for n in range(200)]
    with pytest.raises(LimitExceeded):
        satisfaction(Source.from_text("package p\n"), observed, types=names, interfaces=names)


def test_reasons_in_words():
    assert reason_of("T does not implement I (unexported method m)").kind == "unexported method"
    assert reason_of("x (type *I is pointer to interface, not interface)").kind == (
        "pointer to interface"
    )
    assert reason_of("T does not satisfy N (possibly missing ~ for int in N)").kind == (
        "not in type set"
    )
    assert reason_of("something new").kind == "other"


def test_the_command_says_the_same_in_a_terminal(observed, terminal, tmp_path):
    source = Source.from_text("package main\n\ntype T struct{}\n\nfunc (*T) M() {}\n")
    source.write(tmp_path)
    found = satisfaction(source, observed, types=["T", "*T"], interfaces=["interface{ M() }"])
    assert terminal(found.command) == str(found.matrix())
    assert satisfaction(source, observed).command.startswith("golifelab show satisfaction ")
