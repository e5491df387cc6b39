"""The goroutines of a trace: who they were, who made them, how long they were in which state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from golifelab.run.trace.columns import ExecutionTrace
from golifelab.run.trace.lanes import ADDED, UNKNOWN, Spans, is_system, rows_of
from golifelab.run.trace.rows import G_STATES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAIN = 1
_MADE, _DIED, _FOUND = (14, 15, 47), (17, 18), (25, 48)
# So many goroutines' times are added up at once, and kept.
_BLOCK = 1 << 11


@dataclass(frozen=True, slots=True)
class TracedGoroutine:
    """A goroutine of a trace. Times are nanoseconds from the first event.

    `function` is where it begins, `creator` the goroutine that made it, -1 when it was there
    before. `created` and `ended` are None outside of the trace. `spent` is nanoseconds by state.
    A system goroutine is one of the runtime's, or of the tracing; or whose it is can't be told.
    """

    id: int
    function: str
    creator: int
    created: int | None
    ended: int | None
    spent: dict[str, int]
    system: bool

    def seconds(self, state: str) -> float:
        """How long it was in a state ("Running"), in seconds."""
        return self.spent.get(state, 0) / 1e9


class TracedGoroutines(Sequence[TracedGoroutine]):
    """The goroutines of a trace, by id.

    They are made when they are asked for: a program may have as many of them as a trace has events,
    and each would be larger than all its events.
    """

    def __init__(self, trace: ExecutionTrace) -> None:
        import numpy as np

        self._trace = trace
        known = trace.subject[rows_of(trace.among((*_MADE, *_FOUND)))]
        self._ids: NDArray[np.signedinteger[Any]] = np.unique(known)
        # Rows of their first and last events, 0 where those are not in the trace.
        self._made, self._died = self._rows(_MADE), self._rows(_DIED)
        self._begins = self._stacks()
        self._spent: tuple[int, NDArray[np.int64]] | None = None

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> TracedGoroutine: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[TracedGoroutine, ...]: ...
    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return tuple(self._one(place) for place in range(*index.indices(len(self))))
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        return self._one(place)

    @property
    def ids(self) -> NDArray[np.signedinteger[Any]]:
        """Their ids, rising."""
        return self._ids

    @property
    def own(self) -> int:
        """How many are the program's."""
        return len(self) - int(self._that(is_system).sum())

    def beginning_in(self, prefixes: tuple[str, ...]) -> frozenset[int]:
        """The ids of those, but main's, whose first function's name begins so."""
        return frozenset(self._ids[self._that(lambda name: name.startswith(prefixes))].tolist())

    def _that(self, wanted: Callable[[str], bool]) -> NDArray[np.bool_]:
        """For each goroutine whether it is not main's and the function it begins in is wanted."""
        import numpy as np

        stacks = np.unique(self._begins).tolist()
        those = [one for one in stacks if wanted(self._name(one))]
        found: NDArray[np.bool_] = np.isin(self._begins, those) & (self._ids != _MAIN)
        return found

    def _one(self, place: int) -> TracedGoroutine:
        trace, number = self._trace, int(self._ids[place])
        made, died = int(self._made[place]), int(self._died[place])
        name = self._name(int(self._begins[place])) if number != _MAIN else "main.main"
        took = zip(G_STATES, self._times(place), strict=True)
        return TracedGoroutine(
            number,
            name,
            int(trace.goroutine[made]) if made else -1,
            trace.time[made] - trace.time[0] if made else None,
            trace.time[died] - trace.time[0] if died else None,
            {state: time for state, time in took if time},
            number != _MAIN and is_system(name),
        )

    def _name(self, stack: int) -> str:
        return UNKNOWN if not stack else ADDED if stack < 0 else self._trace.outermost(stack)

    def _rows(self, kinds: tuple[int, ...]) -> NDArray[np.int32]:
        """For each goroutine the row of its event of such a kind."""
        import numpy as np

        rows = rows_of(self._trace.among(kinds))
        found = np.zeros(len(self), dtype=np.int32)
        found[self._ids.searchsorted(self._trace.subject[rows])] = rows
        return found

    def _stacks(self) -> NDArray[np.int32]:
        """For each goroutine a stack of it, which has at least the function that it begins in.

        0 where the trace has none, -1 where it begins in what was added around the program.
        """
        import numpy as np

        trace = self._trace
        found = np.zeros(len(self), dtype=np.int32)
        named = np.array([bool(trace.outermost(number)) for number in range(trace.stack_count)])
        rows, begins = trace.values("begins")
        known = begins > 0
        found[self._ids.searchsorted(trace.subject[rows[known]])] = np.where(
            named[begins[known]], begins[known], -1
        )
        # A status has the stack of its subject; what a goroutine does to itself has its own.
        for kinds, whose in (((48,), trace.subject), ((19, 20, 22), trace.goroutine)):
            rows = rows_of(trace.among(kinds) & (trace.stacks > 0))
            for begin in range(0, len(rows), _BLOCK):
                piece = rows[begin : begin + _BLOCK]
                piece = piece[named[trace.stacks[piece]]]
                numbers, first = np.unique(whose[piece], return_index=True)
                places = self._ids.searchsorted(numbers)
                new = found[places] == 0
                found[places[new]] = trace.stacks[piece[first[new]]]
        return found

    def _times(self, place: int) -> list[int]:
        """The nanoseconds that a goroutine was in each state."""
        block, at = divmod(place, _BLOCK)
        if self._spent is None or self._spent[0] != block:
            self._spent = block, self._added(self._ids[block * _BLOCK :][:_BLOCK])
        times: list[int] = self._spent[1][at].tolist()
        return times

    def _added(self, ids: NDArray[np.signedinteger[Any]]) -> NDArray[np.int64]:
        import numpy as np

        count = len(G_STATES)
        cells = np.zeros(len(ids) * count, dtype=np.int64)
        for piece in Spans(self._trace).pieces():
            mine = piece
            if len(ids) < len(self):
                numbers = piece.goroutine
                mine = Spans(self._trace, piece.row[(numbers >= ids[0]) & (numbers <= ids[-1])])
            places = ids.searchsorted(mine.goroutine)
            np.add.at(cells, places * count + mine.state, mine.end - mine.start)
        return cells.reshape(-1, count)


def goroutines_of(trace: ExecutionTrace) -> TracedGoroutines:
    """The goroutines of a trace."""
    return TracedGoroutines(trace)
