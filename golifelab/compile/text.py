"""Places in source text: between byte offsets and lines and columns."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate, pairwise

from golifelab.source import Source


class SourceText:
    """One file as bytes, with the offsets at which its lines start."""

    __slots__ = ("_runes", "_starts", "content")

    def __init__(self, text: str) -> None:
        self.content = text.encode("utf-8", "surrogateescape")
        starts = [0]
        at = self.content.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.content.find(b"\n", at + 1)
        self._starts = starts
        self._runes: list[int] = []  # that stand before each line; counted when needed

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
            lines = pairwise(self._starts)
            lengths = (len(self.slice(start, end)) for start, end in lines)
            self._runes = [0, *accumulate(lengths)]
        line, column = self.place(offset)
        return self._runes[line - 1] + len(self.slice(offset - column + 1, offset))

    def slice(self, start: int, end: int) -> str:
        """The text between two byte offsets."""
        return self.content[start:end].decode("utf-8", "surrogateescape")


@lru_cache(maxsize=16)
def _texts(source: Source) -> tuple[SourceText, ...]:
    return tuple(SourceText(text) for _, text in source.files)
