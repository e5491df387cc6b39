"""The ablation board in a real JupyterLab: switched, measured and timed by keys and by mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

TEXT = """\
package main

func sum(values []int) int {
	total := 0
	for i := range values {
		total += values[i]
	}
	return total
}

func main() { println(sum([]int{1, 2, 3})) }
"""
BOARD = f"""\
from golifelab import Program, show
board = show(Program.from_text({TEXT!r}), view="ablation", setup="v := make([]int, 9)")
board"""
ROOT = ".golifelab-ablation"


@pytest.fixture
def board(light, window):
    window.open(light, light.write("ablation.ipynb", BOARD))
    expect(window.page.locator(f"{ROOT} .gl-status")).to_contain_text("passes matter here")
    assert window.errors() == []
    return window


def switch(page, name):
    return page.locator(f'{ROOT} [role=switch][aria-label="{name}"]')


def row(page, name):
    return page.locator(f'{ROOT} tr[data-pass="{name}"]')


def total(page, name):
    return page.locator(f"{ROOT} thead tr", has_text=name)


def test_a_switch_shows_what_a_pass_is_good_for(board):
    page = board.page
    # At a glance: only what makes a difference here.
    assert page.locator(f"{ROOT} tbody tr").count() < 10
    expect(row(page, "prove").locator("td").nth(1)).to_contain_text("+")
    expect(row(page, "dse")).to_have_count(0)
    checks = 4
    expect(total(page, "by default").locator("td").nth(checks - 1)).to_have_text("0")
    switch(page, "prove").click()
    expect(switch(page, "prove")).to_have_attribute("aria-checked", "false")
    expect(total(page, "as switched: 1 pass").locator("td").nth(checks - 1)).to_have_text("+11")
    assert "prove" in board.ask("board.wait(); print(board.switched, board.chosen.checks)")
    page.get_by_role("button", name="switch all back").click()
    expect(switch(page, "prove")).to_have_attribute("aria-checked", "true")
    # Even without any of them there is a program, and a larger one.
    page.get_by_role("button", name="switch all off").click()
    expect(total(page, "passes").locator("td").nth(0)).to_contain_text("+")
    # Switched from Python, it is seen here.
    board.ask("board.switched = ['prove', 'dse']")
    expect(row(page, "dse")).to_have_attribute("data-switched", "")
    expect(total(page, "as switched: 2 passes")).to_be_visible()


def test_all_passes_by_keys_and_the_required_ones_stay(board):
    page, cells = board.page, board.cells()
    page.get_by_role("button", name="all passes").focus()
    page.keyboard.press("Enter")
    rows = page.locator(f"{ROOT} tbody tr")
    expect(rows.first).to_contain_text("number lines")
    assert page.locator(f'{ROOT} tbody [tabindex="0"]').count() == 1
    switch(page, "prove").focus()
    for key in ("b", "d", "d", "End", "Home"):
        page.keyboard.press(key)
        assert board.cells() == cells, key
    first = rows.first.get_by_role("switch")
    expect(first).to_be_focused()
    page.keyboard.press("Space")
    expect(first).to_have_attribute("aria-checked", "true")
    about = page.locator(f"{ROOT} .gl-ablation-about")
    expect(about).to_contain_text("Cannot disable required SSA phase")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    second = rows.nth(1).get_by_role("switch")
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-checked", "false")
    # The largest change comes first when its column is asked for.
    page.locator(f"{ROOT} thead").get_by_role("button", name="bounds checks").click()
    expect(rows.first).to_contain_text("prove")
    page.keyboard.press("Escape")
    switch(page, "prove").focus()
    page.keyboard.press("Escape")
    expect(about).to_be_focused()


def test_an_edit_is_measured_anew_and_an_error_keeps_the_last(board):
    page = board.page
    page.locator(f"{ROOT} .cm-content").click()
    page.keyboard.press("Control+Home")
    for key in ("ArrowDown",) * 5 + ("End",):
        page.keyboard.press(key)
    page.keyboard.type(" * values[total]")
    expect(total(page, "by default").locator("td").nth(3)).to_have_text("1")
    expect(page.locator(f"{ROOT} .gl-status")).to_contain_text("passes matter here")
    page.keyboard.type(" + x")
    frame = page.locator(f"{ROOT} .gl-ablation")
    expect(frame).to_have_attribute("data-stale", "")
    expect(page.locator(f"{ROOT} .gl-status")).to_contain_text("does not compile")
    expect(row(page, "prove")).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Backspace")
    expect(frame).not_to_have_attribute("data-stale", "")


def test_shares_and_run_times_on_demand(board):
    page = board.page
    shares = page.locator(f'{ROOT} [data-asked="divide"]')
    shares.get_by_role("button").click()
    expect(shares.locator("tr").first).to_contain_text("prove")
    expect(shares).to_contain_text("compilations")
    times = page.locator(f'{ROOT} [data-asked="time"]')
    expect(times.get_by_role("button")).to_be_disabled()
    field = page.get_by_placeholder("expression, such as sum(values)")
    field.fill("nonsense(v)")
    field.press("Enter")
    expect(times.get_by_role("status")).to_contain_text("nonsense")
    switch(page, "prove").click()
    field.fill("sum(v)")
    times.get_by_role("button").click()
    expect(times.locator("tr")).to_have_count(2)
    expect(times.locator("tr").nth(1)).to_contain_text("without prove")
    expect(times.locator("tr").nth(1)).to_contain_text("×")
    board.ask("board.source += '// of another text\\n'")
    expect(times).to_contain_text("of an earlier text")


@pytest.mark.slow
def test_the_dark_theme_and_a_narrow_page(dark, window):
    window.page.set_viewport_size({"width": 620, "height": 900})
    window.open(dark, dark.write("ablation.ipynb", BOARD))
    page = window.page
    expect(row(page, "prove")).to_be_visible()
    ink, paper = page.evaluate(
        """(root) => {
          const light = (color) => color.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0);
          const style = getComputedStyle(document.querySelector(`${root} tbody th`));
          return [light(style.color), light(style.backgroundColor)];
        }""",
        ROOT,
    )
    assert ink > 500
    assert paper < 200
    wide = page.evaluate(
        "(root) => [root.scrollWidth, root.clientWidth]", page.query_selector(ROOT)
    )
    assert wide[0] <= wide[1] + 1
