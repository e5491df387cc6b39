"""The operands of an instruction in Go's syntax, in words."""

from __future__ import annotations

import re

_MEMORY = re.compile(
    r"^(?P<symbol>(?!\$).*?)(?P<offset>[+-]?\d+)?\((?P<base>\w+)\)"
    r"(?:\((?P<index>\w+)(?:\*(?P<scale>\d+)|<<(?P<shift>\d+))?\))?$"
)
_FRAME = frozenset({"SP", "FP"})


def split(text: str) -> tuple[str, tuple[str, ...]]:
    """An instruction's opcode and its operands: "ADDQ BX, AX" is ("ADDQ", ("BX", "AX"))."""
    opcode, _, rest = text.partition(" ")
    operands: list[str] = []
    depth, start, quoted = 0, 0, False
    for at, letter in enumerate(rest):
        if letter == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and not depth:
            operands.append(rest[start:at].strip())
            start = at + 1
    operands.append(rest[start:].strip())
    return opcode, tuple(operand for operand in operands if operand)


def is_memory(operand: str) -> bool:
    """Whether an operand is a place in memory; an address with a "$" before it is a number."""
    return bool(_MEMORY.match(operand))


def place(operand: str) -> str:
    """An address: "R14+16", "x on the stack", "main.total"; what is no address stays as it is."""
    match = _MEMORY.match(operand)
    if not match:
        return operand
    symbol, offset = match["symbol"], match["offset"] or ""
    parts = []
    if match["base"] == "SB":
        parts.append(symbol + (offset if int(offset or 0) else ""))
    elif symbol and match["base"] in _FRAME:
        parts.append(f"{symbol.partition('.')[2] or symbol} on the stack")
    else:
        sign = "" if not int(offset or 0) else offset if offset[0] in "+-" else f"+{offset}"
        parts.append(match["base"] + sign)
    if match["index"]:
        scale = 1 << int(match["shift"]) if match["shift"] else int(match["scale"] or 1)
        parts.append(match["index"] + (f"×{scale}" if scale > 1 else ""))
    return " + ".join(parts)


def words(operand: str) -> str:
    """An operand as it reads in an expression."""
    if operand.startswith("$"):
        inner = operand[1:]
        if not _MEMORY.match(inner):
            return inner.strip("()")
        return f"the address of {place(inner)}"
    if is_memory(operand):
        where = place(operand)
        return where if where.endswith("on the stack") else f"memory at {where}"
    return operand.replace("->", ">>").replace("@>", " rotated right by ")
