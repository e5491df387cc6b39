"""The tokens of go/scanner: what every tool but the compiler reads, in go/token's numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from golifelab.compile.front import go_front, show_line
from golifelab.compile.scanned import Scanned
from golifelab.compile.tokens import Token, Tokens
from golifelab.position import Position
from golifelab.source import Source
from golifelab.target import Target


@dataclass(frozen=True, slots=True)
class GoToken:
    r"""One token of go/scanner, comments included.

    `name` and `number` are go/token's: "ADD" and 12 for a "+". `literal` is what the scanner gives
    with it: the text of names, literals, keywords and comments, ";" of a semicolon that was typed
    and "\n" of one that was not; then `automatic` is true. `start` and `end` are byte offsets,
    `line` and `column` (in bytes) count from 1. `text` is the source between the two.
    """

    id: int
    file: str
    start: int
    end: int
    line: int
    column: int
    name: str
    number: int
    literal: str
    automatic: bool
    text: str

    @property
    def position(self) -> Position:
        """Where the token starts."""
        return Position(self.file, self.line, self.column)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoTokens(Scanned[GoToken]):
    """All tokens of a package by go/scanner.

    Columns of `table`: file, start, end, line, column, name, number, literal, automatic.
    """

    def __getitem__(self, index: int) -> GoToken:
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        table = self.table
        number = table["file"][index]
        start, end = table["start"][index], table["end"][index]
        automatic = bool(table["automatic"][index])
        return GoToken(
            index,
            self.files[number],
            start,
            end,
            table["line"][index],
            table["column"][index],
            table.text("name", index),
            table["number"][index],
            table.text("literal", index),
            automatic,
            "" if automatic else self._texts[number].slice(start, end),
        )


def go_tokens(source: Source, target: Target) -> GoTokens:
    """Scan a package with go/scanner. Never raises for wrong Go."""
    reply = go_front(source, target)
    return GoTokens(
        command=show_line("gotokens", source, target),
        tier="tool",
        seconds=reply.times["scan_ns"] / 1e9,
        source=source,
        table=reply.tokens,
        errors=tuple(error for error in reply.diagnostics if error.phase == "scan"),
    )


def pair(
    tokens: Tokens, go_tokens: GoTokens, file: str
) -> tuple[tuple[Token | None, GoToken | None], ...]:
    """The tokens of both scanners side by side, in the order of the source.

    Two tokens are a pair when they start at the same byte. On one side stands None where only one
    scanner made something of the source, as for a character that Go does not know.
    """
    return tuple(
        (tokens[ours] if ours >= 0 else None, go_tokens[theirs] if theirs >= 0 else None)
        for ours, theirs in pair_rows(tokens, go_tokens, file)
    )


def pair_rows(tokens: Tokens, go_tokens: GoTokens, file: str) -> Iterator[tuple[int, int]]:
    """The same as rows of the two tables, -1 for none: for views that need no objects."""
    kinds, made = tokens.table, go_tokens.table["automatic"]

    def automatic(row: int) -> bool:
        return kinds.text("kind", row) == ";" and kinds.text("literal", row) != "semicolon"

    ours = _places(tokens, file, automatic)
    theirs = _places(go_tokens, file, lambda row: bool(made[row]))
    i = j = 0
    while i < len(ours) and j < len(theirs):
        mine, other = ours[i], theirs[j]
        if _same(mine, other):
            yield mine.row, other.row
            i, j = i + 1, j + 1
        elif mine.start <= other.start:
            yield mine.row, -1
            i += 1
        else:
            yield -1, other.row
            j += 1
    yield from ((one.row, -1) for one in ours[i:])
    yield from ((-1, one.row) for one in theirs[j:])


class _Place(NamedTuple):
    """Where a row's token lies, and whether it is a semicolon that nobody typed."""

    row: int
    start: int
    end: int
    automatic: bool


def _same(mine: _Place, other: _Place) -> bool:
    if mine.automatic and other.automatic:
        # Of a comment of several lines that ends a statement, the compiler's scanner makes the
        # semicolon out of the whole, go/scanner out of the first newline in it.
        return mine.start <= other.start <= mine.end
    return mine.start == other.start and mine.automatic == other.automatic


def _places(
    scanned: Tokens | GoTokens, file: str, automatic: Callable[[int], bool]
) -> list[_Place]:
    starts, ends = scanned.table["start"], scanned.table["end"]
    return [_Place(row, starts[row], ends[row], automatic(row)) for row in scanned.rows_of(file)]
