"""What experiments on the compiler's back end have in common: a sample's function, and evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from golifelab.claims.workbench import Lab
from golifelab.compile.machine.effects import Effects, effects
from golifelab.compile.machine.stage import Machine
from golifelab.compile.ssa.passes import Pass
from golifelab.compile.ssa.stage import SSA
from golifelab.program import Program, sample

PROCESSORS = ("amd64", "arm64")
# What stands before the file's name in the course's commands says where std's packages are.
_IMPORTCFG = re.compile(r'(?: -trimpath "\$PWD=>")? -importcfg <\(.*?\)')


def program(lab: Lab, name: str, *functions: str, goarch: str = "") -> Program:
    """A sample for the bench's target, or for another processor.

    The source of the functions that are named is written down as evidence, once.
    """
    target = lab.bench.target
    studied = sample(name, target=target.with_(goarch=goarch) if goarch else target)
    text = "\n\n".join(source_of(studied, function) for function in functions)
    command = f"cat {name}/main.go"
    known = ((one.command, one.output) for one in lab.evidence)
    if text and (command, text) not in known:
        lab.note(command, text)
    return studied


def source_of(studied: Program, function: str) -> str:
    """The lines of a function, without its comment; empty for one that is not in the first file."""
    head = rf"^func {re.escape(function)}\("
    found = re.search(rf"{head}[^\n]*\}}$|{head}.*?^\}}$", studied.text, re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


def short(command: str) -> str:
    """A command without the words that say where the packages of std are."""
    return _IMPORTCFG.sub("", command).replace(" -o main.o", "")


def note_pass(lab: Lab, ssa: SSA, which: int | str, keep: str = "") -> None:
    """Write the lines of a pass down in which a regular expression is found; all by default."""
    text = [line for line in ssa.text(which).splitlines() if re.search(keep, line)]
    lab.note(f"{short(ssa.command)}   # after {ssa[which].name}", "\n".join(text) or "(nothing)")


def note_machine(lab: Lab, *machines: Machine, keep: str = "") -> None:
    """Write down functions for one processor: Go's syntax, and the processor's own.

    `keep` limits it to instructions in which a regular expression is found.
    """
    rows = []
    for machine in machines:
        rows.append(f"{machine.function.name}:")
        for one in machine:
            said = [part.text for part in effects(machine.architecture, one.bytes, one.pc)]
            if said and re.search(keep, one.text):
                rows.append(f"  {one.text:26} {'; '.join(said)}")
    lab.note(short(machines[0].command), "\n".join(rows))


def touched(machine: Machine) -> tuple[Effects, ...]:
    """What every instruction of a function reads and writes."""
    return tuple(part for one in machine for part in effects(machine.architecture, one.bytes))


def phis(state: Pass) -> int:
    """How many living phis there are after a pass."""
    return sum(value.op == "Phi" and not value.dead for value in state.values())


def listed(words: Iterable[object]) -> str:
    """Words with commas; "none" when there are none."""
    return ", ".join(map(str, words)) or "none"


def code(instructions: Iterable[str]) -> str:
    """Instructions, which have commas of their own, in one line; "none" when there are none."""
    return "; ".join(instructions) or "none"


def pairs(facts: Mapping[str, object]) -> str:
    """A mapping as words: "a: 1, b: 2"."""
    return listed(f"{name}: {value}" for name, value in facts.items())
