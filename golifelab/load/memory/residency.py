"""Which pages of a process are in memory, and whose they are: one byte a page."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Sequence

from golifelab.errors import ParseError
from golifelab.load.memory.maps import PAGE, Mapping
from golifelab.load.memory.smaps import Smap

# What a page can be. The order is that of `STATES`.
ABSENT, FILE, PRIVATE, ZERO, SWAPPED = range(5)
STATES = ("absent", "file", "private", "zero", "swapped")
# What each means, in words.
MEANING = {
    "absent": "not in memory: nothing has touched it",
    "file": "the file's own page, shared with all who map it",
    "private": "this process's own copy, or its own zeroed page: it was written to",
    "zero": "the kernel's one page of zeroes: it was read and never written to",
    "swapped": "moved out to swap space",
}
# Linux maps the file's pages around a fault too, as far as they are in memory already:
# fault_around_bytes, 64 KiB unless an administrator changed it (mm/memory.c).
FAULT_AROUND = 65536 // PAGE

# Bits of a pagemap entry: Documentation/admin-guide/mm/pagemap.rst
_PRESENT, _SWAPPED, _FILE, _EXCLUSIVE = 1 << 63, 1 << 62, 1 << 61, 1 << 56


def residency(block: bytes) -> bytes:
    """The state of each page of a piece of a pagemap file."""
    if len(block) % 8:
        raise ParseError("/proc/PID/pagemap", f"{len(block)} bytes are no whole number of entries")
    entries = array("Q", block)
    if sys.byteorder != "little":  # entries are in the machine's own order
        entries.byteswap()
    return bytes(map(_state, entries))


def _state(entry: int) -> int:
    if entry & _PRESENT:
        if entry & _FILE:
            return FILE
        return PRIVATE if entry & _EXCLUSIVE else ZERO
    return SWAPPED if entry & _SWAPPED else ABSENT


def pages_of(
    rows: Sequence[Mapping], smaps: Sequence[Smap], read: Callable[[int, int], bytes]
) -> dict[int, bytes]:
    """The states of the pages of every mapping that has any in memory, by the mapping's start.

    `read`(start, end) gives the pagemap entries of these addresses. Mappings without a page in
    memory are left out: a Go program reserves a gigabyte, and asking for it would take its time.
    """
    found = {}
    for row, one in zip(rows, smaps, strict=True):
        # smaps does not count the page of zeroes; only who may read can have touched it.
        if one.rss or one.swap or (row.permissions[0] == "r" and row.page_count <= _MAX_ASKED):
            pieces = (
                residency(read(start, min(start + _PIECE, row.end)))
                for start in range(row.start, min(row.end, row.start + _MAX_BYTES), _PIECE)
            )
            states = b"".join(pieces)
            if any(states):
                found[row.start] = states
    return found


_MAX_ASKED = 1 << 16  # pages: 256 MiB of addresses
_PIECE = 256 << 20  # bytes of addresses that are asked for at once
_MAX_BYTES = 16 << 30  # of one mapping: what lies beyond is taken to be absent


def clusters(states: bytes, start: int, wanted: int = FILE) -> tuple[tuple[int, int], ...]:
    """The runs of pages in one state, as (address, count of pages)."""
    found: list[tuple[int, int]] = []
    first = -1
    for index in range(len(states) + 1):
        here = index < len(states) and states[index] == wanted
        if here and first < 0:
            first = index
        elif not here and first >= 0:
            found.append((start + first * PAGE, index - first))
            first = -1
    return tuple(found)
