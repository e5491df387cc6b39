"""Read what `compile -json=0,…` writes: one file of remarks for each source file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from golifelab.compile.remarks.remark import Step
from golifelab.errors import ParseError
from golifelab.position import Position

# The compiler keeps columns in eight bits: the largest means "here or further right".
MAX_COLUMN = 255

_INLINED = "inlineLoc"
_FLOW = "escflow:"


@dataclass(frozen=True, slots=True)
class Logged:
    """One record. `steps` and `inlined` are sorted out of `related`, which holds everything."""

    position: Position
    end: Position
    code: str
    message: str
    related: tuple[tuple[Position, str], ...] = ()
    inlined: tuple[Position, ...] = ()
    steps: tuple[Step, ...] = ()


def read(text: str, name: str = "remarks") -> list[Logged]:
    """The records of one file: a header line, then one record a line. ParseError if damaged."""
    # Not splitlines: a message may hold characters that only Python takes for the end of a line.
    lines = [line for line in text.split("\n") if line.strip()]
    try:
        file = str(json.loads(lines[0])["file"]) if lines else ""
        return [_logged(file, json.loads(line)) for line in lines[1:]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ParseError(f"compile -json ({name})", str(error)) from error


def _logged(file: str, entry: dict[str, Any]) -> Logged:
    related = tuple(
        (
            _position(unquote(step["location"]["uri"]).removeprefix("file://"), step["location"]),
            str(step["message"]),
        )
        for step in entry.get("relatedInformation", ())
    )
    inlined, steps = _sorted_out(related)
    return Logged(
        _position(file, entry),
        _position(file, entry, "end"),
        str(entry["code"]),
        str(entry.get("message", "")),
        related,
        inlined,
        steps,
    )


def _sorted_out(
    related: tuple[tuple[Position, str], ...],
) -> tuple[tuple[Position, ...], tuple[Step, ...]]:
    """The places that a remark itself is inlined from, and the steps with theirs.

    An inlined place stands behind what it belongs to: the remark, or the step before it.
    """
    of_remark: list[Position] = []
    steps: list[Step] = []
    for place, message in related:
        if message != _INLINED:
            steps.append(step_of(place, message.removeprefix(_FLOW)))
        elif steps:
            last = steps.pop()
            steps.append(Step(last.position, last.message, last.kind, (*last.inlined, place)))
        else:
            of_remark.append(place)
    return tuple(of_remark), tuple(steps)


def step_of(place: Position, text: str) -> Step:
    """A step in the compiler's layout: "   flow: y ← &x:" or "     from &x (address-of)"."""
    words = text.strip()
    if words.startswith("flow: "):
        return Step(place, words.removeprefix("flow: ").removesuffix(":"), "flow")
    if words.startswith("from "):
        return Step(place, words.removeprefix("from "))
    return Step(place, words, "note")


def _position(file: str, entry: dict[str, Any], edge: str = "start") -> Position:
    # Unlike the protocol whose words it borrows, the compiler counts lines and columns from 1.
    spot = entry["range"][edge]
    column = int(spot["character"])
    return Position(file, int(spot["line"]), column if column < MAX_COLUMN else 0)
