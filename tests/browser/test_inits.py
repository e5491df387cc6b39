"""Initialisation in a real JupyterLab: walked through by keys, live; and an import graph."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

CELL = """\
from golifelab import sample, show
from golifelab.widgets import InitGraph
page, graph = show(sample("inits"), view="inits"), InitGraph()
display(page, graph)"""
PAGE, GRAPH = ".golifelab-inits", ".golifelab-initgraph"


@pytest.fixture
def inits(light, window):
    window.open(light, light.write("inits.ipynb", CELL))
    expect(window.page.locator(f"{PAGE} .gl-inits")).to_have_attribute("data-agrees", "true")
    expect(window.page.locator(f"{GRAPH} .gl-inits")).to_have_attribute("data-agrees", "true")
    assert window.errors() == []
    return window


def test_the_orders_of_a_program(inits):
    page, cells = inits.page, inits.cells()
    packages = page.locator(f"{PAGE} [data-thing=package]")
    variables = page.locator(f"{PAGE} [data-thing=variable]")
    # By keys through the variables: what is current is told, and selected in the source.
    variables.get_by_role("listbox").focus()
    for key in ("End", "b", "d", "d", "ArrowUp", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    assert inits.cells() == cells
    expect(variables).to_have_attribute("data-at", "count")
    told = variables.locator(".gl-inits-reason")
    expect(told).to_have_text(
        "count is the 5th of 8. It needs boxes (through stock()). "
        "Nothing else is ready at this step."
    )
    expect(variables.locator("[data-kind=needed]")).to_have_count(1)
    expect(page.locator(f"{PAGE} .cm-content .gl-ring")).to_have_text("count")
    inits.told("print(page.selection)", "'line': 13")
    # From the source back to the variable, and by the player to the end.
    inits.ask("page.select('main.go:19:5')")
    expect(variables).to_have_attribute("data-at", "boxes")
    packages.get_by_role("slider").focus()
    page.keyboard.press("End")
    expect(packages).to_have_attribute("data-at", "main")
    packages.get_by_role("option", name="runtime, run by the runtime’s own list").first.click()
    expect(packages).to_have_attribute("data-at", "runtime")
    # An edit: count needs nothing any more.
    inits.ask("page.source = page.source.replace('boxes * 2', '2')")
    expect(page.locator(PAGE)).to_have_attribute("data-seq", "1")
    expect(variables.locator(".gl-inits-name").nth(1)).to_have_text("count")
    inits.ask("page.source = page.source.replace('return 2', 'return to')")
    expect(page.locator(f"{PAGE} .gl-status")).to_contain_text("undefined: to")
    assert page.locator(PAGE).locator("*").count() < 5000
    assert inits.errors() == []


def test_an_import_graph_by_keys(inits):
    page = inits.page
    frame = page.locator(f"{GRAPH} .gl-inits")
    names = frame.locator(".gl-inits-name")
    expect(names).to_have_text(["trace", "m", "z", "a", "main"])
    # m imports a: drawn at once; built and run behind it.
    frame.get_by_role("switch").first.focus()
    for key in ("ArrowDown", "ArrowDown", "Space"):
        page.keyboard.press(key)
    expect(names).to_have_text(["trace", "z", "a", "m", "main"])
    expect(frame.get_by_role("switch", name="m imports a")).to_be_focused()
    expect(frame.locator(".gl-inits-verdict")).to_contain_text("✓ Built and run")
    inits.told("print(graph.order.printed)", "('trace', 'z', 'a', 'm', 'main')")
    # Now a can't import m.
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    circle = frame.get_by_role("switch", name="a can’t import m: that would close a circle")
    expect(circle).to_be_focused()
    page.keyboard.press("Space")
    expect(names).to_have_text(["trace", "z", "a", "m", "main"])
    # A new package, whose name comes first.
    frame.get_by_role("textbox").fill("a-b")
    page.keyboard.press("Enter")
    expect(names).to_have_text(["a-b", "trace", "z", "a", "m", "main"])
    expect(frame.locator(".gl-inits-verdict")).to_contain_text("✓ Built and run")
    inits.ask("graph.imports = {'main': ['q'], 'q': []}")
    expect(names).to_have_text(["q", "main"])
    expect(frame).to_have_attribute("data-agrees", "true")
    assert inits.errors() == []
