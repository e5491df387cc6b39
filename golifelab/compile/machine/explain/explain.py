"""Put what an instruction does into words, by the tables of the two processors."""

from __future__ import annotations

import re
from dataclasses import dataclass

from golifelab.compile.machine.code import Instruction
from golifelab.compile.machine.explain import amd64, arm64
from golifelab.compile.machine.explain.operands import is_memory, place, split, words

_TABLES = {"amd64": amd64.TABLE, "arm64": arm64.TABLE}
_CONDITIONS = {
    "EQ": "equal",
    "NE": "not equal",
    "LT": "less",
    "LE": "less or equal",
    "GT": "greater",
    "GE": "greater or equal",
    "LO": "below (unsigned)",
    "LS": "below or the same (unsigned)",
    "HI": "above (unsigned)",
    "HS": "above or the same (unsigned)",
    "MI": "negative",
    "PL": "not negative",
    "VS": "overflow, or not comparable",
    "VC": "no overflow",
}
_COPIES = "copy"
_FILLS = re.compile(r"; (?:zeros fill|its sign fills) the rest")
_ADDRESS = re.compile(r"(-?\d*)\((RSP|g|R\d+)\)")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an instruction does.

    `text` is a short label and the effect: "add: AX = AX + BX". `known` is False for an opcode
    that the tables do not have; `text` then says so.
    """

    text: str
    known: bool


def explain(one: Instruction, architecture: str) -> Explanation:
    """What an instruction does; of amd64 and arm64 the instructions that the compiler emits."""
    opcode, operands = split(one.text)
    bare, _, mode = opcode.partition(".")
    entry = _TABLES.get(architecture, {}).get(bare)
    if architecture == "amd64" and len(operands) == 2 and operands[0] == operands[1]:
        entry = amd64.SAME.get(bare, entry)
    if architecture == "amd64" and len(operands) == 1:
        entry = amd64.ALONE.get(bare, entry)
    if entry is None:
        return Explanation(f"no explanation of {opcode} is written down", known=False)
    moved = ""
    if mode == "W":
        moved = f"; {_base(operands)} becomes that address"
    elif mode == "P":
        operands, step = _at_base(operands)
        moved = f"; then {_base(operands)} = {_base(operands)} + {step}"
    text = _fill(entry, operands)
    if entry.startswith(_COPIES):
        direction = _direction(operands)
        text = text.replace(_COPIES, direction, 1)
        if direction == "store":  # nothing is filled: only so many bits are written
            text = _FILLS.sub("", text)
    return Explanation(text + moved, known=True)


def _base(operands: tuple[str, ...]) -> str:
    """The register that an address starts from."""
    found = (_ADDRESS.fullmatch(operand) for operand in operands)
    return next((match[2] for match in found if match), "the base register")


def _at_base(operands: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Operands whose address is used before it moves on, and how far it moves."""
    step, kept = "", []
    for operand in operands:
        match = _ADDRESS.fullmatch(operand)
        step = match[1] if match else step
        kept.append(f"({match[2]})" if match else operand)
    return tuple(kept), step


def _direction(operands: tuple[str, ...]) -> str:
    if operands and is_memory(operands[-1]):
        return "store"
    return "load" if operands and is_memory(operands[0]) else _COPIES


def _fill(entry: str, operands: tuple[str, ...]) -> str:
    """A template with its operands: {a} {b} {c} from the left, {d} the last, {at} {to} addresses.

    Where there are only two, the second is both {b} and {d}: it is changed in place.
    """
    if not operands:
        return entry if "{" not in entry else entry.partition(":")[0]
    said = [words(operand) for operand in operands]
    last = said[-1]
    known = {
        "a": said[0],
        "b": said[1] if len(said) > 1 else last,
        "c": said[2] if len(said) > 2 else last,
        "d": last,
        "at": place(operands[0]),
        "to": place(operands[-1]),
        "if": _CONDITIONS.get(operands[0], operands[0]),
    }
    return entry.format_map(known)
