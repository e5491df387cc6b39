"""The size map in a real JupyterLab: walked through by keys, before and after an edit."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

TEXT = """\
package main

import "strings"

func main() { println(strings.ToUpper("a")) }
"""
MAP = f"""\
from golifelab import Program, show
shown = show(Program.from_text({TEXT!r}), view="sizes")
shown"""
ROOT = ".golifelab-sizes"


@pytest.fixture
def sizes(light, window):
    window.open(light, light.write("sizes.ipynb", MAP))
    expect(window.page.locator(f"{ROOT} .gl-sizes-tile").first).to_be_visible()
    assert window.errors() == []
    return window


def test_walk_in_and_out_by_keys(sizes):
    page, cells = sizes.page, sizes.cells()
    tiles = page.locator(f"{ROOT} .gl-sizes-tile")
    way = page.locator(f"{ROOT} .gl-sizes-way")
    assert page.locator(f'{ROOT} .gl-sizes-map [tabindex="0"]').count() == 1
    assert page.locator(f"{ROOT} *").count() < 5000
    first = tiles.first
    expect(first).to_have_attribute("aria-label", re.compile(r"^runtime: [\d,]+ bytes"))
    first.focus()
    for key in ("b", "d", "d"):
        page.keyboard.press(key)  # Lab's own shortcuts must not hear these
    page.keyboard.press("Enter")
    expect(way).to_contain_text("the executable › runtime")
    page.keyboard.press("Enter")
    expect(way.locator("[aria-current]")).to_have_text("function tables")
    before = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") != before
    page.keyboard.press("Enter")
    expect(page.locator(f'{ROOT} [aria-selected="true"]')).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(way.locator("[aria-current]")).to_have_text("the executable")
    assert sizes.cells() == cells
    # Another measure and another grouping; the whole is what nothing was counted twice for.
    page.get_by_role("button", name="in memory").click()
    expect(way).not_to_contain_text(f"{sizes.ask('print(shown.sizes.file)').strip()}")
    page.get_by_role("button", name="section", exact=True).click()
    expect(tiles.first).to_have_attribute("aria-label", re.compile(r"^\.\w+"))
    sizes.told("print(shown.measure, shown.grouping)", "memory section")


def test_an_edit_marks_what_it_changed(sizes):
    page = sizes.page
    # One function more, not another: by chance two are of one size.
    more = 'strings.ToLower("b") + strings.ToUpper'
    edited = f"shown.source.replace('strings.ToUpper', {more!r})"
    sizes.ask(f"shown.source = {edited}; shown.wait(); print(1)")
    status = page.locator(f"{ROOT} .gl-status")
    expect(status).to_contain_text("bytes: the text now")
    finder = page.locator(f"{ROOT} .gl-finder-field")
    finder.fill("strings.ToLower")
    expect(page.locator(f"{ROOT} .gl-finder-list [role=option]").first).to_contain_text("ToLower")
    page.keyboard.press("Enter")
    chosen = page.locator(f'{ROOT} .gl-sizes-tile[aria-selected="true"]')
    expect(chosen).to_have_attribute("data-change", "new")
    expect(chosen).to_have_attribute("aria-label", re.compile("new: "))
    page.locator(f"{ROOT} summary", has_text="the same as a table").click()
    expect(page.locator(f"{ROOT} .gl-sizes-table tbody tr").first).to_contain_text(
        "strings.ToLower"
    )
    # Stripped, most of what goes is for debuggers.
    page.locator(f"{ROOT} .gl-sizes-against").select_option("-s -w")
    expect(status).to_contain_text("-s -w")
    page.locator(f"{ROOT} .gl-sizes-way button").first.click()
    gone = page.locator(f'{ROOT} .gl-sizes-tile[data-change="gone"]')
    expect(gone.first).to_have_attribute("aria-label", re.compile("debug info"))
