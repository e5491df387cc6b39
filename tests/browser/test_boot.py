"""The boot page in a real JupyterLab: stepped and played by keys, live, with its exercise."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from golifelab.load.hold.tracer import PtraceRefused
from golifelab.program import Program
from golifelab.run.boot.boot import boot

TEXT = "package main\n\nfunc main() { println(1) }\n"
CELL = f"""\
from golifelab import Program, show
page = show(Program.from_text({TEXT!r}), view="boot")
page"""
ROOT = ".golifelab-boot"


@pytest.fixture
def page_of(light, window):
    program = Program.from_text(TEXT)
    try:
        boot(program.source, program.target, tier="ptrace")
    except PtraceRefused as error:
        pytest.skip(str(error))
    window.open(light, light.write("boot.ipynb", CELL))
    expect(row(window.page, "main.main")).to_be_visible()
    assert window.errors() == []
    return window


def row(page, name):
    named = page.locator("code").get_by_text(name, exact=True)
    return page.locator(f"{ROOT} .gl-boot-row").filter(has=named)


def test_by_keys_alone_and_live(page_of):
    page, cells = page_of.page, page_of.cells()
    title = page.locator(f"{ROOT} .gl-boot-title")
    slider = page.locator(f"{ROOT} .gl-player-slider")
    goroutine = page.locator(f"{ROOT} .gl-boot-side").nth(1)
    row(page, "rt0_go").click()
    expect(title).to_have_text("runtime.rt0_go")
    expect(goroutine).to_contain_text("no goroutine has run")
    for key in ("b", "d", "d", "x", "ArrowDown"):
        page.keyboard.press(key)
    assert page_of.cells() == cells
    expect(title).to_have_text("runtime.check")
    expect(row(page, "check")).to_be_focused()
    # The switch of stacks, with what is on both.
    row(page, "gogo").click()
    expect(page.locator(f"{ROOT} .gl-boot-side[data-now] li[data-newest]")).to_have_text("gogo")
    page.keyboard.press("ArrowDown")
    expect(title).to_have_text("runtime.main")
    expect(goroutine).to_contain_text("● runs")
    expect(goroutine.locator("li")).to_have_text(["goexit", "runtime.main"])
    # main.main is in the source.
    row(page, "main.main").click()
    expect(page.locator(f"{ROOT} .cm-content .gl-ring")).to_be_visible()
    page_of.told("print(page.selection)", "'line': 3")
    # Played from the beginning, and stopped.
    slider.focus()
    page.keyboard.press("Home")
    expect(title).to_contain_text("_rt0_")
    page.keyboard.press("Space")
    expect(page.locator(f"{ROOT} .golifelab-player")).to_have_attribute("data-playing", "")
    expect(title).to_have_text("runtime.rt0_go", timeout=15000)
    page.keyboard.press("Space")
    expect(page.locator(f"{ROOT} .golifelab-player[data-playing]")).to_have_count(0)
    page.get_by_label("every event").check()
    page.locator(f"{ROOT} .gl-boot-track").focus()
    page.keyboard.press("End")
    # What is seen last is the end, or what another thread was about to do just then.
    expect(title).to_have_text(re.compile("system call (exit_group|nanosleep|futex)"))
    assert page.locator(ROOT).locator("*").count() < 5000
    # Live: another program starts otherwise, and one that does not compile leaves the last.
    page_of.ask(
        "page.source = page.source.replace('main\\n', 'main\\n\\nimport \"os\"\\n', 1)"
        ".replace('println(1)', 'println(1); os.Exit(3)')"
    )
    expect(page.locator(f"{ROOT} .gl-boot-figures")).to_contain_text("exit status 3")
    page_of.ask("page.source = page.source.replace('os.Exit', 'os.Exot')")
    expect(page.locator(f"{ROOT} .gl-status")).to_contain_text("undefined: os.Exot")
    expect(row(page, "main.main")).to_be_visible()
    assert page_of.errors() == []


def test_the_exercise(page_of):
    page = page_of.page
    page.get_by_text("Exercise: repair the order").click()
    steps = page.locator(f"{ROOT} .gl-boot-order li")
    expect(steps.locator("code")).to_have_text(
        ["rt0_go", "runtime.main", "newproc", "mstart", "schedule", "execute", "main.main"]
    )
    verdict = page.locator(f"{ROOT} .gl-boot-verdict")
    page.locator(f"{ROOT} .gl-boot-check").click()
    expect(verdict).to_contain_text("2 of 7")
    expect(steps.nth(1)).to_have_attribute("data-right", "false")
    steps.nth(1).click()
    for _ in range(4):
        page.keyboard.press("Alt+ArrowDown")
    expect(steps.nth(5)).to_be_focused()
    page.locator(f"{ROOT} .gl-boot-check").click()
    expect(verdict).to_contain_text("That is the order")
    page.get_by_role("button", name="Add the steps between").click()
    expect(steps).to_have_count(11)
    page.locator(f"{ROOT} .gl-boot-check").click()
    expect(verdict).not_to_contain_text("That is the order")
    assert page_of.errors() == []
