"""Rail, editor and lab on the real toolchain, without a browser."""

from __future__ import annotations

import pytest

from golifelab import Program, sample, show
from golifelab.widgets import Editor, Life, Rail
from golifelab.widgets.live import first_operator, program_key
from golifelab.widgets.view import unpack

PLUS = "main.go:8:12"


@pytest.fixture(scope="module")
def add():
    return sample("add")


def stations(widget):
    return {station["id"]: station for station in unpack(widget.payload)["stations"]}


def labels(widget, station):
    return [link["label"] for link in unpack(widget.payload)["thread"].get(station, [])]


def test_the_first_operator_of_a_function_however_it_is_named():
    program = Program.from_text(
        "package main\n\ntype T[E any] struct{ n int }\n\n"
        "func (t *T[E]) M() int { return t.n + 1 }\n\n"
        "func sum(a, b int) int { return a - b }\n\nfunc none() {}\n\nfunc main() {}\n"
    )
    found = {name: str(first_operator(program, name)) for name in ("", "(*T[int]).M", "main.sum")}
    assert found == {"": "main.go:5:37", "(*T[int]).M": "main.go:5:37", "main.sum": "main.go:7:35"}
    assert str(first_operator(program, "none")) == "main.go:9:1"
    assert str(first_operator(program, "absent")) == "main.go:1:1"


def test_a_program_shows_as_its_lab(add):
    lab = show(add)
    assert isinstance(lab, Life)
    assert lab.wait()
    assert str(first_operator(add)) == PLUS
    alive = {station["state"] for station in stations(lab).values()}
    assert alive <= {"fresh", "recorded"}
    assert labels(lab, "source") == ["+"]
    data, _ = lab._repr_mimebundle_()
    for shown in (data["text/html"], data["text/plain"]):
        assert "executable" in shown
        assert labels(lab, "machine")[0] in shown


def test_selecting_follows_another_position(add):
    rail = Rail(add)
    assert rail.wait()
    rail.select("main.go:10:11")
    assert rail.wait()
    assert labels(rail, "source") == ["-"]
    assert unpack(rail.payload)["position"]["line"] == 10


def test_views_of_equal_programs_are_linked_and_labs_are_not(add):
    assert Rail(add).program == Rail(sample("add")).program == program_key(add)
    assert Rail(add).program != Rail(sample("hello")).program
    assert Life(add).program != Life(add).program
    assert Life(add, key="mine").program == Rail(add, key="mine").program == "mine"


def test_an_edit_from_python_changes_the_whole_life(add):
    life = Life(add, "add")
    assert life.wait()
    before = unpack(life.passes)
    life.source = add.text.replace("a + b", "a * b")
    assert life.wait()
    assert life.seq == 1
    assert labels(life, "source") == ["*"]
    assert unpack(life.passes)["seq"] == unpack(life.marks)["seq"] == 1
    assert unpack(life.passes)["lines"] != before["lines"]
    assert life.value.text == life.source


def test_an_edit_from_the_browser_is_not_counted_twice(add):
    life = Life(add, "add")
    assert life.wait()
    source = add.text.replace("a + b", "a * b")
    life.set_state({"source": source, "seq": 7})
    assert life.wait()
    assert life.seq == 7
    assert unpack(life.payload)["seq"] == 7


def test_a_broken_edit_says_where_life_stopped(add):
    life = Life(add, "add")
    assert life.wait()
    life.source = add.text.replace("a + b", "a + c")
    assert life.wait()
    marks, held = unpack(life.marks), stations(life)
    assert [squiggle["message"] for squiggle in marks["squiggles"]] == ["undefined: c"]
    assert held["types"]["state"] == "error"
    assert {held[name]["state"] for name in ("ssa", "executable", "process")} == {"stale"}
    assert unpack(life.passes)["passes"] == []
    assert "undefined: c" in life._repr_mimebundle_()[0]["text/html"]


def test_marks_lie_on_the_text(add):
    editor = Editor(add)
    assert editor.wait()
    tokens = unpack(editor.marks)["tokens"]
    words = [
        add.text[start:end]
        for start, end, style in zip(tokens["from"], tokens["to"], tokens["class"], strict=True)
        if style == "keyword"
    ]
    assert words == ["package", "import", "func", "if", "return", "return", "func"]
    assert "automatic" in tokens["class"]
    assert editor.payload == b"", "the rail is not its business"


def test_hostile_source_stays_text(add):
    life = Life(add)
    life.source = 'package main\n\nfunc main() { _ = "<script>alert(1)</script>" + <b> }\n'
    assert life.wait()
    html = life._repr_mimebundle_()[0]["text/html"]
    assert "<script" not in html
    assert "&lt;script&gt;" in html
