"""What Go's runtime says of its own memory: where each thing lies that it got from the system.

A mapping of /proc/PID/maps has no name, and the kernel joins neighbours. The runtime knows what it
asked for: the addresses are in its variables. They are read here, each by the name it has in the
runtime's source. Everything that the runtime asks the system for is one of these (mem_linux.go,
sysReserve and sysAlloc, and who calls them).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from golifelab.errors import GolifelabError
from golifelab.load.hold.process import Process
from golifelab.load.memory.maps import PAGE
from golifelab.load.runtime.structures import Structures

HEAP = "runtime.mheap_"
ARENA_BYTES = 64 << 20  # heapArenaBytes, 64-bit Linux
_PERSISTENT_CHUNK = 256 << 10  # persistentChunkSize
_GC_BITS_CHUNK = 64 << 10  # gcBitsChunkBytes
_PROFILE_BUCKETS = 179999  # buckHashSize
# arenaBaseOffset: on amd64 arenas are counted from the lower half of a 48-bit space.
_ARENA_OFFSET = {"amd64": 0xFFFF_8000_0000_0000}
_MOST = 1 << 16  # of anything that is followed from one to the next
_COUNT = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Region:
    """A range of addresses that is one thing. `kind` is one of `KINDS`, `why` how that is known."""

    start: int
    end: int
    kind: str
    name: str
    why: str

    @property
    def size(self) -> int:
        """Bytes."""
        return self.end - self.start


# What memory can be for. The runtime's own kinds come from here; the rest from the file and kernel.
KINDS = {
    "code": "the program's instructions",
    "read-only data": "constants, types, and the runtime's tables",
    "data": "variables that begin with a value",
    "zeroed data": "variables that begin at zero",
    "heap": "Go's heap: objects and goroutines' stacks",
    "heap reserve": "addresses that the heap may grow into",
    "arena index": "which arena an address belongs to",
    "arena metadata": "which span each page of an arena belongs to, and marks",
    "page summary": "where free pages are, from afar (a tree of five levels)",
    "page bits": "which pages of the heap are free, bit by bit",
    "scavenge index": "which pages could be given back to the system",
    "span list": "the list of all spans",
    "mark bits": "which objects the collector has marked",
    "profile table": "where the heap profile counts allocations",
    "persistent": "what the runtime allocates for good",
    "mark queue": "spans that the collector still has to scan",
    "random state": "for random numbers without a system call",
    "thread stack": "a thread's own stack",
    "guard": "a page that must not be touched, below a stack",
    "library": "a shared library, or the loader",
    "C heap": "memory of the C library",
    "kernel": "what the kernel lends every process",
    "other": "what nothing here explains",
}


def runtime_regions(process: Process, structures: Structures) -> tuple[Region, ...]:
    """All memory that the runtime got from the system by now, by address, without overlaps.

    Before the runtime has set up its heap there is none. What a version of the runtime does not
    have is left out.
    """
    collectors: tuple[Callable[[Process, Structures], Iterator[Region]], ...] = (
        _arenas,
        _arena_index,
        _summaries,
        _page_bits,
        _scavenge_index,
        _span_list,
        _persistent,
        _profile_table,
        _mark_bits,
        _mark_queues,
        _random_states,
    )
    found: list[Region] = []
    for collect in collectors:
        with contextlib.suppress(GolifelabError):
            found += collect(process, structures)
    return joined(found)


def joined(found: Iterable[Region]) -> tuple[Region, ...]:
    """Regions by address. Of two that share addresses the one that begins first stays."""
    return tuple(_apart(sorted(found, key=lambda region: region.start)))


def _apart(found: list[Region]) -> Iterator[Region]:
    end = 0
    for region in found:
        if region.start >= end and region.end > region.start:
            yield region
            end = region.end


def heap_arenas(process: Process, structures: Structures) -> Iterator[tuple[int, int]]:
    """Each arena of the heap: its first address, and where its heapArena is."""
    index = _map_of_arenas(process, structures)
    slices = next(
        (
            structures.global_(process, HEAP, name)
            for name in ("heapArenas", "allArenas")  # since Go 1.25, before
            if any(f.name == name for f in structures.layout("runtime.mheap").fields)
        ),
        None,
    )
    if not index or not slices or not slices["array"]:
        return
    offset = _ARENA_OFFSET.get(process.executable.image.machine, 0)
    count = min(slices["len"], _MOST)
    for number in words(process, slices["array"], count):
        record = words(process, index + 8 * number, 1)[0]
        if record:
            yield (number * ARENA_BYTES + offset) & (1 << 64) - 1, record


def words(process: Process, address: int, count: int) -> list[int]:
    """Numbers of eight bytes from an address on."""
    block = process.memory(address, 8 * count)
    return [int.from_bytes(block[i : i + 8], "little") for i in range(0, len(block), 8)]


def _up(size: int) -> int:
    return -(-size // PAGE) * PAGE


def _arenas(process: Process, structures: Structures) -> Iterator[Region]:
    size = structures.layout("runtime.heapArena").size
    for number, (start, record) in enumerate(heap_arenas(process, structures)):
        name = f"Go's heap, arena {number}"
        yield Region(start, start + ARENA_BYTES, "heap", name, f"{HEAP}.heapArenas")
        what = f"metadata of heap arena {number}"
        why = f"{HEAP}.arenas has its address, heapArena its size"
        yield Region(record, record + _up(size), "arena metadata", what, why)


def _map_of_arenas(process: Process, structures: Structures) -> int:
    first = structures.global_(process, HEAP, "arenas[0]")
    return int(first)


def _arena_index(process: Process, structures: Structures) -> Iterator[Region]:
    start = _map_of_arenas(process, structures)
    if start:
        # "[1]*[4194304]*runtime.heapArena": the second number counts the entries.
        count = int(_COUNT.findall(structures.layout("runtime.mheap")["arenas"].type)[-1])
        name = "index of arenas"
        yield Region(start, start + _up(8 * count), "arena index", name, f"{HEAP}.arenas[0]")


def _summaries(process: Process, structures: Structures) -> Iterator[Region]:
    for level, one in enumerate(structures.global_(process, HEAP, "pages.summary")):
        if one["array"]:
            end = one["array"] + _up(8 * one["cap"])
            name = f"page summaries, level {level}"
            yield Region(
                one["array"], end, "page summary", name, f"{HEAP}.pages.summary[{level}], its cap"
            )


def _page_bits(process: Process, structures: Structures) -> Iterator[Region]:
    field = structures.layout("runtime.pageAlloc")["chunks"]
    first, second = map(int, _COUNT.findall(field.type))
    size = second * structures.layout("runtime.pallocData").size
    base = structures.variable(HEAP) + process.bias
    place = base + structures.offset("runtime.mheap", "pages.chunks")
    for number, start in enumerate(words(process, place, min(first, _MOST))):
        if start:
            name = "bits of free and given-back pages"
            yield Region(
                start, start + _up(size), "page bits", name, f"{HEAP}.pages.chunks[{number}]"
            )


def _scavenge_index(process: Process, structures: Structures) -> Iterator[Region]:
    one = structures.global_(process, HEAP, "pages.scav.index.chunks")
    if one["array"]:
        size = structures.layout("runtime.atomicScavChunkData").size
        end = one["array"] + _up(size * one["cap"])
        why = f"{HEAP}.pages.scav.index.chunks, its cap"
        yield Region(one["array"], end, "scavenge index", "scavenge index", why)


def _span_list(process: Process, structures: Structures) -> Iterator[Region]:
    one = structures.global_(process, HEAP, "allspans")
    if one["array"]:
        end = one["array"] + _up(8 * one["cap"])
        yield Region(one["array"], end, "span list", "list of all spans", f"{HEAP}.allspans")


def _persistent(process: Process, structures: Structures) -> Iterator[Region]:
    at = words(process, structures.variable("runtime.persistentChunks") + process.bias, 1)[0]
    for number in range(_MOST):
        if not at:
            return
        why = "the list at runtime.persistentChunks"
        name = f"persistent memory, chunk {number}"
        yield Region(at, at + _PERSISTENT_CHUNK, "persistent", name, why)
        at = words(process, at, 1)[0]


def _profile_table(process: Process, structures: Structures) -> Iterator[Region]:
    at = words(process, structures.variable("runtime.buckhash") + process.bias, 1)[0]
    if at:
        end = at + _up(8 * _PROFILE_BUCKETS)
        yield Region(at, end, "profile table", "hash table of the profiler", "runtime.buckhash")


def _mark_bits(process: Process, structures: Structures) -> Iterator[Region]:
    base = structures.variable("runtime.gcBitsArenas") + process.bias
    ahead = structures.offset("runtime.gcBitsArena", "next")
    seen: set[int] = set()
    # A lock, then the heads of four lists: free, next, current, previous (mheap.go).
    for head in words(process, base, 5):
        at = head
        while at >= PAGE and at not in seen and len(seen) < _MOST:
            try:
                following = words(process, at + ahead, 1)[0]
            except GolifelabError:
                break  # the lock's word is no address
            seen.add(at)
            yield Region(at, at + _GC_BITS_CHUNK, "mark bits", "mark bits", "runtime.gcBitsArenas")
            at = following


def _mark_queues(process: Process, structures: Structures) -> Iterator[Region]:
    at = structures.global_(process, "runtime.work", "spanSPMCs.list.obj")
    for _ in range(_MOST):
        if not at:
            return
        ring = structures.field(process, "runtime.spanSPMC", at, "ring")
        size = structures.field(process, "runtime.spanSPMC", at, "cap") * 8
        if ring:
            name = "ring of spans to scan"
            yield Region(ring, ring + _up(size), "mark queue", name, "runtime.work.spanSPMCs")
        at = structures.field(process, "runtime.spanSPMC", at, "allnode.next")


def _random_states(process: Process, structures: Structures) -> Iterator[Region]:
    one = structures.global_(process, "runtime.vgetrandomAlloc", "states")
    if one["array"] and one["len"]:
        states = words(process, one["array"], min(one["len"], _MOST))
        for page in sorted({state // PAGE for state in states if state}):
            why = "runtime.vgetrandomAlloc.states"
            yield Region(page * PAGE, page * PAGE + PAGE, "random state", "getrandom state", why)
