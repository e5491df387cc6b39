"""The tokens of go/scanner: what every tool but the compiler reads, in go/token's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from golifelab.columns import Table
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
    ours, theirs = tokens.rows_of(file), go_tokens.rows_of(file)
    starts, ends, made = tokens.table["start"], tokens.table["end"], _automatic(tokens.table)
    there, inserted = go_tokens.table["start"], go_tokens.table["automatic"]
    mine, other = ours.start, theirs.start
    while mine < ours.stop and other < theirs.stop:
        if made[mine] and inserted[other]:
            # Of a comment of several lines that ends a statement, the compiler's scanner makes the
            # semicolon out of the whole, go/scanner out of the first newline in it.
            same = starts[mine] <= there[other] <= ends[mine]
        else:
            same = starts[mine] == there[other] and not made[mine] and not inserted[other]
        if same:
            yield mine, other
            mine, other = mine + 1, other + 1
        elif starts[mine] <= there[other]:
            yield mine, -1
            mine += 1
        else:
            yield -1, other
            other += 1
    yield from ((row, -1) for row in range(mine, ours.stop))
    yield from ((-1, row) for row in range(other, theirs.stop))


def _automatic(table: Table) -> list[bool]:
    """For every row, whether it is a semicolon that the compiler's scanner put there."""
    kinds, literals = table["kind"], table["literal"]
    semicolons = {kind for kind in set(kinds) if kind >= 0 and table.strings[kind] == ";"}
    origins = {literal for kind, literal in zip(kinds, literals, strict=True) if kind in semicolons}
    typed = {one for one in origins if one >= 0 and table.strings[one] == "semicolon"}
    rows = zip(kinds, literals, strict=True)
    return [kind in semicolons and literal not in typed for kind, literal in rows]
