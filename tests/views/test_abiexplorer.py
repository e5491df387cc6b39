"""The ABI explorer's payload: the compiler's answer, with words for its pieces."""

from __future__ import annotations

import pytest

from golifelab import Program
from golifelab.views.abiexplorer import EXAMPLE, abi_payload, abi_payloads
from golifelab.views.abitwin import abi_html, columns_html, columns_text
from golifelab.views.pieces import piece_names
from golifelab.widgets.view import pack

SOURCE = """package main

type inner struct{ x, _ float64 }

type outer struct {
	inner
	*other
	name string
	err  error
}

type other struct{ next *other }

type list []int

type alias = outer

type box[T any] struct{ v T }

func join(o outer, sep string) (list, error) { return nil, nil }

func (o *other) last() *other { return o }

func (b *box[T]) get() T { return b.v }

func same[T any](a T) T { return a }

func main() {}
"""


@pytest.fixture(params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    return request.param


@pytest.fixture
def program(target):
    return Program.from_text(SOURCE, target=target)


def answer(program: Program, asked: str) -> dict:
    (payload,) = abi_payloads(program, asked)
    assert pack(payload)
    return payload


# Each is what the compiler makes of the type, too: the number of its pieces must be the same.
KINDS = {
    "int": ("",),
    "string": (".ptr", ".len"),
    "[]string": (".ptr", ".len", ".cap"),
    "list": (".ptr", ".len", ".cap"),
    "error": (".itab", ".data"),
    "any": (".type", ".data"),
    "interface{ Get() int }": (".itab", ".data"),
    "complex64": (".real", ".imag"),
    "map[string]int": ("",),
    "func(a, b int) error": ("",),
    "<-chan int": ("",),
    "*outer": ("",),
    "[1]string": ("[0].ptr", "[0].len"),
    "(uint8)": ("",),
    "struct{ a, b int32; c bool }": (".a", ".b", ".c"),
    "outer": (".inner.x", ".inner._", ".other", ".name.ptr", ".name.len", ".err.itab", ".err.data"),
    "alias": (".inner.x", ".inner._", ".other", ".name.ptr", ".name.len", ".err.itab", ".err.data"),
    "time.Duration": ("",),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_pieces_of_a_type_have_names(program, kind):
    (column, _) = answer(program, f"func(v {kind})")["columns"]
    (one,) = column["assignments"]
    assert tuple(piece["name"] for piece in one["pieces"]) == KINDS[kind]


@pytest.mark.parametrize("kind", ["time.Time", "box[int]", "struct{ d time.Duration; n int }"])
def test_no_words_where_the_type_is_not_known(program, kind):
    (column, _) = answer(program, f"func(v {kind})")["columns"]
    (one,) = column["assignments"]
    assert one["pieces"]
    named = [piece["name"] for piece in one["pieces"]]
    assert named == [None] * len(named)
    assert piece_names(program.source, program.target, kind, 99) is None


@pytest.mark.parametrize("kind", ["struct {", "1 +", "loop", "struct{ x loop }"])
def test_wrong_types_have_no_pieces(kind):
    source = Program.from_text("package p\n\ntype loop loop\n")
    assert piece_names(source.source, source.target, kind, 1) is None


def test_two_processors_and_their_registers(tier, program):
    payload = answer(program, "join")
    assert payload["signature"] == "func join(o outer, sep string) (list, error)"
    assert payload["functions"] == ["join", "other.last"]
    for column in payload["columns"]:
        found = program.for_target(goarch=column["architecture"]).abi("join")
        told = [[piece["register"] for piece in one["pieces"]] for one in column["assignments"]]
        assert told == [[*one.registers] for one in found.assignments]
        used = {register for row in told for register in row}
        assert used <= {*column["integer"], *column["floating"]}
    html, text = columns_html(payload), columns_text(payload)
    for shown in (html, text):
        assert "name.ptr" in shown
        assert "on arm64" in shown


@pytest.mark.parametrize(
    ("asked", "problem", "under"),
    [
        ("func(a int", "syntax error", ""),
        ("func(a int b string)", "unexpected name b", "b string)"),
        ("func(a int) bool b", "unexpected name b", "b"),
        ("func (t *other) Next(n int", "syntax error", ""),
        ("func", "syntax error", ""),
        ("func(a Foo)", "undefined: Foo", None),
        ("nowhere", "declares no function", None),
        ("same", "generic", None),
        ("func(a int) {}}", "", None),
    ],
)
def test_go_says_what_is_wrong(program, asked, problem, under):
    payload = answer(program, asked)
    assert payload["columns"] == []
    assert payload["problem"]
    assert problem in payload["problem"]
    if under is not None:
        assert asked[payload["at"] :] == under
    assert payload["problem"].split("\n")[0] in columns_text(payload)


def test_a_program_with_errors_of_its_own():
    payload = answer(Program.from_text("package main\n\nfunc main() { x }\n"), "func(a int)")
    assert payload["problem"] == "the program has 1 error of its own"


def test_without_functions_there_is_an_example():
    payload = answer(Program.from_text("package p\n"), "")
    assert payload["asked"] == EXAMPLE
    assert len(payload["columns"]) == 2


def test_one_processor_alone(program):
    found = program.abi("func(o outer, n [3]int, s struct{})")
    payload = abi_payload(found)
    told = {one["name"]: one for one in payload["assignments"]}
    # Without the program its types are not known: the compiler's words remain.
    assert {piece["name"] for piece in told["o"]["pieces"]} == {None}
    html = abi_html(found)
    assert "the stack, <code>0(FP)</code>" in html
    assert "nothing to carry" in html
    assert "*uint8 at" in html or "*byte at" in html
