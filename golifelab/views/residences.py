"""Where values live, as stretches of time: what a register grid draws as bars.

Time is counted in half steps. An instruction reads at the beginning of its step and writes in the
middle: a value that step 3 makes and step 5 reads last lives from 7 to 11, and its register may
hold the next value from 11 on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from golifelab.compile.machine.registers import RegisterGrid


class Residence(NamedTuple):
    """A value in a register or a stack slot: the half steps `start` up to, not including, `end`."""

    home: str
    value: int
    start: int
    end: int


class Slot(NamedTuple):
    """A place on the stack that the register allocator uses, and who lives there, when.

    `kind` is "spill", or "argument" for one that the caller has put there. `reads` are the steps
    that read it, each with the value that is read.
    """

    name: str
    kind: str
    residences: tuple[Residence, ...]
    reads: tuple[tuple[int, int], ...]


def in_register(grid: RegisterGrid, register: str) -> Iterator[Residence]:
    """Who lives in a register, one after the other, in the order of the code.

    What comes from another block lives there from the beginning of the block on. Where paths bring
    different copies of a value, it keeps, for the block, the name by which it is known first.
    """
    value, start, block = -1, -1, -1
    for step in grid:
        begin = 2 * step.index
        made, held = step.writes.get(register), step.holds.get(register)
        read = step.reads.get(register)
        kept = held if made is None else None
        before = kept if kept is not None else read
        moved = step.block != block and before is not None and before != value
        if value >= 0 and (before is None or moved):
            yield Residence(register, value, start, begin)
            value = -1
        if value < 0 and before is not None:
            value, start = before, begin
        if value >= 0 and kept is None:
            yield Residence(register, value, start, begin + 1)
            value = -1
        if made is not None:
            value, start = made, begin + 1
            if held is None:
                yield Residence(register, value, start, begin + 2)
                value = -1
        block = step.block
    if value >= 0:
        yield Residence(register, value, start, 2 * len(grid))


def on_stack(grid: RegisterGrid) -> tuple[Slot, ...]:
    """The slots of the stack that the register allocator uses, in the order of their first use.

    A value lives in its slot until the last step, in the order of the code, that reads it; a phi
    of the same slot goes on from there by itself.
    """
    reads: dict[int, list[int]] = {}
    first: dict[int, int] = {}
    stores: dict[int, int] = {}
    for step in grid:
        first.setdefault(step.block, step.index)
        for value in step.values:
            if value.op == "StoreReg":
                stores[value.id] = step.index
            for argument in value.args:
                reads.setdefault(argument, []).append(step.index)
    found: dict[str, list[tuple[Residence, list[int], str]]] = {}
    for block, value in grid.stacked:
        if value.op == "StoreReg":
            start = 2 * stores[value.id] + 1
        else:
            start = 2 * first.get(block, 0) if value.op == "Phi" else 0
        read = reads.get(value.id, [])
        if value.op == "Arg" and not read:
            continue  # the caller has put it there, and nobody looks
        end = max(
            [2 * step + 1 for step in read if 2 * step + 1 > start], default=start // 2 * 2 + 2
        )
        kind = "argument" if value.op == "Arg" else "spill"
        lives = Residence(value.location, value.id, start, end)
        found.setdefault(value.location, []).append((lives, read, kind))
    return tuple(
        Slot(
            name,
            "argument" if all(kind == "argument" for *_, kind in lives) else "spill",
            tuple(sorted((one for one, *_ in lives), key=lambda one: one.start)),
            tuple((step, one.value) for one, read, _ in lives for step in read),
        )
        for name, lives in sorted(found.items(), key=lambda item: min(o.start for o, *_ in item[1]))
    )
