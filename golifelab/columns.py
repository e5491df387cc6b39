"""Tables of int32 columns with one string table: the form in which Go's data reaches Python.

A million small Python objects would cost seconds; columns cost one copy. A row becomes an object
only when somebody asks for it.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.errors import ParseError

if TYPE_CHECKING:
    import pandas as pd


def int32(blob: bytes | memoryview) -> array[int]:
    """Little-endian int32 values as an array; ParseError when the length is no multiple of four."""
    if len(blob) % 4:
        raise ParseError("int32 column", f"{len(blob)} bytes are not a whole number of values")
    column = array("i")
    column.frombytes(blob)
    if sys.byteorder == "big":
        column.byteswap()
    return column


class Strings(Sequence[str]):
    """A table of strings that are decoded when they are first asked for."""

    __slots__ = ("_bytes", "_decoded", "_ends")

    def __init__(self, ends: Sequence[int], data: bytes | memoryview) -> None:
        """`ends[i]` is where string i ends in `data`; it starts where string i-1 ends."""
        if len(ends) and (ends[-1] > len(data) or min(ends) < 0):
            raise ParseError("string table", "offsets lie outside the data")
        self._ends = ends
        self._bytes = data
        self._decoded: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        text = self._decoded.get(index)
        if text is None:
            if not 0 <= index < len(self._ends):
                raise IndexError(index)
            start = self._ends[index - 1] if index else 0
            raw = bytes(self._bytes[start : self._ends[index]])
            text = self._decoded[index] = raw.decode("utf-8", "surrogateescape")
        return text


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Equally long int32 columns. Columns named in `texts` hold indices into `strings`."""

    columns: Mapping[str, array[int]]
    strings: Strings
    texts: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def __getitem__(self, name: str) -> array[int]:
        return self.columns[name]

    def text(self, name: str, row: int) -> str:
        """The string of a text column in a row; "" where the column holds -1.

        ParseError when the cell names no string.
        """
        index = self.columns[name][row]
        if index >= len(self.strings):
            raise ParseError("table", f"column {name} names string {index}, which does not exist")
        text: str = self.strings[index] if index >= 0 else ""
        return text

    def whole(self, name: str) -> list[str]:
        """All strings of a text column; faster than asking for each."""
        strings, texts = self.strings, {-1: ""}
        column = self.columns[name]
        for index in set(column):
            if index >= len(strings):
                raise ParseError("table", f"column {name} names string {index}, which is not there")
            if index >= 0:
                texts[index] = strings[index]
        return [texts[index] for index in column]

    def value(self, name: str, row: int) -> int | str:
        """A cell: a string for a text column, else the number."""
        return self.text(name, row) if name in self.texts else self.columns[name][row]

    def row(self, row: int) -> dict[str, int | str]:
        """One row as a mapping."""
        return {name: self.value(name, row) for name in self.columns}

    def rows(self) -> Iterator[dict[str, int | str]]:
        """All rows, one at a time."""
        return (self.row(i) for i in range(len(self)))

    def frame(self) -> pd.DataFrame:
        """The table as a pandas frame, texts as strings."""
        import pandas as pd

        return pd.DataFrame(
            {
                name: [self.text(name, i) for i in range(len(self))]
                if name in self.texts
                else list(column)
                for name, column in self.columns.items()
            }
        )
