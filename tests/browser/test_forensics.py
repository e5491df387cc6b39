"""Traces without names in a real JupyterLab: told apart by keys, with hints and evidence."""

from __future__ import annotations

import re

from playwright.sync_api import expect

CELL = """\
from golifelab import sample, show
from golifelab.widgets import forensics
game = forensics(kinds=("static", "pie"))
kinds = [case.answer for case in game.cases.rows]
display(game)
show(sample("hello"), view="syscalls")"""
ROOT, CALLS = ".golifelab-forensics", ".golifelab-syscalls"


def test_by_keys_alone(light, window):
    window.open(light, light.write("forensics.ipynb", CELL))
    page, cells = window.page, window.cells()
    root = page.locator(ROOT)
    tabs, choices = root.get_by_role("tab"), root.locator(".gl-forensics-choice")
    expect(tabs).to_have_count(2)
    truth = window.ask("print(kinds[1])").strip()
    wrong = {"static": "pie", "pie": "static"}[truth]
    tabs.first.focus()
    for key in ("b", "d", "d", "x", "ArrowRight"):
        page.keyboard.press(key)
    assert window.cells() == cells
    expect(root.locator("[data-trace]")).to_have_attribute("data-trace", "B")
    expect(tabs.last).to_be_focused()

    # A hint marks the calls that it is about, or says what is not there.
    root.get_by_role("button", name=re.compile("^hint 1 of")).press("Enter")
    expect(root.locator(".gl-forensics-hints li")).to_have_count(1)
    # A wrong guess is contradicted by what the two traces differ in.
    choices.first.focus()
    page.keyboard.press("End" if wrong == "pie" else "Home")
    verdict = root.locator(".gl-forensics-verdict")
    expect(verdict).to_contain_text("✗ No. Here")
    expect(root.locator(".gl-forensics-evidence li")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(verdict).to_contain_text("✓ Right")
    window.told("print(game.answers)", f"'B': '{truth}'")
    assert window.ask("print(game.right)").strip() == "1"
    # Now the evidence is there, and leads to the calls.
    clue = root.locator(".gl-forensics-clue").first
    clue.press("Enter")
    marked = root.locator(".gl-calls-row[data-marked]")
    expect(marked.first).to_be_visible()
    expect(root.locator(".gl-calls-detail")).to_contain_text("Made in runtime.")
    window.ask("game.answers = {}")
    expect(verdict).to_have_text("")
    assert root.locator("*").count() < 5000

    # The calls of a program of one's own: walked through, and played.
    calls = page.locator(CALLS)
    rows = calls.locator(".gl-calls-list")
    rows.focus()
    page.keyboard.press("End")
    expect(calls.locator(".gl-calls-detail")).to_contain_text("of thread")
    calls.get_by_role("radio", name=re.compile("^files")).click()
    expect(rows.locator(".gl-calls-row code").first).to_contain_text("openat")
    calls.locator(".gl-player-slider").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(calls.locator(".gl-space-words")).to_contain_text("This call: ")
    assert window.cells() == cells
    assert window.errors() == []
