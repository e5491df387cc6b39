"""The static twins of the init page, of import graphs, and of the stages behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from golifelab.run.inits.graph import InitOrder
from golifelab.run.inits.inittrace import Inits
from golifelab.run.inits.packages import PackageOrder
from golifelab.run.inits.variables import HOW, VariableOrder
from golifelab.views.html import Markup, code, join, table, tag
from golifelab.views.inits import graph_payload, init_payload, total, variables_payload

_WAITING = "Go is at work; run the cell again to see the order."
_LISTS = {"runtime": "◇\u00a0runtime", "main": "●\u00a0main", "": "·\u00a0nothing\u00a0to\u00a0run"}
_ENDS = {
    "time limit": " The program was stopped before all of it was initialised.",
    "output limit": " The program was stopped: it wrote too much.",
}


def init_order_html(order: InitOrder) -> Markup:
    """The packages of a program in the order of their initialisation."""
    return _packages(init_payload(order))


def variables_html(order: VariableOrder) -> Markup:
    """The variables of a package in the order in which they get their values."""
    if order.errors:
        return tag("p", f"{order.errors[0]}")
    return _variables(variables_payload(order))


def package_order_html(order: PackageOrder) -> Markup:
    """What a program of an import graph was predicted to do, and did."""
    return graph_html(graph_payload(order))


def inits_html(value: Inits) -> Markup:
    """The runtime's trace as a table."""
    rows = (
        (
            code(row.package),
            f"{row.at_milliseconds:.3f}",
            f"{row.milliseconds:.3f}",
            f"{row.bytes:,}",
            row.allocations,
        )
        for row in value.rows
    )
    heads = ("package", "started at, ms", "took, ms", "bytes", "allocations")
    caption = "initialised, as the runtime tells it" + _ENDS.get(value.ended, "")
    return table(heads, rows, caption=caption, numeric=(1, 2, 3, 4))


def page_html(shown: Mapping[str, Any]) -> Markup:
    """The init page as tables."""
    if shown.get("failed"):
        return tag("p", str(shown["failed"]))
    packages, variables = shown.get("packages"), shown.get("variables")
    parts = [_packages(packages)] if packages else []
    parts += [_variables(variables)] if variables and variables["rows"] else []
    return join(parts) if parts else tag("p", _WAITING)


def page_text(shown: Mapping[str, Any]) -> str:
    """The two orders, one line each."""
    if shown.get("failed"):
        return str(shown["failed"])
    packages, variables = shown.get("packages"), shown.get("variables")
    lines = []
    if packages:
        lines.append(headline(packages))
        lines.append("  " + " → ".join(row["name"] for row in _working(packages)))
    if variables and variables["rows"]:
        lines.append(f"package {variables['package']}:")
        lines.append("  " + " → ".join(row["name"] for row in variables["rows"]))
    return "\n".join(lines) or _WAITING


def headline(packages: Mapping[str, Any]) -> str:
    """What there is, in a sentence."""
    rows = packages["rows"]
    counts = {name: sum(row["list"] == name for row in rows) for name in _LISTS}
    said = (
        f"{counts['runtime']} packages of the runtime's list and {counts['main']} of main's are"
        f" initialised; {counts['']} more have nothing to run"
    )
    if packages["traced"] is None:
        return f"{said}. It was not run: {packages['untraced']}"
    clock, allocations = total(rows, 1), total(rows, 3)
    alike = "as predicted" if packages["agrees"] else "NOT as predicted"
    whence = f" ({packages['recorded']}, not live)" if packages["recorded"] else ""
    return (
        f"{said}{whence}. The real order is {alike}; it took {clock:.3f} ms and {allocations:,.0f}"
        f" allocations.{_ENDS.get(packages['ended'], '')}"
    )


def _working(packages: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (row for row in packages["rows"] if row["functions"])


def _packages(packages: Mapping[str, Any]) -> Markup:
    rows = packages["rows"]
    lines = (
        (
            number + 1,
            code(row["name"]),
            _LISTS[row["list"]],
            ", ".join(rows[other]["name"] for other in row["needs"]),
            *_figures(row["trace"]),
        )
        for number, row in enumerate(rows)
    )
    heads = ("", "package", "list", "after", "started at, ms", "took, ms", "bytes", "allocations")
    shown = table(heads, lines, caption=headline(packages), numeric=(0, 4, 5, 6, 7))
    more = packages["hidden"]
    return join([shown, tag("p", f"{more:,} more")]) if more else shown


def _figures(trace: list[float] | None) -> tuple[str, str, str, str]:
    if trace is None:
        return "", "", "", ""
    return f"{trace[0]:.3f}", f"{trace[1]:.3f}", f"{trace[2]:,}", f"{trace[3]:,}"


def _variables(variables: Mapping[str, Any]) -> Markup:
    rows = variables["rows"]
    lines = (
        (
            number + 1,
            code(row["name"]),
            code(row["text"]) if row["text"] else "",
            ", ".join(_need(rows, row, other) for other in row["needs"]),
            HOW.get(row["how"], "called behind the variables"),
            f"{row['file']}:{row['line']}",
        )
        for number, row in enumerate(rows)
    )
    heads = ("", "variable", "initialiser", "after", "its value", "at")
    caption = f"package {variables['package']}, in the order of its initialisation"
    return table(heads, lines, caption=caption, numeric=(0,))


def _need(rows: list[Any], row: Mapping[str, Any], other: int) -> str:
    way = row["through"].get(str(other))
    return str(rows[other]["name"]) + (f" (through {', '.join(way)})" if way else "")


def graph_html(shown: Mapping[str, Any]) -> Markup:
    """An import graph as a table: the predicted order, and the place in the real one."""
    if shown.get("failed"):
        return tag("p", str(shown["failed"]))
    if not shown.get("predicted"):
        return tag("p", _WAITING)
    printed = shown["printed"]
    lines = (
        (
            number + 1,
            code(name),
            ", ".join(shown["imports"].get(name, ())),
            printed.index(name) + 1 if name in printed else "not printed",
        )
        for number, name in enumerate(shown["predicted"])
    )
    alike = "the same" if shown["agrees"] else "not the same"
    caption = f"predicted order and real order: {alike}"
    return table(
        ("predicted", "package", "imports", "real"), lines, caption=caption, numeric=(0, 3)
    )


def graph_text(shown: Mapping[str, Any]) -> str:
    """The predicted and the real order."""
    if not shown.get("predicted"):
        return str(shown.get("failed") or _WAITING)
    return "\n".join(f"{name}: {' → '.join(shown[name])}" for name in ("predicted", "printed"))
