"""The stack maps in a real JupyterLab: scrubbed by keys, linked with the source, live."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

TEXT = """\
package main

type node struct {
	value int
	next  *node
}

//go:noinline
func leaf(p *node) int { return p.value }

//go:noinline
func walk(a *node, k int, b *node) int {
	x := leaf(a)
	y := leaf(b)
	return x + y + k
}

func main() { println(walk(&node{value: 1}, 2, &node{value: 3})) }
"""
CELL = f"""\
from golifelab import Program, show
page = show(Program.from_text({TEXT!r}), view="stackmaps", function="walk")
page"""
ROOT = ".golifelab-stackmaps"


@pytest.fixture
def maps(light, window):
    window.open(light, light.write("stackmaps.ipynb", CELL))
    expect(cell(window.page, "b")).to_have_attribute("data-state", "pointer")
    assert window.errors() == []
    return window


def cell(page, name):
    named = page.locator(".gl-maps-name").get_by_text(name, exact=True)
    return page.locator(f"{ROOT} .gl-maps-cell").filter(has=named)


def sentence(page):
    return page.locator(f"{ROOT} .gl-maps-sentence")


def test_by_keys_alone(maps):
    page, cells = maps.page, maps.cells()
    track = page.locator(f"{ROOT} .gl-maps-track")
    # To begin with, the first call: b must survive it, a needn't.
    expect(sentence(page)).to_contain_text("bitmap 1: it follows b")
    expect(cell(page, "a")).to_have_attribute("data-state", "dead")
    expect(cell(page, "k")).to_have_attribute("data-state", "never")
    expect(page.locator(f"{ROOT} .gl-maps-compiler")).to_have_text(
        "The compiler’s own -live at this call: b"
    )
    track.focus()
    for key in ("Home", "b", "d", "d", "x", "ArrowRight"):
        page.keyboard.press(key)
    assert maps.cells() == cells
    expect(track).to_be_focused()
    expect(track).to_have_attribute("aria-valuenow", "2")
    expect(cell(page, "a")).to_have_attribute("data-state", "pointer")
    page.keyboard.press("PageDown")
    expect(cell(page, "a")).to_have_attribute("data-state", "dead")
    page.keyboard.press("n")
    expect(cell(page, "b")).to_have_attribute("data-state", "dead")
    expect(sentence(page)).to_contain_text("it follows nothing")
    # What is chosen is selected: in the source, and for Python.
    expect(page.locator(f"{ROOT} .cm-content .gl-ring")).to_be_visible()
    maps.told("print(page.selection)", "'line': 14")
    # The words of the frame, and the bit of each.
    cell(page, "b").click()
    page.keyboard.press("ArrowDown")
    expect(cell(page, "k")).to_be_focused()
    expect(page.locator(f"{ROOT} .gl-maps-bit-words")).to_contain_text("k is word 1")
    # findfunc, on demand.
    page.locator(f"{ROOT} summary").click()
    expect(page.locator(f"{ROOT} .gl-maps-lookup tbody tr").last).to_contain_text("main.walk")
    assert page.locator(ROOT).locator("*").count() < 5000
    assert maps.errors() == []


def test_live_and_led_by_the_source(maps):
    page = maps.page
    maps.ask("page.source = page.source.replace('x := leaf(a)', 'x := leaf(b)')")
    # Now a is never needed across a call, and dies at once; b still has to survive the first.
    expect(page.locator(ROOT)).to_have_attribute("data-seq", "1")
    expect(sentence(page)).to_contain_text("it follows b")
    maps.ask("page.select('main.go:14:11')")
    expect(sentence(page)).to_contain_text("it follows nothing")
    maps.ask("page.source = page.source.replace('leaf(b)', 'leef(b)', 1)")
    expect(page.locator(f"{ROOT} .gl-maps")).to_have_attribute("data-stale", "")
    expect(page.locator(f"{ROOT} .gl-status")).to_contain_text("undefined: leef")
    expect(sentence(page)).to_contain_text("it follows nothing")
    maps.ask("page.source = page.source.replace('leef', 'leaf'); page.function = 'main.leaf'")
    expect(page.locator(f"{ROOT} .gl-maps-figures")).to_contain_text("1 word of arguments")
    assert maps.errors() == []
