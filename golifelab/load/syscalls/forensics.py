"""Traces without names, and what tells which program made each of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from golifelab.load.syscalls.clues import Clue, clues, kind_of
from golifelab.load.syscalls.kept import plain_calls
from golifelab.load.syscalls.stage import SystemCalls
from golifelab.load.syscalls.ways import KINDS, Start, StartComparison, figures, start_comparison
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

# The clues that give a kind away, the weakest first: those are the hints, one after the other.
_HINTS = {
    "static": ("loader", "file maps", "own threads"),
    "pie": ("loader", "library", "own threads"),
    "dynamic": ("library", "file maps", "library's threads"),
    "static-c": ("loader", "break", "library's threads"),
    "c": ("library", "handlers", "runtime"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A trace without a name. `answer` is the kind of program that made it: one of `KINDS`.

    `clues` is all that the trace tells; `hints` are the names of those that help most, in order.
    """

    name: str
    calls: SystemCalls = field(repr=False)
    answer: str
    clues: tuple[Clue, ...] = field(repr=False)
    hints: tuple[str, ...]

    @property
    def deduced(self) -> str:
        """The kind that follows from the clues alone."""
        return kind_of(self.clues)

    def clue(self, name: str) -> Clue:
        """A clue by its name."""
        return next(clue for clue in self.clues if clue.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases(Stage):
    """Traces to be told apart. `missing` says of each kind that could not be made why."""

    rows: tuple[Case, ...] = field(repr=False)
    missing: tuple[tuple[str, str], ...] = ()

    def frame(self) -> pd.DataFrame:
        """One row a trace, with figures and without the answer."""
        import pandas as pd

        return pd.DataFrame([{"trace": row.name, **figures(row.calls)} for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """One entry a trace."""
        return self.header() | {
            "cases": [
                {
                    "name": row.name,
                    "answer": row.answer,
                    "label": KINDS[row.answer].label,
                    "hints": list(row.hints),
                    "clues": [
                        {"name": c.name, "found": c.found, "says": c.says, "rows": list(c.rows)}
                        for c in row.clues
                    ],
                    "calls": [call.to_json() for call in row.calls.rows],
                }
                for row in self.rows
            ],
            "missing": [list(pair) for pair in self.missing],
        }


def cases(
    source: Source, target: Target, *, kinds: tuple[str, ...] = tuple(KINDS), seed: int = 0
) -> Cases:
    """Build a program in several ways, trace each, and shuffle the traces.

    The same `seed` gives the same order.
    """
    return cases_of(start_comparison(source, target, kinds), seed=seed)


def cases_of(compared: StartComparison, *, seed: int = 0) -> Cases:
    """The traces of a comparison, in an order that tells nothing, called A, B, C and so on."""
    known = [row for row in compared.rows if row.calls]
    random.Random(seed).shuffle(known)
    return Cases(
        rows=tuple(_case(chr(ord("A") + at), row) for at, row in enumerate(known)),
        missing=tuple((row.label, row.reason) for row in compared.rows if row.reason),
        recorded=compared.recorded,
        command=compared.command,
        seconds=compared.seconds,
        tier="tool",
        precision="line",
    )


def _case(name: str, row: Start) -> Case:
    assert row.calls is not None
    calls = replace(plain_calls(row.calls), command="strace -f -ttt -i ./program")
    return Case(name, calls, row.kind, clues(calls), _HINTS[row.kind])
