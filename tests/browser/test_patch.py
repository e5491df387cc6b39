"""The five-byte page in a real JupyterLab: by keys, with the reader's own addresses, and edited."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

SOURCE = """\
package main

//go:noinline
func add(a, b int) int { return a + b }

func main() { println(add(1, 2)) }
"""
CELL = f"""\
from golifelab import Program
from golifelab.widgets import show
view = show(Program.from_text({SOURCE!r}), view="patch", function="main.main")
view"""
ROOT = ".golifelab-patch"


@pytest.fixture
def opened(light, window):
    window.open(light, light.write("patch.ipynb", CELL))
    expect(window.page.locator(f"{ROOT} .gl-patch-processors button")).to_have_count(2)
    assert window.errors() == []
    return window


def strip(page, kind):
    return page.locator(f"{ROOT} .gl-patch-strip[data-kind={kind}] .gl-patch-bytes")


def bytes_of(page, kind):
    cells = page.locator(f"{ROOT} .gl-patch-strip[data-kind={kind}] .gl-patch-byte")
    return bytes.fromhex("".join(cells.all_inner_texts()))


def field(page, name):
    return page.get_by_label(name)


def test_five_bytes_reckoned_along(opened):
    page, cells = opened.page, opened.cells()
    rows = page.locator(f"{ROOT} .gl-patch-row")
    expect(rows.first).to_contain_text("main.add")
    assert bytes_of(page, "before") == b"\xe8\0\0\0\0"
    linked = bytes_of(page, "after")
    told = opened.ask("print(view.value.relocations('main.main').calls[0].after.hex())")
    assert linked[1:].hex() in told
    # The symbol eight bytes further: so is the distance.
    target = field(page, "S, address of the symbol")
    address = int(target.input_value(), 16)
    target.fill(hex(address + 8))
    expect(strip(page, "yours")).to_be_visible()
    distance = int.from_bytes(linked[1:], "little", signed=True)
    yours = int.from_bytes(bytes_of(page, "yours")[1:], "little", signed=True)
    assert yours == distance + 8
    target.fill("nonsense")
    expect(target).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="back to the linker").click()
    expect(strip(page, "yours")).to_have_count(0)
    # The exercise: the calling code moved up by 32 bytes.
    page.locator(f"{ROOT} summary").click()
    answer = field(page, "your bytes")
    moved = (distance - 32).to_bytes(4, "little", signed=True)
    said = page.locator(f"{ROOT} .gl-patch-said")
    answer.fill(moved[::-1].hex())
    page.keyboard.press("Enter")
    expect(said).to_contain_text("lowest byte goes first")
    answer.fill(moved.hex(" "))
    page.keyboard.press("Enter")
    expect(said).to_have_attribute("data-right", "yes")
    # By keys: the next call, then where Tab and the notebook's own keys go on.
    page.locator(f"{ROOT} .gl-patch-list").focus()
    for key in ("b", "ArrowDown", "x"):
        page.keyboard.press(key)
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    opened.told("print(view.selection)", "'line': 6")
    page.locator(f"{ROOT} .gl-patch-list").focus()
    page.keyboard.press("Escape")
    expect(page.locator(f"{ROOT} .gl-patch-words")).to_be_focused()
    assert opened.cells() == cells


def test_the_other_processor_and_an_edit(opened):
    page = opened.page
    page.get_by_role("button", name="arm64").click()
    bits = page.locator(f"{ROOT} .gl-patch-bit")
    expect(bits).to_have_count(32)
    expect(page.locator(f"{ROOT} .gl-patch-bit[data-field=imm26]")).to_have_count(26)
    opened.told("print(view.goarch)", "arm64")
    opened.ask("view.source = view.source.replace('println(add(1, 2))', 'println(2, add(1, 2))')")
    rows = page.locator(f"{ROOT} .gl-patch-row")
    expect(rows.first).to_contain_text("main.add")
    opened.ask("view.source = view.source.replace('2, add(1, 2)', '2')")
    expect(page.locator(f"{ROOT} .gl-patch-row", has_text="main.add")).to_have_count(0)
    opened.ask("view.function = 'main.add'")
    expect(page.locator(f"{ROOT} .gl-patch-head")).to_contain_text("nothing to fill")
