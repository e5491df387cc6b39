"""Ribbon and trees follow the text, without a browser."""

from __future__ import annotations

import pytest

from golifelab import Program, sample
from golifelab.widgets import Ribbon, Trees
from golifelab.widgets.view import unpack


@pytest.fixture
def add():
    return sample("add")


def test_the_ribbon_follows_the_text(add):
    ribbon = Ribbon(add)
    assert ribbon.wait()
    before = unpack(ribbon.payload)
    ribbon.source = add.text.replace("\treturn b - a\n", "\tb = b - a; return b\n")
    assert ribbon.wait()
    after = unpack(ribbon.payload)
    assert after["seq"] > before["seq"]
    assert after["source"] == ribbon.source
    assert after["counts"]["automatic"] == before["counts"]["automatic"]
    assert after["counts"]["tokens"] == before["counts"]["tokens"] + 4
    ribbon.source = add.text.replace("a + b", "a + ")
    assert ribbon.wait()
    broken = unpack(ribbon.payload)
    assert broken["first"]["phase"] == "parse"
    assert broken["readers"][2]["errors"] is None
    assert "complained first" in ribbon._repr_mimebundle_()[0]["text/html"]
    assert ribbon.failure == ""


def test_the_trees_follow_the_text_and_the_function(add):
    trees = Trees(add)
    assert trees.wait()
    shown = unpack(trees.payload)["trees"]
    assert [tree["id"] for tree in shown] == ["syntax", "go", "ir"]
    assert shown[2]["function"] == "add"
    trees.function = "main"
    assert trees.wait()
    other = unpack(trees.payload)["trees"]
    assert other[2]["function"] == "main"
    assert other[2]["stages"] != shown[2]["stages"]
    trees.source = add.text.replace("a + b", "a + c")
    assert trees.wait()
    wrong = unpack(trees.payload)
    assert wrong["trees"][2]["why"] == "the program has errors"
    assert wrong["first"]["phase"] == "types"
    assert wrong["trees"][0]["stages"][0]["count"] == shown[0]["stages"][0]["count"]
    assert trees.failure == ""


def test_a_function_may_be_chosen_from_the_start(add):
    trees = Trees(add, "main")
    assert trees.wait()
    assert unpack(trees.payload)["trees"][2]["function"] == "main"
    assert "IR (main" in trees._repr_mimebundle_()[0]["text/html"]


def test_the_ir_is_that_of_the_function_around_the_selection(add):
    trees = Trees(add, at="main.go:14:2")
    assert trees.wait()
    assert unpack(trees.payload)["trees"][2]["function"] == "main"


@pytest.mark.parametrize("text", ["", "package", "\x00", "func (", "package main\n\nvar é = '"])
def test_hostile_text_is_shown_and_fails_nothing(text):
    for view in (Ribbon(Program.from_text(text)), Trees(Program.from_text(text))):
        assert view.wait()
        assert view.failure == ""
        assert unpack(view.payload)["errors"]


def test_both_work_without_the_helper(add, monkeypatch):
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    program = Program.from_text(add.text + "\n// another text, so that nothing is remembered\n")
    for view in (Ribbon(program), Trees(program)):
        assert view.wait()
        payload = unpack(view.payload)
        assert payload["first"] is None
        assert "Go's own packages" in payload["note"]
