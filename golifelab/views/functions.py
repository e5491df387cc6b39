"""Which functions of a program there are to choose from, and which one a reader means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from golifelab.compile.functions import Function, find
from golifelab.errors import GolifelabError
from golifelab.position import Position
from golifelab.program import Program


def function_choices(functions: Sequence[Function]) -> list[dict[str, Any]]:
    """Functions for a picker: `symbol`, `name`, `line` (0 where the compiler made it itself)."""
    return [
        {
            "symbol": one.symbol,
            "name": one.name,
            "line": one.position.line if one.position is not None else 0,
        }
        for one in functions
    ]


def function_meant(program: Program, wanted: Sequence[str], at: Position | None) -> Function:
    """The first of the wanted names that a function has; else the one around `at`; else the first.

    CompileFailed for a program that Go refuses, GolifelabError for one without any code.
    """
    functions = program.functions
    if not functions:
        raise GolifelabError("the program has no function with code")
    for name in filter(None, wanted):
        try:
            return find(functions, name)
        except GolifelabError:
            continue  # an edit may have taken it away
    before = [
        one
        for one in functions
        if at and one.position and one.position.file == at.file and one.position.line <= at.line
    ]
    return max(before, key=lambda one: one.position or Position("", 0), default=functions[0])


def stand_in(found: Function, wanted: str) -> dict[str, str]:
    """The note of a page that shows another function than the one that was asked for."""
    try:
        if wanted:
            find((found,), wanted)
    except GolifelabError:
        return {
            "note": f"There is no function {wanted} with code of its own: this is {found.name}."
        }
    return {}


def declared_at(program: Program, name: str) -> Position | None:
    """Where a function's name stands in the source, by the scanner alone: nothing is compiled.

    `name` is as a reader or the compiler writes it: "add", "main.add", "(*T).Inc", "Max[int]".
    """
    wanted = name.partition("[")[0].rpartition(".")[2]
    depth = -1  # of brackets since the word func; a receiver stands in some
    for token in program.tokens if wanted else ():
        if token.kind == "func":
            depth = 0
        elif depth == 0 and token.kind == "name":
            if token.text == wanted:
                return token.position
            depth = -1
        elif depth >= 0:
            depth += {"(": 1, ")": -1}.get(token.kind, 0)
    return None
