"""The reach page in a real JupyterLab: why a function is there, and what would go without it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import expect

from golifelab import Program, show
from golifelab.widgets.export import page

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
    tab, cells = reach.page, reach.cells()
    steps = tab.locator(f"{ROOT} .gl-reach-path li")
    expect(steps.first).to_contain_text("_rt0_amd64_linux")
    expect(steps.last).to_contain_text("strings.ToUpper")
    expect(steps.last).to_have_attribute("data-kind", "call")
    expect(tab.locator(f"{ROOT} .gl-reach-verdict")).to_contain_text("is in the program")
    # By keys: up the chain, and to the function before it.
    steps.last.locator("button").focus()
    for key in ("b", "ArrowUp", "Enter"):
        tab.keyboard.press(key)
    expect(steps.last).to_contain_text("main.main")
    reach.told("print(shown.function)", "main.main")
    finder = tab.locator(f"{ROOT} .gl-finder-field")
    finder.fill("strings.toupper")
    expect(tab.locator(f"{ROOT} .gl-finder-list [role=option]").first).to_contain_text("kept")
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="What would go without strings.ToUpper?").click()
    effect = tab.locator(f"{ROOT} .gl-reach-effect")
    expect(effect).to_contain_text("Without strings.ToUpper")
    assert "bytes would go" in effect.inner_text()
    # An edit that calls another function throws this one away.
    reach.ask("shown.source = shown.source.replace('ToUpper', 'ToLower'); shown.wait(); print(1)")
    expect(tab.locator(f"{ROOT} .gl-reach-verdict")).to_contain_text("the linker left it out")
    assert reach.cells() == cells


def test_what_was_thrown_away(reach):
    tab = reach.page
    tab.get_by_role("tab", name="Why it is there").focus()
    tab.keyboard.press("ArrowRight")
    packages = tab.locator(f"{ROOT} .gl-reach-packages")
    expect(packages.locator('[aria-selected="true"]')).to_contain_text("runtime")
    packages.focus()
    tab.keyboard.press("ArrowDown")
    title = tab.locator(f"{ROOT} .gl-reach-title")
    expect(title).not_to_contain_text("runtime:")
    expect(title).to_contain_text("are not in the program")
    names = tab.locator(f"{ROOT} .gl-reach-functions")
    names.focus()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    expect(tab.locator(f"{ROOT} .gl-reach-verdict")).to_contain_text("the linker left it out")
    assert tab.locator(f"{ROOT} *").count() < 5000


def test_both_pages_live_on_without_a_kernel(window, tmp_path):
    program = Program.from_text(TEXT)
    shown = [
        show(program, view="sizes", against="-s -w"),
        show(program, view="reach", function="strings.ToUpper"),
    ]
    assert all(one.wait() for one in shown)
    path = tmp_path / "page.html"
    path.write_text(page(shown), encoding="utf-8")
    window.page.goto(path.as_uri())
    expect(window.page.locator("html")).to_have_attribute("data-ready", "true")
    place = window.page.locator(".gl-sizes-way")
    window.page.locator(".gl-sizes-tile").first.click()
    expect(place).to_contain_text("the executable ›")
    # Nobody is there to link anything else, or to say what would go.
    expect(window.page.locator(".gl-sizes-compare")).to_be_hidden()
    expect(window.page.locator(".gl-reach-cut")).to_be_hidden()
    window.page.locator(f"{ROOT} .gl-finder-field").fill("strings.ToLower")
    window.page.keyboard.press("Enter")
    expect(window.page.locator(".gl-reach-verdict")).to_contain_text("the linker left it out")
    window.page.locator(".gl-export-open").first.click()
    with window.page.expect_download() as coming:
        window.page.locator(".gl-export-entry", has_text="SVG").first.click()
    picture = tmp_path / "map.svg"
    coming.value.save_as(picture)
    words = " ".join(ET.fromstring(picture.read_text(encoding="utf-8")).itertext())
    assert "runtime" in words or "code" in words
