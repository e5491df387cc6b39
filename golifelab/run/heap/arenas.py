"""The heap's arenas as the kernel sees them: what is reserved, what may be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from golifelab.load.memory.maps import Mapping

# $GOROOT/src/runtime/malloc.go, heapArenaBytes: on 64-bit Linux.
ARENA = 64 << 20


@dataclass(frozen=True, slots=True)
class Arena:
    """A piece of address space that the heap grows in: where, and bytes in two states.

    `committed` may be read and written; the rest up to `reserved` is only kept free for the heap.
    """

    start: int
    reserved: int
    committed: int


def arenas(rows: Sequence[Mapping], address: int) -> tuple[Arena, ...]:
    """The arenas, given the mappings and the address of something in the heap.

    Arenas begin at multiples of their size and follow one another.
    """
    return tuple(_arenas(rows, address - address % ARENA)) if address else ()


def _arenas(rows: Sequence[Mapping], start: int) -> Iterator[Arena]:
    while True:
        inside = [row for row in rows if row.start < start + ARENA and row.end > start]
        own = [row for row in inside if not row.file]
        reserved = sum(_common(row, start) for row in own)
        committed = sum(_common(row, start) for row in own if row.permissions.startswith("rw"))
        if reserved < ARENA or not committed:
            return
        yield Arena(start, reserved, committed)
        start += ARENA


def _common(row: Mapping, start: int) -> int:
    return min(row.end, start + ARENA) - max(row.start, start)
