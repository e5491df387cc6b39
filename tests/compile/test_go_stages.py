"""The standard packages' own tokens and trees, beside the compiler's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from golifelab.compile import front
from golifelab.compile.fallback import front as standard
from golifelab.compile.fallback.front import standard_tables
from golifelab.compile.gosyntax import go_syntax
from golifelab.compile.gotokens import go_tokens, pair
from golifelab.compile.numbering import numbering
from golifelab.compile.syntax import syntax
from golifelab.compile.tokens import tokens
from golifelab.position import Position
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import cache
from golifelab.toolchain.go import find_go

PLUS = Position("main.go", 26, 11)


def test_go_tokens_have_go_tokens_names_and_numbers(tier, rich, observed):
    found = go_tokens(rich, observed)
    assert found.tier == "tool"
    plus = found.at(PLUS)
    declared = (find_go(observed.go).root / "src/go/token/token.go").read_text()
    assert plus.text == "+"
    assert re.search(rf"\b{plus.name}: *\"\+\"", declared)
    assert plus.number == numbering(observed).of("+").go_number
    content = rich.text().encode()
    for token in found:
        assert content[token.start : token.end].decode().startswith(token.text)
        assert token.text or token.automatic or token.name == "EOF"
        assert token.literal in ("", "\n", token.text)
    assert [t.text for t in found.of("main.go")][:2] == ["package", "main"]
    assert found.of("other.go") == ()
    assert found.at(Position("other.go", 1, 1)) is None
    assert found[-1].name == "EOF"
    with pytest.raises(IndexError):
        found[len(found)]


def test_semicolons_that_nobody_typed(observed):
    found = go_tokens(Source.from_text("package main\nvar a, b = 1, 2; var c = 3"), observed)
    marks = [(t.literal, t.automatic) for t in found if t.name == "SEMICOLON"]
    assert marks == [("\n", True), (";", False), ("\n", True)]


def test_both_scanners_agree_token_by_token(tier, rich, observed):
    pairs = pair(tokens(rich, observed), go_tokens(rich, observed), "main.go")
    assert len(pairs) == len(tokens(rich, observed))
    for mine, other in pairs:
        assert (mine.start, mine.end) == (other.start, other.end)
        assert (mine.text, mine.automatic) == (other.text, other.automatic)


def test_a_comment_of_several_lines_ends_a_statement_for_both(tier, observed):
    source = Source.from_text("package p /* a\nb */ var x int // c\n")
    pairs = pair(tokens(source, observed), go_tokens(source, observed), "main.go")
    assert all(mine and other for mine, other in pairs)
    assert sum(mine.automatic for mine, _ in pairs) == 2


def test_what_only_one_scanner_makes_something_of(tier, observed):
    source = Source.from_text("package p\n\nvar x = 1 @ 2\n")
    pairs = pair(tokens(source, observed), go_tokens(source, observed), "main.go")
    # In the fallback the compiler's words are made of go/scanner's tokens, the illegal one too.
    lonely = [other.name for mine, other in pairs if mine is None]
    assert lonely == (["ILLEGAL"] if tier == "helper" else [])
    assert [error.phase for error in go_tokens(source, observed).errors] == ["scan"]


def test_numbers_are_those_of_the_sources(tier, observed):
    found = numbering(observed)
    plus, assign, star = found.of("+"), found.of("+="), found.of("*")
    assert (plus.compiler_name, plus.operator, plus.go_name) == ("_Operator", "Add", "ADD")
    assert (assign.compiler_name, assign.operator) == ("_AssignOp", "Add")
    assert assign.operator_number == plus.operator_number > 0
    assert star.compiler_name == "_Star"
    assert found.of("IDENT").compiler_name == "_Name"
    assert {s.compiler_name for s in found if s.go_name in ("INT", "STRING")} == {"_Literal"}
    assert found.of("COMMENT").compiler_name == ""
    assert found.of("no such word") is None
    numbers = [spelling.go_number for spelling in found]
    assert numbers == sorted(set(numbers))
    keywords = [s for s in found if s.text.islower() and s.text.isalpha()]
    assert len(keywords) == 25
    assert all(s.compiler_name == f"_{s.text.capitalize()}" for s in keywords)
    assert all(s.go_name == s.text.upper() for s in keywords)
    assert len(found.frame()) == len(found.to_json()["spellings"]) == len(found)


def test_go_syntax_has_the_words_of_go_ast(rich, observed):
    tree = go_syntax(rich, observed)
    assert tree.errors == ()
    (plus,) = tree.exact(PLUS)
    assert (plus.kind, plus.text) == ("BinaryExpr", "+")
    assert rich.text().encode()[plus.start : plus.end] == b"a + b"
    assert [(m.name, m.position) for m in tree.marks(plus)] == [("OpPos", PLUS)]
    assert [step.kind for step in tree.path(plus)] == [
        *("File", "FuncDecl", "BlockStmt", "ReturnStmt", "BinaryExpr")
    ]
    assert [(child.field, child.text) for child in tree.children(plus)] == [("X", "a"), ("Y", "b")]
    assert tree.at(PLUS) == plus
    assert [root.kind for root in tree.roots] == ["File"]
    assert tree.exact(Position("other.go", 1, 1)) == ()
    assert tree.at(Position("other.go", 1, 1)) is None
    doc = next(node for node in tree if node.field == "Doc")
    assert [child.text for child in tree.children(doc)] == ["//go:noinline"]


def test_both_trees_meet_at_operators_and_calls(tier, rich, observed):
    ours, theirs = syntax(rich, observed), go_syntax(rich, observed)
    names = {"Operation": ("BinaryExpr", "UnaryExpr", "StarExpr"), "CallExpr": ("CallExpr",)}
    met = 0
    for node in ours:
        if node.kind in names:
            found = [o for o in theirs.exact(node.position) if o.kind in names[node.kind]]
            assert [(o.start, o.end) for o in found] == [(node.start, node.end)]
            met += 1
    assert met > 20


@pytest.mark.parametrize("stage", [go_tokens, go_syntax])
def test_frames_and_json(stage, rich, observed):
    value = stage(rich, observed)
    assert len(value.frame()) == len(value)
    plain = value.to_json()
    assert plain["tier"] == "tool"
    assert plain["errors"] == []
    assert len(plain["tokens" if stage is go_tokens else "nodes"]) == len(value)
    assert value.command.startswith("golifelab show go")


BROKEN = {
    "a missing bracket": "package p\n\nvar ok = 3\n\nfunc f() {\n\tx := (1 + 2\n}\n",
    "half a statement": "package p\n\nvar ok = 1\n\nfunc g() { if x == { } }\n",
    "no package": "func f() {}\n",
    "nothing": "",
    "an open string": 'package p\n\nvar ok = 1\n\nvar s = "abc\n',
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_source_has_the_tree_so_far_and_errors_with_places(name, tier, observed):
    source = Source.from_text(BROKEN[name])
    for make in (syntax, go_syntax):
        tree = make(source, observed)
        assert tree.errors
        for error in tree.errors:
            assert error.position.file == "main.go"
            assert error.position.line >= 1
            assert error.position.column >= 1
            assert error.message
        assert ("ok" in {node.text for node in tree}) == ("ok" in BROKEN[name])
        assert [node.id for node in tree] == list(range(len(tree)))
        assert all(node.parent < node.id for node in tree)
        for node in tree:
            assert 0 <= node.start <= node.end <= len(BROKEN[name].encode())
    for scanned in (tokens(source, observed), go_tokens(source, observed)):
        assert len(scanned)


PIECES = st.sampled_from(
    [
        *("package p\n", "func f() ", "{", "}", "(", ")", "[", "]", "var x = ", "if ", "for "),
        *("a", "é", "日本", "𝔊", "1", "0x", "'", '"', "`", "/*", "*/", "//", "\n", "\r\n", "\t"),
        *(";", ":=", "+", "++", "<-", "...", ".", "@", "#", "\\", "\x00", "\ufeff", "\udcff"),
        *("switch x := y.(type) ", "case ", "func(", "struct{", "interface{", "chan ", "map["),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_hostile_source_is_read_by_all_and_never_raises(text):
    source, target = Source.from_text(text), Target()
    content = text.encode("utf-8", "surrogateescape")
    scanned, gone = tokens(source, target), go_tokens(source, target)
    for mine, other in pair(scanned, gone, "main.go"):
        assert mine is not None or other is not None
    for found in (scanned, gone):
        before = 0
        for token in found:
            assert before <= token.start <= token.end <= len(content)
            before = token.start
            start, end = found.rune_span(token)
            cut = content[token.start : token.end].decode("utf-8", "surrogateescape")
            assert text[start:end] == cut
    for tree in (syntax(source, target), go_syntax(source, target)):
        for node in tree:
            assert node.parent < node.id
            assert 0 <= node.start <= node.end <= len(content)
        assert len(tree) or tree.errors


@pytest.mark.parametrize("piece", ["(", "[", "{", "func(){", "-", "x.", "*", "/*"])
def test_nesting_without_end_is_an_error_with_a_place(piece):
    source = Source.from_text("package p\n\nvar x = " + piece * 150_000)
    tree = go_syntax(source, Target())
    assert tree.errors
    assert tree.errors[0].position.line == 3
    assert tree[0].kind == "File"
    assert len(go_tokens(source, Target())) > 4


@pytest.mark.parametrize(
    "text",
    [
        "var x = 0" + " + 1" * 60_000,
        "var x = " + "- " * 60_000 + "1",
        "var x " + "[]" * 60_000 + "int",
    ],
)
def test_the_tree_of_a_long_chain_takes_no_more_than_its_length(text, newest):
    tree = go_syntax(Source.from_text(f"package main\n{text}\n"), newest)
    table = tree.table
    chain = [row for row, parent in enumerate(table["parent"]) if parent == row - 1]
    assert len(chain) > 59_000
    for row in chain[1:]:
        assert table["start"][row - 1] <= table["start"][row]
        assert table["start"][row] < table["end"][row] <= table["end"][row - 1]


def test_a_server_that_the_cache_lost_is_made_again(rich, tmp_path, monkeypatch):
    (tmp_path / "go-build").symlink_to(cache().root / "go-build")
    monkeypatch.setenv("GOLIFELAB_CACHE", str(tmp_path))
    words = [token.text for token in go_tokens(rich, Target())]
    server = standard._server(find_go(), tmp_path)
    server.close()
    for program in (tmp_path / "executables").rglob("*"):
        if program.is_file():
            program.unlink()
    standard_tables("numbers", Target())
    assert server.pid
    assert [token.text for token in go_tokens(rich, Target())] == words


def test_several_files_stand_one_after_the_other(observed):
    source = Source(
        (
            ("a.go", "package main\n\nfunc main() { println(other()) }\n"),
            ("b.go", 'package main\n\nfunc other() string { return "é" }\n'),
        )
    )
    found, tree = go_tokens(source, observed), go_syntax(source, observed)
    assert [token.file for token in found] == sorted(token.file for token in found)
    assert [root.file for root in tree.roots] == ["a.go", "b.go"]
    place = Position("b.go", 3, 6)
    assert found.at(place).text == "other"
    assert [node.file for node in tree.exact(place)] == ["b.go"]
    assert {node.text for node in tree.exact(place)} == {"other"}
    assert len(found.of("a.go")) + len(found.of("b.go")) == len(found)
    assert found.rows_of("b.go").start == len(found.of("a.go"))


def test_one_request_serves_both_stages_in_both_tiers(rich, newest, monkeypatch):
    table = go_tokens(rich, newest).table
    seen = front.go_front(rich, newest)
    assert seen.tokens is table
    assert go_syntax(rich, newest).table is seen.nodes
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    assert go_tokens(rich, newest.with_(goarch="arm64")).table is table
