"""Find the final address of every symbol: begin with those that have a name, then follow pointers.

Each relocation of a symbol that is placed says where its target went, for the linker wrote it into
the bytes. A candidate counts only where all its other bytes are those of the object: what is placed
has been compared byte by byte. Zeroed data has no bytes to compare; it must lie in zeroed memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golifelab.link.placement.match import Matcher
from golifelab.link.placement.targets import Inverter
from golifelab.link.placement.universe import Universe

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]

UNPLACED, NAMED, LISTED, POINTED, FUNCTION_DATA = range(5)
HOW = ("", "symbol table", "function table", "relocation", "function data")


@dataclass(eq=False)
class Solution:
    """Addresses by row, for rows that stand for their symbol; 0 where it is not in the file.

    `how` is one of the constants above, `reason` the relocation (or the funcdata number) that told,
    `chosen` the row whose content is in the file: of equal definitions the linker takes any.
    """

    address: Array = field(repr=False)
    how: Array = field(repr=False)
    reason: Array = field(repr=False)
    source: Array = field(repr=False)
    chosen: Array = field(repr=False)
    conflicts: list[tuple[int, int, int]] = field(default_factory=list)
    rejected: int = 0


class Solver:
    """One link's symbols, being placed."""

    def __init__(
        self, known: Universe, inverter: Inverter, matcher: Matcher, unreachable: int
    ) -> None:
        import numpy as np

        rows = len(known.symbol)
        self.known = known
        self.solution = Solution(
            address=np.zeros(rows, np.int64),
            how=np.zeros(rows, np.int8),
            reason=np.full(rows, -1, np.int64),
            source=np.full(rows, -1, np.int64),
            chosen=np.arange(rows, dtype=np.int64),
        )
        self._inverter = inverter
        self._matcher = matcher
        self._unreachable = unreachable
        self._tried: set[tuple[int, int]] = set()

    def seed(self, rows: Array, addresses: Array, how: int) -> Array:
        """Place symbols that a table names; gives those placed.

        Several symbols may share a name. One is placed where it is the only one whose content is
        there, and is nowhere else.
        """
        import numpy as np

        free = self.solution.address[rows] == 0
        rows, addresses = rows[free], addresses[free]
        good = self._match(rows, addresses)
        rows, addresses = rows[good], addresses[good]
        alone = np.ones(len(rows), bool)
        for column in (rows, addresses):
            _, inverse, counts = np.unique(column, return_inverse=True, return_counts=True)
            alone &= counts[inverse] == 1
        rows, addresses = rows[alone], addresses[alone]
        self._place(rows, addresses, how, np.full(len(rows), -1), np.full(len(rows), -1))
        return rows

    def follow(self, rows: Array) -> Array:
        """Place what the relocations of placed symbols point to; gives the newly placed."""
        import numpy as np

        chosen = self.solution.chosen[rows]
        numbers, targets, found = self._inverter.addresses(chosen, self.solution.address[rows])
        sources = np.searchsorted(self.known.relocation_start, numbers, "right") - 1
        return self.offer(targets, found, POINTED, numbers, sources)

    def offer(
        self, targets: Array, found: Array, how: int, reasons: Array, sources: Array
    ) -> Array:
        """Place symbols where something says they are, if their content is there."""
        import numpy as np

        placed = self.solution.address[targets]
        elsewhere = (placed != 0) & (placed != found)
        if elsewhere.any():
            self._disagree(targets[elsewhere], found[elsewhere], reasons[elsewhere])
        new = placed == 0
        targets, found, reasons, sources = (
            column[new] for column in (targets, found, reasons, sources)
        )
        pairs = np.stack([targets, found], axis=1)
        _, firsts = np.unique(pairs, axis=0, return_index=True)
        firsts = np.array(
            [i for i in firsts.tolist() if (targets[i], found[i]) not in self._tried], np.int64
        )
        targets, found, reasons, sources = (
            column[firsts] for column in (targets, found, reasons, sources)
        )
        # No two symbols start at one address, even where both would fit.
        good = self._match(targets, found) & ~np.isin(found, self._taken())
        for i in np.flatnonzero(~good).tolist():
            self._tried.add((int(targets[i]), int(found[i])))
            self.solution.rejected += 1
        targets, found, reasons, sources = (
            column[good] for column in (targets, found, reasons, sources)
        )
        _, firsts = np.unique(targets, return_index=True)
        again = np.ones(len(targets), bool)
        again[firsts] = False
        if again.any():
            self._disagree(targets[again], found[again], reasons[again])
        self._place(targets[firsts], found[firsts], how, reasons[firsts], sources[firsts])
        return targets[firsts]

    def _taken(self) -> Array:
        address = self.solution.address
        taken: Array = address[address != 0]
        return taken

    def _match(self, rows: Array, addresses: Array) -> Array:
        """Whether any definition of each symbol stands at the address; notes which."""
        good = self._matcher.matches(rows, addresses)
        self.solution.chosen[rows[good]] = rows[good]
        others = self.known.alternatives
        for i in (~good).nonzero()[0].tolist():
            row = int(rows[i])
            for other in others.get(row, ()):
                if other != row and self._one(other, int(addresses[i])):
                    self.solution.chosen[row] = other
                    good[i] = True
                    break
        return good

    def _one(self, row: int, address: int) -> bool:
        import numpy as np

        return bool(self._matcher.matches(np.array([row]), np.array([address]))[0])

    def _place(
        self, rows: Array, addresses: Array, how: int, reasons: Array, sources: Array
    ) -> None:
        found = self.solution
        found.address[rows] = addresses
        found.how[rows] = how
        found.reason[rows] = reasons
        found.source[rows] = sources

    def _disagree(self, targets: Array, found: Array, reasons: Array) -> None:
        """Note symbols that are placed and said to be elsewhere.

        Deleted functions do not count: the linker sends what pointed to them to
        runtime.unreachableMethod.
        """
        for target, address, reason in zip(
            targets.tolist(), found.tolist(), reasons.tolist(), strict=True
        ):
            if address != self._unreachable:
                self.solution.conflicts.append((target, address, reason))
