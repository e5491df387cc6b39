"""The static twin of a register grid: the spills, and a table of steps, registers and slots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from golifelab.compile.machine.registers import RegisterGrid
from golifelab.views.html import Markup, code, details, join, table, tag
from golifelab.views.registergrid import grid_payload

Payload = Mapping[str, Any]

_WAITING = "The compiler is at work; run the cell again to see what the registers hold."
_KEY = "+v: put there by this step; -v: read here for the last time; else: kept"


def registers_html(grid: RegisterGrid) -> Markup:
    """What each register holds after every step, and what is saved on the stack."""
    shown = grid_payload(grid)
    return join([tag("p", headline(shown)), _spills(shown), _steps(shown)])


def grids_html(payload: Payload, processor: str = "") -> Markup:
    """The grids of a register view; that of `processor` is open, by default the native one."""
    if not payload:
        return tag("p", _WAITING)
    if not payload["grids"]:
        return tag("p", nothing(payload))
    wanted = processor or payload["native"]
    parts = [tag("h4", f"The registers of {payload['function']}")]
    parts += [tag("p", headline(grid)) for grid in payload["grids"]]
    parts += [
        details(
            f"every step on {grid['architecture']}",
            _spills(grid),
            _steps(grid),
            opened=grid["architecture"] == wanted,
        )
        for grid in payload["grids"]
        if "failure" not in grid
    ]
    return join(parts)


def grids_text(payload: Payload) -> str:
    """A line for each processor, and one for each of its spills."""
    if not payload:
        return _WAITING
    if not payload["grids"]:
        return nothing(payload)
    lines = [payload["function"]]
    for grid in payload["grids"]:
        lines.append(headline(grid))
        lines += [f"  {' '.join(row)}" for row in _spill_words(grid)]
    return "\n".join(lines)


def headline(grid: Payload) -> str:
    """What a grid says at a glance: how much is spilled, and how many registers are needed."""
    if "failure" in grid:
        return f"{grid['architecture']}: {grid['failure']}"
    marks = grid["steps"]["mark"]
    spilled = len({spill["value"] for spill in grid["spills"]})
    words = [_count(spilled, "value") + " spilled" if spilled else "no value is spilled"]
    if reloads := marks.count("reload"):
        words.append(_count(reloads, "reload"))
    words.append(
        f"at most {grid['most']} of {grid['registers']['general']} general registers are needed"
    )
    return f"{grid['architecture']}: {', '.join(words)}"


def nothing(payload: Payload) -> str:
    """Why there is no grid at all."""
    errors = payload["errors"]
    return f"{_count(errors, 'error')} in the program" if errors else "no function has code here"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _steps(grid: Payload) -> Markup:
    steps = grid["steps"]
    cells = _cells(grid)
    rows = (
        (f"b{block}", code(text), *cells.get(at, [""] * len(grid["columns"])))
        for at, (block, text) in enumerate(zip(steps["block"], steps["text"], strict=True))
    )
    heads = ("block", "step", *(column["name"] for column in grid["columns"]))
    caption = f"{grid['function']}: {_count(len(steps['text']), 'step')}"
    return join([table(heads, rows, caption=caption), tag("p", _KEY)])


def _cells(grid: Payload) -> dict[int, list[str]]:
    """By step, a word a column."""
    cells: dict[int, list[str]] = {}

    def put(step: int, column: int, word: str) -> None:
        row = cells.setdefault(step, [""] * len(grid["columns"]))
        row[column] = f"{row[column]} {word}".strip()

    for column, value, start, end in grid["bars"]:
        if start % 2:
            put(start // 2, column, f"+v{value}")
        for step in range((start + 1) // 2, end // 2):
            put(step, column, f"v{value}")
        if end % 2:
            put(end // 2, column, f"-v{value}")
    return {
        # What is read goes before what takes its place.
        step: [" ".join(sorted(word.split(), key=lambda one: one[0] != "-")) for word in row]
        for step, row in cells.items()
    }


def _spills(grid: Payload) -> Markup:
    if not grid["spills"]:
        return tag("p", "No value is spilled.")
    heads = ("value", "from", "to the slot", "in", "restored by")
    rows = (
        (
            f"v{spill['value']}",
            spill["register"],
            code(spill["slot"]),
            f"b{spill['block']}",
            ", ".join(f"v{number}" for number in spill["restores"]),
        )
        for spill in grid["spills"]
    )
    return table(heads, rows, caption=f"{_count(len(grid['spills']), 'value')} spilled")


def _spill_words(grid: Payload) -> Iterator[tuple[str, ...]]:
    for spill in grid.get("spills", ()):
        back = ", ".join(f"v{number}" for number in spill["restores"]) or "nothing"
        yield f"v{spill['value']}", "from", spill["register"], "to", spill["slot"], "again by", back
