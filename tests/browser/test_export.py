"""Exports: the menu below a view in JupyterLab, and the page that it makes, opened from a file."""

from __future__ import annotations

import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import expect

from golifelab import sample, show
from golifelab.widgets.export import export

LAB = """from golifelab import sample, show
show(sample('add'), view='lab', function='add', tab='graph', against='opt')"""


def chosen(page, words: str, folder: Path) -> Path:
    """The file that the export menu gives for an entry."""
    page.locator(".gl-export-open").first.click()
    with page.expect_download() as coming:
        page.locator(".gl-export-entry", has_text=words).first.click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def opened(window, path: Path):
    window.page.goto(path.as_uri())
    expect(window.page.locator("html")).to_have_attribute("data-ready", "true")
    return window.page


def scrubbed(page) -> None:
    """The page is alive: its passes are scrubbed, a value is selected in the source."""
    page.get_by_role("tab", name="Values").first.click()
    page.locator(".gl-slider").first.focus()
    page.keyboard.press("Home")
    expect(page.locator(".gl-pass-name").first).to_have_text("start")
    page.locator(".gl-value").first.click()
    expect(page.locator(".gl-value.gl-ring").first).to_be_visible()


def test_the_menu_gives_pictures_and_a_page_that_lives_without_its_kernel(light, window, tmp_path):
    window.open(light, light.write("export.ipynb", LAB))
    page = window.page
    expect(page.locator(".gl-cfg-block")).to_have_count(3)
    svg = ET.fromstring(chosen(page, "SVG", tmp_path).read_text(encoding="utf-8"))
    words = " ".join(svg.itertext())
    assert "func" in words
    assert "v13" in words
    assert not [one for one in svg.iter() if one.get("class") == "gl-export"]
    picture = chosen(page, "PNG", tmp_path).read_bytes()
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert (width, height) == (2 * int(svg.get("width")), 2 * int(svg.get("height")))
    graph = ET.fromstring(chosen(page, "whole graph (SVG)", tmp_path).read_text(encoding="utf-8"))
    assert "ADDQ" in " ".join(graph.itertext())
    assert chosen(page, "DOT", tmp_path).read_text(encoding="utf-8").startswith("digraph cfg")
    alive = chosen(page, "stays alive", tmp_path)
    scrubbed(opened(window, alive))
    page.get_by_role("tab", name="Diff").first.click()
    expect(page.get_by_label("compare with").first).to_have_value("opt")
    expect(page.locator(".gl-diff-heads").first.locator("span")).to_have_text(["start", "opt"])
    page.locator(".cm-content").click()
    page.keyboard.type("no kernel would compile this")
    expect(page.locator(".cm-content")).not_to_contain_text("no kernel")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_follows_the_readers_theme_and_links_its_views(window, tmp_path, scheme):
    program = sample("add")
    views = [show(program, view="life", function="add", key="one")]
    views.append(show(program, view="trees", key="one"))
    path = export(views, tmp_path / "both.html")
    window.page.emulate_media(color_scheme=scheme)
    page = opened(window, path)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    ink = page.locator(".gl-station b").first.evaluate("(one) => getComputedStyle(one).color")
    dark = [sum(map(int, colour.strip("rgb()").split(", "))) < 384 for colour in (ground, ink)]
    assert dark == [scheme == "dark", scheme == "light"]
    scrubbed(page)
    chosen_line = page.locator(".gl-row-here").first.inner_text()
    node = page.locator(".golifelab-trees [role=treeitem][aria-selected=true]").first
    expect(node).to_be_visible()
    assert chosen_line
    tops = "(all) => all.map((one) => one.getBoundingClientRect().top)"
    beside = page.locator(".gl-tree-head").evaluate_all(tops)
    assert len(beside) == 3
    assert len(set(beside)) == 1, "the page's own style stays out of its views"


def test_the_menu_works_by_keyboard(window, tmp_path):
    path = export(show(sample("add"), view="tokens"), tmp_path / "tokens.html")
    page = opened(window, path)
    button = page.locator(".gl-export-open")
    button.focus()
    page.keyboard.press("Enter")
    entries = page.locator(".gl-export-entry")
    expect(entries.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(entries.last).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(entries.first).to_be_hidden()
