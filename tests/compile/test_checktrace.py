"""The type checker at work: its steps, its trace, who found what; and the text of a trace."""

from __future__ import annotations

import json
from array import array

import pytest

from golifelab.columns import Strings, Table
from golifelab.compile.check.steps import steps
from golifelab.compile.check.trace import check_trace
from golifelab.compile.check.tracetext import TraceLine, sections
from golifelab.compile.types import types
from golifelab.errors import GolifelabError
from golifelab.position import Position
from golifelab.program import Program
from golifelab.source import Source

# One error for every step that can find one, and where it is.
FAULTS = {
    "scan": ('package p\nvar s = "a\n', 2),
    "parse": ("package p\nvar = 1\n", 2),
    "collectObjects": ("package p\nvar a int\nvar a int\n", 3),
    "packageObjects": ('package p\nvar a int = "x"\n', 2),
    "processDelayed": ("package p\nfunc f() { x := 1 }\n", 2),
    "initOrder": ("package p\nvar a = f()\nfunc f() int { return a }\n", 2),
    "unusedImports": ('package p\nimport "os"\n', 2),
    "monomorph": ("package p\nfunc f[T any](n int) { if n > 0 { f[*T](n - 1) } }\n", 2),
}


@pytest.fixture
def trace(tier, rich, observed):
    return check_trace(rich, observed)


def test_phases_are_the_checkers_steps_in_their_order(trace, tier, observed):
    order = [step.name for step in steps(observed, tier)]
    assert [phase.name for phase in trace] == ["scan", "parse", *order]
    for name in ("initFiles", "collectObjects", "packageObjects", "monomorph"):
        assert name in order
    assert ("noder" in order) == (tier == "helper")
    assert all(phase.ran and not phase.why for phase in trace)
    assert trace.traced
    assert trace.errors == ()
    assert trace.first is None
    assert not trace.truncated


def test_the_trace_follows_an_expression(trace):
    lines = trace["processDelayed"].lines
    begun = next(place for place, line in enumerate(lines) if line.text == "-- expr a + b")
    ended = next(place for place, line in enumerate(lines) if line.text.startswith("=> a + b"))
    assert lines[begun].position.line == lines[ended].position.line == 26
    assert lines[begun].depth == lines[ended].depth
    between = lines[begun + 1 : ended]
    assert [line.text for line in between if line.text.startswith("--")] == [
        "-- expr a",
        "-- expr b",
    ]
    assert {line.depth for line in between} == {lines[begun].depth + 1}
    assert any("type int" in line.text for line in trace["packageObjects"].lines)
    assert all(phase.total_lines == len(phase.lines) for phase in trace)


@pytest.mark.parametrize("phase", FAULTS)
def test_every_step_is_blamed_for_its_own_errors(phase, tier, observed):
    text, line = FAULTS[phase]
    source = Source.from_text(text)
    trace = check_trace(source, observed)
    assert trace.first is not None
    assert trace.first.name == phase
    found = trace[phase].errors[0]
    assert found.position.line == line
    assert trace.found(found) == phase
    assert set(trace.errors) == set(types(source, observed).errors)
    finding = trace.finding(found)
    if phase in ("scan", "parse"):
        assert finding.by == ()
        # types2 goes on after an unclosed string, go/types after nothing.
        goes_on = (phase, tier) == ("scan", "helper")
        assert trace["collectObjects"].ran == goes_on
        assert ("complained" in trace["collectObjects"].why) != goes_on
    else:
        assert finding.by[0] == phase
        assert trace["recordUntyped"].ran
        assert trace["monomorph"].ran == (phase == "monomorph")
        reported = trace[phase].lines[finding.at - 1]
        assert reported.text.startswith("ERROR: ")
        assert found.message.split("\n")[0] in reported.text


def test_who_complained_first_is_not_who_stands_first(tier, observed):
    text = 'package p\nimport "os"\nvar a int = "x"\nfunc f() { x := 1 }\n'
    trace = check_trace(Source.from_text(text), observed)
    assert [f.phase for f in trace.findings] == [
        "packageObjects",
        "processDelayed",
        "unusedImports",
    ]
    assert [error.position.line for error in trace.errors] == [3, 4, 2]
    assert trace.first.name == "packageObjects"
    assert "usage" in trace.findings[1].by
    frame = trace.errors_frame()
    assert list(frame["code"]) == ["IncompatibleAssign", "UnusedVar", "UnusedImport"]
    assert all(frame["summary"].str.contains("occurs when"))


def test_the_compiler_itself_looks_after_the_checker(observed):
    text = "package p\ntype I interface{ m() interface{ I } }\n"
    trace = check_trace(Source.from_text(text), observed)
    if trace.findings:  # before types2 found it by itself
        assert trace.first.name in ("noder", "packageObjects")


@pytest.mark.parametrize("fakes", [("initOrder",), ("collectObjects",), None])
def test_strings_that_look_like_headings(fakes, tier, observed):
    names = fakes or [step.name for step in steps(observed, tier)]
    fake = "".join(f"\n== {name} ==\n" for name in names)
    text = f'package p\nfunc f() string {{ return `{fake}` + 1 }}\nvar _ int = ""\n'
    trace = check_trace(Source.from_text(text), observed)
    # Who found an error is read from the checker's stack, not from the text.
    assert [f.phase for f in trace.findings] == ["packageObjects", "processDelayed"]
    assert all(phase.ran for phase in trace if phase.name not in ("monomorph", "noder"))
    if fakes:
        assert all(finding.at > 0 for finding in trace.findings)


def test_line_directives_do_not_move_the_trace(observed):
    text = 'package p\n//line other.go:100:7\nvar a int = "x"\n'
    trace = check_trace(Source.from_text(text), observed)
    places = {line.position for phase in trace for line in phase.lines if line.position.line}
    assert places
    assert {(place.file, place.line) for place in places} == {("main.go", 3)}


def test_a_long_trace_is_cut(tier, observed):
    body = "".join(f"\t_ = {n} + {n} * {n}\n" for n in range(6000))
    trace = check_trace(Source.from_text(f"package p\nfunc f() {{\n{body}}}\n"), observed)
    assert trace.truncated
    phase = trace["processDelayed"]
    assert len(phase.lines) < phase.total_lines
    assert trace["initOrder"].ran


def test_forms(trace, rich, observed):
    frame = trace.frame()
    assert list(frame.columns) == ["phase", "ran", "why", "lines", "errors"]
    assert len(frame) == len(trace) == len(trace.phases)
    told = json.loads(json.dumps(trace.to_json()))
    assert [phase["name"] for phase in told["phases"]] == [phase.name for phase in trace]
    lines = next(phase["lines"] for phase in told["phases"] if phase["name"] == "packageObjects")
    assert set(lines[0]) == {"depth", "position", "text"}
    assert Program(rich, observed).checks == trace
    with pytest.raises(GolifelabError, match=r"no phase 'nothing'\nthis Go has scan, parse, "):
        trace["nothing"]


def table(*texts, errors=()):
    """A trace of these lines; (line, number) pairs say after which line an error was found."""
    rows = []
    for place in range(len(texts)):
        rows.append((place, -1, 0))
        rows += [(-1, number, 0) for line, number in errors if line == place]
    data = "".join(texts).encode()
    ends, end = [], 0
    for text in texts:
        end += len(text.encode())
        ends.append(end)
    columns = zip(("text", "found", "dropped"), zip(*rows, strict=True), strict=True)
    return Table({name: array("i", cells) for name, cells in columns}, Strings(ends, data))


STEPS = {"one": True, "two": True, "three": False}


def test_lines_of_all_versions():
    made = sections(
        table(
            "== one ==",
            "x.go:12:6:\t-- old",
            "x.go:12:6  :  .  .  -- new",
            "other.go:100:1[x.go:3:6]:  => moved",
            "<unknown position>:\t-- delayed 0xc00012",
            "-   :  .  -- nowhere",
            "no position at all",
        ),
        STEPS,
        {},
        ("x.go",),
    )
    nowhere = Position("", 0)
    assert made[0].lines == [
        TraceLine(0, Position("x.go", 12, 6), "-- old"),
        TraceLine(2, Position("x.go", 12, 6), "-- new"),
        TraceLine(0, Position("x.go", 3, 6), "=> moved"),
        TraceLine(0, nowhere, "-- delayed"),
        TraceLine(1, nowhere, "-- nowhere\nno position at all"),
    ]


def test_what_only_looks_like_a_heading():
    made = sections(
        table(
            "x.go:1:1 :  before all",
            "== one ==",
            "x.go:1:1 :  -- a",
            "== two ==",
            "x.go:1:1 :  -- b",
            "== two ==",
            "x.go:1:1 :  -- c",
            "== one ==",
            "== three ==",
            "== four ==",
        ),
        STEPS,
        {},
        ("x.go",),
    )
    # The second "two" may be the real one: the last before the end. Of "one" it is the first.
    assert [(section.name, len(section.lines)) for section in made] == [("one", 2), ("two", 1)]
    assert made[0].lines[0].text == "-- a\n== two =="
    assert made[1].lines[0].text == "-- c\n== one ==\n== three ==\n== four =="


def test_a_silent_step_begins_with_its_error():
    made = sections(
        table("== two ==", "x.go:1:1 :  -- a", "x.go:1:1 :  ERROR: e (code = 1)", errors=[(2, 0)]),
        STEPS,
        {0: "three"},
        ("x.go",),
    )
    assert [(section.name, len(section.lines), section.found) for section in made] == [
        ("two", 1, {}),
        ("three", 1, {0: 1}),
    ]


def test_a_go_whose_source_is_written_otherwise(tier, observed, monkeypatch):
    # The steps are then unknown, but not who found what.
    monkeypatch.setattr("golifelab.compile.check.trace.steps", lambda *_: ())
    trace = check_trace(Source.from_text(FAULTS["packageObjects"][0]), observed)
    assert [phase.name for phase in trace] == ["scan", "parse", "packageObjects"]
    assert trace.first.errors
