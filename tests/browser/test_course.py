"""The course's own pages in a real JupyterLab, from top to bottom."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.mark.parametrize("name", ["00_start_here", "01_whole_life"])
def test_a_page_runs_and_its_rail_reacts_to_an_edit(light, window, name):
    shutil.copytree(NOTEBOOKS, light.root, dirs_exist_ok=True)
    window.open(light, f"{name}.ipynb")
    assert window.errors() == []
    page = window.page
    lab = page.locator(".golifelab-life").first
    lab.scroll_into_view_if_needed()
    process = lab.locator('.gl-station[data-station="process"]')
    expect(process).to_have_attribute("data-state", "fresh", timeout=60_000)
    lab.locator(".cm-line", has_text="return a + b").click()
    page.keyboard.press("End")
    page.keyboard.type(" + b")
    here = lab.locator('.gl-station[data-station="tokens"] .gl-change')
    expect(here).to_have_text("+2", timeout=30_000)
    expect(lab.locator(".gl-ssa-text")).to_contain_text("LEAQ", timeout=30_000)
    expect(process).to_have_attribute("data-state", "fresh", timeout=60_000)


def test_the_page_of_the_compiler_runs_and_its_exercises_take_an_edit(light, window):
    shutil.copytree(NOTEBOOKS, light.root, dirs_exist_ok=True)
    window.open(light, "02_compile.ipynb")
    assert window.errors() == []
    page = window.page
    for bench in ("ribbon", "trees", "interfaces", "remarks"):
        page.locator(f".golifelab-{bench}").first.scroll_into_view_if_needed()
        expect(page.locator(f".golifelab-{bench} .cm-content").first).to_be_visible()
    checks = page.locator(".golifelab-checks:has(.cm-content)").first
    checks.scroll_into_view_if_needed()
    expect(checks).to_contain_text("processDelayed complained · 1 error", timeout=30_000)
    checks.locator(".cm-line", has_text='return n / "2"').click()
    page.keyboard.press("End")
    for _ in range(len('"2" }')):
        page.keyboard.press("Backspace")
    page.keyboard.type("2 }")
    expect(checks).not_to_contain_text("processDelayed complained", timeout=30_000)
    for bench in ("lab", "rules", "ablation", "registers", "abi"):
        page.locator(f".golifelab-{bench}").first.scroll_into_view_if_needed()
        expect(page.locator(f".golifelab-{bench} .cm-content").first).to_be_visible()
    proofs = page.locator('.golifelab-rules:has(.cm-line:has-text("func dot"))')
    proofs.scroll_into_view_if_needed()
    proved = proofs.get_by_role("tab", name="Proofs")
    expect(proved).to_have_text("Proofs 1", timeout=30_000)
    proofs.locator(".cm-line", has_text="func dot").click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("b = b[:len(a)]")
    expect(proved).not_to_have_text("Proofs 1", timeout=30_000)
    said = window.ask('print(exercise("2.4d").check(proofs.value))')
    assert said.startswith("✔ correct")


def test_the_page_of_the_linker_runs_and_shows_what_an_edit_leads_to(light, window):
    shutil.copytree(NOTEBOOKS, light.root, dirs_exist_ok=True)
    window.open(light, "03_link.ipynb")
    assert window.errors() == []
    page = window.page
    for bench in ("object", "patch", "image", "stackmaps", "reach", "sizes", "modes"):
        shown = page.locator(f".golifelab-{bench}").first
        shown.scroll_into_view_if_needed()
        expect(shown).to_be_visible()
    patch = page.locator(".golifelab-patch").first
    patch.scroll_into_view_if_needed()
    expect(patch).to_contain_text("fmt.Fprintln", timeout=60_000)
    patch.locator(".cm-line", has_text="fmt.Println").click()
    page.keyboard.press("End")
    page.keyboard.type("; println(1)")
    expect(patch).to_contain_text("runtime.printlock", timeout=60_000)
