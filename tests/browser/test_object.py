"""The object page in a real JupyterLab: bytes, fields, symbols and source are one choice."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

SOURCE = """\
package main

//go:noinline
func add(a, b int) int { return a + b }

func main() { println(add(1, 2), "hello") }
"""
CELL = f"""\
from golifelab import Program
from golifelab.widgets import show
view = show(Program.from_text({SOURCE!r}), view="object")
view"""
ROOT = ".golifelab-object"


@pytest.fixture
def opened(light, window):
    window.open(light, light.write("object.ipynb", CELL))
    expect(way(window.page)).to_contain_text("main.main")
    assert window.errors() == []
    return window


def way(page):
    return page.locator(f"{ROOT} .gl-object-way")


def bytes_of(page):
    return page.locator(f"{ROOT} .gl-hex")


def test_by_keys_from_a_byte_to_what_it_is(opened):
    page, cells = opened.page, opened.cells()
    bytes_of(page).focus()
    for key in ("b", "x", "]"):
        page.keyboard.press(key)
    hole = "archive › _go_.o › data › main.main › R_CALL"
    expect(way(page)).to_have_text(hole)
    page.keyboard.press("[")
    expect(way(page)).to_have_text(hole.replace("R_CALL", "code"))
    page.keyboard.press("]")
    expect(way(page)).to_have_text(hole)
    assert opened.cells() == cells
    # From the hole to the function that belongs there.
    expect(page.locator(f"{ROOT} .gl-object-value")).to_have_text("main.add")
    expect(page.locator(f"{ROOT} .gl-object-instruction")).to_have_text("CALL main.add(SB)")
    page.keyboard.press("Enter")
    expect(way(page)).to_have_text("archive › _go_.o › data › main.add")
    # The code's line is selected in the editor, and in Python.
    opened.told("print(view.selection)", "'line': 4")
    page.keyboard.press("Control+Home")
    expect(way(page)).to_have_text("archive › magic")
    page.keyboard.press("Escape")
    expect(page.locator(f"{ROOT} .gl-object-card")).to_be_focused()


def test_fields_symbols_and_edits(opened):
    page = opened.page
    tree = page.locator(f"{ROOT} .gl-object-fields")
    tree.focus()
    page.keyboard.press("Home")
    expect(way(page)).to_have_text("archive")
    page.keyboard.press("ArrowDown")
    expect(way(page)).to_have_text("archive › magic")
    expect(bytes_of(page).locator("[data-in]").first).to_be_attached()
    page.locator(f"{ROOT} [role=tab][data-tab=symbols]").click()
    page.locator(f"{ROOT} .gl-object-search").fill("main.add")
    page.keyboard.press("Enter")
    expect(way(page)).to_have_text("archive › _go_.o › data › main.add")
    assert page.locator(f"{ROOT} *").count() < 5000
    # A line selected elsewhere marks its bytes.
    opened.ask("view.select('main.go:6:15')")
    expect(bytes_of(page).locator(".gl-hex-byte[data-line]").first).to_be_visible()
    expect(way(page)).to_contain_text("main.main")
    # What does not compile leaves the last object, dimmed; the next one follows.
    opened.ask("view.source = view.source.replace('a + b', 'a + c')")
    expect(page.locator(f"{ROOT} .gl-object")).to_have_attribute("data-stale", "")
    opened.ask("view.source = view.source.replace('a + c', 'a * b * b')")
    expect(page.locator(f"{ROOT} .gl-object:not([data-stale])")).to_be_visible()
    expect(page.locator(f"{ROOT} .gl-object-symbol").first).to_contain_text("main.add")
