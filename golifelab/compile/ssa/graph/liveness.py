"""Which values are alive between the blocks of a function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from golifelab.compile.ssa.passes import Block


@dataclass(frozen=True, slots=True)
class Liveness:
    """For each block the values that are needed later, when it is entered and when it is left.

    A phi is made at the edge: its arguments are needed at the ends of the blocks they come from,
    and the phi itself is not among what its block is entered with.
    """

    entering: Mapping[int, frozenset[int]]
    leaving: Mapping[int, frozenset[int]]


def liveness(blocks: Sequence[Block]) -> Liveness:
    """The liveness of some blocks; values and blocks that are dead need nothing.

    From every use back to the definition, as in Boissinot and others, "Computing Liveness Sets for
    SSA-Form Programs": no iteration, and no condition on the loops.
    """
    graph = {block.id: block for block in blocks if not block.dead}
    home = {v.id: block.id for block in graph.values() for v in block.values}
    entering: dict[int, set[int]] = {block: set() for block in graph}
    leaving: dict[int, set[int]] = {block: set() for block in graph}

    def needed_at_end(value: int, block: int) -> None:
        waiting = [block]
        while waiting:
            at = waiting.pop()
            if at not in graph or value in leaving[at]:
                continue
            leaving[at].add(value)
            if home[value] != at and value not in entering[at]:
                entering[at].add(value)
                waiting.extend(graph[at].predecessors)

    def needed_in(value: int, block: int) -> None:
        if home.get(value, block) != block and value not in entering[block]:
            entering[block].add(value)
            for before in graph[block].predecessors:
                needed_at_end(value, before)

    for block in graph.values():
        for control in block.controls:
            needed_in(control, block.id)
        for value in block.values:
            if value.dead:
                continue
            if value.op == "Phi":
                for argument, before in zip(value.args, block.predecessors, strict=False):
                    if argument in home:
                        needed_at_end(argument, before)
            else:
                for argument in value.args:
                    needed_in(argument, block.id)
    return Liveness(_frozen(entering), _frozen(leaving))


def _frozen(sets: dict[int, set[int]]) -> dict[int, frozenset[int]]:
    return {block: frozenset(values) for block, values in sets.items()}
