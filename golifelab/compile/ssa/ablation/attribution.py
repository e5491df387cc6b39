"""Divide what some passes save between them, so that nobody is favoured: exact Shapley values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING, Any

from golifelab.compile.dump import function_of
from golifelab.compile.functions import Function
from golifelab.compile.ssa.ablation.measure import MEASURES, measure, switched
from golifelab.compile.ssa.ablation.stage import optional
from golifelab.errors import GolifelabError, LimitExceeded, Superseded
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.shell import compile_line

if TYPE_CHECKING:
    import pandas as pd

# 2 ** 8 compilations; each further pass doubles them.
MAX_PASSES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution(Stage):
    """What a chosen set of passes saves in a function, divided between them.

    `shares` belong to `passes`: each is what switching that pass on saves, on average over every
    order in which the passes could be switched on. They are exact fractions, and their sum is
    `without` (all of them off) less `with_all` (all on). `what` names the measure, `compilations`
    how many were made: one for every subset.
    """

    function: Function
    what: str
    passes: tuple[str, ...]
    shares: tuple[Fraction, ...]
    with_all: int
    without: int
    compilations: int

    def __getitem__(self, name: str) -> Fraction:
        """The share of a pass; KeyError for one that takes no part."""
        return dict(zip(self.passes, self.shares, strict=True))[name]

    def frame(self) -> pd.DataFrame:
        """One row a pass: pass, share (as a float), the largest first."""
        import pandas as pd

        rows = [{"pass": name, "share": float(share)} for name, share in self.ranked()]
        return pd.DataFrame(rows, columns=["pass", "share"])

    def ranked(self) -> list[tuple[str, Fraction]]:
        """The passes with their shares, the largest first."""
        pairs = zip(self.passes, self.shares, strict=True)
        return sorted(pairs, key=lambda pair: -pair[1])

    def to_json(self) -> dict[str, Any]:
        """`function`, `what`, `with_all`, `without`, `compilations`; `shares`, largest first."""
        return self.header() | {
            "function": self.function.symbol,
            "what": self.what,
            "with_all": self.with_all,
            "without": self.without,
            "compilations": self.compilations,
            "shares": [
                {"pass": name, "share": float(share), "exact": str(share)}
                for name, share in self.ranked()
            ],
        }


def shapley(players: int, cost: Callable[[int], int]) -> tuple[Fraction, ...]:
    """The exact Shapley value of each player in lowering a cost.

    `cost` is asked once for every set of players, given as bits. A player's value is how much the
    cost falls when it joins, on average over all orders of joining.
    """
    costs = [cost(members) for members in range(1 << players)]
    orders = factorial(players)
    values = []
    for player in range(players):
        bit = 1 << player
        total = 0
        for members, before in enumerate(costs):
            if not members & bit:
                size = members.bit_count()
                ways = factorial(size) * factorial(players - size - 1)
                total += ways * (before - costs[members | bit])
        values.append(Fraction(total, orders))
    return tuple(values)


def attribution(
    source: Source,
    target: Target,
    function: str,
    passes: Sequence[str],
    *,
    what: str = "bytes",
    progress: Callable[[int, int], None] | None = None,
) -> Attribution:
    """Divide what some optional passes save of `what` (a name of MEASURES) between them.

    `progress` hears after each compilation how many are done, of how many.
    LimitExceeded for more than MAX_PASSES: each further one doubles the compilations.
    GolifelabError for a pass that is required or unknown, or when the compiler fails without some
    of them; CompileFailed for a program that Go refuses as it is.
    """
    if what not in MEASURES:
        raise GolifelabError(f"{what!r} is not measured", remedy="choose " + ", ".join(MEASURES))
    if len(set(passes)) > MAX_PASSES:
        raise LimitExceeded("passes that share what they save", f"{MAX_PASSES} passes")
    code, found = function_of(source, target, function)
    chosen = optional(target, passes)
    flags = [entry.flag for entry in chosen]
    # A set of passes that are on; those that are off by default are switched on for it too.
    costs: dict[int, int] = {}

    def cost(members: int) -> int:
        on = [flag for number, flag in enumerate(flags) if members >> number & 1]
        off = [flag for number, flag in enumerate(flags) if not members >> number & 1]
        aim = switched(switched(target, on, "on"), off, "off")
        try:
            made = measure(source, aim, code.tier, found)
        except Superseded:
            raise
        except GolifelabError as error:
            names = ", ".join(flag.replace("_", " ") for flag in off)
            raise GolifelabError(
                f"the compiler fails without {names}: {error.message.splitlines()[0]}",
                remedy="leave one of them out",
            ) from error
        costs[members] = getattr(made, what)
        if progress is not None:
            progress(len(costs), 1 << len(flags))
        return costs[members]

    shares = shapley(len(flags), cost)
    off = ",".join(f"ssa/{flag}/off" for flag in flags)
    return Attribution(
        command=compile_line(source, target, (f"-d={off}", "-S")),
        tier=code.tier,
        precision=code.precision,
        seconds=code.seconds,
        function=found,
        what=what,
        passes=tuple(entry.name for entry in chosen),
        shares=shares,
        with_all=costs[len(costs) - 1],
        without=costs[0],
        compilations=len(costs),
    )
