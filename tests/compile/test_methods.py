"""Method sets, and that they are those of go/types' own NewMethodSet."""

from __future__ import annotations

import json

import pytest

from golifelab.compile.check.methods import method_sets
from golifelab.errors import GolifelabError
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
type Base struct {
	sync.Mutex
	n int
}

func (b *Base) Set(n int) { b.n = n }
func (b Base) Get() int   { return b.n }

type Derived struct {
	*Base
	name string
}

func (d Derived) String() string { return d.name }

type Stack[P any] struct{ items []P }

func (s *Stack[Q]) Push(q Q) { s.items = append(s.items, q) }

type Both struct {
	io.ReadWriter
	Base
}
type Pointer *Base
type Alias = Base

func main() {
	type local struct{ Derived }
	var _ fmt.Stringer = local{}
	{
		type local int
		var _ local
	}
	var _ error
}
"""


@pytest.fixture
def sets(tier, observed):
    return method_sets(Source.from_text(TEXT), observed)


def names(methods):
    return [method.name for method in methods]


def test_a_value_has_fewer_methods_than_a_pointer(sets, tier):
    assert sets.tier == tier
    assert names(sets.of("Base")) == ["Get"]
    assert names(sets.of("*Base")) == ["Get", "Lock", "Set", "TryLock", "Unlock"]
    get, _, put = sets.of("*Base")[:3]
    assert (get.receiver, get.pointer, get.position) == ("Base", False, Position("main.go", 20, 15))
    assert (put.receiver, put.pointer, put.signature) == ("*Base", True, "func(n int)")


def test_promotion_says_through_what(sets):
    # An embedded pointer gives the outer value all methods of the inner pointer.
    through = {method.name: method.through for method in sets.of("Derived")}
    assert through == {
        "Get": ("Base",),
        "Lock": ("Base", "Mutex"),
        "Set": ("Base",),
        "String": (),
        "TryLock": ("Base", "Mutex"),
        "Unlock": ("Base", "Mutex"),
    }
    assert names(sets.of("Both")) == ["Get", "Read", "Write"]
    read = next(method for method in sets.of("Both") if method.name == "Read")
    assert (read.through, read.receiver, read.position) == (("ReadWriter",), "io.Reader", None)


def test_interfaces_ask_for_methods(sets):
    assert sets.interfaces == ("Shape", "Number", "error", "fmt.Stringer", "io.ReadWriter")
    assert [(m.name, m.through) for m in sets.of("Shape")] == [
        ("Area", ()),
        ("String", ("fmt.Stringer",)),
    ]
    assert sets.named("Number").constraint
    assert not sets.named("Shape").constraint
    assert names(sets.of("error")) == ["Error"]


def test_generic_named_pointer_and_local_types(sets):
    assert sets.types == (
        *("Base", "*Base", "Derived", "*Derived", "Stack[P]", "*Stack[P]", "Both", "*Both"),
        *(
            "Pointer",
            "*Pointer",
            "local",
            "*local",
            "local (main.go:44:8)",
            "*local (main.go:44:8)",
        ),
    )
    assert [(m.name, m.receiver) for m in sets.of("*Stack[P]")] == [("Push", "*Stack[Q]")]
    assert sets.of("Stack[P]") == sets.of("Pointer") == sets.of("*Pointer") == ()
    assert sets.named("*Stack[P]").parameters == "P any"
    assert (sets.named("local").local, sets.named("local").function) == (True, "main")
    assert "String" in names(sets.of("local"))
    with pytest.raises(GolifelabError) as caught:
        sets.of("Nobody")
    assert "*Derived" in caught.value.remedy


def test_forms(sets, observed):
    frame = sets.frame()
    assert list(frame.columns)[:3] == ["type", "method", "signature"]
    assert len(frame) == sum(len(methods) for _, methods in sets.sets)
    told = json.loads(json.dumps(sets.to_json()))
    assert {"stage", "tier", "types", "methods", "errors"} <= set(told)
    assert Program.from_text(TEXT, target=observed).methods == sets


@pytest.mark.parametrize(
    "text",
    [
        "",
        "package main\nfunc (",
        "package main\ntype T nosuch\nfunc (T) M()\ntype T struct{ T }\n",
        "package main\ntype T[P any] struct{ *T[[]P] }\nfunc (T[P]) M() {}\n",
        "package main\ntype A = B\ntype B = A\ntype I interface{ I }\ntype S struct{ *S; I }\n",
        "package main\ntype I interface{ m() interface{ I } }\n",
    ],
)
def test_broken_programs_are_values(text, tier, observed):
    broken = method_sets(Source.from_text(text), observed)
    json.dumps(broken.to_json())
    assert broken.frame() is not None
    assert broken.errors or "*T[[]P]" in text or "interface{ I } }" in text


@pytest.mark.parametrize("package", ["go/types", "reflect", "encoding/json", "text/template"])
def test_sets_are_those_of_go_types(package, tier, observed, std_source, typesets):
    source = std_source(package, observed)
    expected = {tuple(row) for row in typesets("methods", source, observed)}
    assert len(expected) > 20
    sets = method_sets(source, observed)
    assert sets.errors == ()
    got = set()
    for one in sets.named_types:
        # The judge's sets are those of types at package level.
        if one.local or one.position is None:
            continue
        bare = one.name.partition("[")[0]
        for star in ("",) if one.interface else ("", "*"):
            for method in sets.of(star + one.name):
                depth = 1 if one.interface else len(method.through) + 1
                row = (star + bare, method.name, method.signature)
                got.add((*row, str(method.pointer).lower(), str(depth)))
    assert got == expected
