"""The error codes of the Go under test, with what its source says of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from golifelab.compile.check.errorcodes import CODES_FILE, error_codes, explain, read
from golifelab.compile.types import types
from golifelab.errors import ParseError
from golifelab.source import Source
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

JUDGE = Path(__file__).parent / "judge" / "codes.go"


def words(text):
    return re.findall(r"\S+", text)


def test_names_numbers_and_comments_are_those_of_the_source(target):
    go = find_go(target.go)
    said = run([go.command, "run", JUDGE, go.root], env=go.host_environment(), timeout=120)
    assert said.returncode == 0, said.error_text
    expected = {}
    for line in said.text.splitlines():
        name, number, comment = line.split(" ", 2)
        expected[name] = int(number), json.loads(comment)
    codes = error_codes(target)
    assert len(expected) > 100
    assert {name: code.number for name, code in codes.items()} == {
        name: number for name, (number, _) in expected.items()
    }
    lines = (go.root / "src" / CODES_FILE).read_text().splitlines()
    for name, code in codes.items():
        comment = expected[name][1]
        told = words(f"{code.summary}\n{code.example}")
        assert told == [word for word in words(comment) if word not in ("Example:", "Examples:")], (
            name
        )
        assert name in lines[code.line - 1]


def test_examples_are_go_that_has_the_error(tier, observed):
    """Most do; some of Go's examples are no whole programs."""
    tried = right = 0
    for name, code in error_codes(observed).items():
        for example in code.example.split("\n\n") if code.example else ():
            errors = types(Source.from_text(f"package p\n\n{example}\n"), observed).errors
            tried += 1
            right += any(error.code == name for error in errors)
    assert tried > 100
    assert right > tried / 2


def test_explain(target):
    code = explain("UnusedVar", target)
    assert code.number == error_codes(target)["UnusedVar"].number
    assert "unused" in code.summary
    assert "x := 1" in code.example
    assert explain("", target) is None
    assert explain("NoSuchCode", target) is None


def test_a_file_in_another_form_is_said_to_be_one():
    assert list(read("package errors\n")) == []
    with pytest.raises(ParseError) as caught:
        list(read("const (\n\tA Code = iota\n\tB = A + 1\n)\n"))
    assert caught.value.line == 3
