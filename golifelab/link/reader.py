"""Read binary formats without trusting them.

Every access is checked against the data, and no table is larger than the bytes that hold it: a
damaged file gives a ParseError, never a loop, a crash or a huge allocation.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache
from typing import Any

from golifelab.errors import ParseError

# Names in a string table may share bytes, so their total can exceed the file. Real files stay under
# twice their size; a damaged one must not turn megabytes into gigabytes.
_TEXT_FACTOR = 8
_TEXT_FLOOR = 1 << 20


@cache
def _struct(form: str) -> struct.Struct:
    return struct.Struct(form)


class Reader:
    """Bytes of one format, with checked reads. `tool` names the format in errors."""

    __slots__ = ("_budget", "data", "go_version", "order", "size", "tool")

    def __init__(
        self, data: bytes | memoryview, tool: str, *, go_version: str = "", order: str = "<"
    ) -> None:
        self.data = memoryview(data)
        self.size = len(self.data)
        self.tool = tool
        self.go_version = go_version
        self.order = order
        self._budget = _TEXT_FACTOR * self.size + _TEXT_FLOOR

    def error(self, detail: str, offset: int = 0) -> ParseError:
        """The error to raise for trouble at a byte offset."""
        return ParseError(self.tool, detail, go_version=self.go_version, line=max(offset, 0))

    def unpack(self, form: str, offset: int) -> tuple[Any, ...]:
        """One record of a struct format (without byte order) at an offset."""
        record = _struct(self.order + form)
        if not 0 <= offset <= self.size - record.size:
            raise self.error(f"a record of {record.size} bytes lies outside the data", offset)
        return record.unpack_from(self.data, offset)

    def table(self, form: str, start: int, end: int) -> Iterator[tuple[Any, ...]]:
        """The records between two offsets; ParseError when they are not a whole number."""
        record = _struct(self.order + form)
        if not 0 <= start <= end <= self.size:
            raise self.error("a table lies outside the data", start)
        if (end - start) % record.size:
            raise self.error(f"a table is not a whole number of {record.size}-byte records", start)
        return record.iter_unpack(self.data[start:end])

    def slice(self, offset: int, length: int) -> memoryview:
        """`length` bytes at an offset."""
        if offset < 0 or length < 0 or offset > self.size - length:
            raise self.error(f"{length} bytes lie outside the data", offset)
        return self.data[offset : offset + length]

    def text(self, offset: int, length: int) -> str:
        """`length` bytes as text. Bytes that are no UTF-8 survive as surrogates."""
        raw = self.slice(offset, length)
        self.spend(length, offset)
        return str(raw, "utf-8", "surrogateescape")

    def spend(self, length: int, offset: int) -> None:
        """Count `length` bytes of names; ParseError when they are too many for such a file."""
        self._budget -= length
        if self._budget < 0:
            raise self.error("the names are longer than such a file can hold", offset)


class StringTable:
    """NUL-terminated names in one block, decoded once each."""

    __slots__ = ("_block", "_known", "_reader", "_start")

    def __init__(self, reader: Reader, start: int, size: int) -> None:
        self._reader = reader
        self._start = start
        self._block = bytes(reader.slice(start, size))
        self._known: dict[int, str] = {}

    def __getitem__(self, offset: int) -> str:
        known = self._known.get(offset)
        if known is not None:
            return known
        end = self._block.find(b"\0", offset) if 0 <= offset < len(self._block) else -1
        if end < 0:
            raise self._reader.error("a name does not end in its string table", offset)
        name = self._reader.text(self._start + offset, end - offset)
        self._known[offset] = name
        return name


def uvarint(data: bytes | memoryview, offset: int) -> tuple[int, int]:
    """An unsigned LEB128 number and the offset after it; -1 when it is damaged."""
    value = shift = 0
    while offset < len(data) and shift < 70:
        byte = data[offset]
        offset += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, offset
        shift += 7
    return -1, offset
