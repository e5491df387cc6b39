"""The machine code of a function for the browser: all that is known of its instructions."""

from __future__ import annotations

import re
from typing import Any

from golifelab.compile.machine.stage import Instruction, Machine
from golifelab.errors import FeatureUnavailable
from golifelab.position import Position

# The largest functions of std have a tenth of it.
MAX_INSTRUCTIONS = 20_000

ORIGINS = ("value", "block", "prologue", "epilogue", "tail", "mark", "none")

# Go's assembler writes where a jump leads as the offset in the function, its last operand.
_JUMP = re.compile(r"^(?:J|B|CB|TB)[A-Z.]* (?:.*, )?(\d+)$")


def machine_payload(machine: Machine, *, limit: int = MAX_INSTRUCTIONS) -> dict[str, Any]:
    """The instructions as columns, and what they refer to.

    `pc`, `sizes`, `texts` (Go syntax), `gnu` (GNU syntax; None where there is none, and then
    `gnu_note` says why), `words` (what it does), `origins` (index into `kinds`) with `ids` (number
    of the value or block, -1), `place` (index into `places`, -1), `targets` (index of the
    instruction that a jump leads to, -1). `stacks` holds, by index, the places of inlined calls
    around an instruction, outermost first. `places` are [index into `files`, line, column]; `code`
    is hexadecimal, `relocations` are [offset, size, kind, symbol, addend]. Instructions over
    `limit` are counted in `more` only.
    """
    shown = machine.instructions[:limit]
    places = _Places()
    at_pc = {one.pc: one.index for one in shown}
    cut = len(shown) < len(machine)
    # A function's code may end with padding that no instruction covers.
    end = shown[-1].pc + shown[-1].size if cut and shown else len(machine.code)
    gnu, gnu_note = _gnu(machine, shown)
    return {
        "function": machine.function.symbol,
        "architecture": machine.architecture,
        "tier": machine.tier,
        "precision": machine.precision,
        "size": len(machine.code),
        "frame_size": machine.frame_size,
        "arguments_size": machine.arguments_size,
        "code": machine.code[:end].hex(),
        "kinds": ORIGINS,
        "pc": [one.pc for one in shown],
        "sizes": [one.size for one in shown],
        "texts": [one.text for one in shown],
        "gnu": gnu,
        "gnu_note": gnu_note,
        "words": [machine.explain(one.index) for one in shown],
        "origins": [ORIGINS.index(one.origin) for one in shown],
        "ids": [one.origin_id for one in shown],
        "place": [places.number(one.position) for one in shown],
        "stacks": {
            one.index: [places.number(at) for at in one.stack] for one in shown if one.stack
        },
        "targets": [at_pc.get(target(one), -1) for one in shown],
        "files": list(places.files),
        "places": [list(key) for key in places.known],
        "relocations": [
            [gap.offset, gap.size, gap.kind, gap.symbol, gap.addend]
            for gap in machine.relocations
            if gap.offset < end
        ],
        "more": len(machine) - len(shown),
    }


def target(one: Instruction) -> int:
    """The offset that a jump leads to; -1 for what is no jump, or one through a register."""
    found = _JUMP.match(one.text)
    return int(found[1]) if found else -1


def _gnu(machine: Machine, shown: tuple[Instruction, ...]) -> tuple[list[str] | None, str]:
    try:
        return [machine.gnu(one.index) for one in shown], ""
    except FeatureUnavailable as missing:
        return None, str(missing)


class _Places:
    """Positions, each once, in the order in which they are asked for."""

    def __init__(self) -> None:
        self.files: dict[str, int] = {}
        self.known: dict[tuple[int, int, int], int] = {}

    def number(self, position: Position | None) -> int:
        if position is None:
            return -1
        file = self.files.setdefault(position.file, len(self.files))
        key = (file, position.line, position.column)
        return self.known.setdefault(key, len(self.known))
