"""The exercises of section 4.4: from the first instruction to main.main, and how it ends."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from typing import Any

from golifelab.course.exercise import Wrong, judge
from golifelab.course.judging import is_names
from golifelab.course.trials import said_by
from golifelab.errors import FeatureUnavailable
from golifelab.program import Program, sample
from golifelab.run.boot.recorded import recorded_boot
from golifelab.run.boot.stage import Boot

_STEPS = (
    "runtime.rt0_go",
    "runtime.schedinit",
    "runtime.newproc",
    "runtime.mstart",
    "runtime.schedule",
    "runtime.execute",
    "runtime.gogo",
    "runtime.main",
    "runtime.gcenable",
    "main.main",
)
LEAVING = Program.from_text("""package main

import "runtime"

func main() {
	runtime.Goexit()
}
""")
_FATAL = "fatal error: "


@judge(
    "4.4a",
    question="Put these ten steps of a program's start in order.",
    hints=(
        (
            "rt0_go is the runtime's first function. It calls three of the others, one after the"
            " other, and not one of them is runtime.main."
        ),
        (
            "newproc makes a goroutine, and nothing runs it yet. mstart begins to schedule: it"
            " looks for one, prepares it, and jumps."
        ),
        "schedule chooses, execute prepares, gogo jumps. runtime.main runs on the new goroutine.",
    ),
    answer="As they were come to:\n\n[step for step in hello.boot.order if step in steps]",
)
def judge_steps(answer: Any) -> str:
    """Compare with the order in which a live program came to them, or a recorded one."""
    if not is_names(answer) or isinstance(answer, set | frozenset):
        raise Wrong("give a list of names, in order")
    said = [_full(name) for name in answer]
    unknown = [name for name in said if name not in _STEPS]
    if unknown:
        raise Wrong(f"{unknown[0]!r} is none of the ten")
    if len(set(said)) < len(said) or len(said) < len(_STEPS):
        raise Wrong("give each of the ten steps once")
    truth = [name for name in started().order if name in _STEPS]
    for number, (ours, theirs) in enumerate(zip(said, truth, strict=True)):
        if ours != theirs:
            right = f"the first {number} are right; then" if number else "at the beginning"
            raise Wrong(f"{right} it is not {ours}")
    return f"so it was{_where()}: newproc before mstart, and runtime.main after gogo."


def steps() -> list[str]:
    """The ten steps, mixed; in the same way each time."""
    mixed = list(_STEPS)
    random.Random(4).shuffle(mixed)
    return mixed


@cache
def started() -> Boot:
    """The start of hello: watched, or recorded where nothing can be watched.

    A runtime that tells of itself leaves out steps that are asked for here.
    """
    seen = sample("hello").boot
    return recorded_boot() if seen.how == "overlay" else seen


def _where() -> str:
    recorded = started().recorded
    return f" (recorded with Go {recorded.go})" if recorded else ""


def _full(name: str) -> str:
    name = name.strip().removesuffix(".abi0")
    return name if "." in name else f"runtime.{name}"


@judge(
    "4.4b",
    question="newproc makes a new goroutine. Which function is the first to call it?",
    hints=(
        "The table of milestones has a column for callers.",
        "It is before there is any goroutine, so it is not main.",
    ),
    answer='hello.boot.milestone("runtime.newproc").caller',
)
def judge_caller(answer: Any) -> str:
    """Compare with the return address on the stack when newproc was first come to."""
    if not isinstance(answer, str):
        raise Wrong("give the name of a function")
    truth = started().milestone("runtime.newproc").caller
    if _full(answer) != _full(truth):
        raise Wrong(f"{answer} calls others; look at the milestone runtime.newproc")
    return "it hands over the address of runtime.main: that is the first goroutine's function."


@judge(
    "4.4c",
    question=(
        "A register holds the current g: R14 on amd64, R28 on arm64. At which milestone is it first"
        " not zero, and at which does it first hold a goroutine's, not g0's? Give both names."
    ),
    hints=(
        "The milestones have `register`, and `goid` is 0 for a g0.",
        "`[(one.name, hex(one.register), one.goid) for one in hello.boot.milestones]`",
    ),
    answer=(
        "Go through the milestones:\n\n"
        "first = next(one.name for one in boot.milestones if one.register)\n"
        "second = next(one.name for one in boot.milestones if one.register and one.goid)"
    ),
)
def judge_register(answer: Any) -> str:
    """Compare with the register at the milestones."""
    if not isinstance(answer, Sequence) or len(answer) != 2 or not is_names(list(answer)):
        raise Wrong("give two names of milestones")
    truth = register_milestones()
    for which, ours, theirs in zip(("first", "second"), answer, truth, strict=True):
        if _full(ours) != theirs:
            raise Wrong(f"the {which} one is another milestone")
    return "between the two, everything runs on g0: the scheduler's own stack."


def register_milestones() -> tuple[str, str]:
    """The milestones at which the register first holds something, and first a goroutine's g."""
    found = started().milestones
    held = next((one.name for one in found if one.register), "")
    goroutine = next((one.name for one in found if one.register and one.goid), "")
    if not goroutine:
        raise FeatureUnavailable("seeing the register for g", "the start that is shown has none")
    return held, goroutine


@judge(
    "4.4d",
    question=(
        "main.main calls runtime.Goexit instead of returning. What does the runtime print? Give"
        " its first line."
    ),
    hints=(
        "Goexit ends the goroutine, not the program. Who is left?",
        "`print(said_by(LEAVING.link()))` runs it.",
    ),
    answer="Nobody is left who could go on:\n\nsaid_by(LEAVING.link())",
)
def judge_leaving(answer: Any) -> str:
    """Compare with what the program prints."""
    if not isinstance(answer, str):
        raise Wrong("give a text")
    truth = leaving_words()
    said = next((line for line in answer.splitlines() if line.strip()), "").strip()
    if said.removeprefix(_FATAL) != truth.removeprefix(_FATAL):
        raise Wrong(f"the runtime does not say “{said}”; let it run")
    return (
        "main's goroutine has ended and no other is left. Had main returned, runtime.main would"
        " have ended the whole program by exit."
    )


@cache
def leaving_words() -> str:
    """The first line that the program prints; FeatureUnavailable where it cannot run."""
    said = said_by(LEAVING.link())
    line = next((line for line in said.splitlines() if line.startswith(_FATAL)), "")
    if not line:
        raise FeatureUnavailable("running a program", said.strip() or "it printed nothing")
    return line
