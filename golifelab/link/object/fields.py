"""The explained bytes of an object file, as a list that is made when it is read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golifelab.errors import GolifelabError
from golifelab.link.object.archive import archive_piece
from golifelab.link.object.meaning import meaning
from golifelab.link.object.tree import Piece, Records

if TYPE_CHECKING:
    from golifelab.link.object.file import ObjectFile

# Deeper than any file's fields lie.
_EVERY = 99


@dataclass(frozen=True, slots=True)
class Field:
    """Some bytes of the file and what they are.

    `offset` and `size` are in bytes of the archive. `value` is what they say, `meaning` what that
    is for, in words. `parent` is the index of the field that this one is a part of, -1 for the
    file; `parts` says how many fields it consists of: a field of none is a leaf. Leaves lie one
    behind the other from the first byte of the file to the last.
    """

    index: int
    offset: int
    size: int
    kind: str
    name: str
    value: str
    meaning: str
    parent: int
    depth: int
    parts: int

    @property
    def end(self) -> int:
        """The offset after its last byte."""
        return self.offset + self.size


class Fields(Sequence[Field]):
    """All fields of a file, each before its parts, in the order of the bytes."""

    def __init__(self, root: Piece) -> None:
        self._root = root

    def __len__(self) -> int:
        return self._root.count

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        index = index + len(self) if index < 0 else index
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self._descend(index)

    def __iter__(self) -> Iterator[Field]:
        yield from self.down_to(_EVERY)

    def down_to(self, depth: int) -> Iterator[Field]:
        """The fields down to a depth, in order; those below are not made."""
        yield from _walk(self._root, 0, -1, 0, depth)

    def at(self, offset: int) -> Field:
        """The leaf that a byte of the file is in; GolifelabError for one outside."""
        return self.path(offset)[-1]

    def path(self, offset: int) -> tuple[Field, ...]:
        """From the whole file down to a byte's leaf; GolifelabError for a byte outside."""
        piece = self._root
        if not 0 <= offset < piece.size:
            raise GolifelabError(f"the object file has {piece.size:,} bytes, none at {offset}")
        found = [_field(piece, 0, -1, 0)]
        while piece.pieces:
            number = _covering(piece, offset)
            index = found[-1].index + 1 + _before(piece, number)
            piece = piece.pieces[number]
            found.append(_field(piece, index, found[-1].index, len(found)))
        return tuple(found)

    def parts(self, field: Field) -> tuple[Field, ...]:
        """The fields that one consists of."""
        piece, index = self._piece(field.index), field.index + 1
        found = []
        for one in piece.pieces:
            found.append(_field(one, index, field.index, field.depth + 1))
            index += one.count
        return tuple(found)

    def _piece(self, index: int) -> Piece:
        return self._steps(index)[-1][0]

    def _descend(self, index: int) -> Field:
        steps = self._steps(index)
        parent = steps[-2][1] if len(steps) > 1 else -1
        return _field(steps[-1][0], index, parent, len(steps) - 1)

    def _steps(self, index: int) -> list[tuple[Piece, int]]:
        """From the root to the piece of an index, each with its own index."""
        steps = [(self._root, 0)]
        while steps[-1][1] != index:
            piece, own = steps[-1]
            wanted = index - own - 1
            if isinstance(piece.pieces, Records):
                number = wanted // piece.pieces.each
            else:
                number = bisect_right(_firsts(piece), wanted) - 1
            steps.append((piece.pieces[number], own + 1 + _before(piece, number)))
        return steps


def _walk(piece: Piece, index: int, parent: int, depth: int, deepest: int) -> Iterator[Field]:
    yield _field(piece, index, parent, depth)
    place = index + 1
    for one in piece.pieces if depth < deepest else ():
        yield from _walk(one, place, index, depth + 1, deepest)
        place += one.count


def _covering(piece: Piece, offset: int) -> int:
    """Which of the pieces of one covers an offset."""
    pieces = piece.pieces
    if isinstance(pieces, Records):
        return pieces.at(offset)
    return bisect_right(pieces, offset, key=lambda one: one.offset) - 1


def _before(piece: Piece, number: int) -> int:
    """How many pieces lie below one before its part of a number."""
    if isinstance(piece.pieces, Records):
        return number * piece.pieces.each
    return _firsts(piece)[number]


def _firsts(piece: Piece) -> list[int]:
    """For every part of a piece, how many pieces lie before it."""
    if not piece.firsts:
        total = 0
        for one in piece.pieces:
            piece.firsts.append(total)
            total += one.count
    return piece.firsts


def _field(piece: Piece, index: int, parent: int, depth: int) -> Field:
    return Field(
        index=index,
        offset=piece.offset,
        size=piece.size,
        kind=piece.kind,
        name=piece.name,
        value=piece.text,
        meaning=meaning(piece.kind, piece.text if piece.kind.endswith(".kind") else piece.name),
        parent=parent,
        depth=depth,
        parts=len(piece.pieces),
    )


@lru_cache(maxsize=8)
def fields_of(file: ObjectFile) -> Fields:
    """The fields of a file, made once."""
    return Fields(archive_piece(file))
