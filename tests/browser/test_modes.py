"""The ways to build in a real JupyterLab, by keys and by mouse."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")

# Few ways: what is tested is the page.
MODES = """\
from golifelab import sample, show
from golifelab.link.modes import Way
ways = [Way(), Way(cgo=True), Way(cgo=True, linkmode="external"), Way(linkmode="external")]
modes = show(sample("netapp"), view="modes", ways=ways)
modes"""
RESOLVER = """\
from golifelab.run.resolver import resolver_table
resolver_table(settings=("", "cgo"), ways=ways[:2])"""
ROOT = ".golifelab-modes"


@pytest.fixture
def modes(light, window):
    window.open(light, light.write("modes.ipynb", MODES, RESOLVER))
    expect(status(window.page)).to_have_text("4 builds: 1 static, 2 dynamic, 1 refused")
    assert window.errors() == []
    return window


def status(page):
    return page.locator(f"{ROOT} .gl-modes .gl-status")


def card(page):
    return page.locator(f"{ROOT} .gl-modes-card")


def option(page, setting, name):
    group = page.locator(f'{ROOT} [data-setting="{setting}"]')
    return group.get_by_role("radio", name=name, exact=True)


def test_settings_the_tree_and_the_table_show_one_build(modes):
    page = modes.page
    expect(card(page)).to_contain_text("which loads libc")
    expect(option(page, "cgo", "1")).to_have_attribute("aria-checked", "true")
    chosen = page.locator(f"{ROOT} tr[data-chosen]")
    expect(chosen.locator("th")).to_have_text("cgo")
    # A question's answer leads to its build.
    tree = page.get_by_role("tree")
    tree.get_by_role("treeitem", name=re.compile("nobody's")).click()
    tree.get_by_role("treeitem", name=re.compile("Go decides.*static")).click()
    expect(card(page)).to_contain_text("The kernel starts it directly")
    expect(option(page, "cgo", "0")).to_have_attribute("aria-checked", "true")
    expect(chosen.locator("th")).to_have_text("no cgo")
    # A row leads back.
    page.locator(f"{ROOT} .gl-modes-table tbody tr").nth(3).click()
    expect(card(page)).to_contain_text("requires external (cgo) linking")
    expect(option(page, "linkmode", "external")).to_have_attribute("aria-checked", "true")
    modes.told("print(modes.way)", "'linkmode': 'external'")
    # And the import that brings C in to its line.
    page.locator(f"{ROOT} .gl-modes-table tbody tr").nth(1).click()
    card(page).get_by_role("button", name="net").first.click()
    expect(page.locator(f"{ROOT} .cm-content .gl-ring")).to_have_text('"net"')
    # A way that nobody measured is built when it is chosen; what was asked for may not be heard.
    option(page, "extldflags", "-static").click()
    expect(card(page)).to_contain_text("had no effect, and nobody said so")
    expect(status(page)).to_contain_text("5 builds")
    # From Python.
    modes.ask("modes.choose(ways[0])")
    expect(chosen.locator("th")).to_have_text("no cgo")


def test_by_keys_alone(modes):
    page, cells = modes.page, modes.cells()
    option(page, "cgo", "1").focus()
    for key in ("b", "d", "d", "x"):
        page.keyboard.press(key)
        assert modes.cells() == cells, key
    page.keyboard.press("ArrowLeft")
    expect(option(page, "cgo", "0")).to_be_focused()
    expect(card(page)).to_contain_text("The kernel starts it directly")
    item = page.locator(f'{ROOT} [role=treeitem][tabindex="0"]')
    expect(item).to_have_count(1)
    item.focus()
    page.keyboard.press("Home")
    expect(item).to_contain_text("nobody's")
    page.keyboard.press("ArrowLeft")
    expect(item).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(item).to_have_attribute("aria-level", "2")
    page.keyboard.press("Enter")
    expect(card(page)).to_contain_text("which loads libc")
    expect(item).to_be_focused()
    expect(item).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(card(page)).to_be_focused()
    row = page.locator(f'{ROOT} .gl-modes-build[tabindex="0"]')
    row.focus()
    page.keyboard.press("End")
    expect(card(page)).to_contain_text("Go refuses")
    expect(row).to_be_focused()
    # The page of who looks names up is driven alike.
    resolver = page.locator(".golifelab-resolver")
    answer = resolver.locator(".gl-modes-card")
    expect(answer).to_contain_text("package net itself answers")
    setting = resolver.locator('[data-setting="netdns"]')
    setting.get_by_role("radio", name="not set").focus()
    page.keyboard.press("ArrowRight")
    expect(setting.get_by_role("radio", name="cgo")).to_be_focused()
    expect(answer).to_contain_text("it did not do as it was told")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    expect(answer).to_contain_text("the C library answers")
    expect(answer).to_contain_text("hostLookupOrder(localhost) = cgo")
    if answer.get_by_text("nobody may see").count() == 0:
        hosts = resolver.locator("tr", has_text="/etc/hosts").locator("td")
        expect(hosts).to_have_count(2)
        expect(hosts.first).not_to_have_text("·")


@pytest.mark.slow
def test_the_builds_follow_the_text_in_the_dark_on_a_narrow_page(dark, window):
    page = window.page
    page.set_viewport_size({"width": 620, "height": 900})
    window.open(dark, dark.write("modes.ipynb", MODES))
    expect(status(page)).to_contain_text("4 builds")
    frame = page.locator(f"{ROOT} .gl-modes")
    page.locator(f"{ROOT} .cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("func broken( {")
    expect(status(page)).to_contain_text("does not compile")
    expect(frame).to_have_attribute("data-stale", "")
    expect(card(page)).to_contain_text("libc")
    program = 'package main\\n\\nfunc main() { println(\\"no net\\") }\\n'
    window.ask(f'modes.source = "{program}"')
    expect(status(page)).to_have_text("4 builds: 2 static, 1 dynamic, 1 refused")
    expect(frame).not_to_have_attribute("data-stale", "")
    expect(card(page)).to_contain_text("packages has C in it")
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
