"""Who points to a symbol: relocations, the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.link.object.enumerations import named
from golifelab.link.placement.solve import Solution
from golifelab.link.placement.symbols import PlacedSymbol
from golifelab.link.placement.targets import WEAK, ragged
from golifelab.link.placement.universe import Universe

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Pointer:
    """A place in `symbol` that holds another symbol's address, at `offset` in it, by `kind`."""

    symbol: PlacedSymbol
    offset: int
    address: int
    size: int
    kind: str
    addend: int
    weak: bool


@dataclass(frozen=True, slots=True)
class Hole:
    """Bytes that the linker filled in: `size` at `address`, by a relocation of `kind`.

    `target` is the name of the symbol whose address went in, with `addend`; `target_address` where
    that symbol is, None when no object defines it or it is not in the program.
    """

    address: int
    size: int
    kind: str
    target: str
    target_address: int | None
    addend: int


def hole_of(known: Universe, found: Solution, row: int, start: int, address: int) -> Hole | None:
    """The hole of a row, placed at `start`, that covers an address."""
    first, last = known.relocation_start[row : row + 2].tolist()
    for number in range(first, last):
        place = start + int(known.relocation_offset[number])
        size = int(known.relocation_size[number])
        if not place <= address < place + size:
            continue
        target = int(known.relocation_target[number])
        kind = int(known.relocation_kind[number]) & (WEAK - 1)
        return Hole(
            place,
            size,
            named(known.enumerations.relocations, kind),
            known.name(target) if target >= 0 else "",
            (int(found.address[target]) or None) if target >= 0 else None,
            int(known.relocation_addend[number]),
        )
    return None


class Pointers:
    """All relocations of the placed symbols, by the symbol that they point to."""

    def __init__(self, known: Universe, found: Solution, rows: Array) -> None:
        import numpy as np

        self._known = known
        chosen = found.chosen[rows]
        counts = known.relocation_start[chosen + 1] - known.relocation_start[chosen]
        numbers = ragged(known.relocation_start[chosen], counts)
        sources = np.repeat(np.arange(len(rows)), counts)
        targets = known.relocation_target[numbers]
        use = (targets >= 0) & (known.relocation_size[numbers] > 0)
        numbers, sources, targets = numbers[use], sources[use], targets[use]
        places = np.full(len(known.symbol), -1, np.int64)
        places[rows] = np.arange(len(rows))
        targets = places[targets]
        order = np.argsort(targets, kind="stable")
        self._targets, self._sources = targets[order], sources[order]
        self._numbers = numbers[order]
        self._count = len(rows)

    def columns(self, limit: int) -> dict[str, list[int]]:
        """For each placed symbol how many point to it, and the first `limit` of them.

        `count` and `shown` are by placed symbol; `source` (a placed symbol's number), `offset` and
        `kind` (a relocation's number) are those shown, one after the other.
        """
        import numpy as np

        known = self._known
        starts = np.searchsorted(self._targets, np.arange(self._count + 1))
        counts = np.diff(starts)
        shown = np.minimum(counts, limit)
        places = ragged(starts[:-1], shown)
        numbers = self._numbers[places]
        return {
            "count": counts.tolist(),
            "shown": shown.tolist(),
            "source": self._sources[places].tolist(),
            "offset": known.relocation_offset[numbers].tolist(),
            "kind": (known.relocation_kind[numbers] & (WEAK - 1)).tolist(),
        }

    def to(self, number: int, symbols: Sequence[PlacedSymbol]) -> Iterator[Pointer]:
        """The pointers to the placed symbol of a number."""
        import numpy as np

        start, end = np.searchsorted(self._targets, [number, number + 1]).tolist()
        known = self._known
        for source, relocation in zip(
            self._sources[start:end].tolist(), self._numbers[start:end].tolist(), strict=True
        ):
            symbol = symbols[source]
            offset = int(known.relocation_offset[relocation])
            kind = int(known.relocation_kind[relocation])
            yield Pointer(
                symbol,
                offset,
                symbol.address + offset,
                int(known.relocation_size[relocation]),
                named(known.enumerations.relocations, kind & (WEAK - 1)),
                int(known.relocation_addend[relocation]),
                bool(kind & WEAK),
            )
