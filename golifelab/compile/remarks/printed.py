"""Read what `compile -m=2` and its relatives print: a position and a sentence a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from golifelab.compile.remarks.logged import step_of
from golifelab.compile.remarks.remark import Step
from golifelab.position import Position

# With -L a place that a //line directive renames is followed by the real one, in brackets.
_LINE = re.compile(
    r"(?P<file>[^\n]+?):(?P<line>\d+)(?::(?P<column>\d+))?"
    r"(?:\[(?P<real>[^\n]+?):(?P<real_line>\d+)(?::(?P<real_column>\d+))?\])?: ?(?P<text>.*)"
)
_PLACED = re.compile(
    r"(?P<step>.+) at (?P<file>\S.*?):(?P<line>\d+)(?::(?P<column>\d+))?"
    r"(?:\[(?P<real>.+?):(?P<real_line>\d+)(?::(?P<real_column>\d+))?\])?"
)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of the compiler at a place, with the lines that explain it."""

    position: Position
    text: str
    steps: tuple[Step, ...] = ()


def read_text(text: str) -> tuple[list[Said], list[str]]:
    """The sentences, in the order they were said, and the lines that name no place.

    Nothing is refused: what is not understood is a sentence like any other.
    """
    said: list[Said] = []
    rest: list[str] = []
    for place, sentence in _lines(text.split("\n"), rest):
        before = said[-1] if said else None
        if before and sentence.startswith("  ") and place == before.position:
            said[-1] = Said(place, before.text, (*before.steps, _step(place, sentence)))
        else:
            said.append(Said(place, sentence))
    return said, rest


def _lines(lines: Iterable[str], rest: list[str]) -> Iterator[tuple[Position, str]]:
    for line in lines:
        match = _LINE.fullmatch(line)
        if match:
            yield _place(match), match["text"]
        elif line.strip():
            rest.append(line)


def _step(place: Position, sentence: str) -> Step:
    match = _PLACED.fullmatch(sentence)
    return step_of(_place(match), match["step"]) if match else step_of(place, sentence)


def _place(match: re.Match[str]) -> Position:
    real = "real" if match["real"] else "file"
    numbers = ("real_line", "real_column") if match["real"] else ("line", "column")
    line, column = (int(match[name] or 0) for name in numbers)
    return Position(match[real], line, column)
