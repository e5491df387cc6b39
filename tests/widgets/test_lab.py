"""The lab on the real toolchain, without a browser: what is sent for which question."""

from __future__ import annotations

import re

import pytest

from golifelab import Program, sample, show
from golifelab.errors import GolifelabError
from golifelab.widgets import Lab
from golifelab.widgets.assets import STATIC
from golifelab.widgets.view import unpack

TWO = """package main

//go:noinline
func one(a int) int {
	return a + 1
}

//go:noinline
func two(a int) int {
	return a * 3
}

func main() { println(one(1), two(2)) }
"""


@pytest.fixture
def lab():
    made = Lab(sample("add"), "add")
    assert made.wait()
    return made


def code(lab):
    return unpack(lab.passes)


def test_a_program_shows_as_its_lab_on_request(lab):
    other = show(sample("add"), view="lab", function="add")
    assert isinstance(other, Lab)
    assert other.wait()
    sent = code(other)
    assert sent["function"] == "main.add" == lab.code.function.symbol
    assert [one["name"] for one in sent["passes"]] == [step.name for step in lab.code.passes]
    assert {one["name"] for one in sent["functions"]} == {"add", "main"}
    assert sent["target"]["goarch"] == "amd64"
    for part in (other.machine, other.lives):
        assert unpack(part)["function"] == "main.add"


def test_every_line_says_where_it_comes_from(lab):
    sent = code(lab)
    assert len(sent["places"]) == len(sent["lines"])
    plus = next(i for i, line in enumerate(sent["lines"]) if "Add64" in line)
    line, column = sent["places"][plus]
    assert line == 8
    assert column == 12 or sent["tier"] == "fallback"


def test_an_edit_renumbers_and_says_what_it_did(lab):
    lab.source = lab.source.replace("a + b", "a * b + 3")
    assert lab.wait()
    edits = unpack(lab.edits)
    assert [one["number"] for one in edits["items"]] == [0, 1]
    assert edits["items"][1]["line"] == 8
    since = edits["since"]
    assert since["to"] == edits["items"][1]["figures"]
    assert since["to"]["bytes"] > since["from"]["bytes"]
    assert "+" in since["changes"].values()
    old = {value.name for value in lab.history[0].program.ssa("add")["start"].values()}
    assert set(since["partners"]) <= old | {"b1", "b2", "b3"}
    assert edits["carry"] == since["partners"]


def test_a_word_being_typed_is_one_edit_and_an_error_is_none(lab):
    for text in ("a + b + 1", "a + b + 12", "a + b + ", "a + b + 123"):
        lab.source = sample("add").text.replace("a + b", text)
        assert lab.wait()
        if text.endswith("+ "):
            assert code(lab)["passes"] == []
            assert code(lab)["errors"][0]["line"] == 9
    assert [edit.words for edit in lab.history] == ["", "return a + b + 123"]
    assert code(lab)["seq"] == 4


def test_the_function_follows_the_cursor_until_one_is_chosen():
    lab = Lab(Program.from_text(TWO))
    assert lab.wait()
    assert lab.code.function.name == "one"
    lab.line = 10
    assert lab.wait()
    assert code(lab)["function"] == "main.two"
    lab.line = 7  # between the functions: nothing else is meant
    assert lab.wait()
    assert code(lab)["function"] == "main.two"
    lab.function = "main.one"
    assert lab.wait()
    lab.line = 10
    assert lab.wait()
    assert code(lab)["function"] == "main.one"


@pytest.mark.parametrize(
    ("subject", "arch"), [({"goarch": "arm64"}, "arm64"), ({"goamd64": "v3"}, "amd64")]
)
def test_the_second_pane_is_for_another_target(lab, subject, arch):
    lab.subject, lab.two = subject, True
    assert lab.wait()
    other = unpack(lab.other)
    assert other["subject"] == subject
    assert other["code"]["target"]["goarch"] == arch
    assert other["code"]["function"] == other["machine"]["function"] == "main.add"
    assert other["partners"]["b1"] == "b1"
    lab.compare = {"against": "other", "left": None, "right": 0}
    assert lab.wait()
    counts = unpack(lab.comparison)["counts"]
    assert counts["added"] == counts["removed"] == 0


def test_the_second_pane_shows_an_earlier_text_and_keeps_it(lab):
    before = lab.source
    lab.subject, lab.two = {"source": before}, True
    lab.source = before.replace("a + b", "a ^ b")
    assert lab.wait()
    lines = "\n".join(unpack(lab.other)["code"]["lines"])
    assert "ADDQ" in lines
    assert "XORQ" in "\n".join(code(lab)["lines"])
    assert unpack(lab.other)["seq"] == lab.seq


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ({"go": "1.9.9"}, "golifelab warm --go 1.9.9"),
        ({"goarch": "riscv64"}, "not for riscv64"),
        ({"source": "package main\nfunc main() {}\n"}, "add"),
        ({"source": "package"}, "syntax error"),
        ({"colour": "red"}, "another colour"),
    ],
)
def test_what_the_second_pane_cannot_show_is_said(lab, subject, words):
    lab.subject, lab.two = subject, True
    assert lab.wait()
    assert words in unpack(lab.other)["failure"]
    assert lab.failure == ""


def test_the_last_edit_is_compared_on_request(lab):
    lab.compare = {"against": "edit", "left": 0, "right": 0}
    assert lab.wait()
    assert "no edit before" in unpack(lab.comparison)["failure"]
    lab.source = lab.source.replace("b - a", "b - a - 1")
    assert lab.wait()
    found = unpack(lab.comparison)
    assert found["seq"] == lab.seq
    assert found["counts"]["added"] >= 1


def test_every_pass_has_its_purpose(lab):
    known = (STATIC / "lab" / "purpose.js").read_text(encoding="utf-8")
    for step in lab.code.passes:
        assert re.search(rf'^  "?{re.escape(step.name)}"?: "', known, re.MULTILINE), step.name


def test_the_reader_sets_and_reads_what_is_shown():
    lab = Lab(sample("add"), "add", pass_="lower", tab="graph", value="v13", subject={})
    assert (lab.pass_name, lab.tab, lab.two) == ("lower", "graph", True)
    assert lab.selection["value"] == "v13"
    assert lab.against == "before"
    lab.pass_name, lab.tab, lab.against = "opt", "machine", "edit"
    assert lab.state == {"pass": "opt", "tab": "machine", "against": "edit"}
    with pytest.raises(GolifelabError, match="no tab"):
        Lab(sample("add"), tab="colours")


def test_each_pane_is_told_what_to_compare_with(lab):
    made = show(sample("add"), view="lab", against="opt", subject={}, other_against="other")
    assert made.against == "opt"
    assert made.state == {"against": "opt", "against2": "other"}
    # A word that names no pass must not be the name of one.
    assert not {"before", "edit", "other"} & {step.name for step in lab.code.passes}


def test_the_twin_has_the_pass_that_is_shown():
    lab = Lab(sample("add"), "add", pass_="lower")
    data, _ = lab._repr_mimebundle_()
    for shown in (data["text/html"], data["text/plain"]):
        assert "main.add" in shown
        assert "after lower" in shown
        assert "ADDQ" in shown
    lab.source = "package main\nfunc <b>"
    assert lab.wait()
    data, _ = lab._repr_mimebundle_()
    assert "<b>" not in data["text/html"]
    assert "syntax error" in data["text/plain"]
