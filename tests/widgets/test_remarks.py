"""The remarks lane on the real compiler, without a browser."""

from __future__ import annotations

import pytest

from golifelab import Program
from golifelab.compile.remarks.remark import OUTCOMES
from golifelab.views.remarkchips import CHIPS
from golifelab.views.remarks import alone_payload
from golifelab.views.remarkstwin import lane_html, lane_text, remarks_html
from golifelab.widgets import RemarksLane
from golifelab.widgets.view import unpack

TEXT = """package main

func keep(n int) int {
	x := n
	return x
}

func pick(list []int) int { return list[0] }

func main() { println(keep(1), pick([]int{1})) }
"""
ESCAPES = TEXT.replace("n int) int", "n int) *int").replace("return x", "return &x")
ESCAPES = ESCAPES.replace("keep(1)", "*keep(1)")


@pytest.fixture
def lane(tier):
    """A lane in both tiers."""
    widget = RemarksLane(Program.from_text(TEXT))
    assert widget.wait()
    assert widget.failure == ""
    return widget


@pytest.fixture(params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")


def edit(widget, text):
    widget.source = text
    assert widget.wait()
    assert widget.failure == ""
    return unpack(widget.payload)


def chips(payload, *states):
    return [
        (row["line"], payload["outcomes"][row["outcome"]]["word"], row.get("subject", ""))
        for row in payload["remarks"]
        if row.get("state", "") in states
    ]


def test_every_outcome_has_a_chip():
    assert set(CHIPS) == {(family, word) for family, words in OUTCOMES.items() for word in words}
    marks = {}
    for (family, _), chip in CHIPS.items():
        marks.setdefault(chip.mark, family)
        assert marks[chip.mark] == family, "a mark belongs to one family"
        assert chip.word


def test_what_the_compiler_decided_stands_on_its_lines(lane):
    shown = unpack(lane.payload)
    assert shown["lines"] == TEXT.count("\n") + 1
    assert (3, "can inline", "keep") in chips(shown, "")
    assert (8, "bounds check", "") in chips(shown, "")
    assert shown["compared"] is None
    (judged,) = (row for row in shown["remarks"] if row.get("subject") == "keep" and "cost" in row)
    assert 0 < judged["cost"] <= judged["budget"] == lane.value.remarks.budget
    assert lane.changes is None


def test_an_inlined_call_leads_to_the_judgement_of_its_function(lane):
    shown = unpack(lane.payload)
    (row,) = (row for row in shown["remarks"] if row["message"] == "inlining call to keep")
    (step,) = row["steps"]
    assert (step["line"], step["column"]) == (3, 6)
    assert step["text"].startswith("can inline keep with cost ")


def test_a_closure_has_a_budget_of_its_own():
    body = "; ".join("n = n*7 + 1" for _ in range(40))
    text = f"package main\n\nfunc main() {{ f := func(n int) int {{ {body}; return n }}; f(1) }}\n"
    program = Program.from_text(text)
    judged = program.remarks.judgements()["main.func1"]
    assert (judged.outcome, judged.cost > program.remarks.budget) == ("can inline", True)
    rows = alone_payload(program.remarks)["remarks"]
    assert [row for row in rows if "budget" in row and row["cost"] > row["budget"]] == []


def test_an_edit_marks_what_it_made_new_and_took_away(lane):
    shown = edit(lane, ESCAPES)
    assert (4, "moved to heap", "x") in chips(shown, "new")
    (row,) = (row for row in shown["remarks"] if row["message"] == "moved to heap: x")
    assert row["steps"][-1]["line"] == 5
    assert shown["compared"]["since"] == "edit"
    assert shown["compared"]["new"] == len(lane.changes.new) > 0
    back = edit(lane, TEXT)
    assert (4, "moved to heap", "x") in chips(back, "gone")


def test_a_comment_does_not_take_away_what_an_edit_has_shown(lane):
    edit(lane, ESCAPES)
    shown = edit(lane, "// for the reader\n" + ESCAPES)
    assert (5, "moved to heap", "x") in chips(shown, "new")


def test_a_text_that_does_not_compile_keeps_the_last_remarks_where_they_are_now(lane):
    shown = edit(
        lane, TEXT.replace("func keep", "// one\nfunc keep").replace("return x", "return y")
    )
    assert shown["stale"]
    assert shown["errors"] == len(lane.value.remarks.errors) > 0
    assert (4, "can inline", "keep") in chips(shown, "")
    assert "last text that compiled" in lane_text(lane.panel)
    again = edit(lane, TEXT)
    assert not again["stale"]


def test_a_baseline_is_what_all_later_texts_are_compared_with(lane):
    lane.pinned = True
    assert lane.wait()
    edit(lane, ESCAPES)
    shown = edit(lane, ESCAPES.replace("list[0]", "list[0] + list[1]"))
    assert shown["compared"]["since"] == "pin"
    assert (4, "moved to heap", "x") in chips(shown, "new")
    assert shown["compared"]["changed"] >= 1
    back = edit(lane, TEXT)
    assert back["compared"] == {"since": "pin", "new": 0, "gone": 0, "changed": 0}
    lane.pinned = False
    assert lane.wait()
    assert unpack(lane.payload)["compared"] is None


def test_a_program_that_never_compiled_says_so():
    widget = RemarksLane(Program.from_text("package main\nfunc main() { x }\n"))
    assert widget.wait()
    shown = unpack(widget.payload)
    assert (shown["remarks"], shown["stale"]) == ([], False)
    assert shown["errors"] == len(widget.value.remarks.errors) > 0


def test_the_twin_tells_the_same(lane):
    edit(lane, ESCAPES)
    data, _ = lane._repr_mimebundle_()
    for shown in (data["text/html"], data["text/plain"]):
        assert "moved to heap" in shown
        assert "▲" in shown
        assert "new" in shown
    assert "<script" not in data["text/html"]
    assert "return &amp;x (return)" in data["text/html"]
    assert lane_text({})
    assert lane_html({})


def test_hostile_words_are_escaped():
    text = 'package main\n\nvar g any\n\nfunc main() { g = "</script><img src=x>"; _ = g }\n'
    program = Program.from_text(text)
    twin = remarks_html(program.remarks)
    assert "<img" not in twin
    assert "&lt;img" in twin
    assert "</script><img" in str(alone_payload(program.remarks))


def test_a_lane_alone_carries_its_text():
    shown = alone_payload(Program.from_text(TEXT).remarks)
    assert shown["text"][3] == "\tx := n"
    assert shown["file"] == "main.go"


def test_a_large_program_is_bounded(monkeypatch):
    monkeypatch.setattr("golifelab.views.remarks.MAX_REMARKS", 5)
    monkeypatch.setattr("golifelab.views.remarks.MAX_STEPS", 1)
    shown = alone_payload(Program.from_text(ESCAPES).remarks)
    assert len(shown["remarks"]) == 5
    assert shown["left"] > 0
    assert [row["cut"] for row in shown["remarks"] if "cut" in row]
