"""The spans of Go's heap in a held process: what each run of the heap's pages is used for."""

from __future__ import annotations

from dataclasses import dataclass

from golifelab.load.hold.process import Process
from golifelab.load.moments.regions import heap_arenas, words
from golifelab.load.runtime.structures import Structures

PAGE_BYTES = 8192  # the runtime's own page, not the kernel's
_FIELDS = ("startAddr", "npages", "spanclass", "state", "elemsize", "nelems", "allocCount")
_STATES = {0: "free", 1: "objects", 2: "stacks and the like"}
_MOST = 1 << 16


@dataclass(frozen=True, slots=True)
class Span:
    """A run of pages of the heap, cut into slots of one size.

    `kind` is "objects", "stacks and the like" (what the runtime frees by itself) or "free".
    `element` is a slot's size in bytes, `slots` how many, `used` how many were taken when the span
    was last looked at by an allocating processor. `pointers` is False where objects have none.
    """

    start: int
    end: int
    kind: str
    element: int
    slots: int
    used: int
    pointers: bool


def heap_spans(process: Process, structures: Structures) -> tuple[Span, ...]:
    """The spans of all arenas, by address."""
    layout = structures.layout("runtime.heapArena")
    place = structures.offset("runtime.heapArena", "spans")
    count = layout["spans"].size // 8
    size = structures.layout("runtime.mspan").size
    parts = [_part(structures, name) for name in _FIELDS]
    found: dict[int, Span] = {}
    for _, record in heap_arenas(process, structures):
        for at in dict.fromkeys(words(process, record + place, count)):
            if at and len(found) < _MOST:
                block = process.memory(at, size)
                values = [
                    int.from_bytes(block[offset : offset + width], "little")
                    for offset, width in parts
                ]
                span = _span(values)
                found[span.start] = span
    return tuple(found[start] for start in sorted(found))


def _part(structures: Structures, name: str) -> tuple[int, int]:
    field = structures.layout("runtime.mspan")[name]
    return field.offset, field.size


def _span(values: list[int]) -> Span:
    start, pages, span_class, state, element, slots, used = values
    return Span(
        start,
        start + pages * PAGE_BYTES,
        _STATES.get(state, "free"),
        element,
        slots,
        used,
        pointers=not span_class & 1,  # the lowest bit says that objects have no pointers
    )
