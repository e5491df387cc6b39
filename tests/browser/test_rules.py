"""The rule stepper in a real JupyterLab: stepped by keys, played, linked with the source."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

TEXT = """\
package main

func sum(values []int) int {
	total := 0
	for i := range values {
		total += values[i] * 8
	}
	return total
}

func main() { println(sum([]int{1, 2, 3})) }
"""
STEPPER = f"""\
from golifelab import Program, show
stepper = show(Program.from_text({TEXT!r}), view="rules")
stepper"""
ROOT = ".golifelab-rules"


@pytest.fixture
def stepper(light, window):
    window.open(light, light.write("rules.ipynb", STEPPER))
    expect(tab(window.page, "Proofs")).to_have_text("Proofs 1")
    assert window.errors() == []
    return window


def tab(page, name):
    return page.locator(ROOT).get_by_role("tab", name=name)


def steps(page):
    return page.locator(f"{ROOT} .gl-rules-steps")


def number(page):
    return page.locator(f"{ROOT} .gl-rules-number")


def test_steps_by_keys_are_seen_in_the_source(stepper):
    page, cells = stepper.page, stepper.cells()
    expect(number(page)).to_contain_text("step 1 of")
    listed = steps(page).get_by_role("listbox")
    listed.focus()
    for key in ("b", "ArrowDown", "d", "d", "x"):
        page.keyboard.press(key)
        assert stepper.cells() == cells, key
    expect(number(page)).to_contain_text("step 2 of")
    step = stepper.ask("stepper.wait(); s = stepper.rewrites[1]; print(s.before, '|', s.rule)")
    before, _, rule = step.strip().partition(" | ")
    lines = steps(page).locator(".gl-rules-line")
    expect(lines.first).to_contain_text(before)
    expect(lines.first.locator("mark").first).to_be_visible()
    expect(steps(page).locator("figcaption")).to_have_text(rule.split(": ")[0])
    expect(steps(page).locator(".gl-rules-now")).to_have_attribute("aria-selected", "true")
    expect(page.locator(f"{ROOT} .cm-content .gl-ring")).to_be_visible()
    stepper.told("print(stepper.selection.get('value') == s.name, stepper.step)", "^True 1$")
    page.keyboard.press("PageDown")
    expect(steps(page).locator('.gl-rules-pass[aria-pressed="true"]')).not_to_contain_text("opt 1")
    page.keyboard.press("End")
    expect(number(page)).to_contain_text("lower")
    page.keyboard.press("Escape")
    expect(steps(page)).to_be_focused()
    assert stepper.cells() == cells


def test_the_source_leads_to_its_steps(stepper):
    page = stepper.page
    stepper.ask("stepper.select('main.go:6:22')")
    here = steps(page).locator("[data-here]")
    expect(here.first).to_be_visible()
    expect(steps(page).locator(".gl-rules-now")).to_have_attribute("data-here", "")
    expect(steps(page).locator(".gl-rules-head")).to_contain_text("main.go:6:22")
    # From Python, a step and a pass by name.
    stepper.ask("stepper.pass_ = 'lower'")
    expect(number(page)).to_contain_text("lower")
    stepper.ask("stepper.step = 0")
    expect(number(page)).to_contain_text("step 1 of")


def test_it_plays_and_pauses(stepper):
    page = stepper.page
    steps(page).get_by_role("listbox").focus()
    page.keyboard.press("Space")
    expect(steps(page).get_by_role("button", name="pause (space)")).to_be_visible()
    expect(number(page)).to_contain_text("step 2 of")
    page.keyboard.press("Space")
    expect(steps(page).get_by_role("button", name="play (space)")).to_be_visible()
    # The slider walks by its own keys, one step each.
    slider = steps(page).get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(number(page)).to_contain_text("step 3 of")


def test_proofs_say_why_and_are_linked(stepper):
    page = stepper.page
    tab(page, "Rewrites").focus()
    page.keyboard.press("ArrowRight")
    expect(tab(page, "Proofs")).to_be_focused()
    proofs = page.locator(f"{ROOT} .gl-proofs")
    expect(proofs.get_by_role("option")).to_contain_text("Proved IsInBounds")
    expect(proofs).to_contain_text("would have to hold, and it cannot")
    expect(proofs.locator(".gl-proofs-facts tr").first).to_contain_text("loop variable")
    proofs.get_by_role("option").click()
    expect(page.locator(f"{ROOT} .cm-content .gl-ring")).to_have_text("[")
    proofs.locator("summary").click()
    expect(proofs.locator('.gl-proofs-log [data-kind="proof"]')).to_have_count(1)
    assert "proofs" in stepper.ask("print(stepper.tab)")


def test_an_edit_keeps_the_step_and_an_error_the_picture(stepper):
    page = stepper.page
    steps(page).get_by_role("option").nth(1).click()
    head = steps(page).locator(".gl-rules-line").first.inner_text()
    stepper.ask("stepper.source = '// more\\n' + stepper.source")
    expect(steps(page).locator(".gl-rules-head")).to_contain_text("main.go:7")
    assert steps(page).locator(".gl-rules-line").first.inner_text() == head
    stepper.ask("stepper.source = stepper.source.replace('* 8', '* x')")
    frame = page.locator(f"{ROOT} .gl-rules")
    expect(frame).to_have_attribute("data-stale", "")
    assert steps(page).locator(".gl-rules-line").first.inner_text() == head


@pytest.mark.slow
def test_the_dark_theme_and_a_narrow_page(dark, window):
    window.page.set_viewport_size({"width": 620, "height": 900})
    window.open(dark, dark.write("rules.ipynb", STEPPER))
    page = window.page
    expect(steps(page).locator(".gl-rules-line").first).to_be_visible()
    ink, paper = page.evaluate(
        """(root) => {
          const light = (color) => color.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0);
          const style = (at) => getComputedStyle(document.querySelector(`${root} ${at}`));
          return [light(style(".gl-rules-row").color), light(style(".gl-rules").backgroundColor)];
        }""",
        ROOT,
    )
    assert ink > 500
    assert paper < 200
    wide = page.evaluate(
        "(root) => [root.scrollWidth, root.clientWidth]", page.query_selector(ROOT)
    )
    assert wide[0] <= wide[1] + 1
