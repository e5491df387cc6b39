from __future__ import annotations

import pytest

from golifelab.course.exercise import State, exercise
from golifelab.course.exercises_lexing import (
    COUNT_ME,
    SNIPPETS,
    SPELLINGS,
    STATEMENTS,
    is_42,
    parses,
)
from golifelab.program import Program
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run


@pytest.fixture(autouse=True, params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")


# Placed by hand, after the rule of the language's specification.
BY_HAND = {
    "a": [1, 2],
    "b": [1, 2],
    "c": [1, 2],
    "d": [2],
    "e": [1, 2],
    "f": [2, 3],
    "g": [4],
    "h": [2],
    "i": [1, 2],
    "j": [2],
}


def test_2_1a_wants_every_line():
    one = exercise("2.1a")
    assert one.check(BY_HAND).state is State.CORRECT
    assert one.check({name: set(lines) for name, lines in BY_HAND.items()}).state is State.CORRECT
    missing = one.check(BY_HAND | {"b": [2]})
    assert missing.state is State.INCORRECT
    assert "9 of 10" in missing.message
    assert "look again at b" in missing.message
    opened = one.check(dict.fromkeys(SNIPPETS, ...) | {"a": [1, 2]})
    assert "1 of 10 are right; 9 are still open" in opened.message
    assert one.check(dict.fromkeys(SNIPPETS, ...)).state is State.NOT_ATTEMPTED
    for strange in (3, {"z": [1]}, BY_HAND | {"a": 1}, BY_HAND | {"a": [[1], 2]}):
        assert one.check(strange).state is State.INCORRECT


def test_2_1b_wants_equal_values_under_other_spellings():
    one = exercise("2.1b")
    right = ["0x2a", "0b101010", "0o52", "052", "4_2", "'*'", "42.0", "4.2e1", "0x15p1"]
    assert one.check(right).state is State.CORRECT
    assert one.check({*right, "42"}).state is State.CORRECT
    assert "1 more" in one.check(right[:-1]).message
    assert "another value" in one.check([*right, "'4'"]).message
    assert "'_' must separate" in one.check([*right, "4__2"]).message
    assert "not in the list" in one.check(["43"]).message
    assert one.check(42).state is State.INCORRECT


def test_gofmt_and_arithmetic_agree_about_the_spellings():
    # What Python can read of them has the value that the type checker finds.
    for spelling in SPELLINGS:
        try:
            value = float.fromhex(spelling) if "p" in spelling else eval(spelling)
        except SyntaxError:
            continue
        if spelling not in ("'*'", "'4'", '"42"'):
            assert is_42(spelling) == (value == 42), spelling


def test_2_1c_counts_what_the_parser_gets():
    one = exercise("2.1c")
    assert one.check(20).state is State.CORRECT
    assert "was typed" in one.check(16).message
    assert "text is over" in one.check(19).message
    assert "comment" in one.check(21).message
    assert "more than 3" in one.check(3).message
    assert one.check("20").state is State.INCORRECT
    assert not Program.from_text(COUNT_ME).syntax.errors


def test_2_1d_asks_the_parser():
    one = exercise("2.1d")
    truth = {text: "legal" if parses(text) else "illegal" for text in STATEMENTS}
    assert one.check(truth).state is State.CORRECT
    assert one.check({text: word == "legal" for text, word in truth.items()}).state is State.CORRECT
    assert one.check(truth | {STATEMENTS[0]: "illegal"}).state is State.INCORRECT
    assert "neither" in one.check(truth | {STATEMENTS[0]: "yes"}).message


def test_gofmt_accepts_the_same_statements(tmp_path):
    gofmt = find_go().root / "bin" / "gofmt"
    for number, text in enumerate(STATEMENTS):
        path = tmp_path / f"{number}.go"
        path.write_text(f"package main\n\nfunc g() {{\n{text}\n}}\n")
        assert (run([gofmt, "-l", path]).returncode == 0) == parses(text), text
