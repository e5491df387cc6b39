"""The exercises of section 4.2: what may be done with memory, and how stacks grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from golifelab.claims.held import held_anyhow
from golifelab.claims.images import built_if_possible
from golifelab.claims.workbench import Lab, workbench
from golifelab.course.exercise import Wrong, judge
from golifelab.course.judging import is_names, judge_rows
from golifelab.errors import FeatureUnavailable
from golifelab.program import sample
from golifelab.run.stacks.comparison import (
    AS_WRITTEN,
    NOINLINE,
    GrowthComparison,
    growth_comparison,
)
from golifelab.run.stacks.growth import StackGrowth

ARGUMENT = 3000
BUILDS = (AS_WRITTEN, NOINLINE)
PERMISSIONS = ("---p", "--xp", "-w-p", "r--p", "r-xp", "rw-p", "rwxp")
_CLOSE, _NARROW = 0.05, 1.05


@judge(
    "4.2a",
    question=f"How large is the stack of a goroutine while deep({ARGUMENT}) is at its deepest?",
    hints=(
        (
            "A stack that is too small is copied to one of twice the size. So sizes are powers of"
            " two, beginning with that of a new goroutine."
        ),
        f"From the steps above take the bytes of one level: {ARGUMENT} times as many are needed.",
        "A power of two that is large enough, in bytes.",
    ),
    answer=(
        "The smallest power of two that all the frames fit in:\n\n"
        f"grown = sample('deep').stack_growth()\nsize = grown.size({ARGUMENT})"
    ),
)
def judge_size(answer: Any) -> str:
    """Compare with the size of a real goroutine's stack, as the runtime has it."""
    if not isinstance(answer, int) or isinstance(answer, bool):
        raise Wrong("give a number of bytes")
    grown = growth()
    truth = grown.size(ARGUMENT)
    if answer < grown.start or answer & (answer - 1):
        raise Wrong(f"a stack of {answer:,} bytes there cannot be: they begin with {grown.start:,}")
    if answer != truth:
        raise Wrong(f"too {'small' if answer < truth else 'large'}")
    needed = round(grown.bytes_per_level * ARGUMENT)
    return f"{needed:,} bytes are needed, and {truth:,} is the next power of two."


@cache
def growth() -> StackGrowth:
    """The stack of goroutines that call deep, measured."""
    return sample("deep").stack_growth("deep")


@judge(
    "4.2b",
    question=(
        "What does one level of deep cost, as it is written and with //go:noinline? Work it out"
        " from the steps."
    ),
    hints=(
        (
            "Take two steps of the staircase, far from each other: the stack has grown by so many"
            " bytes, the argument by so many levels."
        ),
        (
            "Twice the size is good for twice the argument, and a bit more: a fixed part of each"
            " stack is not for you. A difference of two steps leaves it out."
        ),
        "(size2 - size1) / (last2 - last1)",
    ),
    answer=(
        "The slope between two steps; the further apart, the better:\n\n"
        "first, last = grown.steps[2], grown.steps[-1]\n"
        "(last.size - first.size) / (last.last - first.last)"
    ),
)
def judge_slope(answer: Any) -> str:
    """Compare {build: bytes} with the regression over all steps."""
    builds = both()
    truth = {label: builds[label].bytes_per_level for label in BUILDS}
    judge_rows(
        answer,
        truth,
        kind=f"{AS_WRITTEN} → bytes, {NOINLINE} → bytes",
        same=lambda said, fact: (
            isinstance(said, int | float) and abs(said / fact - 1) < _CLOSE if fact else not said
        ),
    )
    levels = builds[AS_WRITTEN].levels_per_frame
    shared = f"{levels} levels share a frame" if levels > 1 else "each level has a frame"
    return (
        f"{truth[AS_WRITTEN]:.1f} and {truth[NOINLINE]:.1f} bytes. As it is written, {shared}:"
        " the compiler has put deep into itself, once."
    )


@cache
def both() -> GrowthComparison:
    """The staircases of deep as it is written, and with //go:noinline."""
    deep = sample("deep")
    return growth_comparison(deep.source, deep.target, "deep")


@judge(
    "4.2c",
    question=(
        "Which argument of deep is too large? Give two that are close to each other (not more than"
        " 5 % apart): one that fits into the largest stack there is, and one that does not."
    ),
    hints=(
        "The runtime's limit is 1,000,000,000 bytes. But what sizes do stacks have?",
        "The largest power of two below the limit, divided by the bytes of one level.",
        "2**29 / bytes per level, a little less and a little more.",
    ),
    answer=(
        "The largest stack is the largest power of two below the limit:\n\n"
        "wall = grown.usable / grown.bytes_per_level\n"
        "bracket = (int(wall * 0.99), int(wall * 1.01))"
    ),
)
def judge_wall(answer: Any) -> str:
    """Compare with the argument at which the law reaches the largest stack."""
    if (
        not isinstance(answer, Sequence)
        or len(answer) != 2
        or not all(isinstance(one, int) and one > 0 for one in answer)
    ):
        raise Wrong("give two whole numbers, (fits, overflows)")
    fits, overflows = answer
    if fits >= overflows:
        raise Wrong("the first is to be the one that fits, the smaller one")
    if overflows > fits * _NARROW:
        raise Wrong(f"that is {overflows / fits - 1:.0%} apart; come closer")
    grown = growth()
    truth = grown.last(grown.usable)
    if fits > truth:
        raise Wrong(f"even {fits:,} is too large")
    if overflows <= truth:
        raise Wrong(f"even {overflows:,} fits")
    return (
        f"{truth:,} levels fit into {grown.usable:,} bytes, and the next size would be beyond the"
        f" limit of {grown.limit:,}."
    )


@judge(
    "4.2d",
    question=(
        f"Which of these does no mapping of a Go program have: {', '.join(PERMISSIONS)}? Programs"
        " are looked at that were built in several ways."
    ),
    hints=(
        "Look at maps of more than one program: the sum over all is in the table above.",
        "Code is not written to, variables are not executed. And what is never read?",
    ),
    answer="Collect the permissions of all mappings, and take them away:\n\n"
    "set(PERMISSIONS) - set(seen_permissions())",
)
def judge_permissions(answer: Any) -> str:
    """Compare with the permissions of all mappings of several live programs."""
    if not is_names(answer):
        raise Wrong('give a collection of texts, such as ["r-xp"]')
    unknown = [one for one in answer if one not in PERMISSIONS]
    if unknown:
        raise Wrong(f"{unknown[0]!r} was not asked")
    seen = seen_permissions()
    truth = set(PERMISSIONS) - set(seen)
    there = [one for one in answer if one in seen]
    if there:
        raise Wrong(f"{there[0]} is there, in {seen[there[0]][0]}")
    if set(answer) != truth:
        raise Wrong(f"right so far; {len(truth - set(answer))} more never occur")
    return "nothing that may be written may be executed: who can write into data gets no code."


def seen_permissions() -> Mapping[str, Sequence[str]]:
    """The permissions of all mappings, and in which programs they are."""
    found: dict[str, list[str]] = {}
    for name, rows in live_permissions().items():
        for one in rows:
            found.setdefault(one, []).append(name)
    return found


@cache
def live_permissions() -> Mapping[str, frozenset[str]]:
    """For programs built in several ways: the permissions that their mappings have in main."""
    lab = Lab(workbench())
    lab.bench.need_processes()
    found = {}
    for name in ("hello", "hello pie", "net", "own cgo"):
        process = held_anyhow(lab, name, "main.main") if built_if_possible(lab, name) else None
        if process is None:
            continue
        with process:
            found[name] = frozenset(row.permissions for row in process.maps)
    if not found:
        raise FeatureUnavailable("a look at a live process", "none can be held here")
    return found
