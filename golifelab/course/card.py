"""Claim cards: what the article says, what the learner expects, what the experiment found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from golifelab.claims.board import Board, claim_board as _all_claims, run_claims
from golifelab.claims.experiment import Finding, experiments, run_experiment
from golifelab.claims.ledger import Claim, Verdict, load_ledger
from golifelab.course.card_html import board_html, card_html, card_text
from golifelab.course.progress import progress, record
from golifelab.course.shows import Shows
from golifelab.errors import GolifelabError

# What this session has found, by the id of the claim. The board fills from it.
_found: dict[str, Finding] = {}


@dataclass(frozen=True, slots=True)
class ClaimCard(Shows):
    """One claim on a card. `predict` notes what you expect, `run` makes the experiment."""

    claim: Claim
    prediction: Verdict | None = None
    finding: Finding | None = None

    @property
    def has_experiment(self) -> bool:
        """Whether the claim can be tried in this version of the course."""
        return self.claim.id in experiments()

    def predict(self, verdict: str) -> ClaimCard:
        """Note the verdict you expect, such as "corrected"."""
        try:
            expected = Verdict(verdict.strip().lower())
        except ValueError:
            words = ", ".join(f'"{one.value}"' for one in Verdict)
            raise GolifelabError(
                f"{verdict!r} is no verdict", remedy=f"the verdicts are {words}"
            ) from None
        record("predictions", self.claim.id, expected.value)
        return ClaimCard(self.claim, expected, self.finding)

    def run(self) -> ClaimCard:
        """Make the experiment now, on this machine's toolchain."""
        finding = run_experiment(self.claim.id)
        _keep(finding)
        return ClaimCard(self.claim, self.prediction or _predicted(self.claim.id), finding)

    def bundle(self) -> dict[str, Any]:
        """The value as HTML and as text."""
        from golifelab.course.controls import card_controls, with_twin

        controls = None if self.finding or not self.has_experiment else lambda: card_controls(self)
        return with_twin(controls, card_html(self), card_text(self))


@dataclass(frozen=True, slots=True)
class BoardCard(Shows):
    """The board of all claims, ready to be shown; with buttons where a kernel is live."""

    board: Board

    def bundle(self) -> dict[str, Any]:
        """The value as HTML and as text."""
        from golifelab.course.controls import board_controls, with_twin

        text = "\n".join(self.board.lines())
        return with_twin(lambda: board_controls(self.board), board_html(self.board), text)


def claim(id: str) -> ClaimCard:  # noqa: A002 - the word the ledger uses
    """The card of a claim such as "c1.02"."""
    found = load_ledger()[id]
    return ClaimCard(found, _predicted(found.id))


def claim_board(chapter: int = 0, *, run: bool = False) -> BoardCard:
    """The board of all claims, or of one chapter, with what this session has found so far.

    With `run` the experiments that have not been made yet are made first, and those that this
    machine could not make.
    """
    board = _all_claims()
    if run:
        settled = {finding.claim for finding in _found.values() if finding.verdict is not None}
        chosen = [
            one.id
            for one in board.claims
            if one.id in experiments().keys() - settled and chapter in (0, one.chapter)
        ]
        for finding in run_claims(chosen).findings.values():
            _keep(finding)
    for finding in _found.values():
        board = board.with_finding(finding)
    return BoardCard(board.chapter(chapter) if chapter else board)


def _keep(finding: Finding) -> None:
    _found[finding.claim] = finding
    if finding.verdict is not None:
        record("findings", finding.claim, finding.verdict.value)


def _predicted(id_: str) -> Verdict | None:
    word = progress().record["predictions"].get(id_)
    return next((verdict for verdict in Verdict if verdict.value == word), None)
