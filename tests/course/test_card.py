from __future__ import annotations

import pytest

from golifelab.claims.board import claim_board as all_claims
from golifelab.claims.experiment import Evidence, Finding, experiments
from golifelab.claims.ledger import Claim, Verdict
from golifelab.course import card as cards
from golifelab.course.card import ClaimCard, claim, claim_board
from golifelab.course.card_html import board_html, card_html, card_text
from golifelab.course.progress import progress
from golifelab.course.shows import prose
from golifelab.errors import GolifelabError


def test_predict_run_and_verdict():
    card = claim("c1.15").predict("Corrected")
    assert card.prediction is Verdict.CORRECTED
    assert claim("c1.15").prediction is Verdict.CORRECTED, "it is remembered"
    shown = claim("c1.15").run()
    assert shown.finding.verdict is Verdict.CORRECTED
    html = shown.bundle()["text/html"]
    assert "✎ corrected" in html
    assert "as you expected" in html
    assert "_rt0_amd64_linux" in html
    assert progress().record["findings"] == {"c1.15": "corrected"}


def test_a_wrong_guess_is_told_kindly():
    html = claim("c1.15").predict("confirmed").run().bundle()["text/html"]
    assert "you expected confirmed" in html


def test_a_word_that_is_no_verdict_is_refused():
    with pytest.raises(GolifelabError, match="no verdict"):
        claim("c1.15").predict("nonsense")


def test_a_claim_without_experiment_says_so():
    card = claim("c5.02")
    assert not card.has_experiment
    assert "no experiment for this claim yet" in card.bundle()["text/html"]


def test_what_could_not_be_tried_is_neither_right_nor_wrong(monkeypatch, tmp_path):
    from golifelab.claims import workbench

    monkeypatch.setenv("PATH", str(tmp_path))
    workbench._bench.cache_clear()
    shown = claim("c1.08").predict("corrected").run()
    workbench._bench.cache_clear()
    assert "unavailable here" in shown.bundle()["text/html"]
    assert "gcc" in shown.bundle()["text/plain"]
    assert progress().record["findings"] == {}


HOSTILE = Claim("c1.01", 1, "<b>s", "<script>", Verdict.CONFIRMED, "<i>", "<u>", "<s>")


def test_everything_is_escaped():
    finding = Finding(
        "c1.01", Verdict.CONFIRMED, "<img>", (Evidence("<a>", "<script>x</script>"),), go="<em>"
    )
    card = ClaimCard(HOSTILE, Verdict.OBSOLETE, finding)
    html = card_html(card)
    for word in ("<script", "<img", "<a>", "<i>", "<b>", "<u>"):
        assert word not in html
    assert "<script>" in card_text(card)


def test_backquotes_mark_code():
    assert prose("run `go <x>` now") == "run <code>go &lt;x&gt;</code> now"
    assert prose("an odd ` one") == "an odd ` one"


def test_the_board_shows_all_claims():
    html = board_html(all_claims())
    for claim_ in all_claims().claims:
        assert "<td" in html
        assert claim_.id in html
    assert claim_board(5).board.counts() == {"no experiment yet": 23}


def test_the_board_fills_with_what_was_found(monkeypatch, tmp_path):
    from golifelab.claims import workbench

    # Two experiments of chapter 1 are enough, one of them without the gcc that it needs.
    known = {id_: experiments()[id_] for id_ in ("c1.08", "c1.15", "c2.01")}
    monkeypatch.setattr(cards, "experiments", lambda: known)
    monkeypatch.setenv("PATH", str(tmp_path))
    workbench._bench.cache_clear()
    claim("c1.15").run()
    first = claim_board(1).board.findings
    assert [*first] == ["c1.15"]
    board = claim_board(1, run=True).board
    assert (board.state("c1.15"), board.state("c1.08")) == ("corrected", "unavailable here")
    assert board.findings["c1.15"] is first["c1.15"], "it is not tried twice"
    again = claim_board(1, run=True).board
    assert again.findings["c1.08"] is not board.findings["c1.08"], "but what failed is"
    assert again.counts()["not tried yet"]
    workbench._bench.cache_clear()


def test_controls_are_made_without_a_front_end():
    from golifelab.course.controls import board_controls, card_controls, quiz_controls
    from golifelab.course.quiz import quiz

    card = card_controls(claim("c1.15"))
    guess, run = card.children[1], card.children[2]
    guess.value = "corrected"
    run.click()
    assert "✎ corrected" in card.children[0].value
    assert progress().record["predictions"] == {"c1.15": "corrected"}

    quiz_ = quiz_controls(quiz("whole-life"))
    radio, reply = quiz_.children[2], quiz_.children[3]
    radio.value = 2
    assert "right" in reply.value

    board = board_controls(all_claims())
    chapter, state = board.children[2].children
    chapter.value = 5
    assert "c5.01" in board.children[3].value
    state.value = "not tried yet"
    assert "c5.01" not in board.children[3].value
