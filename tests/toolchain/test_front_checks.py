"""Requests for a part of what the front end knows: the checker's trace, errors, method sets."""

from __future__ import annotations

import pytest

from golifelab.compile.fallback.front import standard_front
from golifelab.source import Source
from golifelab.toolchain.helper.front import front

WRONG = Source.from_text('package p\nimport "os"\nvar a int = "x"\nfunc f() { y := a }\n')
PARTS = ("checks", "found", "errors", "methods", "")


@pytest.fixture(params=[front, standard_front], ids=["helper", "standard"])
def ask(request, target):
    if request.param is front:
        front(WRONG, target, wait=True)
    return lambda source, only="": request.param(source, target, only=only)


def test_the_errors_are_the_same_in_every_part(ask):
    whole = ask(WRONG)
    assert len(whole.diagnostics) == 3
    for part in PARTS:
        assert ask(WRONG, part).diagnostics == whole.diagnostics
        assert bool(len(ask(WRONG, part).nodes)) == (part == "")


def test_each_part_has_its_tables(ask):
    tables = {part: set(ask(WRONG, part).tables) - set(ask(WRONG).tables) for part in PARTS}
    assert tables == {
        "checks": {"found", "trace"},
        "found": {"found", "trace"},
        "errors": set(),
        "methods": {"named", "methods"},
        "": set(),
    }
    assert len(ask(WRONG, "found").tables["trace"]) == 3  # only where errors were found


def test_the_trace_marks_every_error(ask):
    tables = ask(WRONG, "checks").tables
    found, trace = tables["found"], tables["trace"]
    assert [found["line"][row] for row in range(len(found))] == [3, 4, 2]
    assert [number for number in trace["found"] if number >= 0] == [0, 1, 2]
    for row, number in enumerate(trace["found"]):
        if number >= 0:
            assert "ERROR: " in trace.text("text", row - 1)
            assert found.text("message", number) in trace.text("text", row - 1)
    assert found.text("by", 0).split()[0] == "packageObjects"


def test_what_go_prints_never_reaches_the_reply(ask):
    # A trace of many times what a pipe holds, with the server's own mark in the program.
    body = "".join(f'\t_ = "\\x00error 7" + "{n}"\n' for n in range(9000))
    reply = ask(
        Source.from_text(f"package p\nfunc f() {{\n{body}}}\nvar _ = `\x01error 7`\n"), "checks"
    )
    trace = reply.tables["trace"]
    assert 10_000 < len(trace) < 21_000
    assert sum(trace["dropped"]) > 10_000
    assert ask(WRONG, "checks").diagnostics == ask(WRONG).diagnostics


def test_a_mark_in_the_source_is_none(ask):
    # The scanner refuses NUL; what a string's text may hold is another thing.
    source = Source.from_text('package p\nvar s int = "\\x00error 0\\n"\n')
    numbers = [n for n in ask(source, "checks").tables["trace"]["found"] if n >= 0]
    assert numbers == [0]
