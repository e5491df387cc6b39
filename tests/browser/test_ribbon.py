"""The token ribbon in a real JupyterLab: typing, breaking, mending, all by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

RIBBON = """\
from golifelab import Program
from golifelab.widgets import Ribbon
ribbon = Ribbon(Program.from_text(
    'package main\\n\\nfunc main() {\\n\\tx := 1\\n\\t_ = x\\n}\\n'))
ribbon"""
STAGE = "ribbon.value.tokens"

ROOT = ".golifelab-ribbon:has(.cm-content)"


@pytest.fixture
def page(light, window):
    window.open(light, light.write("ribbon.ipynb", RIBBON, STAGE))
    expect(window.page.locator(f"{ROOT} .gl-cell").first).to_be_visible()
    assert window.errors() == []
    yield window.page
    assert window.errors() == []


def cells(page, line):
    return page.locator(f'{ROOT} [role="group"][aria-label="line {line}"] .gl-cell')


def to_line(page, line):
    """Put the editor's cursor at the end of a line, with keys only."""
    page.locator(f"{ROOT} .cm-content").focus()
    page.keyboard.press("Control+Home")
    for _ in range(line - 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")


def tab_to(page, wanted):
    """Press Tab until what is wanted has the focus."""
    for _ in range(12):
        page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError("Tab does not lead there")


def light_of(page, who):
    return page.locator(f'{ROOT} .gl-light[data-who="{who}"]')


def test_a_line_without_semicolon_gets_one_while_it_is_typed(page):
    automatic = page.locator(f"{ROOT} .gl-cell[data-automatic]")
    before = automatic.count()
    to_line(page, 4)
    page.keyboard.press("Enter")
    page.keyboard.type("y := x +")
    expect(cells(page, 5)).to_have_count(4)
    expect(automatic).to_have_count(before)
    page.keyboard.type(" 2")
    expect(cells(page, 5)).to_have_count(6)
    expect(automatic).to_have_count(before + 1)
    last = cells(page, 5).last
    expect(last).to_have_attribute("data-automatic", "")
    expect(last).to_contain_text("SEMICOLON")
    style = last.evaluate("(one) => getComputedStyle(one).borderTopStyle")
    assert style == "dashed", "a mark, not a hue alone"
    button = page.locator(f"{ROOT} .gl-quiet-button").first
    expect(button).to_contain_text(f"{before + 1} that nobody typed")


def test_break_it_and_mend_it_with_the_keyboard(page):
    squiggle = page.locator(f"{ROOT} .cm-lintRange-error")
    first = page.locator(f'{ROOT} .gl-light[data-state="first"]')
    expect(squiggle).to_have_count(0)
    expect(first).to_have_count(0)
    # From the notebook's first cell on: no hand leaves the keys.
    page.locator(".jp-Notebook .jp-Cell").first.focus()
    tab_to(page, page.locator(f"{ROOT} .cm-content"))
    for key in ("Control+Home", "ArrowDown", "ArrowDown", "ArrowDown", "End"):
        page.keyboard.press(key)
    page.keyboard.type(" +")
    expect(first).to_have_attribute("data-who", "parser")
    expect(squiggle.first).to_be_visible()
    expect(light_of(page, "types2")).to_have_attribute("data-state", "unasked")
    expect(page.locator(f"{ROOT} .gl-cell[data-error]")).not_to_have_count(0)
    page.keyboard.type(" z")
    expect(first).to_have_attribute("data-who", "types2")
    expect(page.locator(f"{ROOT} .gl-complaint")).to_contain_text("undefined: z")
    page.keyboard.press("Backspace")
    page.keyboard.type("'")
    expect(first).to_have_attribute("data-who", "scanner")
    for _ in range(4):
        page.keyboard.press("Backspace")
    # The quote that closes itself goes with the one it closes: the text is as it was.
    expect(squiggle).to_have_count(0)
    expect(first).to_have_count(0)
    expect(light_of(page, "types2")).to_have_attribute("data-state", "well")
    page.keyboard.press("Escape")
    tab_to(page, page.locator(f"{ROOT} .gl-ribbon-rows"))
    page.keyboard.press("Home")
    page.keyboard.press("End")
    chosen = page.locator(f'{ROOT} .gl-cell[aria-selected="true"]')
    expect(chosen).to_have_attribute("data-automatic", "")


def test_arrow_keys_walk_the_cells_and_the_source_follows(page):
    rows = page.locator(f"{ROOT} .gl-ribbon-rows")
    rows.focus()
    page.keyboard.press("Control+Home")
    chosen = page.locator(f'{ROOT} .gl-cell[aria-selected="true"]')
    expect(chosen).to_contain_text("package")
    assert rows.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("ArrowDown")
    expect(chosen).to_contain_text("FUNC")
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"{ROOT} .cm-line .gl-ring")).to_have_text("main")
    card = page.locator(f"{ROOT} .gl-card")
    expect(card).to_contain_text("IDENT = ")
    expect(card).to_contain_text("3:6")
    page.keyboard.press(";")
    expect(chosen).to_have_attribute("data-automatic", "")
    expect(page.locator(f"{ROOT} .gl-ring-automatic")).to_have_count(1)
    page.keyboard.press("Control+End")
    expect(chosen).to_contain_text("EOF")
    before = page.locator(".jp-Cell").count()
    for key in ("a", "b", "d", "d", "x", "Enter"):
        page.keyboard.press(key)
    assert page.locator(".jp-Cell").count() == before


def test_cells_that_cover_nothing_are_gone_through_one_by_one(page):
    page.locator(f"{ROOT} .cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Backspace")
    expect(cells(page, 6).last).to_contain_text("EOF")
    page.locator(f"{ROOT} .gl-ribbon-rows").focus()
    page.keyboard.press("Control+End")
    chosen = page.locator(f'{ROOT} .gl-cell[aria-selected="true"]')
    expect(chosen).to_contain_text("EOF")
    page.keyboard.press("ArrowLeft")
    expect(chosen).to_contain_text("SEMICOLON")
    expect(page.locator(f"{ROOT} .gl-card")).to_contain_text("at the EOF")
    page.keyboard.press("ArrowLeft")
    expect(chosen).to_contain_text("RBRACE")


def test_the_cursor_selects_the_cell(page):
    to_line(page, 4)
    chosen = page.locator(f'{ROOT} .gl-cell[aria-selected="true"]')
    expect(chosen).to_contain_text("INT")
    page.keyboard.press("Home")
    expect(chosen).to_contain_text("IDENT")


def test_hovering_tells_without_selecting(page):
    chosen = page.locator(f'{ROOT} .gl-cell[aria-selected="true"]')
    to_line(page, 4)
    expect(chosen).to_contain_text("INT")
    page.locator(f"{ROOT} .gl-cell", has_text=":=").first.hover()
    expect(page.locator(f"{ROOT} .gl-card")).to_contain_text("DEFINE")
    expect(chosen).to_contain_text("INT")
    page.locator(f"{ROOT} .gl-ribbon-head").hover()
    expect(page.locator(f"{ROOT} .gl-card")).to_contain_text("literal")


def test_tokens_of_a_stage_draw_themselves(page):
    alone = page.locator(".golifelab-ribbon:not(:has(.cm-content))")
    expect(alone.locator(".gl-cell").first).to_be_visible()
    expect(alone.locator(".gl-below-text")).to_have_count(0)


def test_a_long_file_costs_what_is_in_view(light, window):
    cell = """\
from golifelab import Program
from golifelab.widgets import Ribbon
lines = "".join(f"var v{i} = []int{{1, 2, {i}}} // é\\n" for i in range(5000))
Ribbon(Program.from_text("package main\\n\\n" + lines))"""
    window.open(light, light.write("long.ipynb", cell))
    rows = window.page.locator(".gl-ribbon-rows")
    expect(rows.locator(".gl-cell").first).to_be_visible(timeout=60_000)
    rows.focus()
    window.page.keyboard.press("Control+End")
    expect(rows.locator('.gl-cell[aria-selected="true"]')).to_contain_text("EOF")
    assert rows.locator("*").count() < 5000


def test_hostile_source_stays_text(light, window):
    cell = """\
from golifelab import Program
from golifelab.widgets import Ribbon, Trees
evil = '"<img src=x onerror=alert(1)>"'
text = f"package main\\n\\nvar x int = {evil} // <script>alert(1)</script>\\n"
Ribbon(Program.from_text(text))"""
    trees = "Trees(Program.from_text(text))"
    window.open(light, light.write("hostile.ipynb", cell, trees, "Program.from_text(text).tokens"))
    page = window.page
    expect(page.locator(".gl-cell", has_text="<img").first).to_be_visible()
    expect(page.locator(".gl-node", has_text="<img").first).to_be_visible()
    expect(page.locator(".gl-complaint").first).to_contain_text("<img")
    assert page.locator(".golifelab img:not(.cm-widgetBuffer), .golifelab script").count() == 0


@pytest.mark.slow
def test_the_dark_theme_is_dark(dark, window):
    window.open(dark, dark.write("ribbon.ipynb", RIBBON))
    expect(window.page.locator(".gl-cell").first).to_be_visible()
    paper = window.page.locator(".gl-ribbon-rows").evaluate(
        "(one) => getComputedStyle(one).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"
    )
    assert sum(paper) < 200
