"""The scheduler's lanes in a real JupyterLab: by keys alone, one goroutine followed, live."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

TEXT = """\
package main

import "sync"

func count(n int) int {
	sum := 0
	for i := range n {
		sum += i ^ sum>>3
	}
	return sum
}

func main() {
	var wait sync.WaitGroup
	sums := make([]int, 3)
	for i := range sums {
		wait.Add(1)
		go func() {
			defer wait.Done()
			sums[i] = count(60_000_000)
		}()
	}
	wait.Wait()
}
"""
CELL = f"""\
from golifelab import Program, show
page = show(Program.from_text({TEXT!r}), view="scheduler", processors=1)
page"""
ROOT = ".golifelab-scheduler"


@pytest.fixture
def lanes(light, window):
    window.open(light, light.write("scheduler.ipynb", CELL))
    expect(window.page.locator(f"{ROOT} .gl-sched-lane")).to_have_count(4)
    assert window.errors() == []
    return window


def sentence(page):
    return page.locator(f"{ROOT} .gl-sched-sentence")


def test_by_keys_alone(lanes):
    page, cells = lanes.page, lanes.cells()
    box = page.locator(f"{ROOT} .gl-sched-scroll")
    expect(page.locator(f"{ROOT} .gl-sched-figures")).to_contain_text("4 goroutines · 1 P")
    expect(page.locator(f"{ROOT} [data-by=signal]").first).to_be_attached()
    box.focus()
    for key in ("Home", "b", "d", "d", "x"):
        page.keyboard.press(key)
    assert lanes.cells() == cells
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(sentence(page)).to_contain_text("main.main.func1")
    page.keyboard.press("Enter")
    followed = page.locator(f"{ROOT} .gl-sched")
    expect(followed).to_have_attribute("data-follow", re.compile(r"^\d+$"))
    lanes.told("print('follows', page.follow > 1)", "follows True")
    expect(page.locator(f"{ROOT} .gl-sched-who")).to_contain_text("main.main.func1: made by G1")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    whole = box.get_attribute("data-to")
    page.keyboard.press("+")
    expect(box).not_to_have_attribute("data-to", whole)
    page.keyboard.press("0")
    expect(box).to_have_attribute("data-to", whole)
    # The others: Ps, then threads; and back.
    page.locator(f"{ROOT} .gl-sched-modes [data-mode=goroutines]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"{ROOT} .gl-sched-name")).to_have_text(["P0"])
    expect(page.locator(f"{ROOT} .gl-sched-followed")).to_have_count(1)
    lanes.told("print(page.lanes)", "processors")
    # It plays, and stands still again.
    slider = page.locator(f"{ROOT} .gl-player-slider")
    slider.focus()
    before = slider.input_value()
    page.keyboard.press(" ")
    expect(slider).not_to_have_value(before)
    page.keyboard.press(" ")
    assert page.locator(ROOT).locator("*").count() < 5000
    assert lanes.errors() == []


def test_live_without_signals_and_stopped_when_endless(lanes):
    page = lanes.page
    lanes.ask("page.async_preemption = False")
    expect(page.locator(f"{ROOT} .gl-sched-figures")).not_to_contain_text("SIGURG")
    expect(page.locator(f"{ROOT} [data-by=signal]")).to_have_count(0)
    lanes.ask("page.async_preemption = True")
    lanes.ask("page.source = page.source.replace('60_000_000', '1 << 60')")
    expect(page.locator(f"{ROOT} .gl-sched-trouble")).to_contain_text(
        "The program was stopped: time limit.", timeout=20_000
    )
    expect(page.locator(f"{ROOT} .gl-sched-lane")).to_have_count(4)
    lanes.ask("page.source = page.source.replace('1 << 60', 'nothing')")
    expect(page.locator(f"{ROOT} .gl-status")).to_contain_text("undefined: nothing")
    expect(page.locator(f"{ROOT} .gl-sched")).to_have_attribute("data-stale", "")
    assert lanes.errors() == []
