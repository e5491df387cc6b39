"""Protocol buffers on the wire: fields by number, read without any description of them.

Damaged bytes raise ParseError; nothing is allocated by a length that the bytes do not have.
"""

from __future__ import annotations

from collections.abc import Iterator

from golifelab.errors import ParseError

_TOOL = "pprof profile"
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

Value = int | memoryview


def fields(raw: memoryview) -> Iterator[tuple[int, Value]]:
    """The fields of a message in order: number, and an int or the bytes of what is inside."""
    at, end = 0, len(raw)
    while at < end:
        key, at = varint(raw, at)
        number, kind = key >> 3, key & 7
        if not number:
            raise ParseError(_TOOL, "a field has number 0", line=at)
        if kind == _VARINT:
            value, at = varint(raw, at)
            yield number, value
        elif kind == _BYTES:
            size, at = varint(raw, at)
            if size > end - at:
                raise ParseError(_TOOL, f"a field of {size:,} bytes reaches over the end", line=at)
            yield number, raw[at : at + size]
            at += size
        elif kind in (_FIXED64, _FIXED32):
            size = 8 if kind == _FIXED64 else 4
            if size > end - at:
                raise ParseError(_TOOL, "a number is cut off", line=at)
            yield number, int.from_bytes(raw[at : at + size], "little")
            at += size
        else:
            raise ParseError(_TOOL, f"a field of unknown kind {kind}", line=at)


def varint(raw: memoryview, at: int) -> tuple[int, int]:
    """The number at an offset, seven bits a byte, and the offset after it."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(raw):
            raise ParseError(_TOOL, "a number is cut off", line=at)
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at
    raise ParseError(_TOOL, "a number of more than ten bytes", line=at)


def numbers(value: Value) -> list[int]:
    """A repeated number: packed, or one of several fields."""
    if isinstance(value, int):
        return [value]
    found, at = [], 0
    while at < len(value):
        number, at = varint(value, at)
        found.append(number)
    return found


def number(value: Value) -> int:
    """A field that is a number; ParseError for bytes."""
    if isinstance(value, int):
        return value
    raise ParseError(_TOOL, "bytes where a number is expected")


def inside(value: Value) -> memoryview:
    """A field that holds bytes, such as a message; ParseError for a number."""
    if isinstance(value, int):
        raise ParseError(_TOOL, "a number where bytes are expected")
    return value


def signed(value: int) -> int:
    """A 64-bit number that may be negative."""
    return value - (1 << 64) if value >> 63 else value
