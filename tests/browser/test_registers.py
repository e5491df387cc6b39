"""The register grid in a real JupyterLab: live, by keys alone, both ways round, and the frame."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

LOADS = "".join(f"\tx{n} := p[{n}]\n" for n in range(16))
SUM = " ^ ".join(f"(x{n} * x{(n + 5) % 16})" for n in range(16))
PRESS = f"""\
package main

func press(p *[16]int) int {{
{LOADS}	p[0] = x15
	return {SUM}
}}

func main() {{ println(press(new([16]int))) }}
"""
CELL = f"""\
from golifelab import Program
from golifelab.widgets import show
registers = show(Program.from_text({PRESS!r}), view="registers", function="press")
registers"""
ROOT = ".golifelab-registers"
CURSOR = f"{ROOT} .gl-regs-cursor"


@pytest.fixture
def grid(light, window):
    window.open(light, light.write("registers.ipynb", CELL))
    expect(window.page.locator(CURSOR)).to_be_visible()
    expect(window.page.locator(f"{ROOT} [data-architecture=arm64]")).to_be_visible()
    assert window.errors() == []
    return window


def figures(page):
    return page.locator(f"{ROOT} .gl-regs-figures")


def words(page):
    return page.locator(f"{ROOT} .gl-regs-words")


def processor(page, name):
    return page.locator(f"{ROOT} .gl-regs-processors button[data-architecture={name}]")


def test_spills_at_a_glance_and_live(grid):
    page = grid.page
    expect(figures(page)).to_contain_text("values spilled")
    expect(processor(page, "arm64")).to_contain_text("no spill")
    # To begin with, the first spill is told of.
    expect(words(page)).to_contain_text("is saved in the slot")
    processor(page, "arm64").click()
    expect(figures(page)).to_contain_text("no value is spilled")
    assert "arm64" in grid.ask("print(registers.goarch)")
    processor(page, "amd64").click()
    # One product less at a time: in the end nothing has to be spilled.
    grid.ask("registers.source = registers.source.replace(') ^ (', ') + 0*(', 14)")
    expect(figures(page)).to_contain_text("spilled")
    few = "package main\n\nfunc press(p *[16]int) int { return p[0] + p[1] }\n\nfunc main() {}\n"
    grid.ask(f"registers.source = {few!r}")
    expect(figures(page)).to_contain_text("no value is spilled")
    # What Go refuses leaves the last grid, dimmed.
    grid.ask("registers.source = registers.source.replace('p[1]', 'q[1]')")
    expect(page.locator(f"{ROOT} .gl-registers")).to_have_attribute("data-stale", "")
    expect(page.locator(f"{ROOT} .gl-regs-head")).to_contain_text("1 error")
    expect(page.locator(CURSOR)).to_be_visible()


def test_by_keys_alone(grid):
    page, cells = grid.page, grid.cells()
    assert page.locator(ROOT).locator("*").count() < 5000
    page.locator(CURSOR).focus()
    page.keyboard.press("Control+Home")
    expect(words(page)).to_contain_text("step 1 of")
    for key in ("ArrowDown", "ArrowRight", "b", "d", "d", "x"):
        page.keyboard.press(key)
    assert grid.cells() == cells
    expect(page.locator(CURSOR)).to_be_focused()
    expect(words(page)).to_contain_text("step 2 of")
    expect(words(page)).to_contain_text("is put into")
    # What is chosen is selected: in the source, and for Python.
    expect(page.locator(f"{ROOT} .cm-content .gl-ring")).to_be_visible()
    grid.told("print(registers.selection)", "'value': 'v")
    page.keyboard.press("s")
    expect(words(page)).to_contain_text("is saved in the slot")
    page.keyboard.press("Shift+S")
    expect(words(page)).to_contain_text("comes back from the stack")
    assert page.locator(f"{ROOT} .gl-stay[data-ring]").count() >= 1
    assert page.locator(f"{ROOT} .gl-stay[data-kin]").count() >= 1
    page.keyboard.press("Escape")
    expect(words(page)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(words(page)).to_contain_text("the same value is also")
    tab = page.get_by_role("tab", name="registers", exact=True)
    tab.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="stack frame")).to_be_focused()
    expect(page.locator(f"{ROOT} .gl-frame")).to_contain_text("bytes of frame")
    chosen = page.locator(f"{ROOT} .gl-frame-cell[aria-selected=true]")
    expect(chosen).to_contain_text("spill")
    chosen.focus()
    page.keyboard.press("Home")
    expect(page.locator(f"{ROOT} .gl-frame-cell").first).to_be_focused()
    assert grid.cells() == cells


def test_the_other_way_round_and_from_other_views(grid):
    page = grid.page
    value = page.locator(f"{ROOT} .gl-stay[data-kind=general]").nth(3).get_attribute("data-value")
    bar = page.locator(f"{ROOT} .gl-regs .gl-stay[data-kind=general][data-value={value}]").first
    tall = bar.bounding_box()
    page.get_by_role("button", name="flip axes").click()
    expect(page.locator(f"{ROOT} .gl-regs")).to_have_attribute("data-flip", "")
    wide = bar.bounding_box()
    assert tall["height"] > tall["width"]
    assert wide["width"] > wide["height"]
    assert "True" in grid.ask("print(registers.flip)")
    # A value and a position selected elsewhere.
    chosen = f"dict(file='main.go', line=5, column=9, function='main.press', value={value!r})"
    grid.ask(f"registers.selection = {chosen}")
    expect(bar).to_have_attribute("data-ring", "")
    expect(words(page)).to_contain_text(f"{value} = ")
    grid.ask("registers.select('main.go:20:7')")
    expect(page.locator(f"{ROOT} .gl-regs-step[data-line]").first).to_be_visible()
    # Another function.
    page.locator(f"{ROOT} .gl-regs-head select").select_option("main.main")
    expect(page.locator(f"{ROOT} .gl-regs-text", has_text="CALL main.press")).to_be_visible()
    assert "main.main" in grid.ask("print(registers.function)")


@pytest.mark.slow
def test_in_the_dark(dark, window):
    window.open(dark, dark.write("registers.ipynb", CELL))
    page = window.page
    expect(page.locator(CURSOR)).to_be_visible()
    bar = page.locator(f"{ROOT} .gl-regs .gl-stay").first
    ink, paper = bar.evaluate(
        "(e) => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    )
    assert ink != paper
