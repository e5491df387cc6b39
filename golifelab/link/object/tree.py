"""Every byte of an archive of Go objects in its place: the shape of the file as a tree.

A piece knows where it is, what it is called and what it says; what that means is told elsewhere.
The pieces below one fill it without a gap and without an overlap, whatever the file is: so the
leaves explain each byte once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

# The pieces below a piece, made when they are asked for.
Below = Callable[[], Sequence["Piece"]]


@dataclass(slots=True)
class Piece:
    """A part of the file: `size` bytes at `offset`.

    `kind` names what it is for the words that explain it ("symbol.abi"), `name` is what a reader
    sees ("ABI"), `value` what it says. `known` is its count of pieces where that is known without
    making them. `firsts` is for whoever counts: how many pieces lie before each of its parts.
    """

    offset: int
    size: int
    kind: str
    name: str
    value: str | Callable[[], str] = ""
    below: Below | None = field(default=None, repr=False)
    known: int = 0
    firsts: list[int] = field(default_factory=list, repr=False)
    _made: Sequence[Piece] | None = field(default=None, repr=False)
    _count: int = field(default=0, repr=False)

    @property
    def end(self) -> int:
        """The offset after its last byte."""
        return self.offset + self.size

    @property
    def text(self) -> str:
        """What it says."""
        return self.value() if callable(self.value) else self.value

    @property
    def pieces(self) -> Sequence[Piece]:
        """What it is made of; nothing for a leaf."""
        if self._made is None:
            self._made = self.below() if self.below else ()
        return self._made

    @property
    def count(self) -> int:
        """How many pieces it is, with all below it."""
        if not self._count:
            made = self.pieces if not self.known else ()
            self._count = self.known or 1 + (
                made.count_all() if isinstance(made, Records) else sum(p.count for p in made)
            )
        return self._count


class Records(Sequence[Piece]):
    """Equally large records, each made when it is asked for."""

    def __init__(
        self, offset: int, stride: int, number: int, each: int, make: Callable[[int, int], Piece]
    ) -> None:
        """`each` is the count of pieces of one record; `make(record, offset)` makes one."""
        self._offset, self.stride, self._number = offset, stride, number
        self.each, self._make = each, make

    def __len__(self) -> int:
        return self._number

    def __getitem__(self, index: object) -> Piece:  # type: ignore[override]  # an index only
        if not isinstance(index, int):
            raise TypeError(index)
        index = index + self._number if index < 0 else index
        if not 0 <= index < self._number:
            raise IndexError(index)
        return self._make(index, self._offset + index * self.stride)

    def count_all(self) -> int:
        """The pieces of all records."""
        return self._number * self.each

    def at(self, offset: int) -> int:
        """The record that covers an offset."""
        return (offset - self._offset) // self.stride


def filled(offset: int, end: int, pieces: Iterable[Piece], kind: str, name: str) -> list[Piece]:
    """Pieces in order, with what lies between them as pieces of their own.

    Of those that overlap (in a damaged file), the later are cut, or left out.
    """
    found: list[Piece] = []
    place = offset
    for piece in sorted(pieces, key=lambda one: (one.offset, -one.size)):
        start, after = max(piece.offset, place), min(piece.end, end)
        if start >= after:
            continue
        if start > place:
            found.append(Piece(place, start - place, kind, name))
        whole = (start, after) == (piece.offset, piece.end)
        cut = Piece(start, after - start, piece.kind, piece.name, piece.value)
        found.append(piece if whole else cut)
        place = after
    if place < end:
        found.append(Piece(place, end - place, kind, name))
    return found
