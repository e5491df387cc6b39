"""What happened to a process's memory between two moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from golifelab.load.memory.maps import PAGE, Mapping
from golifelab.load.memory.residency import ABSENT, FAULT_AROUND, FILE, PRIVATE
from golifelab.load.moments.stage import Moment, Moments
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Change:
    """A range of addresses that was mapped, unmapped, or got other permissions.

    `before` and `after` are the permissions, "" where nothing is mapped.
    """

    start: int
    end: int
    before: str
    after: str
    kind: str
    name: str

    @property
    def what(self) -> str:
        """In a word: "mapped", "reserved", "committed", "unmapped" or "protected"."""
        if not self.before:
            return "reserved" if self.after[:3] == "---" else "mapped"
        if not self.after:
            return "unmapped"
        return "committed" if self.before[:3] == "---" else "protected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(Stage):
    """What is another between two moments. Addresses of pages are those of their first byte.

    `grown` has the differences of the totals, in bytes. `arrived` pages came into memory, `copied`
    ones were the file's and are private copies now (copy on write), `left` ones are in memory no
    more.
    """

    before: str
    after: str
    changes: tuple[Change, ...] = field(repr=False)
    arrived: tuple[int, ...] = field(repr=False)
    copied: tuple[int, ...] = field(repr=False)
    left: tuple[int, ...] = field(repr=False)
    grown: dict[str, int]

    def changed(self, what: str) -> tuple[Change, ...]:
        """The changes of one sort: "mapped", "reserved", "committed" and so on."""
        return tuple(change for change in self.changes if change.what == what)

    def frame(self) -> pd.DataFrame:
        """One row a range of addresses that was mapped, unmapped or got other permissions."""
        import pandas as pd

        return pd.DataFrame([asdict(one) | {"what": one.what} for one in self.changes])

    def to_json(self) -> dict[str, Any]:
        """The changes of mappings, the pages, and how much more there is of everything."""
        return self.header() | {
            "before": self.before,
            "after": self.after,
            "changes": [asdict(one) | {"what": one.what} for one in self.changes],
            "arrived": list(self.arrived),
            "copied": list(self.copied),
            "left": list(self.left),
            "grown": self.grown,
        }


def difference(moments: Moments, before: str | int, after: str | int) -> Difference:
    """What changed from one moment to another."""
    one, other = moments[before], moments[after]
    old, new = one.touched, other.touched
    return Difference(
        command=moments.command,
        recorded=moments.recorded,
        tier=moments.tier,
        precision=moments.precision,
        before=one.name,
        after=other.name,
        changes=tuple(_changes(one, other)),
        arrived=tuple(page for page in sorted(new) if old.get(page, ABSENT) == ABSENT),
        copied=tuple(
            page for page in sorted(new) if old.get(page) == FILE and new[page] == PRIVATE
        ),
        left=tuple(page for page in sorted(old) if new.get(page, ABSENT) == ABSENT),
        grown={
            name: getattr(other.totals, name) - getattr(one.totals, name)
            for name in ("mapped", "reserved", "committed", "resident", "file", "private")
        },
    )


def _changes(one: Moment, other: Moment) -> Iterator[Change]:
    """The ranges where mappings or permissions differ, joined where what they became is one."""
    edges = sorted({edge for m in (one, other) for row in m for edge in (row.start, row.end)})
    pending: Change | None = None
    for start, end in pairwise(edges):
        was, is_ = one.at(start), other.at(start)
        before, after = _words(was), _words(is_)
        row = is_ or was
        if row is None or before == after:
            continue
        change = Change(start, end, before, after, row.kind, row.name)
        if pending is not None and pending.end == start and _alike(pending, change):
            pending = Change(pending.start, end, before, after, row.kind, row.name)
            continue
        if pending is not None:
            yield pending
        pending = change
    if pending is not None:
        yield pending


def _words(row: Mapping | None) -> str:
    return row.permissions if row is not None else ""


def _alike(one: Change, other: Change) -> bool:
    return (one.before, one.after, one.name) == (other.before, other.after, other.name)


def fault_windows(moment: Moment, row: Mapping) -> tuple[tuple[int, int], ...]:
    """(address, pages in memory) of each aligned 64 KiB of a file's mapping that has any.

    At a fault the kernel maps what surrounds it too, as far as it is in memory: such a window
    mostly comes as a whole.
    """
    span = FAULT_AROUND * PAGE
    found: dict[int, int] = {}
    for number, state in enumerate(moment.pages(row)):
        if state != ABSENT:
            window = (row.start + number * PAGE) // span * span
            found[window] = found.get(window, 0) + 1
    return tuple(found.items())
