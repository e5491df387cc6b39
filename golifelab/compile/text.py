"""Places in source text: between byte offsets and lines and columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from golifelab.source import Source


class SourceText:
    """One file as bytes, with the offsets at which its lines start."""

    __slots__ = ("_runes", "_starts", "_units", "content")

    def __init__(self, text: str) -> None:
        self.content = text.encode("utf-8", "surrogateescape")
        starts = [0]
        at = self.content.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.content.find(b"\n", at + 1)
        self._starts = starts
        # How many runes, and how many UTF-16 units, stand before each line; counted when needed.
        self._runes: list[int] = []
        self._units: list[int] = []

    @staticmethod
    def of(source: Source) -> tuple[SourceText, ...]:
        """The files of a source, in order. The last few sources are kept."""
        return _texts(source)

    def offset(self, line: int, column: int) -> int:
        """The byte offset of a place, -1 outside the file. Column 0 (unknown) means the first."""
        if not 1 <= line <= len(self._starts):
            return -1
        offset = self._starts[line - 1] + max(column, 1) - 1
        return offset if offset <= len(self.content) else -1

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a byte offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def runes(self, offset: int) -> int:
        """How many runes stand before a byte offset; a byte of no character counts as one."""
        if self.content.isascii():
            return offset
        if not self._runes:
            self._runes = self._counted(len)
        line, column = self.place(offset)
        return self._runes[line - 1] + len(self.slice(offset - column + 1, offset))

    def units(self, offset: int) -> int:
        """How many UTF-16 units stand before a byte offset: what JavaScript counts."""
        if self.content.isascii():
            return offset
        if not self._units:
            self._units = self._counted(_units)
        line, column = self.place(offset)
        return self._units[line - 1] + _units(self.slice(offset - column + 1, offset))

    def _counted(self, count: Callable[[str], int]) -> list[int]:
        counts = [0]
        for start, end in pairwise(self._starts):
            counts.append(counts[-1] + count(self.slice(start, end)))
        return counts

    def slice(self, start: int, end: int) -> str:
        """The text between two byte offsets."""
        return self.content[start:end].decode("utf-8", "surrogateescape")


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


@lru_cache(maxsize=16)
def _texts(source: Source) -> tuple[SourceText, ...]:
    return tuple(SourceText(text) for _, text in source.files)
