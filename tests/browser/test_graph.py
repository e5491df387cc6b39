"""The control-flow graph in a real JupyterLab: passes, edits, keys, selection both ways."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

GRAPH = """\
from golifelab import Program
from golifelab.widgets import Lab
lab = Lab(Program.from_text('''package main

//go:noinline
func order(list []int) {
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

func main() {
	list := []int{3, 1, 2}
	order(list)
	println(list[0])
}
'''), "order", tab="graph")
lab"""
PANE = '.golifelab-lab .gl-pane[data-side="0"]'
BLOCKS = f"{PANE} .gl-cfg-block"


@pytest.fixture
def page(light, window):
    window.open(light, light.write("graph.ipynb", GRAPH))
    expect(window.page.locator(BLOCKS).first).to_be_visible(timeout=30_000)
    assert window.errors() == []
    window.page.locator(".golifelab-lab").evaluate("(root) => root.scrollIntoView()")
    yield window.page
    assert window.errors() == []


def block(page, name):
    return page.locator(f'{BLOCKS}[data-block="{name}"]')


def in_view(page):
    """The names of the blocks that are wholly in view."""
    return page.locator(f"{PANE} .gl-cfg-view").evaluate(
        """(view) => {
          const box = view.getBoundingClientRect();
          return [...view.querySelectorAll(".gl-cfg-block")].filter((block) => {
            const one = block.getBoundingClientRect();
            return one.left >= box.left && one.right <= box.right
              && one.top >= box.top && one.bottom <= box.bottom;
          }).map((block) => block.dataset.block);
        }"""
    )


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('data-block')")


def to_pass(page, key):
    page.locator(f"{PANE} .gl-slider").focus()
    page.keyboard.press(key)


def test_loops_are_boxes_and_lead_back(page):
    expect(page.locator(f"{PANE} [data-tab=values] .gl-ssa-text")).to_be_hidden()
    expect(page.locator(f"{PANE} .gl-cfg-loop")).to_have_count(2)
    expect(page.locator(f'{PANE} .gl-cfg-edge[data-kind^="back"]').first).to_be_attached()
    expect(page.locator(f"{PANE} .gl-cfg-note")).to_contain_text("2 loops")
    expect(page.locator(f"{PANE} .gl-cfg-end", has_text="likely").first).to_be_visible()
    labels = page.locator(BLOCKS).evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert any("in a loop, depth 2" in label for label in labels)


def test_the_block_under_the_pointer_stays_where_it_is(page):
    to_pass(page, "End")
    name = in_view(page)[-1]
    box = block(page, name).bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    seen = marked = 0
    for _ in range(20):
        page.keyboard.press("PageDown")
        now = block(page, name)
        if now.count() == 0:
            break
        seen += 1
        marked += page.locator(f"{PANE} .gl-cfg-line[data-mark]").count()
        place = now.bounding_box()
        assert abs(place["x"] - box["x"]) < 1
        assert abs(place["y"] - box["y"]) < 1
    assert seen >= 3
    assert marked > 0


def test_the_keys_lead_from_block_to_block_and_stay_in_the_view(page, window):
    cells = window.cells()
    page.locator(f"{BLOCKS}[tabindex='0']").focus()
    page.keyboard.press("Home")
    first = focused(page)
    for key in ("ArrowDown", "ArrowDown", "b", "d", "d", "x"):
        page.keyboard.press(key)
    second = focused(page)
    assert second not in {None, first}
    expect(block(page, second)).to_have_attribute("tabindex", "0")
    expect(page.locator(f"{BLOCKS}[tabindex='0']")).to_have_count(1)
    expect(page.locator(f'{PANE} .gl-cfg-edge[data-kind~="own"]').first).to_be_attached()
    page.keyboard.press("End")
    assert focused(page) not in {first, second}
    page.keyboard.press("-")
    expect(page.locator(f"{PANE} .gl-cfg-zoom")).to_have_text("80 %")
    page.keyboard.press("0")
    expect(page.locator(BLOCKS)).to_have_count(
        int(page.locator(f"{PANE} .gl-cfg-note").inner_text().split()[0])
    )
    assert window.cells() == cells


def test_a_line_selects_its_source_and_the_source_its_block(page, window):
    line = page.locator(f"{PANE} .gl-cfg-line[data-row]", has_text="CMPQ").first
    row, value = line.get_attribute("title"), line.locator(".gl-value").first
    name = value.inner_text()
    value.click()
    expect(page.locator(f"{PANE} .gl-cfg-block .gl-value.gl-ring").first).to_have_text(name)
    window.told("print(lab.selection.get('value'))", f"^{name}$")
    assert window.ask("print(lab.selection['line'])").strip() in row
    window.ask("lab.select('main.go:7:4')")
    expect(page.locator(f"{PANE} .gl-cfg-here").first).to_be_visible()
    titles = page.locator(f"{PANE} .gl-cfg-here").evaluate_all("all => all.map((one) => one.title)")
    assert all(title.split(")")[0].endswith("7") for title in titles)


def test_pressing_the_mouse_moves_nothing_and_a_name_leads_to_its_block(page):
    page.locator(f"{PANE} .gl-cfg-view").evaluate("(view) => view.scrollTo(0, 60)")
    second = block(page, in_view(page)[0])
    before = second.bounding_box()
    second.locator(".gl-cfg-title").click()
    assert second.bounding_box() == before
    expect(second).to_be_focused()
    go = second.locator("[data-go]").first
    name = go.inner_text()
    go.click()
    expect(block(page, name)).to_be_focused()


def test_the_graph_stays_when_the_text_is_edited_and_when_it_breaks(page, window):
    window.ask("lab.source = lab.source.replace('list[j] < list[j-1]', 'list[j] > list[j-1]')")
    graph = page.locator(PANE).get_by_role("tab", name="Graph", exact=True)
    window.ask("lab.wait(20)")
    expect(graph).to_have_attribute("aria-selected", "true")
    # A loop without its inner one: the picture follows.
    window.ask("lab.source = lab.source.replace('for j := i; j > 0', 'if j := i; j > 0')")
    expect(page.locator(PANE)).to_have_attribute("data-stale", "")
    expect(page.locator(BLOCKS).first).to_be_visible()
    window.ask("lab.source = lab.source.replace('list[j-1]; j-- {', 'list[j-1] {')")
    expect(page.locator(f"{PANE} .gl-cfg-loop")).to_have_count(1)
    expect(page.locator(f"{PANE} .gl-cfg-note")).to_contain_text("1 loop")
    expect(page.locator(f"{PANE} .gl-cfg-note")).not_to_contain_text("loops")
    expect(graph).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    graph.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(f"{PANE} [data-tab=values] .gl-ssa-text")).to_be_visible()
    expect(page.locator(f"{PANE} .gl-row", has_text="CMPQ").first).to_be_visible()


def test_pins_hits_and_the_search_are_seen_in_the_graph(page):
    line = page.locator(f"{PANE} .gl-cfg-line[data-row]", has_text="CMPQ").first
    value = line.locator(".gl-value").first
    name = value.inner_text()
    value.click()
    page.keyboard.press("p")
    expect(
        page.locator(f'{PANE} .gl-cfg-line [data-value="{name}"][data-pin="1"]').first
    ).to_be_visible()
    page.locator(f"{BLOCKS}[tabindex='0']").focus()
    chosen = focused(page)
    page.keyboard.press("Shift+P")
    expect(block(page, chosen)).to_have_attribute("data-pin", "2")
    to_pass(page, "PageUp")
    to_pass(page, "PageDown")
    expect(block(page, chosen)).to_have_attribute("data-pin", "2")
    page.keyboard.press("/")
    page.keyboard.type("Phi")
    expect(page.locator(f"{PANE} .gl-cfg-line mark.gl-found").first).to_be_visible()
    expect(page.locator(f"{BLOCKS}[data-hits]").first).to_be_attached()
    seen = set()
    for _ in range(3):
        page.keyboard.press("Enter")
        hit = page.locator(f"{PANE} .gl-cfg-line[data-hit]")
        expect(hit).to_have_count(1)
        expect(hit).to_be_in_viewport()
        expect(hit).to_contain_text("Phi")
        seen.add(hit.get_attribute("data-row"))
    assert len(seen) == 3
