"""Why a function is in a program, and what its bytes are for, where no widget runs."""

from __future__ import annotations

import shutil

import pytest

from golifelab import Program
from golifelab.link.deadcode.compare import reach_difference
from golifelab.link.deadcode.steps import Step
from golifelab.link.sizes import sizes_difference
from golifelab.views import drawing, reachtwin, sizestwin
from golifelab.views.reachdot import path_dot
from golifelab.views.stage import stage_html
from golifelab.views.text import text

TEXT = """package main

import "strings"

func main() { println(strings.ToUpper("a")) }
"""


@pytest.fixture(scope="module")
def program() -> Program:
    return Program.from_text(TEXT)


@pytest.fixture(scope="module")
def other() -> Program:
    return Program.from_text(TEXT.replace("ToUpper", "ToLower"))


def test_a_path_is_drawn_and_listed(program, monkeypatch):
    path = program.reach.path("strings.ToUpper")
    shown = reachtwin.path_html(path, "strings.ToUpper")
    assert "calls it" in shown
    assert "strings.ToUpper" in shown
    if shutil.which("dot"):
        assert "<img" in shown
        assert drawing.svg(path_dot(path)).startswith("<svg")
    monkeypatch.setattr(drawing.shutil, "which", lambda _: None)
    drawing.svg.cache_clear()
    without = reachtwin.path_html(path, "strings.ToUpper")
    assert "<img" not in without
    assert "calls it" in without
    assert "is not in the program" in reachtwin.path_html((), "main.nobody")


def test_every_kind_of_step_has_words():
    kinds = {*reachtwin._WORDS}
    for kind in kinds:
        assert reachtwin.step_words(Step("a", "b", kind, "R_CALL"))
    for how in ("interface", "name", "reflection"):
        step = Step("type:T", "T.M", "method", how, boxed_by="main.f", called_by="main.g")
        assert "main.f puts" in reachtwin.step_words(step)
        assert "main.g" in reachtwin.step_words(step)


def test_names_from_a_binary_are_escaped():
    step = Step('<b>"x"</b>', "<i>\x07\\N</i>", "call", "R_CALL")
    shown = reachtwin.path_html([step], "<script>")
    assert "<script>" not in shown
    assert "<i>" not in shown
    if shutil.which("dot"):
        assert "<svg" in drawing.svg(path_dot([step, step]))


def test_values_as_html_and_text(program, other):
    made = stage_html(program.reach)
    assert "thrown away" in made
    assert "looks methods up" in made
    assert "strings" in text(program.reach)
    made = stage_html(program.sizes)
    assert "in the file" in made
    assert f"{program.sizes.file:,}" in text(program.sizes)


def test_differences_as_html(program, other):
    made = stage_html(reach_difference(program.reach, other.reach))
    assert "strings.ToLower" in made
    assert "strings.ToUpper" in made
    change = sizes_difference(program.sizes, other.sizes)
    made = stage_html(change)
    assert "new" in made
    assert "gone" in made
    assert sizestwin.signed(change.file) in made
    assert sizestwin.signed(-1234) == "−1,234"
    assert sizestwin.signed(0) == "0"
