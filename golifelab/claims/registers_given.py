"""Chapter 2, which registers there are and which Go gives out: claims c2.45, c2.46 and c2.49."""

from __future__ import annotations

import re

from golifelab.claims.backend import PROCESSORS, listed, note_machine, pairs, program, short
from golifelab.claims.ccode import c_instructions
from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.gosource import search
from golifelab.claims.workbench import Lab
from golifelab.compile.machine.effects import effects
from golifelab.compile.machine.registerfile import RegisterFile, register_file
from golifelab.compile.machine.registers import RegisterGrid

_OPS = "cmd/compile/internal/ssa/_gen"
_KEEP = "long ext(long x);\n\nlong keep(long a, long b, long c) { return ext(a) + b * c; }\n"
# Where an arm64 instruction says which register its first operand is.
_FIRST_OPERAND = 5
_SAVED_BY_C = ("rbx", "rbp", "r12", "r13", "r14", "r15")


def in_order(names: set[str]) -> list[str]:
    """Registers sorted as one reads them: R9 before R10."""
    return sorted(names, key=lambda one: (not one.startswith("R"), len(one), one))


def note_file(lab: Lab, file: RegisterFile, goarch: str, kept: list[str]) -> None:
    """Write a processor's general registers down: what Go gives out, and what not."""
    said = (
        f"given out: {' '.join(file.general)}\nnot: {' '.join(kept)}\n"
        f"for arguments: {' '.join(file.integer_arguments)}"
    )
    lab.note(f"gpRegMask and paramIntReg of {goarch} in $GOROOT/src/{_OPS[:-5]}/opGen.go", said)


def with_first_operand_31(code: bytes) -> str:
    """An arm64 instruction after its first operand was made register number 31."""
    word = int.from_bytes(code, "little") | 31 << _FIRST_OPERAND
    return " ".join(one.text for one in effects("arm64", word.to_bytes(4, "little")))


def decide_arm64_registers(facts: Facts) -> Ruling:
    """c2.45: whether arm64 has 31 general registers to use, and no name for the stack pointer."""
    names = facts["number 31 is"]
    return settle(
        "sp" not in names.values(),
        f"number 31 is nothing but {listed(sorted(set(names.values())))}",
        f"number 31 is {' and '.join(f'{name} in “{text}”' for text, name in names.items())}."
        f" Of the 31 others Go gives out {facts['given out']}, and"
        f" {facts['given out where nothing is called']} in a function that calls nothing; never"
        f" {listed(facts['kept'])}",
    )


@experiment("c2.45", decide_arm64_registers)
def measure_arm64_registers(lab: Lab) -> Facts:
    """Write number 31 into two instructions that Go made, and read the compiler's table."""
    saved = program(lab, "saved", goarch="arm64")
    keep = saved.machine("keep")
    made = [
        program(lab, "selection", goarch="arm64").machine("mac")[0],
        next(one for one in keep if one.text.startswith(("SUB $", "ADD $"))),
    ]
    meanings, rows = {}, []
    for one in made:
        text = with_first_operand_31(one.bytes)
        found = re.search(r"\b(xzr|sp)\b(?!.*\b(?:xzr|sp)\b)", text)
        meanings[text] = found[1] if found else "neither"
        rows.append(f"{one.text:22} with number 31 as first operand: {text}")
    lab.note(short(keep.command), "\n".join(rows))
    file = register_file(saved.target)
    kept = in_order({f"R{number}" for number in range(31)} - set(file.general))
    note_file(lab, file, "arm64", kept)
    return {
        "number 31 is": meanings,
        "given out": len(file.general),
        "given out where nothing is called": len(set(file.general) - {file.link}),
        "kept": kept,
    }


def decide_amd64_registers(facts: Facts) -> Ruling:
    """c2.46: whether amd64 has 16 general registers of which rsp and rbp are bound."""
    return settle(
        set(facts["kept"]) == {"SP", "BP"},
        "all but SP and BP are given out",
        f"Go gives out {facts['given out']} of 16: not {listed(facts['kept'])}. {facts['kept'][-1]}"
        " holds the running goroutine. A function that needs sixteen numbers at once uses"
        f" {facts['used under pressure']}, and one for a shared library"
        f" {facts['used in a shared library']}",
    )


@experiment("c2.46", decide_amd64_registers)
def measure_amd64_registers(lab: Lab) -> Facts:
    """Read the compiler's table, and count the registers of a function that needs all it gets."""
    studied = program(lab, "pressure", "press", goarch="amd64")
    file = register_file(studied.target)
    # The table stands in the order of the processor's numbers: the one with number 14 is called g.
    numbered = {name: f"R{at}" if name == "g" else name for at, name in enumerate(file.names[:16])}
    kept = [numbered[name] for name in file.names[:16] if name not in file.general]
    note_file(lab, file, "amd64", kept)
    grid = studied.registers("press")
    shared = studied.for_target(gcflags=("-dynlink",)).registers("press")
    for one, flag in ((grid, ""), (shared, " -dynlink")):
        lab.note(f"{short(grid.command)}{flag}   # registers of press", " ".join(general(one)))
    return {
        "given out": len(file.general),
        "kept": kept,
        "used under pressure": len(general(grid)),
        "used in a shared library": len(general(shared)),
    }


def general(grid: RegisterGrid) -> list[str]:
    """The general registers that a function uses."""
    return [name for name in grid.used if name in grid.registers.general]


def decide_callee_saved(facts: Facts) -> Ruling:
    """c2.49: whether a function of Go's finds registers as they were after a call."""
    survive = {name: held for name, held in facts["hold a value over the call"].items() if held}
    saves = listed(facts["gcc saves first"])
    other = (
        f" gcc's keep begins by saving {saves}, for the function that called it."
        if facts["gcc saves first"]
        else ""
    )
    return settle(
        bool(survive),
        f"after the call a value is still in {pairs(survive)}",
        "no register holds a value over the call, on neither processor: keep stores"
        f" {listed(facts['stored before it'])} before it and loads them after it.{other} Registers"
        f" for arguments: {pairs(facts['registers for arguments'])}",
    )


@experiment("c2.49", decide_callee_saved)
def measure_callee_saved(lab: Lab) -> Facts:
    """See what every register holds around a call, on both processors; let gcc do the same."""
    held: dict[str, list[str]] = {}
    stored: dict[str, None] = {}
    arguments = {}
    for goarch in PROCESSORS:
        studied = program(lab, "saved", "keep", goarch=goarch)
        grid = studied.registers("keep")
        held[goarch] = [
            register
            for step in grid
            if any(value.op.startswith("CALL") for value in step.values)
            for register in step.holds
            if register not in step.writes
        ]
        stored |= dict.fromkeys(spill.slot.partition("[")[0] for spill in grid.spills)
        arguments[goarch] = len(grid.registers.integer_arguments)
        note_machine(lab, studied.machine("keep"), keep=r"main\.")
    search(lab, r"callerSave\s+=", f"{_OPS}/AMD64Ops.go", f"{_OPS}/ARM64Ops.go")
    saves = [
        line.split()[-1] for line in c_instructions(lab, _KEEP, "keep") if line.startswith("push")
    ]
    return {
        "hold a value over the call": held,
        "stored before it": list(stored),
        "registers for arguments": arguments,
        "gcc saves first": [name for name in saves if name in _SAVED_BY_C],
    }
