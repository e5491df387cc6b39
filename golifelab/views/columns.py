"""Parts of a payload that are made and written piece by piece: all at once, they would be large."""

from __future__ import annotations

import base64
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

_DTYPES = {"b": "i1", "h": "i2", "i": "i4", "d": "f8"}
_BITS = {"b": 7, "h": 15, "i": 31}


class Streamed(ABC):
    """A value in a payload that writes itself as JSON, in pieces."""

    @abstractmethod
    def json(self) -> Iterator[str]:
        """The pieces."""


class Columns(Streamed):
    """Equally long columns of numbers, made in pieces each time they are asked for.

    `kinds` are those of their cells (see `kind_of`); `pieces(*names)` gives some columns side by
    side: equally long numpy arrays, piece by piece.
    """

    def __init__(
        self, kinds: Mapping[str, str], pieces: Callable[..., Iterator[tuple[Any, ...]]]
    ) -> None:
        self._kinds, self.pieces = kinds, pieces

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def json(self) -> Iterator[str]:
        """By name: the kind of the cells, and their bytes in base64."""
        before = "{"
        for name, kind in self._kinds.items():
            yield f"{before}{json.dumps(name)}:"
            yield from packed((cells for (cells,) in self.pieces(name)), kind)
            before = ","
        yield "}" if self._kinds else "{}"


class Listed(Streamed, Sequence[Any]):
    """A list whose items are made each time they are asked for."""

    def __init__(self, count: int, item: Callable[[int], Any]) -> None:
        self._count, self._item = count, item

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._item(place) for place in range(*index.indices(self._count))]
        if not 0 <= index < self._count:
            raise IndexError(index)
        return self._item(index)

    def json(self) -> Iterator[str]:
        """The items, one by one."""
        before = "["
        for item in self:
            yield before + json.dumps(item, separators=(",", ":"), ensure_ascii=False)
            before = ","
        yield "]" if self._count else "[]"


def kind_of(low: int, high: int) -> str:
    """The kind of cells that hold numbers from `low` to `high`.

    "b", "h" and "i" are integers of 1, 2 and 4 bytes, "d" floats of 8; little endian.
    """
    fits = (kind for kind, bits in _BITS.items() if -(1 << bits) <= low and high < 1 << bits)
    return next(fits, "d")


def packed(pieces: Iterator[Any], kind: str) -> Iterator[str]:
    """A column in JSON: a list of numbers would take many times the room of their bytes."""
    yield f'["{kind}","'
    rest = b""
    for piece in pieces:
        cells = rest + piece.astype(f"<{_DTYPES[kind]}").tobytes()
        whole = len(cells) - len(cells) % 3
        yield base64.b64encode(cells[:whole]).decode()
        rest = cells[whole:]
    yield f'{base64.b64encode(rest).decode()}"]'


def unpacked(column: list[str]) -> list[int]:
    """The numbers of a column that was written so."""
    import numpy as np

    kind, text = column
    cells = np.frombuffer(base64.b64decode(text), f"<{_DTYPES[kind]}")
    return [int(cell) for cell in cells.tolist()]
