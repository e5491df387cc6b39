"""The check player on the real toolchain, without a browser."""

from __future__ import annotations

import pytest

from golifelab import Program, show
from golifelab.views.checks import MAX_LINES, checks_payload
from golifelab.views.checkstwin import checks_html, checks_text
from golifelab.widgets import Checks
from golifelab.widgets.view import unpack

GOOD = """\
package main

func add(a, b int) int { return a + b }

func main() { println(add(1, 2)) }
"""
MIXED = GOOD.replace("a + b", 'a + "x"')
UNDEFINED = GOOD.replace("int) int", "missing) int")
UNPARSED = GOOD.replace("{ return", "return")


def shown(widget):
    assert widget.wait()
    return unpack(widget.payload)


def phase(payload, name):
    return next(one for one in payload["phases"] if one["name"] == name)


@pytest.fixture(params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    return request.param


def test_phases_are_those_of_the_checker_with_their_traces(tier):
    payload = shown(Checks(Program.from_text(GOOD)))
    names = [one["name"] for one in payload["phases"]]
    assert names[:2] == ["scan", "parse"]
    assert names.index("collectObjects") < names.index("packageObjects")
    assert payload["first"] == -1
    assert payload["findings"] == []
    delayed = phase(payload, "processDelayed")
    assert delayed["lines"] == len(delayed["trace"]["text"]) > 5
    for column in delayed["trace"].values():
        assert len(column) == delayed["lines"]
    assert any("a + b" in text for text in delayed["trace"]["text"])
    assert all(one["ran"] for one in payload["phases"])
    program = Program.from_text(GOOD)
    assert phase(payload, "scan")["made"] == f"{len(program.tokens)} tokens"
    assert phase(payload, "parse")["made"] == f"{len(program.syntax)} nodes"


def test_phases_say_what_they_are_for_in_the_words_of_go(tier):
    payload = shown(Checks(Program.from_text(GOOD)))
    about = {one["name"]: one["about"] for one in payload["phases"]}
    assert all(about.values()), about
    assert about["packageObjects"].startswith("“…")
    assert "not function bodies" in about["packageObjects"]


def test_who_complained_first_is_told_with_code_and_explanation(tier):
    payload = shown(Checks(Program.from_text(MIXED)))
    assert payload["phases"][payload["first"]]["name"] == "processDelayed"
    finding = payload["findings"][0]
    assert finding["line"] == 3
    assert finding["code"]
    assert finding["number"] > 0
    assert len(finding["summary"]) > 20
    assert finding["by"][0] == "processDelayed"
    assert 0 <= finding["at"] <= phase(payload, "processDelayed")["lines"]


def test_another_error_is_found_by_another_phase(tier):
    payload = shown(Checks(Program.from_text(UNDEFINED)))
    assert payload["phases"][payload["first"]]["name"] == "packageObjects"
    assert payload["findings"][0]["code"] == "UndeclaredName"


def test_what_does_not_parse_is_never_checked(tier):
    payload = shown(Checks(Program.from_text(UNPARSED)))
    assert payload["phases"][payload["first"]]["name"] == "parse"
    never = phase(payload, "packageObjects")
    assert not never["ran"]
    assert never["why"]


def test_an_edit_is_followed():
    widget = Checks(Program.from_text(GOOD))
    assert shown(widget)["first"] == -1
    widget.source = MIXED
    payload = shown(widget)
    assert payload["seq"] == widget.seq == 1
    assert payload["counts"]["errors"] >= 1
    widget.source = GOOD
    assert shown(widget)["first"] == -1


def test_the_twin_says_what_the_widget_shows():
    data, _ = Checks(Program.from_text(MIXED))._repr_mimebundle_()
    for kind in ("text/html", "text/plain"):
        assert "First to complain: processDelayed" in data[kind]
        assert "packageObjects" in data[kind]
    assert "<table" in data["text/html"]
    assert "never" not in checks_text(checks_payload(Program.from_text(GOOD).checks))
    assert checks_html({})
    assert checks_text({})


def test_a_value_alone_has_a_view():
    view = show(Program.from_text(MIXED).checks)
    assert view.view == "checks"
    assert unpack(view.payload)["first"] >= 0
    assert "processDelayed" in view._repr_mimebundle_()[0]["text/html"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x01",
        "package p\nvar x = 1 +",
        "package p\ntype T struct{ t T }",
        'package p\nvar _ = "<script>alert(1)</script>" + 1',
        "package p\nfunc f() { " + "(" * 2000 + " }",
    ],
)
def test_hostile_source_is_shown_as_text(text):
    widget = Checks(Program.from_text(text))
    payload = shown(widget)
    assert widget.failure == ""
    assert payload["first"] >= 0
    html = widget._repr_mimebundle_()[0]["text/html"]
    assert "<script" not in html
    assert widget._repr_mimebundle_()[0]["text/plain"]


def test_a_long_trace_is_bounded_and_counted():
    body = "\n".join(f"\tx{number} := {number} + 1\n\t_ = x{number}" for number in range(6000))
    payload = shown(Checks(Program.from_text(f"package p\n\nfunc f() {{\n{body}\n}}\n")))
    assert sum(one["lines"] for one in payload["phases"]) <= MAX_LINES
    delayed = phase(payload, "processDelayed")
    assert delayed["total"] > delayed["lines"]
    assert payload["truncated"]
    assert "more lines" in checks_html(payload)
