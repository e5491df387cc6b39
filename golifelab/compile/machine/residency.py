"""Which value each register holds, step by step, in a function whose registers are given out.

A register holds a value from the step that writes it to the last step, on any path, that reads it.
Both are known: after register allocation every value has one home, and what an operation reads are
the homes of its arguments. Where paths meet, each may have brought its own copy of a value into the
register; an argument then names only one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from golifelab.compile.ssa.passes import Block, Pass, Value

StepKind = Literal["entry", "phis", "value", "end"]

# Made before a function's first instruction: by its caller.
_AT_ENTRY = frozenset({"ArgIntReg", "ArgFloatReg", "LoweredGetClosurePtr"})
# Names for one result of an operation that has several.
_PICKS = frozenset({"Select0", "Select1", "SelectN"})
# What a register holds that no value was put into.
_NOTHING = frozenset({-1})


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a function's code.

    `kind` is "entry" (what the caller left in registers; the prologue runs here), "phis" (the phis
    of a block, which cost nothing: their arguments are in their registers already), "value" (an
    operation, and behind it those that only name its results: SelectN of a call), or
    "end" (the jump at the end of a block). `reads` and `writes` give the value that is read from or
    put into each register, `holds` the value in each register that is needed after the step.
    `instructions` are indices in the function's machine code: empty for a step that needs none, and
    where the compiler was not observed.
    """

    index: int
    kind: StepKind
    block: int
    values: tuple[Value, ...]
    reads: Mapping[str, int]
    writes: Mapping[str, int]
    holds: Mapping[str, int]
    instructions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Event:
    """What a step does to the registers. `forgets`: a call leaves nothing as it was."""

    kind: StepKind
    values: tuple[Value, ...]
    reads: dict[str, int]
    writes: dict[str, int]
    forgets: bool = False

    def before(self, needed: dict[str, int]) -> dict[str, int]:
        """The registers that are needed before the step, given those needed after it."""
        return {r: v for r, v in needed.items() if r not in self.writes} | self.reads

    def after(self, held: dict[str, frozenset[int]]) -> dict[str, frozenset[int]]:
        """What the registers hold after the step, given what they held before it."""
        kept = dict.fromkeys(held, _NOTHING) if self.forgets else held
        return kept | {register: frozenset({value}) for register, value in self.writes.items()}


class Residency:
    """The steps of a function after its last pass.

    `registers` are those that the allocator gives out; what lives in others (the stack pointer, the
    goroutine) lives there always.
    """

    def __init__(self, last: Pass, registers: tuple[str, ...]) -> None:
        self._registers = frozenset(registers)
        self._blocks = [block for block in last.blocks if not block.dead]
        self._named = {block.id: block for block in self._blocks}
        self._values = {v.id: v for block in self._blocks for v in block.values}
        self._parts: dict[int, list[Value]] = {}
        for value in self._values.values():
            if value.op in _PICKS:
                self._parts.setdefault(value.args[0], []).append(value)
        self._events = {block.id: self._events_of(block) for block in self._blocks}

    def steps(self, instructions: Mapping[tuple[str, int], tuple[int, ...]]) -> Iterator[Step]:
        """All steps in the order of the code.

        `instructions` gives those of ("value", id), ("block", id) and ("entry", 0).
        """
        index = 0
        for block, event, held, needed in self._walk():
            made = instructions.get(("entry", 0), ()) if event.kind == "entry" else ()
            if event.kind == "end":
                made += instructions.get(("block", block.id), ())
            for value in event.values:
                made += instructions.get(("value", value.id), ())
            if made or event.reads or event.writes or event.kind == "entry":
                after = event.after(held)
                holds = {
                    register: next(iter(after[register])) if len(after[register]) == 1 else named
                    for register, named in needed.items()
                }
                yield Step(
                    index,
                    event.kind,
                    block.id,
                    event.values,
                    event.reads,
                    event.writes,
                    holds,
                    made,
                )
                index += 1

    def strangers(self) -> list[tuple[int, str, int]]:
        """Reads that could find another value than they name: (value, register, what is there).

        What is there is -1 where nothing is. There must be none: a copy of a value counts as the
        value, and so does the same constant made anew.
        """
        found = []
        for block, event, held, _ in self._walk():
            wanted = [(register, named, held) for register, named in event.reads.items()]
            if event.kind == "end":
                for successor in block.successors:
                    wanted += [(r, v, held) for r, v in self._for_phis(block, successor).items()]
            for register, named, there in wanted:
                same = self._origin(named)
                writers = there[register]
                found += [
                    (named, register, writer) for writer in writers if self._origin(writer) != same
                ]
        return found

    def _origin(self, number: int) -> object:
        """What makes two values the same one: copies and constants are looked through."""
        value = self._values.get(number)
        while value and value.op in ("Copy", "LoadReg", "StoreReg") and value.args:
            following = self._values.get(value.args[0])
            if following is None:
                break
            value = following
        if value is None:
            return number
        args = {self._values[arg].op for arg in value.args if arg in self._values}
        # Rematerialized: constants and addresses, which need nothing that changes.
        return (value.op, value.aux) if args <= {"SP", "SB"} and value.op != "Arg" else value.id

    def _walk(
        self,
    ) -> Iterator[tuple[Block, _Event, dict[str, frozenset[int]], dict[str, int]]]:
        """Every event with what the registers hold before it and what is needed after it."""
        ends, starts = self._needed_at_ends(), self._held_at_starts()
        for block in self._blocks:
            events = self._events[block.id]
            needed = [ends[block.id]]
            for event in reversed(events[1:]):
                needed.append(event.before(needed[-1]))
            held = starts[block.id]
            for event, after in zip(events, reversed(needed), strict=True):
                yield block, event, held, after
                held = event.after(held)

    def _events_of(self, block: Block) -> list[_Event]:
        values = block.values
        events: list[_Event] = []
        last = self._homes(block.controls)
        if block is self._blocks[0]:
            given = tuple(value for value in values if value.op in _AT_ENTRY)
            events.append(_Event("entry", given, {}, self._homes(v.id for v in given)))
        phis = tuple(value for value in values if value.op == "Phi")
        if phis:
            events.append(_Event("phis", phis, {}, self._homes(v.id for v in phis)))
        for value in values:
            if value.op == "Phi" or value.op in _PICKS or value.op in _AT_ENTRY:
                continue
            if value.op == "MakeResult":  # no work: it names what must be in place at the return
                last |= self._homes(value.args)
                continue
            parts = self._parts.get(value.id, [])
            made = self._homes((value.id, *(part.id for part in parts)))
            both = (value, *(part for part in parts if part.location in self._registers))
            forgets = value.op.startswith("CALL")
            events.append(_Event("value", both, self._homes(value.args), made, forgets))
        events.append(_Event("end", (), last, {}))
        return events

    def _homes(self, numbers: Iterator[int] | tuple[int, ...]) -> dict[str, int]:
        """By register, those of some values that live in one."""
        return {
            value.location: number
            for number in numbers
            if (value := self._values.get(number)) and value.location in self._registers
        }

    def _for_phis(self, block: Block, successor: int) -> dict[str, int]:
        """By register, the values that the phis of a successor take from a block."""
        following = self._named[successor]
        return {
            value.location: arg
            for value in following.values
            if value.op == "Phi" and value.location in self._registers
            for before, arg in zip(following.predecessors, value.args, strict=True)
            if before == block.id
        }

    def _needed_at_ends(self) -> dict[int, dict[str, int]]:
        """By block, the registers that are needed at its end, each with the value that is meant."""
        ends: dict[int, dict[str, int]] = {block.id: {} for block in self._blocks}
        starts: dict[int, dict[str, int]] = {block.id: {} for block in self._blocks}
        changed = True
        while changed:
            changed = False
            for block in reversed(self._blocks):
                needed: dict[str, int] = {}
                for successor in block.successors:
                    needed |= starts[successor] | self._for_phis(block, successor)
                ends[block.id] = needed
                for event in reversed(self._events[block.id]):
                    needed = event.before(needed)
                if needed.keys() != starts[block.id].keys():
                    starts[block.id] = needed
                    changed = True
        return ends

    def _held_at_starts(self) -> dict[int, dict[str, frozenset[int]]]:
        """By block, the values that the registers can hold at its start."""
        starts: dict[int, dict[str, frozenset[int]]] = {block.id: {} for block in self._blocks}
        starts[self._blocks[0].id] = dict.fromkeys(self._registers, _NOTHING)
        waiting = [block.id for block in self._blocks]
        while waiting:
            block = self._named[waiting.pop(0)]
            held = starts[block.id]
            for event in self._events[block.id]:
                held = event.after(held)
            for successor in block.successors:
                known = starts[successor]
                merged = known | {r: known.get(r, frozenset()) | v for r, v in held.items()}
                if merged != known:
                    starts[successor] = merged
                    if successor not in waiting:
                        waiting.append(successor)
        return starts
