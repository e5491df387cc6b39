"""The three trees in a real JupyterLab: keys, search, selection both ways, and many nodes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

TREES = """\
from golifelab import sample
from golifelab.widgets import Trees
trees = Trees(sample("add"))
trees"""
STAGE = "trees.value.go_syntax"
MANY = """\
from golifelab import Program
from golifelab.widgets import Trees
body = "".join(f"func f{i}(a int) int {{\\n\\treturn a*2 + {i}\\n}}\\n" for i in range(8000))
p = Program.from_text("package main\\n\\n" + body)
from golifelab.widgets import show
tree = show(p.syntax)
print(len(p.syntax))
tree"""

ROOT = ".golifelab-trees:has(.cm-content)"


def tree(page, name):
    return page.locator(f'{ROOT} [data-tree="{name}"] [role="tree"]')


def chosen(page, name):
    return tree(page, name).locator('[aria-selected="true"]')


def expect_rows(page, name, count):
    """Wait until a tree is this many rows long: those out of view do not exist."""
    wanted = """([one, count]) => Math.round(one.querySelector(".gl-all").offsetHeight
      / one.querySelector(".gl-node").offsetHeight) === count"""
    page.wait_for_function(wanted, arg=[tree(page, name).element_handle(), count])


def rows(page, name):
    """How many rows long a tree is."""
    count: int = tree(page, name).evaluate(
        """(one) => Math.round(one.querySelector(".gl-all").offsetHeight
          / one.querySelector(".gl-node").offsetHeight)"""
    )
    return count


@pytest.fixture
def page(light, window):
    window.open(light, light.write("trees.ipynb", TREES, STAGE))
    expect(tree(window.page, "ir").locator('[role="treeitem"]').first).to_be_visible()
    assert window.errors() == []
    yield window.page
    assert window.errors() == []


def to_place(page, line, column):
    page.locator(f"{ROOT} .cm-content").focus()
    page.keyboard.press("Control+Home")
    for _ in range(line - 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    page.keyboard.press("Home")
    for _ in range(column - 1):
        page.keyboard.press("ArrowRight")


def test_the_cursor_leads_to_a_node_in_every_tree(page):
    to_place(page, 10, 11)
    expect(chosen(page, "syntax")).to_contain_text("Operation")
    expect(chosen(page, "go")).to_contain_text("BinaryExpr")
    expect(chosen(page, "ir")).to_contain_text("SUB")
    card = page.locator(f"{ROOT} .gl-node-card")
    expect(card).to_contain_text("10:11")
    expect(card).to_contain_text("BinaryExpr -")
    expect(card).to_contain_text("SUB int")


def test_a_node_leads_to_the_source_and_to_the_other_trees(page):
    tree(page, "go").focus()
    page.keyboard.press("Home")
    expect(chosen(page, "go")).to_contain_text("File")
    page.keyboard.type("call", delay=20)
    expect(chosen(page, "go")).to_contain_text("CallExpr")
    expect(chosen(page, "syntax")).to_contain_text("CallExpr")
    extent = "".join(page.locator(f"{ROOT} .gl-extent").all_inner_texts())
    assert extent == "fmt.Println(add(40, 2))"
    expect(page.locator(f"{ROOT} .gl-node-card")).to_contain_text("Lparen")
    page.locator(f"{ROOT} .gl-crumb", has_text="FuncDecl").click()
    expect(chosen(page, "go")).to_contain_text("FuncDecl")


def test_the_keys_open_and_close(page):
    syntax = tree(page, "syntax")
    syntax.focus()
    page.keyboard.press("Home")
    whole = rows(page, "syntax")
    page.keyboard.press("ArrowLeft")
    expect_rows(page, "syntax", 1)
    expect(chosen(page, "syntax")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowRight")
    expect_rows(page, "syntax", whole)
    page.keyboard.press("ArrowRight")
    expect(chosen(page, "syntax")).to_contain_text("PkgName")
    expect(chosen(page, "syntax")).to_have_attribute("aria-level", "2")
    expect(chosen(page, "syntax")).to_have_attribute("aria-posinset", "1")
    expect(chosen(page, "syntax")).to_have_attribute("aria-setsize", "4")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expect(chosen(page, "syntax")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(chosen(page, "syntax")).to_have_attribute("aria-expanded", "false")
    assert rows(page, "syntax") < whole
    page.keyboard.press("*")
    expect_rows(page, "syntax", whole)
    page.keyboard.press("End")
    active = syntax.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    before = page.locator(".jp-Cell").count()
    for key in ("b", "d", "d", "x", "Enter"):
        page.keyboard.press(key)
    assert page.locator(".jp-Cell").count() == before


def test_nodes_that_cover_the_same_text_are_gone_through_one_by_one(page):
    tree(page, "syntax").focus()
    page.keyboard.press("Home")
    page.keyboard.type("expr", delay=20)
    expect(chosen(page, "syntax")).to_contain_text("ExprStmt")
    page.keyboard.press("ArrowDown")
    expect(chosen(page, "syntax")).to_contain_text("CallExpr")
    page.keyboard.press("ArrowUp")
    expect(chosen(page, "syntax")).to_contain_text("ExprStmt")
    page.keyboard.press("ArrowUp")
    expect(chosen(page, "syntax")).to_contain_text("BlockStmt")


def test_a_search_counts_marks_and_goes_round(page):
    tree(page, "syntax").focus()
    page.keyboard.press("/")
    field = page.locator(f"{ROOT} .gl-search")
    expect(field).to_be_focused()
    page.keyboard.type("operation")
    counts = page.locator(f"{ROOT} .gl-tree-count")
    expect(counts.first).to_have_text("3 of 41 nodes")
    expect(page.locator(f"{ROOT} [data-found]")).to_have_count(3)
    page.keyboard.press("Enter")
    first = chosen(page, "syntax").inner_text()
    page.keyboard.press("Escape")
    expect(tree(page, "syntax")).to_be_focused()
    page.keyboard.press("n")
    assert chosen(page, "syntax").inner_text() != first
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert chosen(page, "syntax").inner_text() == first
    page.keyboard.press("N")
    assert chosen(page, "syntax").inner_text() != first


def test_another_function_and_another_moment(page):
    picker = page.locator(f"{ROOT} .gl-pickers select")
    before = tree(page, "ir").inner_text()
    picker.first.select_option("main")
    expect(tree(page, "ir")).to_contain_text("CALLFUNC")
    assert tree(page, "ir").inner_text() != before
    picker.first.select_option("add")
    expect(tree(page, "ir")).to_contain_text("SUB")
    moments = picker.last.locator("option").all_inner_texts()
    assert "before walk" in moments
    assert "after walk" in moments
    picker.last.select_option("before walk")
    expect(page.locator(f'{ROOT} [data-tree="ir"] .gl-tree-count')).to_have_text("12 nodes")


def test_an_edit_keeps_what_is_closed_and_an_error_keeps_the_tree_so_far(page):
    syntax = tree(page, "syntax")
    whole = rows(page, "syntax")
    syntax.focus()
    page.keyboard.press("Home")
    page.keyboard.type("import", delay=20)
    page.keyboard.press("ArrowLeft")
    expect_rows(page, "syntax", whole - 1)
    to_place(page, 8, 12)
    page.keyboard.press("Delete")
    page.keyboard.type("*")
    expect(tree(page, "ir")).to_contain_text("MUL")
    expect_rows(page, "syntax", whole - 1)
    page.keyboard.type("*/")
    first = page.locator(f'{ROOT} .gl-light[data-state="first"]')
    expect(first).to_have_attribute("data-who", "parser")
    assert rows(page, "syntax") > 10
    expect(page.locator(f'{ROOT} [data-tree="ir"] .gl-nothing')).to_contain_text("errors")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(first).to_have_count(0)
    expect(tree(page, "ir")).to_contain_text("MUL")


def test_a_narrow_page_has_tabs(page):
    page.set_viewport_size({"width": 700, "height": 900})
    tabs = page.locator(f'{ROOT} [role="tab"]')
    expect(tabs.first).to_be_visible()
    expect(tree(page, "go")).not_to_be_visible()
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    expect(tree(page, "go")).to_be_visible()
    expect(tree(page, "syntax")).not_to_be_visible()
    wide = page.locator(ROOT).evaluate("(one) => one.scrollWidth <= one.clientWidth + 1")
    assert wide


def test_a_stage_draws_itself_without_an_editor(page):
    alone = page.locator(".golifelab-trees:not(:has(.cm-content))")
    expect(alone.locator('[role="treeitem"]').first).to_contain_text("File")
    expect(alone.locator('[role="tree"]')).to_have_count(1)


def test_hundred_thousand_nodes_stay_in_hand(light, window):
    window.open(light, light.write("many.ipynb", MANY))
    page = window.page
    nodes = page.locator('.golifelab-trees [role="tree"]')
    expect(nodes.locator('[role="treeitem"]').first).to_be_visible(timeout=120_000)
    expect(page.locator(".gl-tree-count")).to_contain_text("nodes")
    count = int(page.locator(".gl-tree-count").inner_text().split()[0].replace(",", ""))
    assert count > 100_000
    page.locator(".gl-tree-tools button").first.click()
    nodes.focus()
    page.keyboard.press("End")
    last = nodes.locator('[aria-selected="true"]')
    expect(last).to_contain_text("7999")
    assert nodes.locator("*").count() < 5000
    page.keyboard.press("/")
    page.keyboard.type("f4321")
    page.keyboard.press("Enter")
    expect(last).to_contain_text("f4321")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowUp")
    expect(last).to_contain_text("FuncDecl")
    assert page.locator("*").count() < 5000
