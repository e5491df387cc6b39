"""What the prove pass knew and proved: `tracetext` reads its log, `stage` makes proofs of it."""

from golifelab.compile.ssa.proofs.stage import Proof, Proofs, proofs
from golifelab.compile.ssa.proofs.tracetext import Fact, Kind

__all__ = ["Fact", "Kind", "Proof", "Proofs", "proofs"]
