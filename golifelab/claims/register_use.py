"""Chapter 2, how registers are given to values: claims c2.42, c2.44 and c2.53."""

from __future__ import annotations

import re

from golifelab.claims.backend import PROCESSORS, listed, note_pass, pairs, program, short
from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.gosource import search
from golifelab.claims.workbench import Lab
from golifelab.program import Program

_REGALLOC = "cmd/compile/internal/ssa/regalloc.go"
_OPS = "cmd/compile/internal/ssa/_gen"
# How many values are needed at once.
COUNTS = (4, 8, 12, 16, 24, 32)


def pressure(counts: tuple[int, ...] = COUNTS) -> str:
    """A program with a function for each count, such as press4, that needs so many values at once.

    They are read before a store and used after it, so each has to be somewhere meanwhile.
    """
    parts = ["package main\n"]
    for count in counts:
        names = [f"v{number}" for number in range(count)]
        reads = "".join(f"\t{name} := p[{number}]\n" for number, name in enumerate(names))
        parts.append(
            f"func press{count}(p *[{count}]int) int {{\n{reads}\tp[0] = {' + '.join(names)}\n"
            f"\treturn {' * '.join(names)}\n}}\n"
        )
    return "\n".join([*parts, "func main() {}\n"])


def decide_phi_registers(facts: Facts) -> Ruling:
    """c2.42: whether phis end as registers, without an instruction."""
    homes = facts["registers of each phi and its arguments"]
    return settle(
        bool(homes)
        and all(len(set(registers)) == 1 for registers in homes.values())
        and not facts["instructions for phis"],
        f"each phi shares one register with all its arguments ({pairs(_first(homes))}), and none of"
        f" the {facts['instructions']} instructions was made for a phi",
        f"registers: {pairs(homes)}; instructions for phis: {facts['instructions for phis']}",
    )


def _first(homes: dict[str, list[str]]) -> dict[str, str]:
    return {name: registers[0] for name, registers in homes.items()}


@experiment("c2.42", decide_phi_registers)
def measure_phi_registers(lab: Lab) -> Facts:
    """See where the phis of a loop and their arguments live, and what code is made for them."""
    studied = program(lab, "loop", "sum")
    ssa, machine = studied.ssa("sum"), studied.machine("sum")
    note_pass(lab, ssa, "regalloc", r"= Phi|v\d+ = .* : |^  b")
    last = ssa[-1]
    homes, made = {}, 0
    for value in last.values():
        if value.op == "Phi" and value.location:
            found = [last.value(argument) for argument in value.args]
            homes[value.name] = [value.location, *(one.location for one in found if one)]
            made += len(machine.of_value(value.id))
    rows = [f"{one.origin:9} {one.text}" for one in machine if one.size]
    lab.note(short(machine.command), "\n".join(rows))
    return {
        "registers of each phi and its arguments": homes,
        "instructions": sum(one.size > 0 for one in machine),
        "instructions for phis": made,
    }


def decide_pressure(facts: Facts) -> Ruling:
    """c2.44: whether the number of registers decides how dense the code is."""
    few, many = COUNTS[0], COUNTS[-1]
    spills, size = facts["values on the stack"], facts["bytes for each value"]
    return settle(
        all(not one[few] and one[many] for one in spills.values())
        and spills["amd64"][16] > spills["arm64"][16],
        f"{few} values at once need no stack, {many} do. At 16, amd64 with"
        f" {facts['registers']['amd64']} registers stores {spills['amd64'][16]} of them, arm64 with"
        f" {facts['registers']['arm64']} stores {spills['arm64'][16]}. Each value then costs"
        f" {size['amd64'][16]} bytes of code on amd64; at {few} it was {size['amd64'][few]}",
        f"values on the stack: {pairs(spills)}",
    )


@experiment("c2.44", decide_pressure)
def measure_pressure(lab: Lab) -> Facts:
    """Compile functions that need ever more values at once, for two processors."""
    text = pressure()
    lab.note("head main.go", pressure((COUNTS[0],)))
    spills: dict[str, dict[int, int]] = {}
    size: dict[str, dict[int, float]] = {}
    registers = {}
    rows = ["needed at once       " + "".join(f"{count:6}" for count in COUNTS)]
    for goarch in PROCESSORS:
        studied = Program.from_text(text, target=lab.bench.target.with_(goarch=goarch))
        spills[goarch], size[goarch] = {}, {}
        for count in COUNTS:
            grid = studied.registers(f"press{count}")
            registers[goarch] = len(grid.registers.general)
            spills[goarch][count] = len(grid.spills)
            size[goarch][count] = round(len(studied.machine(f"press{count}").code) / count, 1)
        rows.append(
            f"{goarch}: on the stack  " + "".join(f"{n:6}" for n in spills[goarch].values())
        )
        rows.append(f"{goarch}: bytes a value " + "".join(f"{n:6}" for n in size[goarch].values()))
    lab.note(
        "go tool compile -p main -S main.go   # counted, amd64 and GOARCH=arm64", "\n".join(rows)
    )
    return {"registers": registers, "values on the stack": spills, "bytes for each value": size}


def decide_allocator(facts: Facts) -> Ruling:
    """c2.53: whether two-operand instructions lead to graph colouring."""
    return settle(
        facts["lines about graph colouring"] > 0,
        f"{facts['lines about graph colouring']} lines of the allocator are about graph colouring",
        f"no line of the allocator is about graph colouring; it says “{facts['its own words']}”."
        f" That the result replaces an operand is a mark on {facts['operations marked']} operations"
        f" of amd64, and where the operand is needed later regalloc inserts a copy:"
        f" {listed(facts['copies inserted'])}",
    )


@experiment("c2.53", decide_allocator)
def measure_allocator(lab: Lab) -> Facts:
    """Read what the allocator says of itself, and find the copy it inserts before a product."""
    words = search(lab, r"(?i)linear scan", _REGALLOC)
    colouring = search(lab, r"(?i)graph.?colou?r|interference graph", _REGALLOC)
    scratch = Lab(lab.bench)  # so many lines are no evidence; their number is
    marked = search(scratch, r"resultInArg0: true", f"{_OPS}/AMD64Ops.go")
    lab.note(f"cd $GOROOT/src && grep -c 'resultInArg0: true' {_OPS}/AMD64Ops.go", str(len(marked)))
    ssa = program(lab, "loop", "sum", goarch="amd64").ssa("sum")
    before, after = ssa[ssa["regalloc"].index - 1], ssa["regalloc"]
    reused = {
        value.args[0] for value in after.values() if value.op.startswith("MUL") and value.args
    }
    known = {value.id for value in before.values() if not value.dead and value.op == "Copy"}
    copies = [
        value.text
        for value in after.values()
        if value.op == "Copy" and value.id in reused and value.id not in known
    ]
    note_pass(lab, ssa, after.index - 1, r"= MUL")
    note_pass(lab, ssa, after.index, r"= MUL|= Copy")
    said = re.sub(r"^//\s*", "", words[0].text) if words else "nothing"
    return {
        "its own words": re.split(r"(?<=\.)\s", said)[0],
        "lines about graph colouring": len(colouring),
        "operations marked": len(marked),
        "copies inserted": copies,
    }
