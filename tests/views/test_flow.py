"""The flow diagrams: only what exists and ran is in them, and they are told where nothing draws."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from golifelab import Program, sample
from golifelab.compile.gosource import functions_of
from golifelab.target import Target
from golifelab.toolchain.go import find_go
from golifelab.toolchain.helper import build
from golifelab.views import drawing
from golifelab.views.flow import Arrow, Flow, Lane, Row, Step
from golifelab.views.frontflow import front_flow
from golifelab.views.scannerflow import scanner_flow

EVERYTHING = """\
package p // a line

/* a
block */
var s, r, c = "s", `r`, 'c'
var n, f = 0x2a, .5i
"""


@pytest.fixture(scope="module", autouse=True)
def helper():
    """What is told of types2 needs the observed compiler; tests of the rest turn it off."""
    build.wait(Target())


def figures(flow, lane):
    return {step.name: step.figure for step in flow if step.lane == lane}


def declared(step, version=""):
    path, _, line = step.place.rpartition(":")
    text = (find_go(version).root / "src" / path).read_text().splitlines()
    return text[int(line) - 1]


def test_every_function_in_the_picture_is_declared_where_it_says():
    flow = scanner_flow(sample("add"))
    named = [step for step in flow if step.place]
    assert len(named) >= 10
    for step in named:
        method = step.name.rpartition(".")[2]
        assert re.match(rf"func (\(.*\) )?{method}\(", declared(step)), step


def test_each_go_has_what_is_drawn_for_it(target, monkeypatch):
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    program = sample("add", target=target)
    for flow in (scanner_flow(program), front_flow(program)):
        assert not any(note.startswith("Not in the source") for note in flow.notes)
        named = [step for step in flow if step.place]
        assert named
        for step in named:
            assert declared(step, target.go).startswith("func "), step


def test_the_makers_share_all_tokens_of_a_program():
    program = Program.from_text(EVERYTHING)
    flow = scanner_flow(program)
    ours, theirs = figures(flow, "compiler"), figures(flow, "library")
    tokens = sum(token.kind != "comment" for token in program.tokens)
    assert ours["scanner.next"] == theirs["Scanner.Scan"] == f"{tokens} tokens"
    assert ours["scanner.ident"] == theirs["Scanner.scanIdentifier"] == "6 names, 3 keywords"
    assert ours["scanner.number"] == "2 numbers"
    assert (ours["scanner.stdString"], ours["scanner.rawString"]) == ("1 string", "1 raw string")
    assert ours["scanner.rune"] == "1 rune"
    assert (ours["scanner.lineComment"], ours["scanner.fullComment"]) == (
        "1 line comment",
        "1 other comment",
    )
    assert theirs["Scanner.scanComment"] == "1 line comment, 1 other comment"
    assert ours["made on the spot"] == theirs["made on the spot"]
    counted = sum(
        int(number)
        for name, figure in ours.items()
        if name not in ("scanner.next", "source text", "scanner.init", "source.nextch")
        and not name.startswith("parser.")
        and not name.endswith("Comment")
        for number in re.findall(r"\d+", figure)
    )
    assert counted + 1 == tokens  # EOF is told in words


def test_what_had_no_work_is_named_and_not_drawn():
    flow = scanner_flow(sample("hello"))
    assert "compiler scanner.rawString" not in {step.id for step in flow}
    assert any("scanner.rawString" in note for note in flow.notes)


def test_arrows_that_stand_for_calls_are_in_the_source():
    flow = scanner_flow(Program.from_text(EVERYTHING))
    functions = functions_of("cmd/compile/internal/syntax/scanner.go", Target())
    handed = {arrow.end for arrow in flow.arrows if arrow.start == "compiler scanner.next"}
    assert handed >= {"compiler scanner.ident", "compiler scanner.lineComment", "compiler own"}
    for end in handed - {"compiler own"}:
        assert end.rpartition(".")[2] in functions["scanner.next"].calls
    # A comment is read and forgotten: nothing goes on from there.
    assert not [arrow for arrow in flow.arrows if arrow.start == "compiler scanner.lineComment"]


def states(flow, lane):
    return {step.name: step.state for step in flow if step.lane == lane}


def test_a_good_program_reaches_ssa():
    program = sample("add")
    flow = front_flow(program)
    assert set(states(flow, "compiler").values()) == {"ran"}
    assert figures(flow, "compiler")["gc.compileFunctions"].startswith(
        f"{len(program.functions)} function"
    )
    assert figures(flow, "compiler")["syntax.File"].startswith(f"{len(program.syntax)} nodes")
    assert figures(flow, "library")["ast.File"].startswith(f"{len(program.go_syntax)} nodes")
    for step in flow:
        if step.place:
            function = step.place.rpartition("/")[2]
            assert re.match(r"func (\(.*\) )?\w+\(", declared(step)), function
    phases = [row.name for row in flow["compiler Checker.checkFiles"].rows]
    names = [phase.name for phase in program.checks]
    assert phases == [name for name in names if name not in ("scan", "parse", "noder")]
    assert flow["compiler checkFiles"].state == "ran"


def test_type_errors_end_it_after_the_checker():
    flow = front_flow(sample("add").edit("a + b", "a + missing"))
    assert flow["compiler Checker.checkFiles"].state == "stopped"
    rows = {row.name: row.state for row in flow["compiler Checker.checkFiles"].rows}
    assert rows["processDelayed"] == "complained"
    assert rows["initOrder"] == "ran"
    assert flow["compiler checkFiles"].state == "unreached"
    assert flow["compiler compileFunctions"].state == "unreached"
    assert flow["library Checker.checkFiles"].state == "complained"


def test_an_error_that_leaves_a_tree_to_check_ends_it_after_the_checker_too():
    flow = front_flow(sample("add").edit("a + b", "a + 08 + missing"))
    assert flow["compiler Parse"].state == "complained"
    assert flow["compiler Checker.checkFiles"].state == "stopped"
    assert flow["compiler Checker.checkFiles"].figure.startswith("1 error")
    alone = front_flow(sample("add").edit("a + b", "a + 08"))
    assert alone["compiler Checker.checkFiles"].state == "ran"
    assert alone["compiler checkFiles"].state == "unreached"
    assert alone["compiler compileFunctions"].state == "unreached"
    assert "the compiler ends after it" in str(alone)


def test_what_the_compiler_finds_behind_types2_is_not_types2s():
    program = Program.from_text("package p\n\ntype T interface{ m() interface{ T } }\n")
    flow = front_flow(program)
    assert program.errors
    assert flow["compiler Checker.checkFiles"].state == "ran"
    assert flow["compiler checkFiles"].state == "stopped"
    assert flow["compiler writePkgStub"].state == "unreached"
    assert flow["library Checker.checkFiles"].state == "ran"


def test_syntax_errors_end_it_before_the_checker():
    flow = front_flow(sample("add").edit("a + b", "a +"))
    assert flow["compiler Parse"].state == "stopped"
    assert flow["compiler Checker.checkFiles"].state == "unreached"
    assert flow["compiler Checker.checkFiles"].rows == ()
    assert flow["library ParseFile"].state == "stopped"


def test_without_the_helper_it_says_whose_figures_they_are(monkeypatch):
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    program = sample("hello")
    for flow in (scanner_flow(program), front_flow(program)):
        assert any("observed compiler" in note for note in flow.notes)
        assert len(flow) > 8


@pytest.mark.parametrize("text", ["", "\x00", "package p\nfunc {", "package p; var x = '", "名"])
def test_broken_source_has_a_flow(text):
    flow = scanner_flow(Program.from_text(text))
    assert flow["compiler scanner.next"].figure
    assert str(flow)
    assert str(front_flow(Program.from_text(text)))


HOSTILE = Flow(
    '<b>"title"',
    (Lane("a", "<script>lane</script>"), Lane("b", "b", main=False)),
    (
        Step("a 1", "a", "<i>&\"'>", "1 < 2", "x.go:1", rows=(Row("<u>", "<s>", "stopped"),)),
        Step("a 2", "a", "plain", state="unreached"),
        Step("b 1", "b", "stop", "2 errors", state="stopped"),
    ),
    (Arrow("a 1", "a 2"),),
    ("<note>",),
)


def test_a_picture_and_a_table_say_the_same():
    html = HOSTILE.bundle()["text/html"]
    for word in ("<b>", "<script>", "<i>", "<u>", "<s>", "<note>"):
        assert word not in html
    assert html.count("<img ") == 1
    assert "never ran" in html
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', html)
    root = ET.fromstring(base64.b64decode(data[1]))
    drawn = "".join(root.itertext())
    for word in ("<i>&\"'>", "1 < 2", "<u>", "<script>lane</script>", "never ran"):
        assert word in drawn.replace("\xa0", " ")
    assert not root.findall(".//{*}script")


def test_words_on_the_page_itself_are_not_coloured_for_one_theme():
    root = ET.fromstring(HOSTILE.svg())
    boxes = [element for element in root.iter() if element.tag.endswith(("polygon", "path"))]
    filled = {element.get("fill") for element in boxes} - {"none", None}
    assert filled
    assert "white" not in filled
    # All words are white, so each must stand on a box of ours, and stand out from it.
    assert {element.get("fill") for element in root.iter("{*}text")} <= {"#ffffff"}
    for colour in filled - {"transparent", drawing._LINE}:
        assert contrast("#ffffff", colour) >= 4.5, colour
    for page in ("#ffffff", "#111111"):
        assert contrast(page, drawing._LINE) >= 3


def contrast(one, other):
    """The ratio of WCAG 2 between two colours."""

    def luminance(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_without_dot_it_is_words_and_the_table(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    # Not drawn before: a picture that is there already needs no dot.
    shown = replace(HOSTILE, arrows=()).bundle()
    assert "dot is not installed" in shown["text/html"]
    assert "<img" not in shown["text/html"]
    assert "<details" not in shown["text/html"]
    assert "1 &lt; 2" in shown["text/html"]
    assert "stop (2 errors, ✗ stopped here)" in shown["text/plain"]


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
def test_a_dot_that_fails_is_told(monkeypatch, tmp_path):
    fake = tmp_path / "dot"
    fake.write_text("#!/bin/sh\necho no fonts >&2; exit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    flow = Flow("t", (Lane("a", "a"),), (Step("a", "a", "only here"),), ())
    assert "no fonts" in flow.bundle()["text/html"]
