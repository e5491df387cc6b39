"""The article's claims, each with the experiment that settles it on the reader's own toolchain."""

from __future__ import annotations

from golifelab.claims.board import Board, claim_board, run_claims
from golifelab.claims.experiment import Evidence, Finding, experiments, run_experiment
from golifelab.claims.ledger import Claim, Ledger, Verdict, load_ledger

__all__ = [
    "Board",
    "Claim",
    "Evidence",
    "Finding",
    "Ledger",
    "Verdict",
    "claim_board",
    "experiments",
    "load_ledger",
    "run_claims",
    "run_experiment",
]
