"""The scanner's tokens: the first thing a Go compiler makes of source text."""

from __future__ import annotations

from dataclasses import dataclass

from golifelab.compile.front import front, show_line
from golifelab.compile.scanned import Scanned
from golifelab.position import Position
from golifelab.source import Source
from golifelab.target import Target

LITERAL_KINDS = ("int", "float", "imaginary", "rune", "string")


@dataclass(frozen=True, slots=True)
class Token:
    """One token, or one comment.

    `start` and `end` are byte offsets in the file; `line` and `column` count from 1, columns in
    bytes. `kind` is the compiler's own word: "name", "literal", "op", "op=", "opop" (++ and --),
    ":=", "(", ";", a keyword, "comment", "EOF". `literal` is the text of names, literals and
    comments; of a ";" it says where it comes from: "semicolon" was typed, "newline" and "EOF" were
    put there by the scanner, and then `automatic` is true. `literal_kind` is one of LITERAL_KINDS
    or empty. `operator` and `precedence` (1 to 5, 0 for none) belong to operators.
    """

    id: int
    file: str
    start: int
    end: int
    line: int
    column: int
    kind: str
    literal: str
    literal_kind: str
    operator: str
    precedence: int
    automatic: bool
    text: str

    @property
    def position(self) -> Position:
        """Where the token starts."""
        return Position(self.file, self.line, self.column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens(Scanned[Token]):
    """All tokens of a package by the compiler's scanner.

    `table` is the table `tokens` of `golifelab.toolchain.helper.front.FrontReply`.
    """

    def __getitem__(self, index: int) -> Token:
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        table = self.table
        number = table["file"][index]
        kind = table.text("kind", index)
        literal = table.text("literal", index)
        literal_kind = table["literal_kind"][index]
        start, end = table["start"][index], table["end"][index]
        automatic = kind == ";" and literal != "semicolon"
        shown = "" if automatic or kind == "EOF" else self._texts[number].slice(start, end)
        return Token(
            index,
            self.files[number],
            start,
            end,
            table["line"][index],
            table["column"][index],
            kind,
            literal,
            LITERAL_KINDS[literal_kind] if 0 <= literal_kind < len(LITERAL_KINDS) else "",
            table.text("operator", index),
            table["precedence"][index],
            automatic,
            shown,
        )


def tokens(source: Source, target: Target) -> Tokens:
    """Scan a package. Never raises for wrong Go; FeatureUnavailable when nothing can scan here."""
    reply = front(source, target)
    errors = tuple(error for error in reply.diagnostics if error.phase == "scan")
    return Tokens(
        command=show_line("tokens", source, target),
        tier=reply.tier,
        seconds=reply.times["scan_ns"] / 1e9,
        source=source,
        table=reply.tokens,
        errors=errors,
    )
