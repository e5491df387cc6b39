"""The staircase of stacks and the heap's icicle in a real JupyterLab: by keys, guessed at, live."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

CELL = """\
from golifelab import sample, show
page = show(sample({sample!r}), view={view!r})
page"""
STACKS, HEAP = ".golifelab-stacks", ".golifelab-heap"


@pytest.fixture
def opened(light, window):
    def show(sample, view):
        window.open(light, light.write(f"{view}.ipynb", CELL.format(sample=sample, view=view)))
        return window

    return show


def test_the_staircase_by_keys_and_guessed_at(opened):
    lab = opened("deep", "stacks")
    page, told = lab.page, lab.page.locator(f"{STACKS} .gl-stair-told")
    legend = page.locator(f"{STACKS} .gl-stair-legend li")
    expect(legend).to_have_count(2)
    expect(told).to_have_text(
        "deep(10,000) has a stack of 128 KiB, measured. The next size comes at 10,838."
    )
    expect(legend.nth(1)).to_contain_text("256 KiB")
    cells = lab.cells()
    slider = page.locator(f"{STACKS} .gl-stair-slider")
    slider.focus()
    for key in ("b", "d", "d", "x"):
        page.keyboard.press(key)
    assert lab.cells() == cells
    page.keyboard.press("n")
    expect(told).to_contain_text("deep(10,838) has a stack of 256 KiB")
    page.keyboard.press("p")
    expect(told).to_contain_text("deep(10,837) has a stack of 128 KiB")
    page.keyboard.press("End")
    expect(told).to_contain_text("overflows: the limit of 1,000,000,000 bytes")
    field = page.locator(f"{STACKS} .gl-stair-field")
    field.fill("3,000")
    field.press("Enter")
    expect(told).to_contain_text("deep(3,000) has a stack of 64 KiB")
    lab.told("print(page.argument)", "3000")
    # Guess first: nothing of the answer is seen before it is asked for.
    page.get_by_role("button", name="guess first").click()
    expect(told).to_have_text("How large is the stack of deep(3,000)?")
    expect(page.locator(f"{STACKS} .gl-stair-steps")).to_have_count(0)
    expect(legend.nth(0)).not_to_contain_text("64 KiB")
    page.get_by_label("my guess").select_option(str(2 << 20))
    page.get_by_role("button", name="measure", exact=True).click()
    expect(told).to_contain_text("64 KiB")
    expect(told).to_contain_text("The guess, 2 MiB, was 32 × too large.")
    expect(page.locator(f"{STACKS} .gl-stair-guess")).to_have_count(1)
    lab.ask("page.source = page.source.replace('1 + deep(n-1)', 'deep(n-1)')")
    expect(page.locator(STACKS)).to_have_attribute("data-seq", "1")
    assert page.locator(STACKS).locator("*").count() < 5000
    assert lab.errors() == []


def test_the_icicle_by_keys_and_led_by_the_source(opened):
    lab = opened("keeper", "heap")
    page, told = lab.page, lab.page.locator(f"{HEAP} .gl-heap-told").first
    boxes = page.locator(f"{HEAP} .gl-heap-box")
    chosen = page.locator(f'{HEAP} .gl-heap-box[aria-selected="true"]')
    expect(boxes.first).to_be_visible()
    cells = lab.cells()
    icicle = page.locator(f"{HEAP} .gl-heap-icicle")
    icicle.focus()
    for key in ("b", "d", "d", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    assert lab.cells() == cells
    expect(told).to_contain_text("main.garbage:")
    expect(told).to_contain_text("all in itself, main.go:31")
    expect(page.locator(f"{HEAP} .cm-content .gl-ring")).to_be_visible()
    lab.told("print(page.selection)", "'line': 31")
    # Walk in, and out again.
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    way = page.locator(f"{HEAP} .gl-heap-way")
    expect(way).to_contain_text("all › runtime.main › main.main › main.waste")
    page.keyboard.press("Backspace")
    expect(way).not_to_contain_text("main.waste")
    # What stays is another picture than what was allocated.
    page.get_by_role("button", name="left at the end").click()
    expect(told).not_to_contain_text("main.waste")
    lab.told("print(page.measure)", "left_space")
    field = page.get_by_label("find a function")
    field.fill("store")
    field.press("Enter")
    expect(told).to_contain_text("main.store:")
    expect(icicle).to_be_focused()
    lab.ask("page.select('main.go:36:1')")
    expect(chosen).to_contain_text("main.main:36")
    track = page.locator(f"{HEAP} .gl-heap-track")
    track.focus()
    page.keyboard.press("Home")
    expect(page.locator(f"{HEAP} .gl-heap-told").nth(1)).to_contain_text("of objects")
    expect(page.locator(f"{HEAP} .gl-heap-arenas")).to_contain_text("of 64 MiB")
    lab.ask("page.source = page.source.replace('make([]byte, 1024+i%7)', 'nil')")
    page.get_by_role("button", name="allocated").click()
    expect(page.locator(HEAP)).to_have_attribute("data-seq", "1")
    expect(page.locator(f"{HEAP} .gl-heap-table")).not_to_contain_text("main.garbage")
    assert page.locator(HEAP).locator("*").count() < 5000
    assert lab.errors() == []
