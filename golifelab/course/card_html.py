"""Claim cards and the claim board as static HTML: tables and text, everything escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golifelab.claims.board import NO_EXPERIMENT, NOT_RUN, UNAVAILABLE, Board
from golifelab.claims.experiment import Finding
from golifelab.claims.ledger import Verdict
from golifelab.course.shows import prose
from golifelab.views.html import Markup, block, code, details, join, table, tag

if TYPE_CHECKING:
    from golifelab.course.card import ClaimCard

# A mark before the word, so that a verdict is recognised at a glance and never by colour alone.
MARKS = {
    Verdict.CONFIRMED.value: "✔",
    Verdict.CORRECTED.value: "✎",
    Verdict.OBSOLETE.value: "†",
    Verdict.UNVERIFIABLE.value: "?",
    Verdict.OFF_TOPIC.value: "↷",
    UNAVAILABLE: "–",
    NOT_RUN: "○",
    NO_EXPERIMENT: "·",
}
_WORD = "white-space: nowrap"
_STAMP = f"border: 1px solid; border-radius: 3px; padding: 0 0.4em; font-weight: bold; {_WORD}"


def stamp(state: str) -> Markup:
    """A verdict as a stamp."""
    return tag("span", f"{MARKS[state]} {state}", style=_STAMP)


def card_html(card: ClaimCard) -> Markup:
    """The card of one claim: the claim, and once it was tried the verdict with its evidence."""
    claim = card.claim
    parts: list[Markup] = [
        tag(
            "blockquote",
            tag("p", tag("strong", claim.id), f" · {claim.section}"),
            tag("p", prose(claim.claim)),
        )
    ]
    if card.finding is not None:
        parts.append(finding_html(card))
    elif card.prediction is not None:
        parts.append(tag("p", "You expect: ", stamp(card.prediction.value)))
    elif card.has_experiment:
        call = f'claim("{claim.id}").run()'
        parts.append(tag("p", "Is it so? Make a guess, then run ", code(call)))
    else:
        parts.append(tag("p", "There is no experiment for this claim yet. ", prose(claim.truth)))
    return join(parts)


def finding_html(card: ClaimCard) -> Markup:
    """What the experiment of a card found."""
    finding, claim = card.finding, card.claim
    assert finding is not None
    parts: list[Markup] = [
        tag("p", stamp(finding.state), " ", finding.because or finding.unavailable)
    ]
    seconds = f"{finding.seconds:.1f} s" if finding.seconds >= 0.1 else "less than 0.1 s"
    where = f"Found on go{finding.go} in {seconds}"
    if card.prediction is not None and finding.verdict is not None:
        hit = card.prediction is finding.verdict
        told = "as you expected" if hit else f"you expected {card.prediction.value}"
        parts.append(tag("p", f"{where}, {told}."))
    elif finding.verdict is not None:
        parts.append(tag("p", f"{where}."))
    if finding.verdict is not None and finding.verdict is not claim.verdict:
        parts.append(
            tag(
                "p",
                f"On the toolchain the course was written with it was {claim.verdict.value}: yours"
                " differs, and that is worth a closer look.",
            )
        )
    parts.append(tag("p", tag("em", "What is true: "), prose(claim.truth)))
    parts.append(evidence_html(finding))
    return join(parts)


def evidence_html(finding: Finding) -> Markup:
    """The commands of a finding and what they printed, folded away."""
    number = len(finding.evidence)
    if not number:
        return Markup("")
    shown = [
        join([tag("p", code("$ " + one.command)), block(one.output or "(no output)")])
        for one in finding.evidence
    ]
    words = "1 command and what it" if number == 1 else f"{number} commands and what they"
    return details(f"Evidence: {words} printed", *shown)


def board_html(board: Board) -> Markup:
    """The counts of every chapter, then the claims chapter by chapter, folded."""
    states = list(board.counts())
    rows = [
        [f"chapter {number}", *(counts.get(state, 0) for state in states)]
        for number, counts in board.by_chapter().items()
    ]
    if len(rows) > 1:
        rows.append(["together", *board.counts().values()])
    heads = ["", *(f"{MARKS[state]} {state}" for state in states)]
    parts = [table(heads, rows, numeric=range(1, len(heads)))]
    for number in board.by_chapter():
        part = board.chapter(number)
        parts.append(details(f"Chapter {number}: {len(part.claims)} claims", claims_table(part)))
    return join(parts)


def claims_table(board: Board) -> Markup:
    """A row a claim: what it says, what was found here and why, and what the ledger says."""
    rows = []
    for claim in board.claims:
        finding = board.findings.get(claim.id)
        because = (finding.because or finding.unavailable) if finding else ""
        state = board.state(claim.id)
        found = tag("span", f"{MARKS[state]} {state}", style=_WORD)
        # A verdict that is shown before the claim was tried takes the guess away.
        ledger = claim.verdict.value if state != NOT_RUN else ""
        rows.append([claim.id, prose(claim.claim), found, because, ledger])
    return table(["claim", "what it says", "found here", "because", "ledger"], rows)


def card_text(card: ClaimCard) -> str:
    """The card as plain text."""
    lines = [f"{card.claim.id} ({card.claim.section}): {card.claim.claim}"]
    if card.prediction is not None:
        lines.append(f"you expect: {card.prediction.value}")
    finding = card.finding
    if finding is not None:
        lines.append(f"{finding.state}: {finding.because or finding.unavailable}")
        lines.append(f"what is true: {card.claim.truth}")
        for one in finding.evidence:
            lines += [f"$ {one.command}", one.output]
    return "\n".join(lines)
