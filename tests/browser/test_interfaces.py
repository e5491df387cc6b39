"""The interface explainer in a real JupyterLab: live with the editor, and by keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

SHAPES = """\
package main

type Shape interface {
	Area() float64
	Scale(by float64)
}

type Square struct{ side float64 }

func (s Square) Area() float64     { return s.side * s.side }
func (s *Square) Scale(by float64) { s.side *= by }

type Circle struct{ r float64 }

func (c Circle) Area() int { return int(c.r) }

func main() {
	var err error
	println(err)
}
"""
INTERFACES = f"""\
from golifelab import Program
from golifelab.widgets import Interfaces
interfaces = Interfaces(Program.from_text({SHAPES!r}))
interfaces"""
ROOT = ".golifelab-interfaces"


@pytest.fixture
def explainer(light, window):
    window.open(light, light.write("interfaces.ipynb", INTERFACES))
    expect(cell(window.page, "Square", "Shape")).to_be_visible()
    assert window.errors() == []
    return window


def cell(page, kind, interface):
    return page.locator(f'{ROOT} [role="gridcell"][aria-label^="{kind}, {interface}:"]')


def reason(page):
    return page.locator(f"{ROOT} .gl-reason")


def test_an_edit_satisfies_an_interface(explainer):
    page = explainer.page
    expect(cell(page, "Square", "Shape")).to_have_text("✗pointer receiver")
    expect(cell(page, "*Square", "Shape")).to_have_text("✓yes")
    # To begin with, the cell that misses by little is explained.
    expect(reason(page)).to_contain_text("Scale has a pointer receiver")
    expect(reason(page).locator("blockquote")).to_contain_text("does not implement Shape")
    page.locator(f"{ROOT} .cm-content").click()
    page.keyboard.press("Control+Home")
    for key in ("ArrowDown",) * 10 + ("Home",) + ("ArrowRight",) * 9:
        page.keyboard.press(key)
    page.keyboard.press("Backspace")
    expect(cell(page, "Square", "Shape")).to_have_text("✓yes")
    expect(reason(page)).to_contain_text("Square is a Shape")
    assert "True" in explainer.ask(
        "interfaces.wait(20); "
        "print(interfaces.value.satisfaction().cell('Square', 'Shape').satisfied)"
    )


def test_a_text_that_does_not_parse_keeps_the_last_matrix(explainer):
    page = explainer.page
    explainer.ask("interfaces.source += 'func {'")
    expect(page.locator(f"{ROOT} .gl-interfaces")).to_have_attribute("data-stale", "")
    expect(cell(page, "Square", "Shape")).to_have_text("✗pointer receiver")
    explainer.ask("interfaces.source = interfaces.source.removesuffix('func {')")
    expect(page.locator(f"{ROOT} .gl-interfaces")).not_to_have_attribute("data-stale", "")
    explainer.ask("interfaces.source = 'package main'")
    expect(page.locator(f"{ROOT} .gl-status")).to_have_text("no type is declared here")
    expect(page.locator(f"{ROOT} .gl-reason")).to_contain_text("declare one of each")


def test_the_grid_by_keys_alone(explainer):
    page, cells = explainer.page, explainer.cells()
    grid = page.locator(f"{ROOT} [role=grid]")
    assert grid.locator('[tabindex="0"]').count() == 1
    cell(page, "Square", "Shape").focus()
    for key in ("b", "ArrowDown", "ArrowDown", "d", "d", "x"):
        page.keyboard.press(key)
        assert explainer.cells() == cells, key
    expect(cell(page, "Circle", "Shape")).to_be_focused()
    expect(cell(page, "Circle", "Shape")).to_have_attribute("aria-selected", "true")
    assert grid.locator('[tabindex="0"]').count() == 1
    rows = reason(page).locator(".gl-have-want tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Area() int")
    expect(rows.nth(1)).to_contain_text("Area() float64")
    # The choice is shown in the source.
    expect(page.locator(f"{ROOT} .cm-content .gl-ring")).to_have_text("Area")
    page.keyboard.press("Control+Home")
    expect(cell(page, "Square", "Shape")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(f"{ROOT} [role=rowheader]").first).to_be_focused()
    expect(reason(page)).to_contain_text("Square has 1 method")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(page.locator(f"{ROOT} [role=columnheader]").first).to_be_focused()
    expect(reason(page)).to_contain_text("Shape wants 2 methods")
    page.keyboard.press("Escape")
    expect(reason(page)).to_be_focused()
    page.keyboard.press("Tab")
    place = reason(page).get_by_role("button").first
    expect(place).to_be_focused()
    page.keyboard.press("Enter")
    explainer.told("print(interfaces.selection)", "'line': 3")
    assert explainer.cells() == cells


def test_focus_stays_while_the_program_is_edited_from_elsewhere(explainer):
    page = explainer.page
    cell(page, "*Square", "error").click()
    explainer.ask("interfaces.source = interfaces.source.replace('Circle', 'Round')")
    expect(page.locator(f"{ROOT} [role=rowheader]", has_text="Round").first).to_be_visible()
    expect(cell(page, "*Square", "error")).to_be_focused()


def test_the_selection_shows_whose_line_it_is(explainer):
    page = explainer.page
    explainer.ask("interfaces.select('main.go:11:18')")
    here = page.locator(f"{ROOT} [role=grid] .gl-here-row")
    expect(here).to_have_count(1)
    expect(here).to_have_text("*Square")
    explainer.ask("interfaces.select('main.go:4:2')")
    expect(here).to_have_text("Shape")


@pytest.mark.slow
def test_the_dark_theme_and_a_narrow_page(dark, window):
    window.page.set_viewport_size({"width": 600, "height": 900})
    window.open(dark, dark.write("interfaces.ipynb", INTERFACES))
    page = window.page
    expect(cell(page, "Square", "Shape")).to_be_visible()
    ink, paper = page.evaluate(
        """(root) => {
          const light = (color) => color.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0);
          const style = getComputedStyle(document.querySelector(`${root} [role=gridcell]`));
          return [light(style.color), light(style.backgroundColor)];
        }""",
        ROOT,
    )
    assert ink > 500
    assert paper < 200
    wide = page.evaluate(
        """(root) => [document.querySelector(root).scrollWidth,
                      document.querySelector(root).clientWidth]""",
        ROOT,
    )
    assert wide[0] <= wide[1] + 1
