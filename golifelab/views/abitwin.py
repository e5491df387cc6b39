"""The static twin of a calling convention: a row for every parameter and result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from golifelab.compile.machine.abi import ABI
from golifelab.views.abiexplorer import abi_payload
from golifelab.views.html import Markup, code, join, table, tag

Payload = Mapping[str, Any]

_WAITING = "The compiler is being asked; run the cell again to see its answer here."


def abi_html(found: ABI) -> Markup:
    """Which registers or bytes of the stack carry each parameter and result."""
    return _column(abi_payload(found))


def columns_html(payload: Payload) -> Markup:
    """The same for each processor of an explorer, or what is wrong with what was asked."""
    if not payload:
        return tag("p", _WAITING)
    if payload["problem"]:
        return tag("p", code(payload["asked"]), f": {payload['problem']}")
    return join(
        tag("p", f"{one['architecture']}: {one['failure']}") if "failure" in one else _column(one)
        for one in payload["columns"]
    )


def columns_text(payload: Payload) -> str:
    """For a terminal: a line for every parameter and result, by processor."""
    if not payload:
        return _WAITING
    if payload["problem"]:
        return f"{payload['asked']}: {payload['problem']}"
    lines = []
    for column in payload["columns"]:
        if "failure" in column:
            lines.append(f"{column['architecture']}: {column['failure']}")
            continue
        lines.append(f"{column['signature']} on {column['architecture']}")
        for one in column["assignments"]:
            place = ", ".join(_pieces(one)) or _stack(one)
            lines.append(f"  {one['role']:<10}{one['name']:<12}{one['type']:<20}{place}".rstrip())
    return "\n".join(lines)


def _column(column: Payload) -> Markup:
    rows = (
        (one["role"], one["name"], code(one["type"]), _way(one), _saved(one))
        for one in column["assignments"]
    )
    shown = table(
        ("role", "name", "type", "travels in", "saved at, if need be"),
        rows,
        caption=f"{column['signature']} on {column['architecture']}",
    )
    note = (
        f"{column['arguments_size']} bytes of stack for arguments, the room to save registers"
        " included"
    )
    return join([shown, tag("p", note)])


def _way(one: Payload) -> Markup:
    if not one["pieces"]:
        return Markup(_stack(one)) if one["empty"] else join(["the stack, ", _at(one)])
    return code(", ".join(_pieces(one)))


def _pieces(one: Payload) -> list[str]:
    """The registers with the pieces in them; a register alone where it carries the whole."""
    pieces = one["pieces"]
    if len(pieces) == 1:
        return [pieces[0]["register"]]
    return [
        f"{piece['register']} ({piece['name'].lstrip('.') or piece['type']})"
        if piece["name"] is not None
        else f"{piece['register']} ({piece['type']} at {piece['offset']})"
        for piece in pieces
    ]


def _stack(one: Payload) -> str:
    return "nothing to carry" if one["empty"] else f"the stack, {one['offset']}(FP)"


def _at(one: Payload) -> Markup:
    return code(f"{one['offset']}(FP)")


def _saved(one: Payload) -> Markup:
    return code(f"{one['spill']}(FP)") if one["spill"] >= 0 else Markup("")
