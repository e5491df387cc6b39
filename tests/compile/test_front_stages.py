"""Tokens, syntax and types of good programs, in both tiers."""

from __future__ import annotations

import pytest

from golifelab.compile.syntax import syntax
from golifelab.compile.tokens import tokens
from golifelab.compile.types import types
from golifelab.position import Position
from golifelab.source import Source
from golifelab.target import Target

PLUS = Position("main.go", 26, 11)
NAME_A = Position("main.go", 26, 9)


def test_tokens_cover_the_source(tier, rich, observed):
    found = tokens(rich, observed)
    assert found.tier == tier
    plus = found.at(PLUS)
    assert (plus.kind, plus.operator, plus.precedence, plus.text) == ("op", "+", 4, "+")
    content = rich.text().encode()
    for token in found:
        if token.text:
            assert content[token.start : token.end].decode() == token.text
    assert [t.text for t in found.of("main.go")][:2] == ["package", "main"]
    assert found[-1].kind == "EOF"
    assert found.of("other.go") == ()
    assert found.at(Position("other.go", 1, 1)) is None
    assert any(t.literal == "é" or "é" in t.text for t in found)


def test_automatic_semicolons_are_visible(tier, observed):
    found = tokens(Source.from_text("package main\nvar a, b = 1, 2; var c = 3"), observed)
    marks = [(t.literal, t.automatic) for t in found if t.kind == ";"]
    assert marks == [("newline", True), ("semicolon", False), ("EOF", True)]


def test_literal_kinds(tier, observed):
    text = "package main\nvar _ = []any{1, 2.5, 3i, 'x', \"s\", `r`}\n"
    kinds = [t.literal_kind for t in tokens(Source.from_text(text), observed) if t.literal_kind]
    assert kinds == ["int", "float", "imaginary", "rune", "string", "string"]


def test_syntax_knows_the_operator(tier, rich, observed):
    tree = syntax(rich, observed)
    node = tree.at(PLUS)
    assert (node.kind, node.text, node.position) == ("Operation", "+", PLUS)
    kinds = [step.kind for step in tree.path(node)]
    assert kinds == ["File", "FuncDecl", "BlockStmt", "ReturnStmt", "Operation"]
    assert [child.text for child in tree.children(node)] == ["a", "b"]
    assert tree.exact(PLUS) == (node,)
    assert [root.kind for root in tree.roots] == ["File"]
    assert rich.text().encode()[node.start : node.end] == b"a + b"


def test_children_lie_inside_their_parents(tier, rich, observed):
    tree = syntax(rich, observed)
    for node in tree:
        assert node.parent < node.id
        assert 0 <= node.start <= node.end
        if node.parent >= 0:
            outer = tree[node.parent]
            assert outer.start <= node.start
            assert node.end <= outer.end


def test_types_objects_and_uses(tier, rich, observed):
    found = types(rich, observed)
    assert found.errors == ()
    assert found.at(PLUS).type == "int"
    a = found.object_at(NAME_A)
    assert (a.kind, a.name, a.type) == ("Var", "a", "int")
    assert found.definition(a) == Position("main.go", 25, 10)
    assert found.uses(a) == (NAME_A,)
    println = next(o for o in found.objects if o.name == "Println")
    assert (println.kind, println.package, println.exported) == ("Func", "fmt", True)
    assert len(found.uses(println)) == 2
    constants = {info.constant for info in found if info.constant}
    assert {"1", "2", "3", "7", '"bye"'} <= constants


def test_several_files(tier, observed):
    source = Source(
        (
            ("a.go", "package main\n\nfunc main() { println(other()) }\n"),
            ("b.go", 'package main\n\nfunc other() string { return "é" }\n'),
        )
    )
    found = types(source, observed)
    assert found.errors == ()
    used = found.object_at(Position("a.go", 3, 23))
    assert used.name == "other"
    assert used.position == Position("b.go", 3, 6)
    assert [root.file for root in found.syntax.roots] == ["a.go", "b.go"]


@pytest.mark.parametrize("stage", [tokens, syntax, types])
def test_frames_and_json(stage, tier, rich, observed):
    value = stage(rich, observed)
    assert len(value.frame()) == len(value)
    plain = value.to_json()
    assert plain["tier"] == tier
    assert plain["precision"] == "column"
    assert plain["errors"] == []
    assert value.command.startswith("golifelab show")


def test_one_request_serves_all_three(rich, newest):
    first, tree, checked = tokens(rich, newest), syntax(rich, newest), types(rich, newest)
    assert tokens(rich, newest).table is first.table
    assert checked.syntax.table is tree.table
    assert tokens(rich, Target(goarch="arm64")).table is not first.table
