"""Measure what the compiler makes of a function, with some passes switched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from golifelab.compile.dump import Code, HelperCode
from golifelab.compile.fallback.dump import TextCode
from golifelab.compile.functions import Function, find
from golifelab.compile.ssa.passes import Pass
from golifelab.source import Source
from golifelab.stage import Tier
from golifelab.target import Target

_CHECKS = frozenset({"IsInBounds", "IsSliceInBounds"})
MEASURES = ("bytes", "instructions", "frame", "values", "checks")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a function became.

    `bytes` of code, `instructions`, bytes of stack `frame`, SSA `values` after the last pass, and
    bounds `checks` (of indexes and of slices) that are left when instructions are selected.
    """

    bytes: int
    instructions: int
    frame: int
    values: int
    checks: int


def measure(source: Source, target: Target, tier: Tier, function: Function) -> Measure:
    """Compile and measure. CompileFailed when the compiler fails, which a missing pass can cause.

    A run of its own: what others look at stays in the compiler's shared runs.
    """
    one = tier == "helper"
    code: Code = HelperCode(source, target) if one else TextCode(source, target)
    code.expect(function.symbol)
    found = find(code.functions, function.symbol)
    made = code.machine(found)
    passes = code.passes(found)
    return Measure(
        len(made.code),
        len(made.instructions),
        made.frame_size,
        passes[-1].statistics[1],
        checks(passes),
    )


def checks(passes: Iterable[Pass]) -> int:
    """How many bounds checks are left when machine instructions are selected."""
    last: Pass | None = None
    for step in passes:
        if step.name == "lower":
            break
        last = step
    if last is None:
        return 0
    return sum(value.op in _CHECKS and not value.dead for value in last.values())


def switched(target: Target, flags: Iterable[str], setting: str = "off") -> Target:
    """The target with some passes switched, by their flag names."""
    words = ",".join(f"ssa/{flag}/{setting}" for flag in flags)
    return target.with_(gcflags=(*target.gcflags, f"-d={words}")) if words else target
