"""Where values stand in the source, in terms that two edits of a text have in common."""

from __future__ import annotations

from collections.abc import Callable

from golifelab.compile.remarks.linemap import line_map
from golifelab.compile.ssa.passes import Value
from golifelab.position import Position
from golifelab.source import Source

Place = tuple[Position, ...]


def standing(value: Value) -> Place:
    """Where a value stands: its calls too, when it comes from an inlined body."""
    return value.stack or ((value.position,) if value.position else ())


def moved(before: Source, after: Source) -> Callable[[Value], Place]:
    """Where a value of the edit before stands in the text of the edit after."""
    maps = {
        name: (line_map(text, after.text(name)), text.split("\n"), after.text(name).split("\n"))
        for name, text in before.files
        if name in after.names
    }

    def place(position: Position) -> Position:
        known = maps.get(position.file)
        if known is None or not 1 <= position.line <= len(known[1]):
            return position
        lines, old, new = known
        line = lines[position.line - 1]
        column = _column(old[position.line - 1], new[line - 1], position.column)
        return Position(position.file, line, column)

    return lambda value: tuple(place(position) for position in standing(value))


def _column(before: str, after: str, column: int) -> int:
    """The column (in bytes) of a place in an edited line: its ends may be as they were."""
    if before == after or not column:
        return column
    old, new = before.encode(), after.encode()
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    return column + len(new) - len(old) if column > len(old) - tail else column
