"""Programs that are wrong, odd or hostile: errors are values, and nothing hangs or crashes."""

from __future__ import annotations

import json

import pytest

from golifelab.compile import front
from golifelab.compile.check.trace import check_trace
from golifelab.compile.machine.stage import machine
from golifelab.compile.remarks import remarks
from golifelab.compile.ssa.stage import functions, ssa
from golifelab.compile.syntax import syntax
from golifelab.compile.tokens import tokens
from golifelab.compile.types import types
from golifelab.errors import CompileFailed, GolifelabError
from golifelab.position import Position
from golifelab.source import Source

WRONG = {
    "empty": "",
    "NUL": "package main\n\x00func main() {}\n",
    "no UTF-8": 'package main\nvar s = "\udcff"\nfunc main() {}\n',
    "unterminated": 'package main\nvar s = "abc\n/* x',
    "bracket": "package main\nfunc main( {\n}\n",
    "unknown import": 'package main\nimport "no/such"\nfunc main() { such.Do() }\n',
    "unused": "package main\nfunc main() { x := 1 }\n",
    "many": "package main\nfunc main() {\n" + "x := y\n" * 200 + "}\n",
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_programs_are_values(name, tier, observed):
    source = Source.from_text(WRONG[name])
    for stage in (tokens, syntax, types, remarks):
        json.dumps(stage(source, observed).to_json())
    found = types(source, observed).errors
    assert found
    assert all(error.position.file == "main.go" for error in found)
    assert remarks(source, observed).errors
    for ask in (lambda: functions(source, observed), lambda: ssa(source, observed, "main")):
        with pytest.raises(CompileFailed) as caught:
            ask()
        assert caught.value.diagnostics


def test_type_errors_have_places_and_codes(tier, observed):
    source = Source.from_text('package main\nfunc main() { var x int = "a" + 1; gone() }\n')
    errors = types(source, observed).errors
    assert [(e.position.column, e.code, e.phase) for e in errors] == [
        (19, "UnusedVar", "types"),
        (27, "MismatchedTypes", "types"),
        (36, "UndeclaredName", "types"),
    ]


# Each with the phase that finds it: the parser reads directives, noder knows where they belong.
DIRECTIVES = {
    "//go:noinline\nvar x int": "noder",
    "//go:linkname f g\nfunc f() {}": "noder",
    "//go:embed a.txt\nvar s string": "noder",
    "//line other.go:100\n//go:nosplit\ntype t int": "noder",
    "//go:systemstack\nfunc f() {}": "parse",
    "func f() { //go:noinline\n}": "parse",
    "//go:linkname a b c": "parse",
    "//go:noinline\nfunc f() {}": "",
}


@pytest.mark.parametrize("text", DIRECTIVES)
def test_directives_are_wrong_where_the_compiler_says_so(text, observed):
    source = Source.from_text(f"package main\n\n{text}\n\nfunc main() {{}}\n")
    ours, theirs = types(source, observed).errors, remarks(source, observed).errors
    assert [(e.position, e.message) for e in ours] == [(e.position, e.message) for e in theirs]
    phases = {finding.phase for finding in check_trace(source, observed).findings}
    assert phases == ({DIRECTIVES[text]} if DIRECTIVES[text] else set())


def test_further_lines_of_an_error_are_the_compilers(tier, observed):
    texts = (
        "func f() {}\nfunc f() {}",
        "type a struct{ b }\ntype b struct{ a }",
        "func f[P any]() { f[*P]() }",
        'var m = map[string]int{"a": 1, "a": 2}\nfunc f() { switch 1 { case 1: case 1: } }',
        "//line /etc/passwd:7\nvar f int = nil",
    )
    for text in texts:
        source = Source.from_text(f"package main\n{text}\nfunc main() {{}}\n")
        ours, theirs = types(source, observed).errors, remarks(source, observed).errors
        assert [str(error) for error in ours] == [str(error) for error in theirs]
        assert [str(e) for e in check_trace(source, observed).errors] == [str(e) for e in ours]


def test_what_the_checker_has_no_end_with_has_tokens_and_a_tree(tier, observed, monkeypatch):
    monkeypatch.setattr(front, "_SECONDS", 0.0)  # so that any program is one
    lines = [f"const s{n} = s{n - 1} + s{n - 1}" for n in range(1, 31)]
    source = Source.from_text("\n".join(["package main", 'const s0 = "x"', *lines]))
    assert len(tokens(source, observed)) > 6 * 30
    assert [node.kind for node in syntax(source, observed)].count("ConstDecl") == 31
    (error,) = types(source, observed).errors
    assert (error.position.file, error.phase) == ("main.go", "internal")
    assert error.message.startswith("the types are unknown")
    checks = check_trace(source, observed)
    assert [phase.name for phase in checks if phase.ran] == ["scan", "parse"]
    assert checks[-1].why == error.message


def test_tokens_of_what_does_not_parse(tier, observed):
    source = Source.from_text('package main\nfunc ( + "x\n')
    found = tokens(source, observed)
    assert [t.kind for t in found][:6] == ["package", "name", ";", "func", "(", "op"]
    assert [error.phase for error in found.errors] == ["scan"]


def test_scanner_and_parser_complain_in_the_order_of_the_text(tier, observed):
    """The parser asks for one token after the other, so neither is through before the other."""
    broken = "package main\n\nfunc main() { x := ( }\n\nvar a = 'ab'\n"
    source = Source((("a.go", broken), ("b.go", broken)))
    found = [
        (error.position.file, error.phase)
        for error in types(source, observed).errors
        if error.position.line in (3, 5)
    ]
    assert found == [("a.go", "parse"), ("a.go", "scan"), ("b.go", "parse"), ("b.go", "scan")]


def test_halves_of_characters_are_no_crash(tier, observed):
    """A text field can hold half of a character; no file can, so Go gets what a browser writes."""
    source = Source.from_text('package main\nvar s = "\ud83d"\n')
    for stage in (tokens, syntax, types, remarks):
        json.dumps(stage(source, observed).to_json())
    text = next(token for token in tokens(source, observed) if token.literal_kind == "string")
    assert text.text == '"\ufffd"'
    edited = source.with_text("package main\n// \udfff\n")
    assert edited.text() == "package main\n// \ufffd\n"
    assert edited.digest != source.digest


def test_carriage_returns(tier, observed):
    text = "package main\r\n\r\n// c\r\nvar s = `a\r\nb`\r\n\r\nfunc main() { println(s) }\r\n"
    source = Source.from_text(text)
    raw = next(t for t in tokens(source, observed) if t.literal_kind == "string")
    assert raw.text == "`a\r\nb`"
    name = next(t for t in tokens(source, observed) if t.text == "println")
    assert name.position == Position("main.go", 7, 15)
    assert types(source, observed).errors == ()


def test_columns_count_bytes(tier, observed):
    source = Source.from_text('package main\n\nvar é, b = "日本", 1\n')
    found = tokens(source, observed)
    assert [(t.text, t.column) for t in found if t.line == 3][:5] == [
        ("var", 1),
        ("é", 5),
        (",", 7),
        ("b", 9),
        ("=", 11),
    ]
    assert found.at(Position("main.go", 3, 6)).text == "é"
    assert types(source, observed).object_at(Position("main.go", 3, 9)).name == "b"


def test_line_directives_do_not_move_the_front_end(tier, observed):
    text = "package main\n//line other.go:100\nfunc main() { println(1) }\n"
    tree = syntax(Source.from_text(text), observed)
    declared = next(node for node in tree if node.kind == "FuncDecl")
    assert declared.position == Position("main.go", 3, 6)
    wrong = Source.from_text(text.replace("println(1)", "println(x)"))
    assert types(wrong, observed).errors[0].position == Position("main.go", 3, 23)


def test_deep_nesting_is_bounded(tier, observed):
    deep = "(" * 20_000 + "1" + ")" * 20_000
    source = Source.from_text(f"package main\nvar x = {deep}\nfunc main() {{}}\n")
    assert len(tokens(source, observed)) > 40_000
    assert len(syntax(source, observed)) > 20_000


def test_nesting_that_breaks_the_compiler(observed):
    deep = "(" * 1_000_000 + "1" + ")" * 1_000_000
    source = Source.from_text(f"package main\nvar x = {deep}\nfunc main() {{}}\n")
    assert len(tokens(source, observed)) > 2_000_000
    assert "nesting" in syntax(source, observed).errors[0].message
    with pytest.raises(CompileFailed):
        functions(source, observed)


def test_hostile_strings_stay_data(tier, observed):
    word = "</script><b>${x}"
    source = Source.from_text(f'package main\nfunc main() {{ println("{word}") }}\n')
    literal = next(t for t in tokens(source, observed) if t.literal_kind == "string")
    assert literal.text == f'"{word}"'
    body = ssa(source, observed, "main")
    assert word in body.text("start")
    assert machine(source, observed, "main").code


def test_unknown_functions_are_answered_with_the_known(tier, rich, observed):
    with pytest.raises(GolifelabError) as caught:
        ssa(rich, observed, "nothing")
    assert "add" in caught.value.remedy
    assert "(*counter).Inc" in caught.value.remedy
    with pytest.raises(GolifelabError):
        ssa(rich, observed, "")
