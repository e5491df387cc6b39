"""What exercises do with a program that a learner has written: compile it, run it, look at it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from textwrap import shorten
from typing import Any

from golifelab.claims.workbench import Lab, workbench
from golifelab.compile.ssa.passes import Block, Pass, Value
from golifelab.course.exercise import Wrong
from golifelab.errors import FeatureUnavailable
from golifelab.link.executable import Executable
from golifelab.program import Program
from golifelab.run.program import run_program
from golifelab.target import Target

_SAID = "golifelab:"


def program_of(answer: Any, function: str) -> Program:
    """The program that an answer is, for the default target.

    An answer is a Program, the text of one, or the text of one function.

    Wrong for anything else, for a program that the front end refuses, and for one without the
    function that was asked for.
    """
    if isinstance(answer, Program):
        program = Program(answer.source)
    elif isinstance(answer, str):
        whole = re.search(r"^\s*package\s", answer, re.MULTILINE)
        program = Program.from_text(
            answer if whole else f"package main\n\n{answer.strip()}\n\nfunc main() {{}}\n"
        )
    else:
        raise Wrong("give a program, or its text")
    if program.errors:
        raise Wrong(f"Go says “{program.errors[0]}”")
    if not any(object_.name == function for object_ in program.types.objects):
        raise Wrong(f"there is no function {function} in it")
    return program


def printed(program: Program, calls: Sequence[str]) -> list[str]:
    """What calls of a program's functions give, each as println prints it.

    The program is built and run for its own target. FeatureUnavailable where this machine cannot
    run it; GolifelabError with Go's words when Go refuses it. Empty texts for calls that panic.
    """
    lines = [f'\tprintln("{_SAID}", {number}, {call})' for number, call in enumerate(calls)]
    probes = "".join(
        f"\nfunc init() {{\n\tdefer func() {{ _ = recover() }}()\n{line}\n}}\n" for line in lines
    )
    ran = Lab(workbench(program.target)).run_text(program.text + probes)
    if "microarchitecture support" in ran.error_text:
        raise FeatureUnavailable(
            f"running code for {program.target.goamd64}", "this processor has fewer instructions"
        )
    found = re.findall(rf"^{_SAID} (\d+) (.*)$", ran.error_text, re.MULTILINE)
    by_number = {int(number): text for number, text in found}
    return [by_number.get(number, "") for number in range(len(calls))]


def said_by(binary: Executable, *argv: str) -> str:
    """What a program prints on both streams; where it cannot run, why not."""
    try:
        ran = run_program(binary, argv, timeout=60)
    except FeatureUnavailable as error:
        return f"{error}\n"
    return ran.text + ran.error_text


def same_results(answer: Program, original: Program, calls: Sequence[str]) -> None:
    """Wrong unless the program gives for all calls what the original gives."""
    here, there = printed(answer, calls), printed(original, calls)
    for call, ours, theirs in zip(calls, here, there, strict=True):
        if ours != theirs:
            said = f"gives {ours}" if ours else "panics"
            asked = shorten(call, 60, placeholder=" …")
            raise Wrong(f"it is another function now: {asked} {said}, and gave {theirs} before")


def living_blocks(step: Pass) -> list[Block]:
    """The blocks after a pass that can be reached."""
    return [block for block in step.blocks if not block.dead]


def phis(step: Pass, *, memory: bool = True) -> list[Value]:
    """The phis after a pass that something needs; without `memory` those of variables only."""
    found: Iterable[Value] = (
        value
        for block in living_blocks(step)
        for value in block.values
        if value.op == "Phi" and not value.dead
    )
    return [value for value in found if memory or value.type != "mem"]


def fused_operations(program: Program, function: str, target: Target) -> list[str]:
    """The instructions of a function that multiply and add with one rounding."""
    made = Program(program.source, target).machine(function)
    return [one.text for one in made if re.match(r"VF?N?M(ADD|SUB)|FN?M(ADD|SUB)", one.opcode)]
