"""The lab in a real JupyterLab: one selection, edits, the way back, two panes, and keys alone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

LAB = """\
from golifelab import sample
from golifelab.widgets import Lab
lab = Lab(sample("add"), "add")
lab"""
ROOT = ".golifelab-lab"
PANES = f"{ROOT} .gl-pane"


@pytest.fixture
def lab_page(light, window):
    window.open(light, light.write("lab.ipynb", LAB))
    expect(window.page.locator(f"{ROOT} .gl-row").first).to_be_visible(timeout=30_000)
    assert window.errors() == []
    window.page.locator(ROOT).evaluate("(root) => root.scrollIntoView()")
    return window


def to_plus(page):
    """Put the editor's cursor before the + of `return a + b`."""
    page.locator(f"{ROOT} .cm-content").click()
    page.keyboard.press("Control+Home")
    for _ in range(7):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")


def selection(window):
    return json.loads(window.ask("import json; print(json.dumps(lab.selection))"))


def told(window, name):
    """A part of the selection, once the kernel has it: the page knows it earlier."""
    for _ in range(100):
        if name in (found := selection(window)):
            return found[name]
        window.page.wait_for_timeout(100)
    raise AssertionError(f"the kernel was never told the {name}")


def pane(page, side=0):
    return page.locator(PANES).nth(side)


def now(page, side=0):
    """The index of the pass that a pane shows."""
    return int(pane(page, side).locator(".gl-slider").get_attribute("aria-valuenow"))


def shown(page, seq):
    expect(page.locator(f'{ROOT}[data-seq="{seq}"]')).to_be_attached()


def test_the_cursor_selects_its_value_and_an_edit_keeps_it(lab_page):
    page = lab_page.page
    to_plus(page)
    expect(pane(page).locator(".gl-value.gl-ring").first).to_be_visible()
    value = told(lab_page, "value")
    expect(page.locator(f'{ROOT} .gl-bio[data-value="{value}"]')).to_be_visible()
    expect(pane(page).locator(".gl-row-here", has_text=f"{value} = ADDQ").first).to_be_visible()
    # Pinned, it stays so under its new number.
    page.locator(".gl-pin-add").click()
    expect(
        pane(page).locator(f'.gl-value[data-value="{value}"][data-pin="1"]').first
    ).to_be_visible()
    page.locator(f"{ROOT} .cm-content").click()
    page.keyboard.press("Control+Home")
    for key in (*["ArrowDown"] * 6, "Home", *["ArrowRight"] * 4):
        page.keyboard.press(key)
    page.keyboard.type("*3")
    expect(page.locator(".gl-lab-since")).to_contain_text("values:")
    pinned = page.locator('.gl-value[data-pin="1"]')
    sum_ = pane(page).locator(".gl-row", has_text="ADDQ").filter(has=pinned)
    expect(sum_.first).to_be_visible()
    assert sum_.locator(pinned).first.get_attribute("data-value") != value


def test_an_error_keeps_the_last_good_picture_and_the_way_back_can_be_undone(lab_page):
    page = lab_page.page
    first = page.locator(f"{ROOT} .cm-content").inner_text()
    to_plus(page)
    page.keyboard.press("Delete")
    page.keyboard.type("*")
    expect(pane(page).locator(".gl-row", has_text="MULQ").first).to_be_visible()
    expect(page.locator(".gl-lab-since")).to_contain_text("since the first text: +1 byte")
    page.keyboard.type("x ")
    expect(page.locator(".gl-lab-trouble")).to_contain_text("line 8")
    expect(pane(page)).to_have_attribute("data-stale", "")
    expect(pane(page).locator(".gl-row", has_text="MULQ").first).to_be_visible()
    expect(page.locator(".cm-lintRange-error").first).to_be_visible()
    page.keyboard.press("Control+Home")
    page.locator(".gl-lab-fault").click()
    expect(page.locator(f"{ROOT} .cm-content")).to_be_focused()
    expect(page.locator(f"{ROOT} .cm-activeLine")).to_contain_text("return a *x")
    page.get_by_role("button", name="edits").click()
    entries = page.locator(".gl-edit")
    expect(entries).to_have_count(2)
    expect(entries.first).to_contain_text("return a * b")
    # All of the list is seen: what goes over the lab's left edge is cut off by the cell.
    left = "(one) => one.getBoundingClientRect().left"
    assert page.locator(".gl-edits-panel").evaluate(left) >= page.locator(ROOT).evaluate(left)
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(f"{ROOT} .cm-content")).to_have_text(first, use_inner_text=True)
    expect(page.locator(".gl-lab-trouble")).to_be_hidden()
    expect(pane(page).locator(".gl-row", has_text="ADDQ").first).to_be_visible()
    expect(pane(page)).not_to_have_attribute("data-stale", "")
    page.keyboard.press("Control+z")
    expect(page.locator(f"{ROOT} .cm-content")).to_contain_text("*x  b")


def test_a_function_that_vanishes_is_missed_and_comes_back(lab_page):
    page = lab_page.page
    missing = pane(page).locator(".gl-lab-missing")
    picker = pane(page).get_by_label("function", exact=True)
    expect(missing).to_be_hidden()
    lab_page.ask("lab.source = lab.source.replace('add(', 'plus(')")
    expect(missing).to_have_text("no add any more: plus is shown")
    expect(picker).to_have_value("main.plus")
    lab_page.ask("lab.source = lab.source.replace('plus(', 'add(')")
    expect(missing).to_be_hidden()
    expect(picker).to_have_value("main.add")
    expect(page.locator(".gl-lab-note")).to_be_hidden()
    lab_page.ask("import os; os.environ['GOLIFELAB_HELPER'] = 'off'; lab.source += '\\n'")
    try:
        expect(page.locator(".gl-lab-note")).to_contain_text("positions by line")
    finally:  # the next test's notebook has the same name, and with it this kernel
        lab_page.ask("del os.environ['GOLIFELAB_HELPER']")


def test_keys_alone_lead_everywhere_and_stay_in_the_view(lab_page):
    page, cells = lab_page.page, lab_page.cells()
    to_plus(page)
    before = now(page)
    page.keyboard.press("Alt+ArrowLeft")
    assert now(page) == before - 1
    page.keyboard.press("Alt+Shift+ArrowLeft")
    assert now(page) < before - 1
    page.keyboard.press("Escape")
    for key in ("b", "d", "d", "x", "a"):
        page.keyboard.press(key)
    at = now(page)
    page.keyboard.press("[")
    assert now(page) == at - 1
    for number, name in enumerate(("Values", "Graph", "Diff", "Machine"), start=1):
        page.keyboard.press(str(number))
        expect(pane(page).get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
        expect(pane(page).locator(f'[data-tab="{name.lower()}"]')).to_be_visible()
    expect(pane(page).locator(".gl-asm-row").first).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("/")
    page.keyboard.type("ADDQ")
    found = pane(page).locator("mark.gl-found, .gl-search-pass")
    expect(found.first).to_be_visible()
    assert pane(page).locator(".gl-ticks rect").count() > 5
    page.keyboard.press("Escape")
    expect(pane(page).locator(".gl-ticks rect")).to_have_count(0)
    pane(page).locator(".gl-slider").focus()
    page.keyboard.press("?")
    expect(page.locator(".gl-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".gl-help")).to_be_hidden()
    assert lab_page.cells() == cells
    assert lab_page.page.locator(f"{ROOT} .cm-content").inner_text().count("return a + b") == 1


def test_two_panes_go_together_through_two_processors(lab_page):
    page = lab_page.page
    to_plus(page)
    page.get_by_role("button", name="two panes").click()
    expect(pane(page, 1).locator(".gl-row").first).to_be_visible()
    # The same code: its beginning stands beside its end, and each goes its own way.
    assert now(page, 1) == 0
    pane(page).locator(".gl-slider").focus()
    page.keyboard.press("ArrowLeft")
    assert now(page, 1) == 0
    page.get_by_label("processor of the second pane").select_option("arm64")
    expect(pane(page, 1).locator(".gl-pane-wait")).to_be_hidden()
    expect(pane(page, 1).locator(".gl-row", has_text="SUB <int>").first).to_be_visible()
    name = pane(page).locator(".gl-pass-name")
    expect(pane(page, 1).locator(".gl-pass-name")).to_have_text(name.inner_text())
    pane(page).locator(".gl-slider").focus()
    page.keyboard.press("PageDown")
    expect(name).to_have_text("lower")
    expect(pane(page, 1).locator(".gl-pass-name")).to_have_text("lower")
    # One selection in both, and an edit changes both.
    expect(pane(page, 1).locator(".gl-value.gl-ring").first).to_be_visible()
    pane(page, 1).get_by_role("tab", name="Machine").click()
    expect(pane(page, 1).locator(".gl-asm-row", has_text="ADD").first).to_be_visible()
    to_plus(page)
    page.keyboard.press("Delete")
    page.keyboard.type("*")
    expect(pane(page, 1).locator(".gl-asm-row", has_text="MUL").first).to_be_visible()
    pane(page).get_by_role("tab", name="Diff").click()
    against = pane(page).locator("[data-tab=diff] select").first
    against.select_option(against.locator("option", has_text="other pane").get_attribute("value"))
    expect(pane(page).locator("[data-tab=diff]")).to_contain_text("MUL")
    assert lab_page.errors() == []


def test_another_go_version_or_how_to_get_it(lab_page):
    page = lab_page.page
    versions = json.loads(lab_page.ask("import json; print(json.dumps(lab.choices['go']))"))
    lab_page.ask("lab.subject = {'go': '1.9.9'}; lab.two = True")
    expect(page.locator(".gl-pane-failure")).to_contain_text("golifelab warm --go 1.9.9")
    if len(versions) > 1:
        page.get_by_label("Go version of the second pane").select_option(versions[-1])
        expect(page.locator(".gl-pane-failure")).to_be_hidden()
        expect(pane(page, 1).locator(".gl-row", has_text="ADDQ").first).to_be_visible()


def test_the_copied_cell_brings_the_view_back(lab_page):
    page = lab_page.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    to_plus(page)
    page.keyboard.type("+ 1 ")
    shown(page, 4)
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    pane(page).locator(".gl-slider").focus()
    page.keyboard.press("PageDown")
    page.get_by_role("button", name="two panes").click()
    page.get_by_label("processor of the second pane").select_option("arm64")
    expect(pane(page, 1).locator(".gl-pane-wait")).to_be_hidden()
    pane(page, 1).get_by_role("tab", name="Diff").click()
    against = {0: "opt", 1: "other"}
    sides = {}
    for side, word in against.items():
        pane(page, side).get_by_label("compare with").select_option(word)
        heads = pane(page, side).locator(".gl-diff-heads")
        expect(heads).to_contain_text("arm64" if side else "opt")
        sides[side] = heads.locator("span").all_inner_texts()
    pane(page).get_by_role("tab", name="Graph").click()
    page.get_by_role("button", name="copy cell").click()
    expect(page.get_by_role("button", name="copied")).to_be_visible()
    cell = page.evaluate("navigator.clipboard.readText()")
    name = pane(page).locator(".gl-pass-name").inner_text()
    said = lab_page.ask(
        f"exec({cell!r}.replace('Lab(program', 'again = Lab(program'))\n"
        "again.wait(20)\n"
        "print(again.source == lab.source, again.pass_name, again.tab, again.subject,"
        " again.code.function.symbol, again.against)"
    )
    assert said.strip() == f"True {name} graph {{'goarch': 'arm64'}} main.add opt"
    # Where it is run in place of the first, each pane compares with the same.
    page.evaluate(
        """async (cell) => {
          const { commands, shell } = window.jupyterapp;
          await commands.execute("notebook:clear-all-cell-outputs");
          shell.currentWidget.content.model.sharedModel.cells[0].setSource(cell);
        }""",
        cell,
    )
    expect(page.locator(ROOT)).to_have_count(0)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    pane(page).get_by_role("tab", name="Diff").click()
    for side, word in against.items():
        expect(pane(page, side).get_by_label("compare with")).to_have_value(word)
        expect(pane(page, side).locator(".gl-diff-heads span")).to_have_text(sides[side])
    assert lab_page.errors() == []


def test_the_dark_theme_is_dark(dark, window):
    window.open(dark, dark.write("dark-lab.ipynb", LAB))
    expect(window.page.locator(f"{ROOT} .gl-row").first).to_be_visible(timeout=30_000)
    window.page.get_by_role("button", name="two panes").click()
    ink, paper, list_ = window.page.evaluate(
        """() => {
          const light = (color) => color.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0);
          const style = (selector) => getComputedStyle(document.querySelector(selector));
          return [light(style(".golifelab-lab .gl-row-text").color),
                  light(style(".golifelab-lab .gl-ssa-text").backgroundColor),
                  light(style(".golifelab-lab .gl-subject option").backgroundColor)];
        }"""
    )
    assert ink > 500
    assert paper < 200
    assert list_ < 200
