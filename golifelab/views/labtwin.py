"""The static twin of the lab: what a page shows where no widget runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from golifelab.compile.ssa.stage import SSA
from golifelab.views.html import Markup, block, details, join, table, tag

Errors = Iterable[Mapping[str, Any]]


def lab_html(body: SSA | None, source: str, pass_name: str, errors: Errors) -> Markup:
    """The text, what is wrong with it, and the function after the pass that is shown."""
    parts = [details("the program", block(source), opened=True)]
    parts += [tag("p", tag("strong", _place(error)), " ", error["message"]) for error in errors]
    if body is None:
        waiting = "The picture is being made; run the cell again to see it here."
        return join([*parts, *([] if errors else [tag("p", waiting)])])
    shown = _shown(body, pass_name)
    rows = []
    for step in body.passes:
        blocks, values = step.statistics
        rows.append((step.name, f"{step.ns / 1000:.1f}", blocks, values))
    figures = table(
        ("pass", "µs", "blocks", "values"), rows, caption=_caption(body), numeric=(1, 2, 3)
    )
    text = details(f"{_caption(body)} after {shown}", block(body.text(shown)), opened=True)
    return join([*parts, text, details(f"all {len(rows)} passes in figures", figures)])


def lab_text(body: SSA | None, pass_name: str, errors: Errors) -> str:
    """The same for a terminal."""
    said = [f"{_place(error)}: {error['message']}".removeprefix(": ") for error in errors]
    if body is None:
        return "\n".join(said or ["the picture is being made"])
    shown = _shown(body, pass_name)
    return "\n".join([*said, f"{_caption(body)} after {shown}", body.text(shown)])


def _shown(body: SSA, pass_name: str) -> str:
    """The pass that is shown: the chosen one, else the last that ran."""
    names = [step.name for step in body.passes]
    return pass_name if pass_name in names else names[-1]


def _caption(body: SSA) -> str:
    return f"{body.function.symbol}, {len(body)} passes"


def _place(error: Mapping[str, Any]) -> str:
    parts = [error.get("file"), error.get("line"), error.get("column")]
    return ":".join(str(part) for part in parts if part)
