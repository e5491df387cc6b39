"""Chapter 2, what the passes do: claim c2.41."""

from __future__ import annotations

from itertools import pairwise

from golifelab.claims.backend import listed, program
from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.workbench import Lab
from golifelab.compile.ssa.passes import Pass
from golifelab.compile.ssa.stage import SSA

_STUDIED = (("phi", "addPhi"), ("loop", "sum"), ("decisions", "sum"), ("decisions", "main"))


def jumps(state: Pass) -> int:
    """How many blocks end in an unconditional jump."""
    return sum(block.kind == "Plain" and not block.dead for block in state.blocks)


def jumps_to_next(state: Pass) -> int:
    """How many of them lead to the block that stands right behind, so that no jump is needed."""
    blocks = [block for block in state.blocks if not block.dead]
    return sum(
        block.kind == "Plain" and block.successors == (following.id,)
        for block, following in pairwise(blocks)
    )


def shape(ssa: SSA, index: int) -> tuple[object, ...]:
    """What a pass can change: blocks, and the living values with what they do."""
    return tuple(
        (block.id, block.kind, tuple(value.text for value in block.values if not value.dead))
        for block in ssa[index].blocks
        if not block.dead
    )


def decide_jumps(facts: Facts) -> Ruling:
    """c2.41: whether removing jumps is what the general passes do."""
    others, before = facts["others before lower"], facts["remove jumps before lower"]
    return settle(
        len(before) > len(others),
        f"{len(before)} general passes remove jumps, {len(others)} do something else",
        f"{facts['passes before lower']} of {facts['passes']} passes run before lower. In"
        f" {len(_STUDIED)} functions {len(others) + len(before)} of them changed something, and"
        f" {len(before)} removed an unconditional jump ({listed(before)}); the others"
        f" work on values: {listed(others[:6])}, … Of the {facts['jumps left']} jumps left,"
        f" {facts['jumps to the next block']} cost no instruction: layout, long after lower, put"
        " the block they lead to right behind",
    )


@experiment("c2.41", decide_jumps)
def measure_jumps(lab: Lab) -> Facts:
    """Count unconditional jumps after every pass of four functions; note who changes anything."""
    removed: dict[str, int] = {}
    changed: dict[str, int] = {}
    rows, left, next_ = [], 0, 0
    for name, function in _STUDIED:
        ssa = program(lab, name).ssa(function)
        for index in range(1, len(ssa)):
            fewer = jumps(ssa[index - 1]) - jumps(ssa[index])
            if fewer > 0:
                removed[ssa[index].name] = index
                rows.append(f"{name}: {function:8} {fewer} fewer after {ssa[index].name}")
            if shape(ssa, index) != shape(ssa, index - 1):
                changed[ssa[index].name] = index
        left += jumps(ssa[-1])
        next_ += jumps_to_next(ssa[-1])
        lower = ssa["lower"].index
    lab.note(
        "GOSSAFUNC=… go tool compile -p main main.go   # blocks that end in a jump", "\n".join(rows)
    )
    early = [
        name for name, index in sorted(changed.items(), key=lambda one: one[1]) if index < lower
    ]
    return {
        "passes": len(ssa) - 1,
        "passes before lower": lower - 1,
        "remove jumps before lower": [name for name in early if name in removed],
        "others before lower": [name for name in early if name not in removed],
        "jumps left": left,
        "jumps to the next block": next_,
    }
