"""Chapter 2, what SSA looks like: claims c2.33, c2.35, c2.36, c2.38 and c2.39."""

from __future__ import annotations

import re
from collections import Counter

from golifelab.claims.backend import listed, note_pass, pairs, phis, program, short
from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.workbench import Lab
from golifelab.compile.ssa.passes import Pass, Value
from golifelab.compile.ssa.stage import SSA

# A name with a version, as textbooks write them.
_VERSION = re.compile(r"\b[a-z]\w*#\d+\b")
# Functions in which ways meet: after an if, around a loop, and both.
_JOINS = (("phi", "addPhi"), ("loop", "sum"), ("decisions", "sum"), ("decisions", "main"))


def living(state: Pass) -> list[Value]:
    """The values after a pass, the dead ones left out."""
    return [value for value in state.values() if not value.dead]


def decide_defined_once(facts: Facts) -> Ruling:
    """c2.33: whether values are defined once, with phis where ways meet."""
    return settle(
        not facts["defined twice"] and bool(facts["phis"]) and not facts["phis without a join"],
        f"none of the {facts['values']} values has two definitions, at the start or after any of"
        f" {facts['passes']} passes, and every phi is in a block that several lead to:"
        f" {listed(facts['phis'])}. It is values that are defined once; a variable is a name for"
        f" several: {pairs(facts['variables'])}",
        f"defined twice: {listed(facts['defined twice'])}; phis in blocks that at most one leads"
        f" to: {listed(facts['phis without a join'])}",
    )


@experiment("c2.33", decide_defined_once)
def measure_defined_once(lab: Lab) -> Facts:
    """Count definitions in every state of a loop, and look where its phis are."""
    ssa = program(lab, "loop", "sum").ssa("sum")
    twice: set[str] = set()
    strays: set[str] = set()
    for state in ssa.passes:
        counted = Counter(value.name for value in state.values())
        twice |= {name for name, number in counted.items() if number > 1}
        for block in state.blocks:
            if len(block.predecessors) < 2:
                strays |= {v.text for v in block.values if v.op == "Phi" and not v.dead}
    note_pass(lab, ssa, "start", r"= Phi|^name |<- .* ")
    start = ssa["start"]
    return {
        "values": len({value.id for state in ssa.passes for value in state.values()}),
        "passes": len(ssa) - 1,
        "defined twice": sorted(twice),
        "phis": [value.text for value in living(start) if value.op == "Phi"],
        "phis without a join": sorted(strays),
        "variables": {
            name.partition("[")[0]: " ".join(f"v{number}" for number in numbers)
            for name, numbers in start.snapshot.names
        },
    }


def decide_versions(facts: Facts) -> Ruling:
    """c2.35: whether definitions carry versions of a variable."""
    return settle(
        facts["names with a version"] > 0,
        f"{facts['names with a version']} names carry a version",
        f"at the start and after {facts['passes']} passes not one name has a version. Values have"
        " numbers, and a number that is free again is given to another value:"
        f" {facts['used again'] or 'not in this function'}",
    )


@experiment("c2.35", decide_versions)
def measure_versions(lab: Lab) -> Facts:
    """Search all states of a loop for versions, and for a number that named two values."""
    ssa = program(lab, "loop", "sum").ssa("sum")
    text = "\n".join(ssa.text(index) for index in range(len(ssa)))
    again = used_again(ssa)
    if again:
        lab.note(
            f"{short(ssa.command)}   # the lines about {again[0][1].name}",
            "\n".join(f"after {state}: {value.text}" for state, value in again),
        )
    lab.note(
        f"{short(ssa.command)} | grep -cE '{_VERSION.pattern}'", str(len(_VERSION.findall(text)))
    )
    return {
        "passes": len(ssa) - 1,
        "names with a version": len(_VERSION.findall(text)),
        "used again": listed(f"after {state} {value.text}" for state, value in again)
        if again
        else "",
    }


def used_again(ssa: SSA) -> tuple[tuple[str, Value], ...]:
    """The values that the same number named in turn, with the passes after which it did first.

    The first number of which that is true; empty when there is none.
    """
    for number in sorted({value.id for value in living(ssa["start"])}):
        events = ssa.biography(number).events
        built = [(one.pass_name, one.value) for one in events if one.kind == "built" and one.value]
        if len({value.op for _, value in built}) > 1:
            return tuple(built)
    return ()


def decide_phi_arguments(facts: Facts) -> Ruling:
    """c2.36: whether a phi takes a value from every predecessor."""
    wrong = facts["with another number of arguments"] + facts["that don't reach their edge"]
    return settle(
        wrong == 0 and facts["phis"] > 0,
        f"each of {facts['phis']} phis has as many arguments as its block has predecessors, in"
        " their order, and each argument is defined on every way to its edge:"
        f" {facts['for example']}",
        f"{wrong} of {facts['phis']} phis don't",
    )


@experiment("c2.36", decide_phi_arguments)
def measure_phi_arguments(lab: Lab) -> Facts:
    """Hold the arguments of every phi of four functions against the edges of its block."""
    found, uneven, astray = [], 0, 0
    for name, function in _JOINS:
        ssa = program(lab, name).ssa(function)
        start, graph = ssa["start"], ssa.cfg("start")
        for block in (one for one in start.blocks if not one.dead):
            for phi in (one for one in block.values if one.op == "Phi"):
                edges = " and ".join(f"b{number}" for number in block.predecessors)
                found.append(f"{phi.text} in {block.name}, which is entered from {edges}")
                uneven += len(phi.args) != len(block.predecessors)
                for argument, edge in zip(phi.args, block.predecessors, strict=False):
                    home = start.block_of(argument)
                    astray += home is None or not graph.dominates(home.id, edge)
    lab.note(
        "GOSSAFUNC=… go tool compile -p main main.go   # every phi, after start", "\n".join(found)
    )
    return {
        "phis": len(found),
        "with another number of arguments": uneven,
        "that don't reach their edge": astray,
        "for example": found[0] if found else "",
    }


def decide_phi_of_add(facts: Facts) -> Ruling:
    """c2.38: whether add has a phi."""
    most = facts["most phis of add"]
    return settle(
        most > 0,
        f"add has {most} phis",
        f"add returns twice and assigns nothing to a and b, so nothing meets: 0 phis at the start"
        f" and after each of {facts['passes']} passes. addPhi is built with"
        f" {facts['phis of addPhi at the start']}, which is gone after"
        f" {facts['addPhi loses it in']}; sum, a loop, keeps {facts['phis of sum at the end']} to"
        " the end",
    )


@experiment("c2.38", decide_phi_of_add)
def measure_phi_of_add(lab: Lab) -> Facts:
    """Count the phis of three functions after every pass."""
    counts = {}
    for name, function in (("add", "add"), ("phi", "addPhi"), ("loop", "sum")):
        ssa = program(lab, name, function).ssa(function)
        counts[function] = [(state.name, phis(state)) for state in ssa.passes]
        # Only where the number changes: the rest of the states say the same again.
        changes = [
            (state, number)
            for (state, number), before in zip(
                counts[function], [-1, *(n for _, n in counts[function])], strict=False
            )
            if number != before
        ]
        lab.note(
            f"{short(ssa.command)} | grep -c '= Phi'   # after each pass",
            "\n".join(f"from {state:12} on: {number}" for state, number in changes),
        )
    lost = next((state for state, number in counts["addPhi"] if not number), "no pass")
    return {
        "most phis of add": max(number for _, number in counts["add"]),
        "passes": len(counts["add"]) - 1,
        "phis of addPhi at the start": counts["addPhi"][0][1],
        "addPhi loses it in": lost,
        "phis of sum at the end": counts["sum"][-1][1],
    }


def decide_blocks_of_add(facts: Facts) -> Ruling:
    """c2.39: whether add has the four blocks of the drawing, one of them a merge."""
    return settle(
        bool(facts["where ways meet"]) and len(facts["blocks"]) == 4,
        f"four blocks, and ways meet in {listed(facts['where ways meet'])}",
        f"{len(facts['blocks'])} blocks ({pairs(facts['blocks'])}), {facts['returns']} of them"
        f" return; ways meet in {listed(facts['where ways meet'] or ['none of them'])}",
    )


@experiment("c2.39", decide_blocks_of_add)
def measure_blocks_of_add(lab: Lab) -> Facts:
    """Read the blocks of add as it was built."""
    ssa = program(lab, "add", "add").ssa("add")
    note_pass(lab, ssa, "start", r"^  b\d|-> b|^ +Ret")
    blocks = [block for block in ssa["start"].blocks if not block.dead]
    return {
        "blocks": {block.name: block.text for block in blocks},
        "returns": sum(block.kind == "Ret" for block in blocks),
        "where ways meet": [block.name for block in blocks if len(block.predecessors) > 1],
    }
