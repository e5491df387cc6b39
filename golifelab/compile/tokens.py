"""The scanner's tokens: the first thing a Go compiler makes of source text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.columns import Table
from golifelab.compile.front import front, show_line
from golifelab.compile.text import SourceText
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

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
class Tokens(Stage):
    """All tokens of a package, file by file. A sequence of Token, made when asked for.

    `table` holds the same as int columns (see `golifelab.toolchain.helper.front.FrontReply`), for
    views that need no objects. `errors` are the scanner's own. Source that does not parse has
    tokens all the same.
    """

    source: Source
    table: Table
    errors: tuple[Diagnostic, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The file names; the column `file` of the table counts in them."""
        return self.source.names

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[Token]:
        return (self[i] for i in range(len(self)))

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

    def at(self, position: Position) -> Token | None:
        """The token that covers a position, or None between tokens."""
        try:
            number = self.files.index(position.file)
        except ValueError:
            return None
        offset = self._texts[number].offset(position.line, position.column)
        table = self.table
        files, starts, ends = table["file"], table["start"], table["end"]
        for row in range(len(table)):
            if files[row] == number and starts[row] <= offset < ends[row]:
                return self[row]
        return None

    def of(self, file: str) -> tuple[Token, ...]:
        """The tokens of one file; none for a name that is no file of the package."""
        if file not in self.files:
            return ()
        number = self.files.index(file)
        return tuple(self[row] for row, n in enumerate(self.table["file"]) if n == number)

    @property
    def _texts(self) -> tuple[SourceText, ...]:
        return SourceText.of(self.source)

    def frame(self) -> pd.DataFrame:
        """One row a token: file, start, end, line, column, kind, literal, operator and so on."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """`tokens`: a list of objects with the fields of Token; `errors`."""
        from golifelab.compile.plain import diagnostics

        return self.header() | {"tokens": self._rows(), "errors": diagnostics(self.errors)}

    def _rows(self) -> list[dict[str, Any]]:
        return [{name: getattr(token, name) for name in Token.__slots__} for token in self]


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
