"""The memory map's widget on the real toolchain, without a browser."""

from __future__ import annotations

import pytest

from golifelab import Program, show
from golifelab.widgets import MemoryMap
from golifelab.widgets.view import View, unpack

TEXT = """package main

var room [1 << 20]byte

func main() {
	room[7]++
	println("hi", room[7])
}
"""


@pytest.fixture(scope="module")
def program() -> Program:
    return Program.from_text(TEXT)


def test_it_follows_edits_and_keeps_its_moment(program):
    page = show(program, view="memory", moment="exec")
    assert isinstance(page, MemoryMap)
    assert page.wait()
    assert page.failure == ""
    assert page.moment == "exec"
    before = page.moments
    zeroed = before["main.main"].of_kind("zeroed data")[0]
    assert zeroed.size > 1 << 20
    page.source = TEXT.replace("1 << 20", "1 << 22")
    assert page.wait()
    assert page.moments["main.main"].of_kind("zeroed data")[0].size - zeroed.size == 3 << 20
    page.source = TEXT.replace("println", "nothing")
    assert page.wait()
    assert "nothing" in unpack(page.payload)["failed"]
    assert "nothing" in page.twin()
    page.source = TEXT
    assert page.wait()
    assert "moments" in unpack(page.payload)
    assert "zeroed data" in page.twin()


def test_a_value_shows_itself(program):
    shown = show(program.moments)
    assert isinstance(shown, View)
    assert len(unpack(shown.payload)["moments"]) == 4
