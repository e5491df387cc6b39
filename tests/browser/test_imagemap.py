"""The image map in a real JupyterLab: walked through by keys, with the editor beside it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

MAP = """\
from golifelab import sample, show
shown = show(sample("add"), view="image")
shown"""
ROOT = ".golifelab-image"


def test_the_map_by_keys_and_by_the_editor(light, window):
    window.open(light, light.write("image.ipynb", MAP))
    page = window.page
    expect(page.locator(f"{ROOT} .gl-map[data-spans]")).to_be_visible(timeout=60_000)
    assert window.errors() == []
    cells = window.cells()
    rows, card = page.locator(f"{ROOT} .gl-map-rows"), page.locator(f"{ROOT} .gl-map-card")
    lanes, status = (
        page.locator(f"{ROOT} .gl-map-lanes"),
        page.locator(f"{ROOT} .gl-map-head [role=status]"),
    )
    chosen = rows.locator("[aria-selected=true]")
    assert page.locator(f"{ROOT} *").count() < 5000
    rows.focus()
    for key in ("b", "d", "d"):
        page.keyboard.press(key)  # Lab's own shortcuts must not hear these
    page.keyboard.press("Home")
    expect(chosen).to_have_attribute("aria-label", re.compile("^ELF header, header, 64 B"))
    # To the code, into it, nearer, and out again.
    while ".text" not in (chosen.first.text_content() or ""):
        page.keyboard.press("ArrowDown")
    expect(card).to_contain_text("symbol of an object file")
    expect(lanes.locator(".gl-map-ring")).to_have_count(4)
    page.keyboard.press("Enter")
    expect(page.locator(f"{ROOT} .gl-map-crumbs")).to_contain_text(".text")
    expect(card).to_contain_text("known by")
    before = status.text_content()
    page.keyboard.press("+")
    expect(status).not_to_have_text(before or "")
    page.keyboard.press("Escape")
    expect(page.locator(f"{ROOT} .gl-map-crumbs [aria-current]")).to_have_text("the file")
    expect(chosen).to_contain_text(".text")
    # What takes no bytes of the file has no ring in that lane.
    while ".bss" not in (chosen.first.text_content() or ""):
        page.keyboard.press("ArrowDown")
    expect(card).to_contain_text("0 B: the loader clears it")
    expect(lanes.locator(".gl-map-ring")).to_have_count(3)
    # Found by name, then by who points to it.
    page.keyboard.press("/")
    page.keyboard.type("main.add")
    page.keyboard.press("Enter")
    expect(card.locator(".gl-card-title")).to_have_text("main.add")
    window.told("print(shown.selection)", "main.add")
    card.locator(".gl-map-pointers button", has_text="main.main").first.click()
    expect(card.locator(".gl-card-title")).to_have_text("main.main")
    assert window.cells() == cells
    # A line of the editor is a function of the map.
    line = next(
        number
        for number, text in enumerate(window.ask("print(shown.source)").splitlines(), 1)
        if "func add" in text
    )
    window.ask(f"shown.select('main.go:{line}:6'); print(1)")
    expect(card.locator(".gl-card-title")).to_have_text("main.add")
    # A program that does not compile keeps the map of the last one that did.
    window.ask("shown.source = shown.source.replace('a + b', 'a + c'); shown.wait(); print(1)")
    expect(page.locator(f"{ROOT} .gl-map[data-stale]")).to_be_visible()
    expect(page.locator(ROOT)).to_contain_text("There is no executable")
    assert window.errors() == []
