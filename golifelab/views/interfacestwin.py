"""The static twin of the interface explainer: the matrix as a table, and the reasons below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from golifelab.compile.check.methods import MethodSets
from golifelab.compile.check.satisfaction import Satisfaction
from golifelab.views.checks import place
from golifelab.views.html import Markup, block, code, details, join, table, tag
from golifelab.views.interfaces import interfaces_payload, methods_payload

Payload = Mapping[str, Any]

_METHODS = ("type", "method", "receiver", "promoted through")
_NOTHING = "No type or no interface is declared here: there is nothing to compare."


def interfaces_html(payload: Payload) -> Markup:
    """The matrix; for each cell that is not satisfied the checker's sentence; the method sets."""
    if not payload:
        return tag("p", "The checker is being asked; run the cell again to see its answers here.")
    if not payload["types"] or not payload["interfaces"]:
        return tag("p", _NOTHING)
    heads = ["type", *(interface["name"] for interface in payload["interfaces"])]
    rows = [
        [code(kind["name"]), *map(verdict, cells)]
        for kind, cells in zip(payload["types"], payload["cells"], strict=True)
    ]
    reasons = [
        (f"{kind['name']} is no {interface}", _why(cell), _place(cell["position"]))
        for kind, cells in zip(payload["types"], payload["cells"], strict=True)
        for interface, cell in zip(heads[1:], cells, strict=True)
        if not cell["ok"]
    ]
    parts = [table(heads, rows, caption="Which type is which interface?")]
    if reasons:
        parts.append(table(("", "why", "where"), reasons, caption="Why not"))
    sets = [
        row
        for kind in payload["types"]
        for row in _method_rows(kind["name"], kind["methods"] or ())
    ]
    if sets:
        parts.append(details("the method sets", table(_METHODS, sets)))
    return join(parts)


def satisfaction_html(matrix: Satisfaction) -> Markup:
    """A stage value in the same form."""
    return interfaces_html(interfaces_payload(matrix))


def method_sets_html(sets: MethodSets) -> Markup:
    """The method set of every type, and what every interface wants."""
    rows = [
        row
        for name in (*sets.types, *sets.interfaces)
        for row in _method_rows(name, methods_payload(sets.of(name)))
    ]
    return table(_METHODS, rows, caption="Who has which method")


def interfaces_text(payload: Payload) -> str:
    """The matrix for a terminal, and a line for each cell that is not satisfied."""
    if not payload:
        return "the checker is being asked"
    if not payload["types"] or not payload["interfaces"]:
        return _NOTHING
    names = [interface["name"] for interface in payload["interfaces"]]
    first = max(len(kind["name"]) for kind in payload["types"])
    grid = [[verdict(cell) for cell in cells] for cells in payload["cells"]]
    widths = [max(len(name), *(len(row[at]) for row in grid)) for at, name in enumerate(names)]
    lines = [_line("", names, first, widths)]
    for kind, row in zip(payload["types"], grid, strict=True):
        lines.append(_line(kind["name"], row, first, widths))
    for kind, cells in zip(payload["types"], payload["cells"], strict=True):
        for name, cell in zip(names, cells, strict=True):
            if not cell["ok"]:
                lines.append(f"{kind['name']}, {name}: {_sentence(cell)}")
    return "\n".join(lines)


def verdict(cell: Payload) -> str:
    """A cell in a mark and a word."""
    if cell["ok"]:
        return "✓ yes"
    if cell["ok"] is None:
        return f"? {cell['reason'] or 'not asked'}"
    missing = cell["reason"] == "missing method" and cell["method"]
    return f"✗ no {cell['method']}" if missing else f"✗ {cell['reason']}"


def _line(name: str, cells: Iterable[str], first: int, widths: list[int]) -> str:
    words = [f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True)]
    return "  ".join([f"{name:{first}}", *words]).rstrip()


def _why(cell: Payload) -> Markup:
    said = _sentence(cell)
    if not (cell["have"] and cell["want"]):
        return tag("p", said)
    wishes = block(f"have {cell['have']}\nwant {cell['want']}")
    return join([tag("p", said.partition(" have ")[0]), wishes])


def _sentence(cell: Payload) -> str:
    """The checker's own words on one line; where it was not asked, ours.

    How it begins is only about the line that it was asked with.
    """
    said = " ".join(cell["message"].split())
    return said.rpartition("in variable declaration: ")[2] or cell["reason"]


def _place(position: Payload | None) -> str:
    return place(position) if position else ""


def _method_rows(name: str, methods: Iterable[Payload]) -> list[tuple[Any, ...]]:
    return [
        (
            code(name),
            code(f"{method['name']}{method['signature'].removeprefix('func')}"),
            code(method["receiver"]),
            ".".join(method["through"]),
        )
        for method in methods
    ]
