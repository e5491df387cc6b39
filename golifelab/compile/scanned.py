"""A package as tokens: what the stages of both scanners have in common."""

from __future__ import annotations

import abc
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from golifelab.columns import Table
from golifelab.compile.text import SourceText
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd


class Spanned(Protocol):
    """What a token of either scanner is: a dataclass with a file and a span of bytes in it."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def file(self) -> str:
        """The file's name."""

    @property
    def start(self) -> int:
        """The byte offset at which it starts."""

    @property
    def end(self) -> int:
        """The byte offset behind it."""


_Token = TypeVar("_Token", bound=Spanned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned(Stage, Generic[_Token]):
    """The tokens of a package, file by file: a sequence of values that are made when asked for.

    `table` holds the same as int columns, for views that need no objects. `errors` are the
    scanner's own. Source that does not parse has tokens all the same.
    """

    source: Source
    table: Table
    errors: tuple[Diagnostic, ...] = ()

    @abc.abstractmethod
    def __getitem__(self, index: int) -> _Token:
        """The token of a row; IndexError outside."""

    @property
    def files(self) -> tuple[str, ...]:
        """The file names; the column `file` of the table counts in them."""
        return self.source.names

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[_Token]:
        return (self[i] for i in range(len(self)))

    def at(self, position: Position) -> _Token | None:
        """The token that covers a position, or None between tokens."""
        rows = self.rows_of(position.file)
        if not rows:
            return None
        text = self._texts[self.files.index(position.file)]
        offset = text.offset(position.line, position.column)
        starts, ends = self.table["start"], self.table["end"]
        for row in rows:
            if starts[row] <= offset < ends[row]:
                return self[row]
        return None

    def of(self, file: str) -> tuple[_Token, ...]:
        """The tokens of one file; none for a name that is no file of the package."""
        return tuple(self[row] for row in self.rows_of(file))

    def rows_of(self, file: str) -> range:
        """The rows of one file: the tokens stand file by file."""
        if file not in self.files:
            return range(0)
        number, column = self.files.index(file), self.table["file"]
        return range(bisect_left(column, number), bisect_right(column, number))

    def rune_span(self, token: _Token) -> tuple[int, int]:
        """Where a token starts and ends in runes: places in the text that `Source.text` gives.

        A byte that is part of no character counts as one rune, as it does for Go.
        """
        text = self._text(token)
        return text.runes(token.start), text.runes(token.end)

    def rune_column(self, token: _Token) -> int:
        """The column at which a token starts, counted in runes from 1."""
        text = self._text(token)
        line, _ = text.place(token.start)
        return text.runes(token.start) - text.runes(text.offset(line, 1)) + 1

    def _text(self, token: _Token) -> SourceText:
        return self._texts[self.files.index(token.file)]

    @property
    def _texts(self) -> tuple[SourceText, ...]:
        return SourceText.of(self.source)

    def frame(self) -> pd.DataFrame:
        """One row a token, with the fields of the token as columns."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """`tokens`: a list of objects with the fields of the token; `errors`."""
        from golifelab.compile.plain import diagnostics

        return self.header() | {"tokens": self._rows(), "errors": diagnostics(self.errors)}

    def _rows(self) -> list[dict[str, Any]]:
        names = [field.name for field in fields(self[0])] if len(self) else []
        return [{name: getattr(token, name) for name in names} for token in self]
