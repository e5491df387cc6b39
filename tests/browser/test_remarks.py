"""The remarks lane in a real JupyterLab: edit, see a chip appear, read its reasons by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

CELL = """\
from golifelab import Program
from golifelab.widgets import RemarksLane
lane = RemarksLane(Program.from_text('''package main

func keep(n int) *int {
	x := n
	return nil
}

func pick(list []int) int { return list[0] }

func main() { println(keep(1), pick([]int{1}), "<img src=x onerror=alert(1)>") }
'''))
lane"""
LINES = "\n".join(f"func f{n}(list []int) int {{ return list[{n}] }}" for n in range(3_000))
LONG = f"""\
from golifelab import Program
from golifelab.widgets import RemarksLane
long = RemarksLane(Program.from_text('''package main

{LINES}

func main() {{}}
'''))
long"""
ROOT = ".golifelab-remarks"


def chip(page, word, root=ROOT):
    return page.locator(f'{root} .gl-remark-chip[data-outcome="{word}"]')


@pytest.fixture
def page(light, window):
    window.open(light, light.write("remarks.ipynb", CELL.replace("x := n", "x := n; _ = x")))
    expect(chip(window.page, "bounds check")).to_be_visible()
    assert window.errors() == []
    return window.page


def make_it_escape(page):
    """Type `&x` in the place of `nil`."""
    page.locator(f"{ROOT} .cm-content").click()
    page.keyboard.press("Control+Home")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    for _ in range(3):
        page.keyboard.press("Backspace")
    page.keyboard.type("&x")


def test_an_edit_makes_a_chip_and_the_keyboard_opens_its_reasons(page):
    expect(chip(page, "moved to heap")).to_have_count(0)
    make_it_escape(page)
    moved = chip(page, "moved to heap")
    expect(moved).to_have_attribute("data-state", "new")
    expect(moved).to_have_attribute("aria-label", "line 4: moved to heap, x, new")
    expect(page.locator(f"{ROOT} .gl-remark-news")).to_contain_text("new")
    # Out of the editor, over the filters into the lane: all by keyboard.
    page.keyboard.press("Escape")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.classList.contains('gl-remark-chip')"):
            break
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    expect(moved).to_be_focused()
    reasons = page.locator(f"{ROOT} .gl-remark-reasons")
    expect(reasons).to_contain_text("moved to heap: x")
    page.keyboard.press("Enter")
    expect(moved).to_have_attribute("aria-expanded", "true")
    steps = reasons.locator(".gl-remark-from")
    expect(steps).to_have_count(2)
    expect(steps.last).to_contain_text("return &x")
    # The steps are places to go to.
    page.keyboard.press("End")
    expect(steps.last.locator(".gl-remark-place")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f'{ROOT} .gl-remark-here[data-line="5"]')).to_be_visible()
    expect(page.locator(f"{ROOT} .cm-content .gl-ring")).to_be_visible()
    page.keyboard.press("Escape")
    expect(moved).to_be_focused()
    expect(moved).to_have_attribute("aria-expanded", "false")


def test_the_lane_follows_the_cursor(page):
    page.locator(f"{ROOT} .cm-content").click()
    page.keyboard.press("Control+Home")
    reasons = page.locator(f"{ROOT} .gl-remark-reasons")
    expect(reasons).to_contain_text("Point at a chip")
    for _ in range(7):
        page.keyboard.press("ArrowDown")
    expect(reasons).to_contain_text("can inline pick")
    chip(page, "bounds check").hover()
    expect(reasons).to_contain_text("Found IsInBounds")
    expect(page.locator(f'{ROOT} .gl-remark-row[data-line="8"] [tabindex="0"]')).to_have_count(1)
    expect(page.locator(f'{ROOT} .gl-remark-chip[tabindex="0"]')).to_have_count(1)


def test_what_an_edit_takes_away_is_struck_out(page):
    make_it_escape(page)
    expect(chip(page, "moved to heap")).to_have_attribute("data-state", "new")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("nil")
    expect(chip(page, "moved to heap")).to_have_attribute("data-state", "gone")


def test_a_broken_text_dims_the_lane(page):
    page.locator(f"{ROOT} .cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("x")
    expect(page.locator(f"{ROOT} [data-stale]")).to_have_count(1)
    expect(page.locator(f"{ROOT} .gl-remark-news")).to_contain_text("does not compile")
    expect(chip(page, "bounds check")).to_be_visible()
    page.keyboard.press("Backspace")
    expect(page.locator(f"{ROOT} [data-stale]")).to_have_count(0)


def test_families_are_hidden_and_quiet_ones_shown(page):
    page.locator(f'{ROOT} [data-filter="bounds"]').click()
    expect(chip(page, "bounds check")).to_have_count(0)
    expect(page.locator(f'{ROOT} [data-filter="bounds"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(chip(page, "bounds check")).to_be_visible()
    expect(chip(page, "stays")).to_have_count(0)
    page.locator(f'{ROOT} [data-filter=""]').click()
    expect(chip(page, "stays").first).to_be_visible()
    assert page.locator("img[src=x]").count() == 0


def test_a_baseline_is_pinned_from_the_page(page):
    page.get_by_role("button", name="pin as baseline").click()
    expect(page.get_by_role("button", name="baseline pinned")).to_have_attribute(
        "aria-pressed", "true"
    )
    make_it_escape(page)
    expect(page.locator(f"{ROOT} .gl-remark-news")).to_contain_text("since the baseline")


def test_the_lane_scrolls_with_the_editor_and_makes_only_what_is_in_view(light, window):
    window.open(light, light.write("long.ipynb", LONG))
    page = window.page
    expect(chip(page, "bounds check").first).to_be_visible()
    page.locator(f"{ROOT} .cm-content").click()
    page.keyboard.press("Control+End")
    row = page.locator(f'{ROOT} .gl-remark-row[data-line="3002"]')
    expect(row.locator(".gl-remark-chip").first).to_be_visible()
    assert page.locator(f"{ROOT} .gl-remark-row").count() < 200
    line = page.locator(f"{ROOT} .cm-line", has_text="func f2999(")
    apart = abs(line.bounding_box()["y"] - row.bounding_box()["y"])
    assert apart <= 2, "a row stands beside its line"
    row.locator(".gl-remark-chip").first.focus()
    for _ in range(200):
        page.keyboard.press("ArrowUp")
    held = page.evaluate("() => document.activeElement.closest('.gl-remark-row')?.dataset.line")
    assert held == "2802"
