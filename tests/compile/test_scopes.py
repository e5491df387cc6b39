"""Scopes, selections and instances, the same in both tiers."""

from __future__ import annotations

import json

import pytest

from golifelab.compile.front import front
from golifelab.compile.types import types
from golifelab.position import Position
from golifelab.source import Source

TEXT = """package main

import "strings"

type Base struct{ n int }

func (b *Base) Set(n int) { b.n = n }

type Outer struct{ *Base }

func Map[A, B any](l []A, f func(A) B) (out []B) {
	for _, a := range l {
		out = append(out, f(a))
	}
	return
}

type Pair[K comparable, V any] struct {
	k K
	v V
}

func main() {
	var d Outer
	d.Set(1)
	if x := d.n; x > 0 {
		y := Map([]int{x}, func(i int) string { return "" })
		_ = strings.Join(y, "")
	}
	_ = (*Base).Set
	var p Pair[string, map[string]func(int, int)]
	_ = p
}
"""


@pytest.fixture
def checked(tier, observed):
    return types(Source.from_text(TEXT), observed)


def at(line, column):
    return Position("main.go", line, column)


def test_scopes_nest(checked):
    scopes = checked.scopes
    assert [scope.kind for scope in scopes[:3]] == ["universe", "package", "File"]
    assert scopes[1].names == ("Base", "Outer", "Map", "Pair", "main")
    assert {"int", "any", "append"} <= set(scopes[0].names)
    for place, scope in enumerate(scopes):
        assert scope.id == place
        outer = scopes[scope.parent] if scope.parent >= 0 else None
        if outer is not None and outer.file:
            assert outer.start <= scope.start <= scope.end <= outer.end


def test_a_name_is_looked_up_from_the_inside(checked):
    inner = checked.scope_at(at(27, 3))
    assert [scope.kind for scope in checked.chain(inner)] == [
        *("BlockStmt", "IfStmt", "FuncType", "File", "package", "universe"),
    ]
    assert [scope.names for scope in checked.chain(inner)][:4] == [
        ("y",),
        ("x",),
        ("d", "p"),
        ("strings",),
    ]
    # Parameters and body are one scope; its node is the signature.
    assert checked.scope_at(at(13, 3)).names == ()
    assert checked.chain(checked.scope_at(at(13, 3)))[2].names == ("A", "B", "l", "f", "out")
    assert checked.scope_at(at(18, 2)).names == ("K", "V")
    assert checked.scope_at(at(4, 1)).kind == "File"
    assert checked.scope_at(Position("other.go", 1, 1)) is None
    assert checked.scope_at(at(999, 1)) is None


def test_selections(checked):
    tree = checked.syntax
    found = {}
    for node in tree:
        selection = checked.selection(node)
        if selection is not None:
            assert node.kind == "SelectorExpr"
            found[tree.children(node)[-1].text, node.position.line] = selection
    assert ("Join", 28) not in found  # a qualified name selects nothing
    assert found["Set", 25].kind == "method"
    assert (found["Set", 25].receiver, found["Set", 25].path) == ("Outer", (0, 0))
    assert found["Set", 25].indirect
    assert found["n", 26].kind == "field"
    assert found["Set", 30].kind == "method expression"
    assert checked.selection(tree.roots[0]) is None


def test_instances(checked):
    inferred, written = checked.instances
    assert (inferred.name, inferred.arguments) == ("Map", ("int", "string"))
    assert inferred.position == at(27, 8)
    assert written.arguments == ("string", "map[string]func(int, int)")
    assert written.type == "Pair[string, map[string]func(int, int)]"


def test_the_json_has_them(checked):
    told = json.loads(json.dumps(checked.to_json()))
    assert told["scopes"][1]["names"] == list(checked.scopes[1].names)
    assert told["instances"][0]["position"] == "main.go:27:8"
    assert {"node", "kind", "receiver", "path", "indirect"} == set(told["selections"][0])


def test_both_tiers_say_the_same(observed, rich, monkeypatch):
    for source in (rich, Source.from_text(TEXT)):
        monkeypatch.delenv("GOLIFELAB_HELPER", raising=False)
        helper = types(source, observed)
        assert front(source, observed).tier == "helper"
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
        standard = types(source, observed)
        assert standard.tier == "fallback"
        assert standard.scopes == helper.scopes
        assert standard.instances == helper.instances
        selections = [helper.selection(node) for node in helper.syntax]
        assert [standard.selection(node) for node in standard.syntax] == selections
