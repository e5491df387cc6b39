"""The image map follows edits, says what keeps a program from being linked, and has a twin."""

from __future__ import annotations

import pytest

from golifelab import Program, sample, show
from golifelab.widgets import ImageMap, View
from golifelab.widgets.view import unpack

BROKEN = "package main\n\nfunc main() { nobody() }\n"


@pytest.fixture(scope="module")
def program() -> Program:
    return sample("add")


def test_an_edit_moves_the_map(program):
    shown = show(program, view="image", function="main.main")
    assert isinstance(shown, ImageMap)
    assert shown.selection == {"function": "main.main"}
    assert shown.wait()
    before = shown.panel
    assert before["counts"]["placed"] == len(program.placement)
    touched = program.text.replace("func main() {", "func main() {\n\troom[len(room)-1]++\n", 1)
    shown.source = touched + "\nvar room [100_000]byte\n"
    assert shown.wait()
    assert zeroed(shown.panel) >= zeroed(before) + 100_000
    shown.source = BROKEN
    assert shown.wait()
    assert "nobody" in shown.panel["failed"]
    assert "no executable" in shown.twin()


def zeroed(panel) -> int:
    return next(one["size"] for one in panel["sections"] if one["name"] == ".noptrbss")


def test_an_executable_shows_itself(program):
    shown = show(program.link())
    assert isinstance(shown, View)
    assert shown.view == "image"
    assert unpack(shown.payload)["counts"]["objects"] > 20
    assert ".text" in shown.twin()
