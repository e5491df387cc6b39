"""Change the strings of an execution trace, and nothing else in it."""

from __future__ import annotations

from collections.abc import Callable

from golifelab.run.trace.wire import varint, version_of

_EVENT_BATCH, _STRINGS, _STRING, _EXPERIMENTAL, _END = 1, 4, 5, 49, 52
_HEADER = 16


def relabelled(data: bytes, change: Callable[[str], str]) -> bytes:
    """The trace with every string (function, file, reason, name) put through `change`.

    For traces that are kept: the files in one tell where a machine keeps its Go. `data` must be a
    sound trace; a batch whose strings grow beyond what a batch may hold would make it none.
    """
    version_of(data)
    made = bytearray(data[:_HEADER])
    at = _HEADER
    while at < len(data):
        start = at
        kind = data[at]
        at += 1
        if kind == _END:
            made.append(kind)
            continue
        if kind == _EXPERIMENTAL:
            at += 1
        for _ in range(3):
            _, at = varint(data, at)
        head = data[start:at]
        size, at = varint(data, at)
        body = data[at : at + size]
        at += size
        if kind == _EVENT_BATCH and body[:1] == bytes([_STRINGS]):
            body = _strings(body, change)
        made += head + _number(len(body)) + body
    return bytes(made)


def _strings(body: bytes, change: Callable[[str], str]) -> bytes:
    made = bytearray(body[:1])
    at = 1
    while at < len(body):
        number, at = varint(body, at + 1)
        size, at = varint(body, at)
        text = change(body[at : at + size].decode("utf-8", "surrogateescape"))
        at += size
        raw = text.encode("utf-8", "surrogateescape")
        made += bytes([_STRING]) + _number(number) + _number(len(raw)) + raw
    return bytes(made)


def _number(value: int) -> bytes:
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    made.append(value)
    return bytes(made)
