"""The ABI explorer in a real JupyterLab: a signature typed, and walked through by keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

SOURCE = """\
package main

type Point struct{ X, Y float64 }

func scale(p Point, by float64, name string) (Point, error) { return p, nil }

func main() {}
"""
CELL = f"""\
from golifelab import Program
from golifelab.widgets import show
abi = show(Program.from_text({SOURCE!r}), view="abi")
abi"""
ROOT = ".golifelab-abi"


@pytest.fixture
def explorer(light, window):
    window.open(light, light.write("abi.ipynb", CELL))
    expect(chip(window.page, 0)).to_be_visible()
    assert window.errors() == []
    return window


def chip(page, index):
    return page.locator(f"{ROOT} [role=option]").nth(index)


def box(page, processor, register):
    side = page.locator(f"{ROOT} .gl-abi-side[data-architecture={processor}]")
    return side.locator(".gl-abi-box", has_text=register).first


def test_a_signature_is_typed(explorer):
    page, cells = explorer.page, explorer.cells()
    expect(box(page, "amd64", "X0")).to_contain_text("p.X")
    expect(box(page, "arm64", "F2")).to_contain_text("by")
    field = page.locator(f"{ROOT} input")
    expect(field).to_have_value("scale")
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("func(b []byte, p Point, big [3]int) bool")
    expect(box(page, "amd64", "CX")).to_contain_text("b.cap")
    expect(box(page, "arm64", "R2")).to_contain_text("b.cap")
    stack = page.locator(f"{ROOT} .gl-abi-slot[data-kind=argument]")
    expect(stack.first).to_contain_text("big")
    expect(field).to_be_focused()
    assert "[]byte" in explorer.ask("print(abi.signature)")
    # Wrong Go: its words, a caret under the place, the last good picture dimmed.
    page.keyboard.press("End")
    page.keyboard.type(" b")
    problem = page.locator(f"{ROOT} .gl-abi-problem")
    expect(problem).to_contain_text("syntax error")
    expect(problem).to_contain_text("^")
    expect(page.locator(f"{ROOT} .gl-abi")).to_have_attribute("data-stale", "")
    expect(box(page, "amd64", "CX")).to_contain_text("b.cap")
    for _ in range(2):
        page.keyboard.press("Backspace")
    expect(problem).to_be_hidden()
    # The types are the program's, and live.
    explorer.ask("abi.source = abi.source.replace('X, Y float64', 'X, Y, Z float64')")
    expect(box(page, "amd64", "X2")).to_contain_text("p.Z")
    assert explorer.cells() == cells


def test_by_keys_alone(explorer):
    page, cells = explorer.page, explorer.cells()
    chip(page, 0).focus()
    for key in ("b", "ArrowRight", "x", "ArrowRight"):
        page.keyboard.press(key)
    assert explorer.cells() == cells
    expect(chip(page, 2)).to_be_focused()
    expect(chip(page, 2)).to_have_attribute("aria-selected", "true")
    told = page.locator(f"{ROOT} .gl-abi-words")
    expect(told).to_contain_text("name.ptr in AX and name.len in BX")
    expect(told).to_contain_text("name.ptr in R0 and name.len in R1")
    ringed = page.locator(f"{ROOT} .gl-abi-box[data-ring]")
    expect(ringed).to_have_count(4)
    page.keyboard.press("End")
    expect(told).to_contain_text("result 2.itab in AX")
    page.keyboard.press("Escape")
    expect(told).to_be_focused()
    box(page, "arm64", "F0").click()
    expect(chip(page, 0)).to_have_attribute("aria-selected", "true")
