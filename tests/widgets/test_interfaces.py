"""The interface explainer on the real toolchain, without a browser."""

from __future__ import annotations

import pytest

from golifelab import Program, show
from golifelab.views.interfaces import MAX_INTERFACES, MAX_TYPES, interfaces_payload
from golifelab.views.interfacestwin import interfaces_html, interfaces_text, verdict
from golifelab.views.stage import stage_html
from golifelab.widgets import Interfaces
from golifelab.widgets.view import unpack

SHAPES = """\
package main

type Shape interface {
	Area() float64
	Scale(by float64)
}

type base struct{ name string }

func (b base) Name() string { return b.name }

type Square struct {
	base
	side float64
}

func (s Square) Area() float64     { return s.side * s.side }
func (s *Square) Scale(by float64) { s.side *= by }

type Circle struct{ r float64 }

func (c Circle) Area() int        { return int(c.r) }
func (c Circle) Scale(by float64) {}

func main() {}
"""


def shown(widget):
    assert widget.wait()
    assert widget.failure == ""
    return unpack(widget.payload)


def cell(payload, kind, interface):
    row = [one["name"] for one in payload["types"]].index(kind)
    column = [one["name"] for one in payload["interfaces"]].index(interface)
    return payload["cells"][row][column]


@pytest.fixture(params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    return request.param


def test_every_cell_says_why(tier):
    payload = shown(Interfaces(Program.from_text(SHAPES)))
    assert cell(payload, "*Square", "Shape")["ok"] is True
    assert cell(payload, "*Square", "Shape")["message"] == ""
    pointer = cell(payload, "Square", "Shape")
    assert (pointer["ok"], pointer["reason"], pointer["method"]) == (
        False,
        "pointer receiver",
        "Scale",
    )
    assert SHAPES.splitlines()[pointer["position"]["line"] - 1].startswith("func (s *Square) Scale")
    wrong = cell(payload, "Circle", "Shape")
    assert wrong["reason"] == "wrong signature"
    assert (wrong["have"], wrong["want"]) == ("Area() int", "Area() float64")
    assert "does not implement Shape" in wrong["message"]
    missing = cell(payload, "base", "Shape")
    assert (missing["reason"], missing["method"]) == ("missing method", "Area")


def test_method_sets_have_receivers_and_ways(tier):
    payload = shown(Interfaces(Program.from_text(SHAPES)))
    kinds = {one["name"]: one for one in payload["types"]}
    value = {method["name"]: method for method in kinds["Square"]["methods"]}
    pointer = {method["name"]: method for method in kinds["*Square"]["methods"]}
    assert value.keys() == {"Area", "Name"}
    assert pointer.keys() == {"Area", "Name", "Scale"}
    assert value["Name"]["through"] == ["base"]
    assert pointer["Scale"]["receiver"] == "*Square"
    assert kinds["Square"]["position"]["line"] == 12


def test_an_instance_has_the_methods_of_its_generic_type(tier):
    text = (
        "package p\ntype Box[P any] struct{ p P }\nfunc (b *Box[P]) Get() P { return b.p }\n"
        "type Getter interface{ Get() int }\nvar _ = Box[int]{}\n"
    )
    payload = shown(Interfaces(Program.from_text(text)))
    kinds = {one["name"]: one for one in payload["types"]}
    assert [method["name"] for method in kinds["*Box[int]"]["methods"]] == ["Get"]
    assert kinds["Box[int]"]["methods"] == []
    assert cell(payload, "*Box[int]", "Getter")["ok"] is True


def test_an_edit_is_followed():
    widget = Interfaces(Program.from_text(SHAPES))
    assert cell(shown(widget), "Square", "Shape")["ok"] is False
    widget.source = SHAPES.replace("(s *Square)", "(s Square)")
    payload = shown(widget)
    assert payload["seq"] == 1
    assert cell(payload, "Square", "Shape")["ok"] is True


def test_the_twin_is_a_table_that_says_the_same():
    widget = Interfaces(Program.from_text(SHAPES))
    payload = shown(widget)
    data, _ = widget._repr_mimebundle_()
    assert "pointer receiver" in data["text/html"]
    assert "have Area() int" in data["text/html"]
    assert data["text/plain"] == interfaces_text(payload)
    assert "Square, Shape: Square does not implement Shape" in data["text/plain"]
    rows = data["text/plain"].splitlines()
    marks = [line for line in rows if line.startswith(("Square ", "*Square "))]
    assert marks[0].split()[1] == "✗"
    assert marks[1].split()[1] == "✓"
    assert interfaces_html({})
    assert interfaces_text({})


def test_a_cell_that_was_not_asked_is_neither():
    assert verdict({"ok": None, "reason": "not asked"}) == "? not asked"
    assert verdict({"ok": True, "reason": ""}) == "✓ yes"
    assert verdict({"ok": False, "reason": "missing method", "method": "M"}) == "✗ no M"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "package p",
        "package p\ntype T int",
        "package p\ntype I interface{ M() }",
        "package p\ntype I interface{ ~int }\ntype T struct{ t T }\nvar _ I = T{",
        "package p\ntype T[P any] struct{ p P }\nfunc (T[P]) M()\ntype I[P any] interface{ M() P }",
        "package p\ntype T struct{}\nfunc (T) M(x struct{ a int `<script>` }) {}\ntype I <b>",
    ],
)
def test_whatever_is_written_is_answered_as_text(text, tier):
    widget = Interfaces(Program.from_text(text))
    shown(widget)
    data, _ = widget._repr_mimebundle_()
    assert data["text/plain"]
    assert "<script" not in data["text/html"]
    assert "<b>" not in data["text/html"]


def test_a_value_alone_has_a_view():
    program = Program.from_text(SHAPES)
    view = show(program.satisfaction())
    assert view.view == "interfaces"
    assert cell(unpack(view.payload), "Circle", "Shape")["reason"] == "wrong signature"
    assert "Square is no Shape" in view._repr_mimebundle_()[0]["text/html"]
    assert "Scale(by float64)" in stage_html(program.methods)


def test_a_matrix_is_bounded_and_what_is_left_out_is_counted():
    text = "package p\n" + "".join(
        f"type T{number} int\ntype I{number} interface{{ M{number}() }}\n" for number in range(60)
    )
    program = Program.from_text(text)
    payload = interfaces_payload(program.satisfaction(), program.methods)
    assert len(payload["types"]) == MAX_TYPES
    assert len(payload["interfaces"]) == MAX_INTERFACES
    assert payload["hidden"] == {"types": 120 - MAX_TYPES, "interfaces": 60 - MAX_INTERFACES}


def test_more_than_can_be_asked_is_asked_in_part():
    text = "package p\n" + "".join(
        f"type T{number} int\ntype I{number} interface{{ M() }}\n" for number in range(90)
    )
    payload = shown(Interfaces(Program.from_text(text)))
    assert payload["hidden"] == {"types": 180 - MAX_TYPES, "interfaces": 90 - MAX_INTERFACES}
    assert cell(payload, "T0", "I0")["reason"] == "missing method"


def test_what_does_not_parse_could_not_be_asked(tier):
    payload = shown(Interfaces(Program.from_text(SHAPES + "func {")))
    assert not payload["parsed"]
    assert {one["ok"] for row in payload["cells"] for one in row} <= {None}
