"""Comparing, searching and pinning in the lab: passes, edits and processors beside each other."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

LAB = """\
from golifelab import Program
from golifelab.widgets import Lab
lab = Lab(Program.from_text('''package main

//go:noinline
func classify(s string, limit int) (n int) {
	for i, c := range s {
		if c > 'a' {
			n += i * 3
		} else {
			n -= int(c) % limit
		}
	}
	return n
}

func main() {
	println(classify("abc", 7))
}
'''), "classify", pass_="lower", tab="diff")
lab"""
PANE = ".golifelab-lab .gl-pane[data-side='0']"
TEXT = f"{PANE} .gl-diff-text"
LINES = f"{PANE} .gl-diff-line"


@pytest.fixture
def page(light, window):
    window.open(light, light.write("diff.ipynb", LAB))
    expect(window.page.locator(LINES).first).to_be_visible(timeout=60_000)
    assert window.errors() == []
    yield window.page
    assert window.errors() == []


def against(page, choice):
    page.locator(f"{PANE} .gl-diff-against").select_option(choice)


def operations(page, side, kind):
    """The words that are marked on one side of the lines of a kind."""
    found = page.locator(f"{LINES}[data-kind={kind}] [data-of={side}] .gl-diff-word")
    return found.all_inner_texts()


def test_a_pass_beside_the_one_before(page, window):
    expect(page.locator(f"{PANE} .gl-diff-heads")).to_contain_text("lower")
    assert "Add64" in operations(page, "left", "changed")
    figures = page.locator(f"{PANE} .gl-diff-figures")
    expect(figures).to_have_text(re.compile(r"\d+ changed.* the same"))
    # The keys lead from change to change, and pin, and take nothing from the notebook.
    cells = window.cells()
    page.locator(TEXT).focus()
    for key in ("n", "n", "p"):
        page.keyboard.press(key)
    expect(page.locator(f"{PANE} .gl-diff-place")).to_have_text(re.compile("change 1 of"))
    expect(page.locator(".gl-diff-current")).to_have_count(1)
    page.keyboard.press("Enter")
    ring = page.locator(f"{PANE} .gl-value.gl-ring")
    expect(ring.first).to_be_visible()
    name = ring.first.inner_text()
    window.told("print(lab.selection.get('value'))", f"^{name}$")
    page.keyboard.press("Shift+P")
    expect(page.locator(f"{TEXT} [data-pin='1']").first).to_have_text(name)
    assert window.cells() == cells
    # One column or two, and all lines.
    view, both = page.locator(f"{PANE} .gl-diff"), page.locator(f"{LINES}[data-side=both]")
    switch = page.get_by_role("button", name="unified")
    for layout in ("beside", "unified"):
        if view.get_attribute("data-layout") != layout:
            switch.click()
        expect(view).to_have_attribute("data-layout", layout)
        assert (both.count() > 0) == (layout == "beside")
    page.get_by_role("button", name="all lines").click()
    expect(page.locator(f"{LINES}.gl-diff-fold")).to_have_count(0)
    against(page, "start")
    expect(page.locator(f"{PANE} .gl-diff-heads span").first).to_have_text("start")
    # From Python, a pass that this Go does not have: it is missed, and the pass before stands in.
    window.ask("lab.against = 'layout of tomorrow'")
    missed = page.locator(f"{PANE} .gl-diff-missed")
    expect(missed).to_contain_text("No pass named 'layout of tomorrow' ran")
    ran = missed.get_by_text("These ran: start, ")
    expect(ran).to_be_hidden()
    missed.locator("summary").click()
    expect(ran).to_be_visible()
    expect(page.locator(f"{PANE} .gl-diff-against")).to_have_value("layout of tomorrow")
    before = "print(lab.code[lab.code['lower'].index - 1].name)"
    left = page.locator(f"{PANE} .gl-diff-heads span").first
    expect(left).to_have_text(window.ask(before).strip())
    expect(page.locator(LINES).first).to_be_visible()
    against(page, "start")
    expect(missed).to_be_hidden()
    expect(left).to_have_text("start")


def test_an_edit_beside_the_one_before_keeps_pins(page, window):
    # A value that the edit leaves alone, though it gives it another number.
    product = "next(v.name for v in lab.code['lower'].values() if v.op == 'MODQ' or 'DIVQ' in v.op)"
    name = window.ask(f"print({product})").strip()
    window.ask(f"lab.selection = {{**lab.selection, 'value': {name!r}}}")
    page.get_by_role("button", name=f"pin {name}", exact=True).click()
    window.ask("lab.source = lab.source.replace('for i', 'limit *= limit\\n\\tfor i')")
    against(page, "edit")
    expect(page.locator(f"{PANE} .gl-diff-heads")).to_contain_text("before the edit")
    page.get_by_role("button", name="all lines").click()
    now = window.ask(f"lab.wait(20); print({product})").strip()
    assert now != name
    page.locator(f"{PANE} .gl-search-text").fill("/DIVQ|MODQ/")
    page.keyboard.press("Enter")
    pinned = page.locator(f"{TEXT} [data-pin='1']")
    expect(pinned.first).to_be_visible()
    # Its name is another on either side, and both carry the pin.
    names = set(pinned.all_inner_texts())
    assert names == {name, now}
    expect(page.locator(f"{PANE} .gl-pins, .gl-lab-pins").get_by_text(now).first).to_be_visible()


def test_two_processors_and_a_search(page, window):
    window.ask("lab.subject = {'goarch': 'arm64'}; lab.two = True")
    against(page, "other")
    heads = page.locator(f"{PANE} .gl-diff-heads span")
    expect(heads.nth(1)).to_contain_text("arm64")
    expect(page.locator(f"{LINES}[data-kind=changed]").first).to_be_visible()
    box = page.locator(f"{PANE} .gl-search-text")
    box.fill("/cmp[qwl]?/")
    expect(page.locator(f"{PANE} .gl-search-count")).to_have_text(re.compile(r"\d+ · \d+/\d+"))
    assert page.locator(f"{PANE} .gl-ticks > *").count() > 0
    # What is folded away is opened when a hit is in it.
    box.press("Enter")
    expect(page.locator(".gl-diff-current mark.gl-found").first).to_be_visible()
    first = page.locator(".gl-diff-current").first.inner_text()
    box.press("Enter")
    expect(page.locator(".gl-diff-current mark.gl-found").first).to_be_visible()
    box.press("Shift+Enter")
    assert page.locator(".gl-diff-current").first.inner_text() == first
    box.fill("Less32")
    there = page.locator(f"{PANE} .gl-search-pass")
    there.click()
    expect(page.locator(f"{PANE} .gl-search-count")).to_have_text(re.compile(r"\d+ · "))
    box.fill("/(/")
    expect(box).to_have_attribute("aria-invalid", "true")
