"""What the runtime's function table says about symbols that no relocation points to.

A function's stack maps and the like hang off its record by offsets from go:func.*, which the linker
writes itself ($GOROOT/src/cmd/link/internal/ld/pcln.go): the n-th is the object's n-th.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golifelab.link.metadata.pctables import PcTables
from golifelab.link.placement.solve import FUNCTION_DATA, Solver
from golifelab.link.placement.targets import ragged

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]

# Where a _func record keeps its counts, and its size before the offsets: runtime2.go.
_PCDATA_COUNT, _FUNCDATA_COUNT, _FIXED = 28, 43, 44
NO_DATA = 0xFFFFFFFF
_HIGHEST = 1 << 62


class FunctionData:
    """The funcdata of every function, by number."""

    def __init__(self, tables: PcTables) -> None:
        import numpy as np

        if max(tables.text, tables.gofunc or 0) >= _HIGHEST:
            raise tables.reader.error("an address is beyond what any program has")
        table = np.frombuffer(tables.table, "u1")
        self._order = ">" if tables.reader.order == ">" else "<"
        self._table = table
        self.gofunc = tables.gofunc
        self.text = tables.text
        entries = np.array(tables.entries, np.int64)
        self.entries = entries[:-1] + tables.text
        self.ends = entries[1:] + tables.text
        word = 8 if table[7] == 8 else 4
        records = np.array(tables.records, np.int64)[: len(self.entries)]
        records = records + int(self._numbers(np.array([8 + 7 * word]), word)[0])
        inside = records + _FIXED <= len(table)
        records = np.where(inside, records, 0)
        self.counts = np.where(inside, table[records + _FUNCDATA_COUNT], 0).astype(np.int64)
        pcdata = self._numbers(records + _PCDATA_COUNT, 4)
        self._starts = records + _FIXED + 4 * pcdata
        self.counts[self._starts + 4 * self.counts > len(table)] = 0

    def of(self, entries: Array, numbers: Array) -> Array:
        """The addresses of functions' data by number; -1 where one has none."""
        import numpy as np

        index = np.minimum(np.searchsorted(self.entries, entries), len(self.entries) - 1)
        there = (self.entries[index] == entries) & (numbers < self.counts[index])
        places = np.where(there, self._starts[index] + 4 * numbers, 0)
        offsets = self._numbers(places, 4)
        there &= offsets != NO_DATA
        return np.where(there & (self.gofunc is not None), (self.gofunc or 0) + offsets, -1)

    def _numbers(self, places: Array, size: int) -> Array:
        import numpy as np

        rows = np.asarray(places)[:, None] + np.arange(size)
        raw = np.ascontiguousarray(self._table[rows])
        return raw.view(f"{self._order}u{size}").reshape(-1).astype(np.int64)


def offer_function_data(solver: Solver, data: FunctionData, functions: Array) -> Array:
    """Place the data of placed functions; gives the newly placed symbols."""
    import numpy as np

    known, found = solver.known, solver.solution
    chosen = found.chosen[functions]
    counts = known.funcdata_start[chosen + 1] - known.funcdata_start[chosen]
    places = ragged(known.funcdata_start[chosen], counts)
    numbers = places - np.repeat(known.funcdata_start[chosen], counts)
    targets = known.funcdata_target[places]
    addresses = data.of(np.repeat(found.address[functions], counts), numbers)
    use = (targets >= 0) & (addresses > 0)
    sources = np.repeat(functions, counts)
    return solver.offer(targets[use], addresses[use], FUNCTION_DATA, numbers[use], sources[use])
