"""The interface explainer's payload: types by interfaces, and why each cell is as it is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from golifelab.compile.check.methods import Method, MethodSets
from golifelab.compile.check.satisfaction import Cell, Satisfaction
from golifelab.compile.front import before_types
from golifelab.errors import GolifelabError, LimitExceeded
from golifelab.position import Position
from golifelab.program import Program

# Rows and columns that are sent: a cell is three elements of the page. More of them are for the
# frame of `program.satisfaction()`.
MAX_TYPES = 60
MAX_INTERFACES = 25
MAX_METHODS = 200
MAX_TEXT = 600

Payload = dict[str, Any]


def interfaces_payloads(program: Program) -> Iterable[Payload]:
    """What the explainer shows of a program. One payload."""
    sets = program.methods
    yield interfaces_payload(_matrix(program, sets), sets)


def _matrix(program: Program, sets: MethodSets) -> Satisfaction:
    """The whole matrix; of a large one only what is shown, for every cell is a question."""
    rows, columns = sets.types[:MAX_TYPES], sets.interfaces[:MAX_INTERFACES]
    if rows == sets.types and columns == sets.interfaces:
        with contextlib.suppress(LimitExceeded):  # of instances there may be any number
            return program.satisfaction()
    return program.satisfaction(types=rows, interfaces=columns)


def interfaces_payload(matrix: Satisfaction, sets: MethodSets | None = None) -> Payload:
    """The matrix with the checker's own words; with `sets`, the methods of its types beside it.

    - `types`, `interfaces`: {name, kind, methods, position}; `methods` is a list of {name,
      signature, receiver, pointer, through, position}, or null where they are not known;
      `position` is {file, line, column} or null. An instance of a generic type has the methods of
      the type, with its parameters in them
    - `cells`: one list a type, one entry an interface: {ok (true, false, null), reason, method,
      have, want, message, question, position}
    - `hidden`: types and interfaces that are not sent; `errors`: those of the program itself;
      `parsed`: false for a program that was not checked, so that nothing could be asked
    """
    types, interfaces = matrix.types[:MAX_TYPES], matrix.interfaces[:MAX_INTERFACES]
    known = (sets.types, sets.interfaces) if sets else ((), ())
    return {
        "types": [_named(name, sets) for name in types],
        "interfaces": [_named(name, sets) for name in interfaces],
        "cells": [[_cell(matrix.cell(row, column)) for column in interfaces] for row in types],
        "hidden": {
            "types": max(len(matrix.types), len(known[0])) - len(types),
            "interfaces": max(len(matrix.interfaces), len(known[1])) - len(interfaces),
        },
        "errors": len(matrix.errors),
        "parsed": not before_types(matrix.errors, matrix.tier),
    }


def _named(name: str, sets: MethodSets | None) -> Payload:
    made: Payload = {"name": name, "kind": "", "position": None, "methods": None}
    if sets is None:
        return made
    declared = _declared(name, sets)
    with contextlib.suppress(GolifelabError):
        made["methods"] = methods_payload(sets.of(declared))
        known = sets.named(declared.removeprefix("*"))
        made |= {"kind": known.kind, "position": _position(known.position)}
    return made


def _declared(name: str, sets: MethodSets) -> str:
    """The name under which a type is declared: of an instance, that of its generic type."""
    known = (*sets.types, *sets.interfaces)
    if name in known or "[" not in name:
        return name
    generic = name.partition("[")[0]
    return next((one for one in known if one.partition("[")[0] == generic), name)


def methods_payload(methods: Iterable[Method]) -> list[Payload]:
    """Methods as `interfaces_payload` holds them."""
    return [
        {
            "name": method.name,
            "signature": method.signature[:MAX_TEXT],
            "receiver": method.receiver,
            "pointer": method.pointer,
            "through": list(method.through),
            "position": _position(method.position),
        }
        for method in list(methods)[:MAX_METHODS]
    ]


def _cell(cell: Cell) -> Payload:
    return {
        "ok": cell.satisfied,
        "reason": cell.reason,
        "method": cell.method,
        "have": cell.have[:MAX_TEXT],
        "want": cell.want[:MAX_TEXT],
        "message": cell.message[:MAX_TEXT],
        "question": cell.question[:MAX_TEXT],
        "position": _position(cell.position),
    }


def _position(position: Position | None) -> Payload | None:
    if position is None:
        return None
    return {"file": position.file, "line": position.line, "column": position.column}
