"""The claim board: every claim of the ledger, and what was found about it on this toolchain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golifelab.claims.experiment import Finding, experiments, run_experiment
from golifelab.claims.ledger import Claim, Verdict, load_ledger

if TYPE_CHECKING:
    import pandas as pd

    from golifelab.target import Target

NOT_RUN = "not tried yet"
NO_EXPERIMENT = "no experiment yet"
UNAVAILABLE = "unavailable here"

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Board:
    """Claims, and the findings made so far by the id of their claim."""

    claims: tuple[Claim, ...]
    findings: dict[str, Finding] = field(default_factory=dict)

    def state(self, claim: str) -> str:
        """The verdict found, "unavailable here", "not tried yet" or "no experiment yet"."""
        finding = self.findings.get(claim)
        if finding is not None:
            return finding.state
        return NOT_RUN if claim in experiments() else NO_EXPERIMENT

    def counts(self) -> dict[str, int]:
        """State → number of claims in it, verdicts first; without the states that do not occur."""
        counted = Counter(self.state(claim.id) for claim in self.claims)
        order = [*(verdict.value for verdict in Verdict), UNAVAILABLE, NOT_RUN, NO_EXPERIMENT]
        return {state: counted[state] for state in order if counted[state]}

    def by_chapter(self) -> dict[int, dict[str, int]]:
        """The counts of each chapter."""
        chapters = sorted({claim.chapter for claim in self.claims})
        return {number: self.chapter(number).counts() for number in chapters}

    def chapter(self, number: int) -> Board:
        """The part of the board that belongs to one chapter."""
        return self._part({claim.id for claim in self.claims if claim.chapter == number})

    def only(self, ids: Iterable[str]) -> Board:
        """The named claims, in the ledger's order; GolifelabError for an unknown id."""
        ledger = load_ledger()
        return self._part({ledger[id_].id for id_ in ids})

    def _part(self, ids: set[str]) -> Board:
        claims = tuple(claim for claim in self.claims if claim.id in ids)
        return Board(claims, {id_: f for id_, f in self.findings.items() if id_ in ids})

    def with_finding(self, finding: Finding) -> Board:
        """The board with one finding more."""
        return Board(self.claims, self.findings | {finding.claim: finding})

    def disagreements(self) -> tuple[Finding, ...]:
        """Findings with another verdict than the ledger has: news about this toolchain."""
        expected = {claim.id: claim.verdict for claim in self.claims}
        settled = (finding for finding in self.findings.values() if finding.verdict is not None)
        return tuple(f for f in settled if f.verdict is not expected[f.claim])

    def frame(self) -> pd.DataFrame:
        """One row a claim: id, chapter, section, claim, ledger, found, because, seconds."""
        import pandas as pd

        rows = []
        for claim in self.claims:
            finding = self.findings.get(claim.id)
            rows.append(
                {
                    "id": claim.id,
                    "chapter": claim.chapter,
                    "section": claim.section,
                    "claim": claim.claim,
                    "ledger": claim.verdict.value,
                    "found": self.state(claim.id),
                    "because": (finding.because or finding.unavailable) if finding else "",
                    "seconds": finding.seconds if finding else float("nan"),
                }
            )
        return pd.DataFrame(rows).set_index("id")

    def to_json(self) -> dict[str, Any]:
        """The board as plain data; names and shapes are stable."""
        return {
            "counts": self.counts(),
            "chapters": {str(number): counts for number, counts in self.by_chapter().items()},
            "claims": [
                {
                    "id": claim.id,
                    "chapter": claim.chapter,
                    "section": claim.section,
                    "claim": claim.claim,
                    "ledger": claim.verdict.value,
                    "truth": claim.truth,
                    "state": self.state(claim.id),
                    "finding": (
                        self.findings[claim.id].to_json() if claim.id in self.findings else None
                    ),
                }
                for claim in self.claims
            ],
        }

    def lines(self) -> list[str]:
        """The board as text, a line a claim and the counts below."""
        made = []
        for claim in self.claims:
            finding = self.findings.get(claim.id)
            more = (finding.because or finding.unavailable) if finding else claim.claim
            made.append(f"{claim.id}  {self.state(claim.id):17}  {more}")
        counts = ", ".join(f"{count} {state}" for state, count in self.counts().items())
        return [*made, "", f"{len(self.claims)} claims: {counts}"]


def claim_board() -> Board:
    """The whole board, with nothing tried yet."""
    return Board(load_ledger().claims)


def run_claims(
    ids: Iterable[str] | None = None,
    *,
    target: Target | None = None,
    progress: Progress | None = None,
) -> Board:
    """Make the experiments of the named claims (all that have one by default).

    `progress` is called with (done, total, id) before each and at the end. GolifelabError for an
    unknown id or one without an experiment.
    """
    ledger = load_ledger()
    board = Board(ledger.claims)
    chosen = list(experiments()) if ids is None else [ledger[id_].id for id_ in ids]
    for done, id_ in enumerate(chosen):
        if progress is not None:
            progress(done, len(chosen), id_)
        board = board.with_finding(run_experiment(id_, target=target))
    if progress is not None:
        progress(len(chosen), len(chosen), "")
    return board
