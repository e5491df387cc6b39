"""What a list of system calls does to a process's addresses: reserve, make usable, give back.

A range is *reserved* when it may not be touched (PROT_NONE): it costs addresses, no memory. It is
*committed* when it may be written or read. Pages come later still, one by one, as they are touched.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from golifelab.load.syscalls.call import SystemCall

Kind = Literal["map a file", "reserve", "commit", "protect", "unmap", "advise"]
_PROT, _FLAGS, _FILE = 2, 3, 4


@dataclass(frozen=True, slots=True)
class Step:
    """One call's effect on [start, end). `call` is its number in the list.

    `reserved` and `committed` are bytes after it, of all that calls made until then.
    """

    call: int
    kind: Kind
    start: int
    end: int
    reserved: int
    committed: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Space:
    """The steps in order, and what there is in the end: (start, end, committed) by address."""

    steps: tuple[Step, ...]
    ranges: tuple[tuple[int, int, bool], ...]

    @property
    def reserved(self) -> int:
        """Bytes that are reserved in the end."""
        return self.steps[-1].reserved if self.steps else 0

    @property
    def committed(self) -> int:
        """Bytes that are committed in the end."""
        return self.steps[-1].committed if self.steps else 0

    def of(self, kind: Kind) -> tuple[Step, ...]:
        """The steps of one kind."""
        return tuple(step for step in self.steps if step.kind == kind)


class Ranges:
    """Ranges that do not overlap, by address, each with whether it is committed."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.rows: list[tuple[int, int, bool]] = []
        self.totals = {False: 0, True: 0}

    def put(self, start: int, end: int, state: bool | None) -> None:
        """Make [start, end) reserved (False), committed (True) or nothing (None)."""
        first = max(0, bisect_right(self.starts, start) - 1)
        if first < len(self.rows) and self.rows[first][1] <= start:
            first += 1
        last = bisect_left(self.starts, end)
        kept: list[tuple[int, int, bool]] = []
        for low, high, was in self.rows[first:last]:
            self.totals[was] -= min(high, end) - max(low, start)
            if low < start:
                kept.append((low, start, was))
            if high > end:
                kept.append((end, high, was))
        if state is not None:
            kept.append((start, end, state))
            self.totals[state] += end - start
        kept.sort()
        self.rows[first:last] = kept
        self.starts[first:last] = [low for low, _, _ in kept]


def space_of(rows: Iterable[SystemCall]) -> Space:
    """Replay the calls that map, protect and unmap memory."""
    ranges, steps = Ranges(), []
    heap = 0
    for at, row in enumerate(rows):
        if row.name == "brk" and row.result:
            kind, span = _break(heap, row.result)
            heap = row.result
        else:
            kind, span = _kind(row), row.span
        if kind is None or span is None or span[0] >= span[1]:
            continue
        start, end = span
        if kind == "unmap":
            ranges.put(start, end, None)
        elif kind != "advise":
            ranges.put(start, end, _usable(row))
        totals = ranges.totals
        steps.append(Step(at, kind, start, end, totals[False], totals[True]))
    return Space(tuple(steps), tuple(ranges.rows))


_OTHERS: dict[str, Kind] = {"munmap": "unmap", "madvise": "advise"}


def _kind(row: SystemCall) -> Kind | None:
    if row.name == "mmap":
        if row.number(_FILE) >= 0:
            return "map a file"
        return "commit" if _usable(row) else "reserve"
    if row.name == "mprotect":
        return "protect"
    return _OTHERS.get(row.name)


def _usable(row: SystemCall) -> bool:
    return row.name == "brk" or "PROT_NONE" not in row.words[_PROT : _PROT + 1]


def _break(old: int, new: int) -> tuple[Kind | None, tuple[int, int] | None]:
    """The end of the data segment moves: the oldest way to get memory, which C's malloc uses."""
    if not old or old == new:
        return None, None
    return ("commit", (old, new)) if new > old else ("unmap", (new, old))
