"""The reader's own diagnostic in Go's compiler: typed, built and met, by keys alone."""

from __future__ import annotations

from playwright.sync_api import expect

PROGRAM = """
from golifelab import Program
from golifelab.widgets import Rebuild

laundered = Program.from_text("package main\\n\\nfunc main() { println(any(`a`).(int)) }\\n")
Rebuild(laundered)
"""


def test_words_are_typed_built_and_met(light, window):
    window.open(light, light.write("changed.ipynb", PROGRAM.strip()))
    page = window.page
    field = page.locator(".widget-text input")
    diff = page.locator(".widget-html", has_text="expr.go")
    expect(diff).to_contain_text("laundering %s through any")
    field.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type('<b>no</b> "{from}" is {to}')
    expect(diff).to_contain_text(r'"LAB0001: <b>no</b> \"%s\" is %s", from, T')
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Build the compiler")).to_be_focused()
    page.keyboard.press("Enter")
    verdict = page.locator(".widget-html", has_text="refuses this program")
    expect(verdict).to_contain_text('LAB0001: <b>no</b> "string" is int', timeout=300_000)
    expect(verdict).to_contain_text("main.go:3:23")
    expect(page.get_by_role("button", name="Build the compiler")).to_be_enabled()
    assert window.errors() == []
