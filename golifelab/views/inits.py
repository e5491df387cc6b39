"""The init page's payload: packages in the order of initialisation, and a package's variables.

Both are rows that wait for earlier rows: the page draws them alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from golifelab.run.inits.graph import InitOrder, PackageInit
from golifelab.run.inits.packages import PackageOrder
from golifelab.run.inits.variables import Variable, VariableOrder

# What a page holds at most. The rest is counted; the whole is in the stages' frames.
MAX_ROWS = 1_000
_MAX_TEXT = 120

Payload = dict[str, Any]


def init_payload(order: InitOrder) -> Payload:
    """The packages for the browser.

    - `rows`: {name, list ("runtime", "main", ""), early, needs (rows), functions, trace}, in order;
      `early` are those that lead to package runtime, `trace` is [start, clock (both milliseconds),
      bytes, allocations], null where nothing was told
    - `agrees`, `linked`, `traced`: see InitOrder; `linked` and `traced` are names
    - `ended`, `untraced`: why the trace ends, why it is not live; `recorded`: whence it is then
    - `hidden`: how many rows are not sent
    """
    shown = order.packages[:MAX_ROWS]
    number = {one.package: row for row, one in enumerate(shown)}
    early = frozenset(order.runtime.order)
    return {
        "rows": [{**_package(one, number), "early": one.package in early} for one in shown],
        "agrees": order.agrees,
        "linked": list(order.linked.order),
        "traced": list(order.traced.packages) if order.traced else None,
        "ended": order.traced.ended if order.traced else "",
        "untraced": order.untraced,
        "recorded": str(order.traced.recorded or "") if order.traced else "",
        "hidden": len(order.packages) - len(shown),
    }


def _package(one: PackageInit, number: dict[str, int]) -> Payload:
    trace = one.trace
    told = trace and [
        trace.at_milliseconds,
        trace.milliseconds,
        trace.bytes,
        trace.allocations,
    ]
    return {
        "name": one.package,
        "list": one.list,
        "needs": sorted(number[name] for name in one.imports if name in number),
        "functions": list(one.functions),
        "trace": told,
    }


def variables_payload(order: VariableOrder) -> Payload:
    """A package's variables for the browser.

    - `rows`: {name, text, file, line, column, needs (rows), through (row → functions on the way),
      rank, how, code}: first those without an initialiser, then in the checker's order; behind them
      the functions init, which need nothing and have `how` "function"
    - `package`; `functions`: what the initialisation runs; `hidden`: how many rows are not sent
    """
    ranked = sorted(order, key=lambda one: one.rank)[:MAX_ROWS]
    number = {one.name: row for row, one in enumerate(ranked)}
    rows = [_variable(one, number) for one in ranked]
    rows += _functions(order, len(rows))
    return {
        "package": order.package,
        "rows": rows,
        "functions": list(order.functions),
        "hidden": len(order) - len(ranked),
    }


def _variable(one: Variable, number: dict[str, int]) -> Payload:
    return {
        "name": one.name,
        "text": one.text[:_MAX_TEXT],
        "file": one.position.file,
        "line": one.position.line,
        "column": one.position.column,
        "needs": sorted(number[name] for name in one.needs if name in number),
        "through": {str(number[n]): list(way) for n, way in one.through.items() if n in number},
        "rank": one.rank,
        "how": one.how,
        "code": one.code_rank,
    }


def _functions(order: VariableOrder, first: int) -> list[Payload]:
    """The functions named init: each runs when everything before it is done."""
    return [
        {
            "name": f"init.{number}",
            "text": f"func init(), the {_ORDINALS.get(number, f'{number + 1}th')} in the source",
            "file": place.file,
            "line": place.line,
            "column": place.column,
            "needs": [],
            "through": {},
            "rank": first + number,
            "how": "function",
            "code": -1,
        }
        for number, place in enumerate(order.inits)
    ]


_ORDINALS = {0: "first", 1: "second", 2: "third"}


def graph_payload(order: PackageOrder) -> Payload:
    """What a program of an import graph did.

    `imports`: package → packages; `predicted`, `printed`: names in order; `linked`: those in the
    main list of the executable; `agrees`.
    """
    return {
        "imports": {name: list(wanted) for name, wanted in order.imports.items()},
        "predicted": list(order.predicted.order),
        "printed": list(order.printed),
        "linked": [task.package for task in order.linked.main],
        "agrees": order.agrees,
    }


def total(rows: Sequence[Payload], what: int) -> float:
    """The sum of a figure of the traces: 1 for the clock, 2 for bytes, 3 for allocations."""
    return float(sum(row["trace"][what] for row in rows if row["trace"]))
