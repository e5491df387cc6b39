"""The course's cards, quizzes and board in a real JupyterLab: what a learner clicks."""

from __future__ import annotations

from playwright.sync_api import expect


def test_a_claim_is_guessed_tried_and_settled(light, window):
    window.open(light, light.write("card.ipynb", "from golifelab import claim", 'claim("c1.15")'))
    page = window.page
    page.get_by_role("button", name="corrected").click()
    page.get_by_role("button", name="Run the experiment").click()
    card = page.locator(".widget-html", has_text="c1.15")
    expect(card).to_contain_text("✎ corrected", timeout=60_000)
    expect(card).to_contain_text("as you expected")
    card.locator("summary", has_text="Evidence").click()
    expect(card).to_contain_text("_rt0_amd64_linux")
    expect(page.get_by_role("button", name="Run it again")).to_be_enabled()
    assert window.errors() == []


def test_a_quiz_replies_to_each_answer(dark, window):
    window.open(dark, dark.write("quiz.ipynb", "from golifelab import quiz", 'quiz("whole-life")'))
    page = window.page
    first = page.locator(".widget-radio-box").first
    first.locator("label", has_text="It prints the SSA form").click()
    expect(page.locator(".widget-html", has_text="✘ not quite")).to_be_visible()
    first.locator("label", has_text="It fails").click()
    expect(page.locator(".widget-html", has_text="✔ right")).to_be_visible()
    expect(page.locator(".widget-html", has_text="✘ not quite")).to_have_count(0)


def test_the_board_shows_a_chapter_at_a_time(light, window):
    window.open(
        light, light.write("board.ipynb", "from golifelab import claim_board", "claim_board()")
    )
    page = window.page
    rows = page.locator(".widget-html").last
    expect(rows).to_contain_text("c1.01")
    page.locator(".widget-dropdown select").first.select_option(label="chapter 5")
    expect(rows).to_contain_text("c5.01")
    expect(rows).not_to_contain_text("c1.01")
