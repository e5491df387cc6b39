"""The static twin of a calling convention: a row for every parameter and result."""

from __future__ import annotations

from golifelab.compile.machine.abi import ABI, Assignment
from golifelab.views.html import Markup, code, join, table, tag


def abi_html(found: ABI) -> Markup:
    """Which registers or bytes of the stack carry each parameter and result."""
    rows = (
        (one.role, one.name, code(one.type), _way(one), _saved(one)) for one in found.assignments
    )
    shown = table(
        ("role", "name", "type", "travels in", "saved at, if need be"),
        rows,
        caption=f"{found.signature} on {found.architecture}",
    )
    note = (
        f"{found.arguments_size} bytes of stack for arguments, the room to save registers included"
    )
    return join([shown, tag("p", note)])


def _way(one: Assignment) -> Markup:
    if not one.pieces:
        return join(["the stack, ", code(f"{one.offset}(FP)")])
    if len(one.pieces) == 1:
        return code(one.registers[0])
    parts = [
        join([code(piece.register), f" ({piece.type} at {piece.offset})"]) for piece in one.pieces
    ]
    return join([parts[0], *(join([", ", part]) for part in parts[1:])])


def _saved(one: Assignment) -> Markup:
    return code(f"{one.spill}(FP)") if one.spill >= 0 else Markup("")
