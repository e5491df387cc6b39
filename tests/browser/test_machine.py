"""The lab's machine tab and its biography strip: what they show is what Python says."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

IMPORTS = "from golifelab import Program, sample"
LAB = f"""\
{IMPORTS}
from golifelab.widgets.lab import Lab
lab = Lab(sample("add"), "add", tab="machine")
lab"""
ALONE = 'sample("add").machine("add")'
# Some 2,000 instructions.
LONG = """\
lines = "".join(f"\\tif n > {i} {{ n += n*{i} ^ {i} }}\\n" for i in range(700))
text = "package main\\n\\n//go:noinline\\nfunc long(n int) int {\\n" + lines + "\\treturn n\\n}\\n"
Program.from_text(text + "\\nfunc main() { println(long(1)) }\\n").machine("long")"""
PANE = '.golifelab-lab [data-side="0"]'


def rows(page, root=PANE):
    return page.locator(f"{root} .gl-asm-row")


def row(page, text, root=PANE):
    return rows(page, root).filter(has_text=text)


@pytest.fixture
def lab(light, window):
    window.open(light, light.write("machine.ipynb", LAB))
    expect(row(window.page, "ADDQ")).to_be_visible()
    assert window.errors() == []
    return window


def test_instructions_source_and_values_are_one_selection(lab):
    page = lab.page
    told = json.loads(
        lab.ask(
            "import json; m = lab.value.machine('add');"
            " print(json.dumps([[one.text for one in m], [m.gnu(i) for i in range(len(m))]]))"
        )
    )
    texts = page.locator(f"{PANE} .gl-asm-text")
    assert texts.all_inner_texts() == told[0]
    row(page, "ADDQ").click()
    expect(page.locator(".golifelab-lab .cm-line .gl-ring")).to_have_text("+")
    value = row(page, "ADDQ").get_attribute("data-here")
    assert value == "value"
    expect(page.locator(".gl-asm-does").first).to_have_text("add: AX = AX + BX")
    chip = row(page, "ADDQ").locator(".gl-asm-origin").inner_text()
    strip = page.locator(".golifelab-lab .gl-bio")
    expect(strip).to_have_attribute("data-value", chip)
    expect(strip.locator(".gl-bio-code")).to_contain_text("ADDQ BX, AX")
    # The other way: what is chosen in the source is found in the code.
    lab.ask("lab.select('main.go:10:11')")
    expect(row(page, "SUBQ")).to_have_attribute("data-here", "place")
    # By keys: down the list, and with a jump to where it leads.
    listing = page.locator(f"{PANE} .gl-asm-list")
    listing.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    expect(row(page, "JLE")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(row(page, "SUBQ")).to_have_attribute("aria-selected", "true")
    # The search counts what this tab shows: instructions, whatever the pass's lines have.
    page.locator(f"{PANE} .gl-search-text").fill("JLE")
    count = page.locator(f"{PANE} .gl-search-count")
    expect(count).to_have_attribute("title", re.compile(r"^1 instruction; \d+ of \d+ passes"))
    page.locator(f"{PANE} .gl-search-text").fill("")
    page.get_by_role("button", name="GNU").first.click()
    assert texts.all_inner_texts() == told[1]

    # And an edit marks what it brought.
    lab.ask("lab.source = lab.source.replace('a + b', 'a * b')")
    expect(row(page, "MULQ")).to_have_attribute("data-since", "+")
    expect(page.locator(f"{PANE} .gl-asm-since")).to_have_text("+1 byte")
    expect(row(page, "TESTQ")).not_to_have_attribute("data-since", "+")


def test_the_strip_is_the_biography(lab):
    page = lab.page
    lab.ask("lab.source = sample('decisions').text; lab.function = 'main.main'; lab.wait(20)")
    expect(row(page, "MULSD")).to_be_visible()
    # A number that the compiler gave to several values.
    told = json.loads(
        lab.ask(
            "import json; from golifelab.compile.ssa.biography import lives\n"
            "name, lived = max(lives(lab.code.passes).items(), key=lambda one: len(one[1]))\n"
            "events = [[event.pass_index, event.kind] for event in lived[-1].events]\n"
            "print(json.dumps([name, len(lived), events]))"
        )
    )
    name, count, events = f"v{told[0]}", told[1], told[2]
    assert count > 1
    lab.ask(f"lab.selection = {{**lab.selection, 'value': '{name}', 'life': '{name}#{count}'}}")
    strip = page.locator(".golifelab-lab .gl-bio")
    expect(strip).to_have_attribute("data-value", name)
    nth = strip.locator(".gl-bio-nth")
    expect(nth).to_have_count(count)
    expect(nth.last).to_have_attribute("aria-pressed", "true")
    shown = strip.locator(".gl-bio-event[data-pass]").evaluate_all(
        "(all) => all.map((one) => [Number(one.dataset.pass), one.dataset.kind])"
    )
    assert shown == events
    expect(strip.locator(".gl-time-sign")).to_have_count(len(events))
    # An event leads to its pass, another number to another value.
    strip.locator(".gl-bio-pass").first.click()
    slider = page.locator(".golifelab-lab .gl-pane .gl-slider").first
    expect(slider).to_have_attribute("aria-valuenow", str(events[0][0]))
    nth.first.click()
    expect(nth.first).to_have_attribute("aria-pressed", "true")
    first = strip.locator(".gl-bio-event[data-pass]").first
    assert int(first.get_attribute("data-pass")) < events[0][0]


def test_a_value_of_machine_code_shows_it_alone_and_only_what_is_in_view(light, window):
    window.open(light, light.write("alone.ipynb", IMPORTS, ALONE, LONG))
    page = window.page
    alone = page.locator(".golifelab-machine")
    expect(alone).to_have_count(2)
    expect(alone.first.locator(".gl-asm-row")).to_have_count(7)
    long = alone.nth(1)
    long.scroll_into_view_if_needed()
    assert page.locator(".golifelab-machine *").count() < 5000
    long.locator(".gl-asm-list").focus()
    page.keyboard.press("End")
    last = long.locator(".gl-asm-row").last
    expect(last).to_have_attribute("aria-selected", "true")
    assert int(last.get_attribute("aria-setsize")) > 2000
    assert page.locator(".golifelab-machine *").count() < 5000
