"""The reach page in a real JupyterLab: why a function is there, and what would go without it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

TEXT = """\
package main

import "strings"

func main() { println(strings.ToUpper("a")) }
"""
PAGE = f"""\
from golifelab import Program, show
shown = show(Program.from_text({TEXT!r}), view="reach", function="strings.ToUpper")
shown"""
ROOT = ".golifelab-reach"


@pytest.fixture
def reach(light, window):
    window.open(light, light.write("reach.ipynb", PAGE))
    expect(window.page.locator(f"{ROOT} .gl-reach-path li").first).to_be_visible()
    assert window.errors() == []
    return window


def test_the_way_to_a_function_and_what_would_go(reach):
    page, cells = reach.page, reach.cells()
    steps = page.locator(f"{ROOT} .gl-reach-path li")
    expect(steps.first).to_contain_text("_rt0_amd64_linux")
    expect(steps.last).to_contain_text("strings.ToUpper")
    expect(steps.last).to_have_attribute("data-kind", "call")
    expect(page.locator(f"{ROOT} .gl-reach-verdict")).to_contain_text("is in the program")
    # By keys: up the chain, and to the function before it.
    steps.last.locator("button").focus()
    for key in ("b", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(steps.last).to_contain_text("main.main")
    assert "main.main" in reach.ask("print(shown.function)")
    finder = page.locator(f"{ROOT} .gl-finder-field")
    finder.fill("strings.toupper")
    expect(page.locator(f"{ROOT} .gl-finder-list [role=option]").first).to_contain_text("kept")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="What would go without strings.ToUpper?").click()
    effect = page.locator(f"{ROOT} .gl-reach-effect")
    expect(effect).to_contain_text("Without strings.ToUpper")
    assert "bytes would go" in effect.inner_text()
    # An edit that calls another function throws this one away.
    reach.ask("shown.source = shown.source.replace('ToUpper', 'ToLower'); shown.wait(); print(1)")
    expect(page.locator(f"{ROOT} .gl-reach-verdict")).to_contain_text("the linker left it out")
    assert reach.cells() == cells


def test_what_was_thrown_away(reach):
    page = reach.page
    page.get_by_role("tab", name="Why it is there").focus()
    page.keyboard.press("ArrowRight")
    packages = page.locator(f"{ROOT} .gl-reach-packages")
    expect(packages.locator('[aria-selected="true"]')).to_contain_text("runtime")
    packages.focus()
    page.keyboard.press("ArrowDown")
    title = page.locator(f"{ROOT} .gl-reach-title")
    expect(title).not_to_contain_text("runtime:")
    expect(title).to_contain_text("are not in the program")
    names = page.locator(f"{ROOT} .gl-reach-functions")
    names.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(f"{ROOT} .gl-reach-verdict")).to_contain_text("the linker left it out")
    assert page.locator(f"{ROOT} *").count() < 5000
