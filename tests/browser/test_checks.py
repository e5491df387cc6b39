"""The check player in a real JupyterLab: live with the editor, by keys alone, in both themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

ADD = """\
package main

func add(a, b int) int {
	return a + b
}

func main() {
	println(add(1, 2))
}
"""
CHECKS = f"""\
from golifelab import Program
from golifelab.widgets import Checks
checks = Checks(Program.from_text({ADD!r}))
checks"""
ROOT = ".golifelab-checks"


@pytest.fixture
def player(light, window):
    window.open(light, light.write("checks.ipynb", CHECKS))
    shown(window.page, 0)
    assert window.errors() == []
    return window


def shown(page, seq):
    """The page once it shows what came of an edit."""
    page.wait_for_function(
        "([root, seq]) => Number(document.querySelector(root)?.dataset.seq) >= seq", arg=[ROOT, seq]
    )


def frame(page):
    return page.locator(f"{ROOT} .gl-checks")


def phase(page, name):
    return page.locator(f'{ROOT} .gl-check[data-phase="{name}"]')


def to_line(page, line, keys=("End",)):
    page.locator(f"{ROOT} .cm-content").click()
    page.keyboard.press("Control+Home")
    for key in ("ArrowDown",) * (line - 1) + keys:
        page.keyboard.press(key)


def test_who_complains_first_follows_every_edit(player):
    page = player.page
    expect(frame(page)).to_have_attribute("data-verdict", "good")
    expect(frame(page).locator(".gl-status")).to_contain_text("nobody complains")
    to_line(page, 4)
    page.keyboard.type(" + x")
    expect(frame(page)).to_have_attribute("data-verdict", "bad")
    expect(phase(page, "processDelayed")).to_have_attribute("data-first", "")
    expect(frame(page)).to_have_attribute("data-phase", "processDelayed")
    expect(page.locator(f"{ROOT} .gl-finding").first).to_contain_text("undefined: x")
    expect(page.locator(f"{ROOT} .gl-finding").first).to_contain_text("UndeclaredName")
    # The same wish for a type is noticed two phases earlier.
    to_line(page, 3, ("End", "ArrowLeft"))
    page.keyboard.type("missing ")
    expect(phase(page, "parse")).to_have_attribute("data-first", "")
    expect(phase(page, "packageObjects")).to_have_attribute("data-state", "never")
    for _ in "missing ":
        page.keyboard.press("Backspace")
    for _ in "int ":
        page.keyboard.press("Backspace")
    page.keyboard.type("missing ")
    expect(phase(page, "packageObjects")).to_have_attribute("data-first", "")
    assert "packageObjects" in player.ask("checks.wait(20); print(checks.value.checks.first.name)")


def test_phases_and_their_lines_by_keys_alone(player):
    page, cells = player.page, player.cells()
    tabs = page.locator(f"{ROOT} .gl-check")
    chosen = page.locator(f'{ROOT} .gl-check[aria-selected="true"]')
    chosen.focus()
    for key in ("Home", "ArrowDown", "b", "ArrowDown", "d", "d"):
        page.keyboard.press(key)
        assert player.cells() == cells, key
    expect(chosen).to_be_focused()
    expect(chosen).to_have_attribute("data-phase", tabs.nth(2).get_attribute("data-phase"))
    page.keyboard.press("End")
    expect(tabs.last).to_be_focused()
    expect(page.locator(f"{ROOT} .gl-trace-head")).to_contain_text("no trace")
    phase(page, "processDelayed").focus()
    page.keyboard.press("Enter")
    expect(frame(page)).to_have_attribute("data-phase", "processDelayed")
    trace = page.locator(f"{ROOT} .gl-trace")
    for _ in range(8):
        page.keyboard.press("Tab")
        if trace.evaluate("element => element === document.activeElement"):
            break
    expect(trace).to_be_focused()
    page.keyboard.press("Home")
    line = page.locator(f'{ROOT} .gl-trace-row[aria-selected="true"]')
    expect(line).to_have_attribute("data-line", "0")
    for _ in range(80):
        if "a + b" in line.inner_text():
            break
        page.keyboard.press("ArrowDown")
    expect(line).to_contain_text("a + b")
    active = trace.get_attribute("aria-activedescendant")
    expect(line).to_have_id(active)
    # Every step shows its place in the source.
    expect(page.locator(f"{ROOT} .cm-content .gl-ring")).not_to_be_empty()
    at = line.locator(".gl-trace-at").inner_text()
    player.told("print('{line}:{column}'.format(**checks.selection))", f"^{at}$")
    page.keyboard.press("Escape")
    expect(page.locator(f"{ROOT} .gl-detail")).to_be_focused()
    page.keyboard.press("b")
    assert player.cells() == cells


def test_the_trace_follows_the_selection(player):
    page = player.page
    phase(page, "processDelayed").click()
    # Both checkers have a line about the operand; only one of them knows where operators are.
    to_line(page, 4, ("End", *("ArrowLeft",) * 5))
    here = page.locator(f"{ROOT} .gl-trace-row.gl-row-here")
    expect(here.filter(has_text="a (variable of type int)")).to_be_visible()
    expect(phase(page, "processDelayed").locator(".gl-check-here")).to_have_attribute(
        "data-mentioned", ""
    )
    player.ask("checks.select('main.go:3:8')")
    expect(phase(page, "processDelayed").locator(".gl-check-here")).not_to_have_attribute(
        "data-mentioned", ""
    )


def test_an_error_leads_to_its_place_its_line_and_its_meaning(player):
    page = player.page
    player.ask("checks.source = checks.source.replace('a + b', 'a + \"b\"')")
    finding = page.locator(f"{ROOT} .gl-finding").first
    expect(finding).to_contain_text("first")
    finding.get_by_role("button", name="main.go:4").click()
    expect(page.locator(f"{ROOT} .cm-content .gl-ring")).not_to_have_count(0)
    finding.get_by_role("button", name="of the trace").click()
    line = page.locator(f'{ROOT} .gl-trace-row[aria-selected="true"]')
    expect(line).to_have_attribute("data-found", "")
    meaning = finding.locator("summary", has_text="means")
    meaning.click()
    expect(finding.locator("details[open] p").first).to_be_visible()
    # What was opened stays open while one edits.
    player.ask("checks.source = checks.source.replace('println', 'print')")
    shown(page, 2)
    expect(finding.locator("details[open] p").first).to_be_visible()


FILES = {
    "half.go": "package main\n\nfunc half(n int) int { return n / 2 }\n",
    "main.go": "package main\n\nfunc main() {\n\tprintln(half(4) + 1)\n}\n",
}
SEVERAL = f"""\
from golifelab import Program, Target
from golifelab.source import Source
from golifelab.widgets import Checks
checks = Checks(Program(Source({tuple(FILES.items())!r}), Target()), file="half.go")
checks"""


def test_the_files_of_a_program_are_chosen_edited_and_led_to(light, window):
    window.open(light, light.write("several.ipynb", SEVERAL))
    page = window.page
    shown(page, 0)
    picker, text = page.locator(f"{ROOT} .gl-file select"), page.locator(f"{ROOT} .cm-content")
    expect(picker).to_have_value("half.go")
    to_line(page, 3)
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("+ a ")
    shown(page, 4)
    picker.focus()
    page.keyboard.press("ArrowDown")
    expect(picker).to_have_value("main.go")
    expect(text).to_contain_text("func main")
    # The error stands in the other file: this one has no squiggle, and the finding leads there.
    expect(page.locator(f"{ROOT} .cm-lintRange-error")).to_have_count(0)
    text.focus()
    page.keyboard.press("Control+z")
    expect(text).to_contain_text("func main")
    place = page.locator(f"{ROOT} .gl-go", has_text="half.go:3").first
    place.focus()
    page.keyboard.press("Enter")
    expect(picker).to_have_value("half.go")
    expect(text).to_contain_text("n / 2 + a")
    expect(page.locator(f"{ROOT} .cm-lintRange-error")).not_to_have_count(0)
    window.told("print(checks.file, checks.value.errors[0])", "half.go half.go:3:.*undefined: a")
    assert window.errors() == []


@pytest.mark.slow
def test_the_dark_theme_and_a_narrow_page(dark, window):
    broken = CHECKS.replace("a + b", "a + c")
    window.page.set_viewport_size({"width": 700, "height": 900})
    window.open(dark, dark.write("checks.ipynb", broken))
    page = window.page
    expect(phase(page, "processDelayed")).to_have_attribute("data-first", "")
    light = page.evaluate(
        """(root) => getComputedStyle(document.querySelector(`${root} .gl-check-name`))
          .color.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0)""",
        ROOT,
    )
    assert light > 400
    wide = page.evaluate(
        """(root) => [document.querySelector(root).scrollWidth,
                      document.querySelector(root).clientWidth]""",
        ROOT,
    )
    assert wide[0] <= wide[1] + 1
