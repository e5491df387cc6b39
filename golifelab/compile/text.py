"""Places in source text: between byte offsets and lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from golifelab.source import Source


class SourceText:
    """One file as bytes, with the offsets at which its lines start."""

    __slots__ = ("_ascii", "_starts", "_wide", "content")

    def __init__(self, text: str) -> None:
        self.content = text.encode("utf-8", "surrogateescape")
        starts = [0]
        at = self.content.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.content.find(b"\n", at + 1)
        self._starts = starts
        self._ascii = self.content.isascii()
        # Behind each character of several bytes: where it ends, and how many bytes more than
        # characters there are by then. Made when needed.
        self._wide: tuple[list[int], list[int]] | None = None

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
        if self._ascii:
            return offset
        if self._wide is None:
            self._wide = _wide(self.slice(0, len(self.content)))
        ends, more = self._wide
        before = bisect_right(ends, offset)
        return offset - (more[before - 1] if before else 0)

    def slice(self, start: int, end: int) -> str:
        """The text between two byte offsets."""
        return self.content[start:end].decode("utf-8", "surrogateescape")


# What is written in more than one byte; bytes of no character are U+DC80 to U+DCFF.
_WIDE = re.compile("[\u0080-\udc7f\udd00-\U0010ffff]")


def _wide(text: str) -> tuple[list[int], list[int]]:
    ends, more = [], []
    extra = 0
    for match in _WIDE.finditer(text):
        extra += len(match[0].encode()) - 1
        ends.append(match.end() + extra)
        more.append(extra)
    return ends, more


@lru_cache(maxsize=16)
def _texts(source: Source) -> tuple[SourceText, ...]:
    return tuple(SourceText(text) for _, text in source.files)
