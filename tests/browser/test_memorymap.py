"""The memory map in a real JupyterLab: moments, mappings and pages by keys, linked and live."""

from __future__ import annotations

from playwright.sync_api import expect

TEXT = """\
package main

import "fmt"

var greeting = "hello"

func main() {
	fmt.Println(greeting)
}
"""
CELL = f"""\
from golifelab import Program, show
page = show(Program.from_text({TEXT!r}), view="memory")
page"""
ROOT = ".golifelab-memory"


def test_moments_mappings_and_pages_by_keys(light, window):
    window.open(light, light.write("memory.ipynb", CELL))
    page, cells = window.page, window.cells()
    cards = page.locator(f"{ROOT} .gl-mem-cards button")
    chosen = page.locator(f"{ROOT} .gl-mem-row[aria-selected=true]")
    grid, card = page.locator(f"{ROOT} .gl-mem-grid"), page.locator(f"{ROOT} .gl-mem-card")
    expect(cards).to_have_count(4)
    expect(page.locator(f"{ROOT} .gl-mem-key").first).to_contain_text("powers, from 4 KiB to")
    # It begins where the editor stands: main.main, in the code.
    expect(chosen).to_contain_text("code")
    expect(card.locator(".gl-mem-names")).to_contain_text("main.main")
    assert window.errors() == []
    # The moments: at exec not a page of code is in memory.
    cards.nth(2).focus()
    for key in ("b", "d", "d", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    expect(cards.nth(0)).to_be_focused()
    expect(cards.nth(0)).to_have_attribute("aria-checked", "true")
    expect(card).to_contain_text("absent")
    window.told("print(page.moment)", "exec")
    # The mappings: down to the data, whose last page had to be zeroed in part.
    page.locator(f"{ROOT} .gl-mem-rows").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(chosen).to_contain_text("data")
    grid.focus()
    page.keyboard.press("End")
    expect(card).to_contain_text("private")
    assert int(grid.get_attribute("aria-valuenow")) == int(grid.get_attribute("aria-valuemax"))
    window.told("print('address' in page.selection)", "True")
    # From Python: another moment, the filter, an address.
    window.ask("page.moment = 'main.main'; page.grep = True")
    expect(page.locator(f"{ROOT} .gl-mem-told")).to_contain_text("The command shows 5 of")
    window.ask("page.grep = False")
    used = page.locator(f"{ROOT} .gl-mem-row:not([data-reserved])")
    used.filter(has_text="Go's heap, arena 0").click()
    expect(page.locator(f"{ROOT} .gl-mem-chips")).to_contain_text("goroutine 1 (runtime.main)")
    assert page.locator(ROOT).locator("*").count() < 5000
    assert window.cells() == cells
    # Live: a larger variable is another mapping.
    window.ask("page.source += 'var room [1 << 24]byte\\nfunc init() { room[1<<23]++ }\\n'")
    expect(page.locator(ROOT)).to_have_attribute("data-seq", "1")
    zeroed = page.locator(f"{ROOT} .gl-mem-row", has_text="zeroed data").first
    expect(zeroed).to_contain_text("16.2 MiB")
    window.ask("page.source = page.source.replace('greeting)', 'greetings)')")
    expect(page.locator(f"{ROOT} .gl-mem")).to_have_attribute("data-stale", "")
    expect(page.locator(f"{ROOT} .gl-status")).to_contain_text("undefined: greetings")
    assert window.errors() == []
