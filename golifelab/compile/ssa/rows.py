"""All passes of a function as one table of lines: what the browser gets."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from golifelab.compile.ssa import notation
from golifelab.compile.ssa.passes import Block, Pass, Value
from golifelab.position import Position


@dataclass(frozen=True, slots=True)
class RowsOfPass:
    """One pass: `rows` are indices into the lines."""

    name: str
    ns: int
    rows: array[int]


@dataclass(frozen=True, slots=True)
class Rows:
    """Every different line of a dump once, and for each pass which lines it consists of.

    Most passes leave most lines alone, so this is a small part of the whole text, and two passes
    are compared by comparing numbers. `places` holds for every line where its value, or the end of
    its block, comes from: all calls it was inlined through, outermost first; empty where unknown.
    """

    lines: tuple[str, ...]
    passes: tuple[RowsOfPass, ...]
    places: tuple[tuple[Position, ...], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """`lines`: strings; `passes`: name, ns, rows."""
        return {
            "lines": list(self.lines),
            "passes": [
                {"name": one.name, "ns": one.ns, "rows": list(one.rows)} for one in self.passes
            ],
        }


def rows_of(passes: Sequence[Pass]) -> Rows:
    """The line table of some passes."""
    numbers: dict[str, int] = {}
    places: list[tuple[Position, ...]] = []
    # What a pass leaves alone is the same object as before: it is written once. The passes keep all
    # of them alive, so their identities tell them apart.
    written: dict[int, int] = {}
    listed: dict[int, list[int]] = {}

    def number(line: str, at: Position | None, stack: tuple[Position, ...] = ()) -> int:
        row = numbers.setdefault(line, len(numbers))
        if row == len(places):
            places.append(stack or ((at,) if at else ()))
        return row

    def of_value(value: Value) -> int:
        row = written.get(id(value))
        if row is None:
            row = number(notation.value_line(value), value.position, value.stack)
            written[id(value)] = row
        return row

    def of_block(block: Block) -> list[int]:
        rows = listed.get(id(block))
        if rows is None:
            rows = [number(notation.heading(block), None), *map(of_value, block.values)]
            rows.append(number(f"    {block.text}", block.position))
            listed[id(block)] = rows
        return rows

    made = []
    rows, before = array("i"), None
    for step in passes:
        if step.snapshot is not before:  # else the pass changed nothing
            rows = array("i", [row for block in step.blocks for row in of_block(block)])
            before = step.snapshot
        made.append(RowsOfPass(step.name, step.ns, rows))
    return Rows(tuple(numbers), tuple(made), tuple(places))
