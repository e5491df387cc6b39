"""Divide a stretch of addresses between the symbols in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Piece(NamedTuple):
    """The bytes from `start` to `end` belong to `name`; "" for nobody."""

    start: int
    end: int
    name: str

    @property
    def size(self) -> int:
        """How many bytes that is."""
        return self.end - self.start


def divided(start: int, end: int, symbols: Iterable[Piece]) -> Iterator[Piece]:
    """The bytes from `start` to `end`, without gap or overlap.

    Where symbols lie in others, as types do in the one that covers all types, the inner one has
    the bytes; of equal ones the first.
    """
    inside = (one for one in symbols if one.start < end and one.end > start and one.size > 0)
    waiting = sorted(inside, key=lambda one: (one.start, -one.end))
    open_: list[Piece] = []
    here = start
    for one in waiting:
        yield from _closed(open_, here, max(one.start, start))
        here = max(here, one.start, start)
        if open_ and (open_[-1].start, open_[-1].end) == (one.start, one.end):
            continue
        open_.append(one)
    yield from _closed(open_, here, end)


def _closed(open_: list[Piece], here: int, until: int) -> Iterator[Piece]:
    """What the open symbols have between two addresses; those that end there are closed."""
    while here < until:
        while open_ and open_[-1].end <= here:
            open_.pop()
        stop = min(open_[-1].end, until) if open_ else until
        yield Piece(here, stop, open_[-1].name if open_ else "")
        here = stop
