"""The lab in a real JupyterLab: edits, errors, keys, themes, and nothing from outside."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

LIFE = """\
from golifelab import sample
from golifelab.widgets import Life
life = Life(sample("add"), "add")
life"""
RAILS = """\
from golifelab.widgets import Rail
rail = Rail(sample("add"))
rail"""


@pytest.fixture
def lab_page(light, window):
    notebook = light.write("life.ipynb", LIFE, RAILS, "rail")
    window.open(light, notebook)
    station(window.page, "process", "fresh|recorded")
    assert window.errors() == []
    return window


def station(page, name, states, root=".golifelab-life"):
    """A station, once it is in one of these states."""
    any_of = ", ".join(
        f'{root} .gl-station[data-station="{name}"][data-state="{state}"]'
        for state in states.split("|")
    )
    found = page.locator(any_of).first
    expect(found).to_be_visible(timeout=30_000)
    return found


def to_plus(page):
    """Put the editor's cursor before the + of `return a + b`."""
    page.locator(".golifelab-life .cm-content").click()
    page.keyboard.press("Control+Home")
    for _ in range(7):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")


def here(page, name, root=".golifelab-life"):
    return page.locator(f'{root} .gl-station[data-station="{name}"] .gl-here')


def test_an_edit_changes_the_whole_life(lab_page):
    page = lab_page.page
    expect(page.locator(".golifelab-life .gl-station")).to_have_count(10)
    to_plus(page)
    expect(here(page, "source")).to_have_text("+")
    # What an edit changes is told against the picture of this very place: it has to be there.
    expect(here(page, "machine")).to_contain_text("ADDQ")
    station(page, "process", "fresh|recorded")
    page.keyboard.press("Delete")
    page.keyboard.type("*")
    expect(here(page, "source")).to_have_text("*")
    expect(here(page, "machine")).to_contain_text("MULQ")
    expect(page.locator(".golifelab-life .gl-ssa-text")).to_contain_text("MULQ")
    station(page, "process", "fresh|recorded")
    changed = page.locator('.golifelab-life .gl-station[data-station="ssa"] .gl-change')
    expect(changed).not_to_be_empty()
    lab_page.ask("life.wait(20)")
    assert "a * b" in lab_page.ask("print(life.source)")
    assert lab_page.ask("print(life.value.text == life.source)").strip() == "True"


def test_a_broken_edit_is_underlined_and_keeps_the_last_good_picture(lab_page):
    page = lab_page.page
    before = page.locator(".golifelab-life .gl-ssa-text").inner_text()
    to_plus(page)
    page.keyboard.type("x ")
    expect(page.locator(".golifelab-life .cm-lintRange-error").first).to_be_visible()
    station(page, "executable", "stale")
    figure = page.locator('.golifelab-life .gl-station[data-station="executable"] .gl-figure b')
    expect(figure).not_to_have_text("–")
    expect(page.locator(".golifelab-life .gl-trouble li").first).to_be_visible()
    expect(page.locator(".golifelab-life .gl-ssa")).to_have_attribute("data-stale", "")
    assert page.locator(".golifelab-life .gl-ssa-text").inner_text() == before
    page.locator(".golifelab-life .cm-lintRange-error").first.hover()
    expect(page.locator(".cm-tooltip .cm-diagnostic").first).to_be_visible()
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    station(page, "process", "fresh|recorded")
    expect(page.locator(".golifelab-life .cm-lintRange-error")).to_have_count(0)


def test_a_flood_of_keys_ends_in_the_last_text(lab_page):
    page = lab_page.page
    to_plus(page)
    # The last key matters: after one that changes nothing there is nothing to tell.
    page.keyboard.type("+ 1 + 22 + 333 + 4444 + 55555", delay=8)
    last = station(page, "process", "fresh|recorded")
    expect(page.locator(".golifelab-life .gl-status")).to_contain_text("changed")
    expect(last).to_be_visible()
    expect(page.locator(".golifelab-life .gl-ssa-text")).to_contain_text("60355")
    assert "55555+ b" in lab_page.ask("life.wait(20); print(life.value.text)")


def test_keys_stay_in_the_view_and_escape_leaves(lab_page):
    page, cells = lab_page.page, lab_page.cells()
    tab = station(page, "source", "fresh")
    tab.focus()
    for key in ("b", "ArrowDown", "d", "d", "x", "a", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
        assert lab_page.cells() == cells, key
    chosen = page.locator('.golifelab-life .gl-station[aria-selected="true"]')
    expect(chosen).to_have_attribute("data-station", "syntax")
    expect(chosen).to_be_focused()
    expect(page.locator(".golifelab-life .gl-panel")).to_contain_text("Operation")
    page.keyboard.press("End")
    expect(chosen).to_have_attribute("data-station", "process")
    slider = page.locator(".golifelab-life .gl-slider")
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuenow", "0")
    page.keyboard.press("PageUp")
    expect(page.locator('.golifelab-life .gl-row[data-mark="+"]').first).to_be_visible()
    to_plus(page)
    for key in ("Enter", "b", "d", "d", "Shift+Enter", "Control+Enter"):
        page.keyboard.press(key)
        assert lab_page.cells() == cells, key
    page.keyboard.press("Escape")
    expect(page.locator(".golifelab-life .gl-editor")).to_be_focused()
    page.keyboard.press("b")
    assert lab_page.cells() == cells
    assert page.evaluate("document.activeElement.closest('.golifelab') !== null")


def test_one_selection_for_all_views_of_a_program(lab_page):
    page = lab_page.page
    rails = page.locator(".golifelab-rail-view")
    expect(rails).to_have_count(2)
    lab_page.ask("rail.select('main.go:10:11')")
    for index in range(2):
        at = rails.nth(index).locator('.gl-station[data-station="source"] .gl-here')
        expect(at).to_have_text("-")
    expect(here(page, "source")).to_have_text("+")


def test_python_writes_into_the_editor(lab_page):
    page = lab_page.page
    lab_page.ask("life.source = life.source.replace('a + b', 'a & b')")
    expect(page.locator(".golifelab-life .cm-content")).to_contain_text("a & b")
    expect(page.locator(".golifelab-life .gl-ssa-text")).to_contain_text("ANDQ")


def test_a_busy_kernel_keeps_the_lab_alive(lab_page):
    page = lab_page.page
    page.evaluate(
        "() => void window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
        ".requestExecute({ code: 'import time; time.sleep(6)' })"
    )
    # The first message may come to the main thread, behind the cell; the answer comes all the same.
    to_plus(page)
    page.keyboard.press("Delete")
    page.keyboard.type("|")
    expect(here(page, "machine")).to_contain_text("ORQ", timeout=20_000)


def test_the_modules_come_once(lab_page):
    pages = lab_page.page.evaluate("() => Object.keys(globalThis.golifelab).length")
    assert pages == 1
    sheets = lab_page.page.evaluate("() => document.adoptedStyleSheets.length")
    assert sheets >= 1


@pytest.mark.slow
def test_the_dark_theme_is_dark(dark, window):
    window.open(dark, dark.write("dark.ipynb", LIFE))
    station(window.page, "process", "fresh|recorded")
    assert window.errors() == []
    ink, paper = window.page.evaluate(
        """() => {
          const light = (color) => color.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0);
          const style = (selector) => getComputedStyle(document.querySelector(selector));
          return [light(style(".golifelab-life .gl-label").color),
                  light(style(".golifelab-life .gl-editor").backgroundColor)];
        }"""
    )
    assert ink > 500
    assert paper < 200
