"""An experiment settles one claim on the toolchain at hand.

It has two halves that are kept apart: `measure` drives the real tools and gives plain facts,
`decide` is a pure function from those facts to a ruling. So a decision can be tested with facts
that no toolchain of today would give.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from golifelab.claims.ledger import Verdict
from golifelab.errors import FeatureUnavailable, GolifelabError

if TYPE_CHECKING:
    from golifelab.claims.workbench import Lab
    from golifelab.target import Target

# The modules that hold experiments, in the order of the chapters. They register on import.
_MODULES = (
    "source_to_ast",
    "linking",
    "loading",
    "runtime_start",
    "lexing",
    "trees",
    "type_system",
    "ssa_form",
    "ssa_building",
    "pass_pipeline",
    "register_use",
    "registers_given",
    "instruction_choice",
    "foreign",
    "symbol_names",
    "symbol_binding",
    "gc_metadata",
    "first_thread",
    "stack_maps",
    "addresses",
    "cgo",
    "resolver",
    "static_linking",
    "mappings",
    "start_calls",
    "memory_layout",
    "system_stacks",
    "stack_growth",
    "heap",
    "initialisation",
    "init_trace",
    "main_goroutine",
    "boot_order",
)

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A command as a reader would type it, and the telling part of what it printed."""

    command: str
    output: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict and the sentence that gives its reason."""

    verdict: Verdict
    because: str


def settle(holds: bool, confirmed: str, corrected: str) -> Ruling:
    """The ruling on a claim that either holds or does not, with the reason for each."""
    if holds:
        return Ruling(Verdict.CONFIRMED, confirmed)
    return Ruling(Verdict.CORRECTED, corrected)


@dataclass(frozen=True, slots=True)
class Finding:
    """What an experiment found.

    `verdict` is None when the experiment could not be made: `unavailable` then says why. `measured`
    are the plain facts the verdict rests on, `go` the release they hold for.
    """

    claim: str
    verdict: Verdict | None
    because: str = ""
    evidence: tuple[Evidence, ...] = ()
    measured: Facts = field(default_factory=dict)
    seconds: float = 0.0
    unavailable: str = ""
    go: str = ""

    @property
    def state(self) -> str:
        """The verdict in a word, or "unavailable here"."""
        return "unavailable here" if self.verdict is None else self.verdict.value

    def to_json(self) -> dict[str, Any]:
        """The finding as plain data."""
        return {
            "claim": self.claim,
            "verdict": None if self.verdict is None else self.verdict.value,
            "state": self.state,
            "because": self.because,
            "unavailable": self.unavailable,
            "evidence": [{"command": e.command, "output": e.output} for e in self.evidence],
            "measured": dict(self.measured),
            "seconds": round(self.seconds, 3),
            "go": self.go,
        }


@dataclass(frozen=True, slots=True)
class Experiment:
    """The experiment of one claim: how it measures, and how it decides."""

    claim: str
    measure: Callable[[Lab], Facts]
    decide: Callable[[Facts], Ruling]


_registry: dict[str, Experiment] = {}


def experiment(
    claim: str, decide: Callable[[Facts], Ruling]
) -> Callable[[Callable[[Lab], Facts]], Callable[[Lab], Facts]]:
    """Register the function below as the measuring half of a claim's experiment."""

    def register(measure: Callable[[Lab], Facts]) -> Callable[[Lab], Facts]:
        if claim in _registry:
            raise ValueError(f"{claim} has an experiment already")
        _registry[claim] = Experiment(claim, measure, decide)
        return measure

    return register


@cache
def experiments() -> Mapping[str, Experiment]:
    """All experiments by the id of their claim, in the ledger's order."""
    for module in _MODULES:
        importlib.import_module(f"golifelab.claims.{module}")
    return dict(sorted(_registry.items()))


def run_experiment(claim: str, *, target: Target | None = None) -> Finding:
    """Make the experiment of a claim; GolifelabError when it has none.

    What this machine cannot do comes back as a finding without a verdict, not as an error.
    """
    from golifelab.claims.workbench import Lab, workbench

    known = experiments()
    if claim not in known:
        raise GolifelabError(
            f"{claim} has no experiment yet",
            remedy="`golifelab claims` shows which claims can be tried",
        )
    bench = workbench(target)
    lab = Lab(bench)
    started = time.perf_counter()
    ruling, measured, unavailable = None, {}, ""
    try:
        measured = dict(known[claim].measure(lab))
        ruling = known[claim].decide(measured)
    except FeatureUnavailable as error:
        unavailable = f"{error.feature} is not available: {error.reason}"
        if error.remedy:
            unavailable += f" ({error.remedy})"
    except GolifelabError as error:
        # Go or gcc refused, or took too long: that is about this machine, not about the claim.
        unavailable = error.message
    return Finding(
        claim,
        verdict=ruling.verdict if ruling else None,
        because=ruling.because if ruling else "",
        evidence=tuple(lab.evidence),
        measured=measured,
        seconds=time.perf_counter() - started,
        unavailable=unavailable,
        go=bench.go.version,
    )
