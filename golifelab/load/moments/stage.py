"""A process's memory at four moments of its life, as a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from golifelab.errors import NoSuchName
from golifelab.load.memory.maps import PAGE, Mapping as Row
from golifelab.load.memory.residency import ABSENT, STATES
from golifelab.load.memory.smaps import Smap
from golifelab.load.moments.naming import within
from golifelab.load.moments.regions import Region
from golifelab.load.moments.spans import Span
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

    from golifelab.link.executable import Executable
    from golifelab.load.moments.difference import Difference

# The moments, by what they are called, in the order in which they come.
MOMENTS = ("exec", "schedinit", "main.main", "exit")
MEANING = {
    "exec": "the kernel has set up the process; not one instruction has run",
    "schedinit": "about to set up the scheduler and the heap",
    "main.main": "about to run the program's own main",
    "exit": "about to leave",
}


@dataclass(frozen=True, slots=True)
class Totals:
    """Bytes of a process, each part of the one before: mapped, not only reserved, in memory.

    `mapped` are all addresses that mean something, `reserved` those of them that nothing may touch,
    `committed` the others. `resident` is in memory: `file` as pages of files, `private` as pages of
    its own.
    """

    mapped: int
    reserved: int
    committed: int
    resident: int
    file: int
    private: int


@dataclass(frozen=True)
class Moment:
    """All memory of a process at one moment.

    `held_at` says where it stood, `how` what held it, see `load.hold.start`.
    `rows` are its mappings with their kinds, `smaps` what the kernel accounts for each, `states` by
    a mapping's start a byte for each page (see `residency`); mappings without any page in memory
    are not in it. `regions` are the runtime's own pieces of memory, `spans` those of its heap,
    `stacks` whose stack lies where (most of them in the heap).
    """

    name: str
    held_at: str
    how: str
    bias: int
    rows: tuple[Row, ...] = field(repr=False)
    smaps: tuple[Smap, ...] = field(repr=False)
    states: Mapping[int, bytes] = field(repr=False)
    regions: tuple[Region, ...] = field(default=(), repr=False)
    spans: tuple[Span, ...] = field(default=(), repr=False)
    stacks: tuple[Region, ...] = field(default=(), repr=False)
    note: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def at(self, address: int) -> Row | None:
        """The mapping that covers an address."""
        return next((row for row in self.rows if row.start <= address < row.end), None)

    def of_kind(self, kind: str) -> tuple[Row, ...]:
        """The mappings of one kind, one of `KINDS`: "code", "heap", "page summary" and so on."""
        return tuple(row for row in self.rows if row.kind == kind)

    def smap(self, row: Row) -> Smap:
        """What the kernel accounts for a mapping."""
        return self.smaps[self.rows.index(row)]

    def parts(self, row: Row) -> tuple[Region, ...]:
        """What the runtime has in a mapping, by address; () where it does not know of it."""
        return within(row, self.regions)

    def pages(self, row: Row) -> bytes:
        """A mapping's pages: their states, one byte each."""
        return self.states.get(row.start) or bytes(row.page_count)

    def page(self, address: int) -> str:
        """The state of the page at an address, in a word; "not mapped" where nothing is."""
        row = self.at(address)
        if row is None:
            return "not mapped"
        return STATES[self.pages(row)[(address - row.start) // PAGE]]

    def counts(self, row: Row) -> dict[str, int]:
        """How many of a mapping's pages are in each state."""
        pages = self.pages(row)
        return {name: pages.count(state) for state, name in enumerate(STATES)}

    @cached_property
    def totals(self) -> Totals:
        """Sums over all mappings but vsyscall, which is the kernel's own."""
        own = [(r, s) for r, s in zip(self.rows, self.smaps, strict=True) if _counts(r)]
        mapped = sum(row.size for row, _ in own)
        reserved = sum(row.size for row, _ in own if row.permissions[:3] == "---")
        resident = sum(smap.rss for _, smap in own)
        private = sum(smap.anonymous for _, smap in own)
        return Totals(mapped, reserved, mapped - reserved, resident, resident - private, private)

    @cached_property
    def permissions(self) -> dict[str, tuple[int, int]]:
        """(mappings, bytes) by permissions such as "rw-p", the most frequent first."""
        counts = Counter(row.permissions for row in self.rows)
        return {
            words: (count, sum(row.size for row in self.rows if row.permissions == words))
            for words, count in counts.most_common()
        }

    @property
    def writable_code(self) -> tuple[Row, ...]:
        """Mappings that may be both written and executed: none, in a sound program (W^X)."""
        return tuple(row for row in self.rows if "w" in row.permissions and "x" in row.permissions)

    @cached_property
    def touched(self) -> dict[int, int]:
        """Every page that is not absent, by address, with its state."""
        return {
            start + number * PAGE: state
            for start, pages in self.states.items()
            for number, state in enumerate(pages)
            if state != ABSENT
        }


def _counts(row: Row) -> bool:
    return row.path != "[vsyscall]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments(Stage, Sequence[Moment]):
    """A process's memory at exec, schedinit, main.main and exit. `[name]` or `[number]` gives one.

    `how` says what held it. A moment that could not be had is not there; `notes` say why.
    `executable` is what ran; a recording has none.
    """

    moments: tuple[Moment, ...] = field(repr=False)
    how: str
    program: str = ""
    notes: tuple[str, ...] = ()
    executable: Executable | None = field(default=None, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.moments)

    def __getitem__(self, which: Any) -> Any:
        if isinstance(which, str):
            for moment in self.moments:
                if moment.name == which:
                    return moment
            raise NoSuchName("moment", which, [moment.name for moment in self.moments])
        return self.moments[which]

    def __iter__(self) -> Iterator[Moment]:
        return iter(self.moments)

    def difference(self, before: str | int, after: str | int) -> Difference:
        """What happened from one moment to another: to mappings, permissions and pages."""
        from golifelab.load.moments.difference import difference

        return difference(self, before, after)

    def frame(self) -> pd.DataFrame:
        """One row a mapping and moment: what it is, its size and what is in memory, in bytes."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "moment": moment.name,
                    "start": row.start,
                    "end": row.end,
                    "permissions": row.permissions,
                    "kind": row.kind,
                    "name": row.name,
                    "size": row.size,
                    "resident": smap.rss,
                    "private": smap.anonymous,
                }
                for moment in self.moments
                for row, smap in zip(moment.rows, moment.smaps, strict=True)
            ]
        )

    def to_json(self) -> dict[str, Any]:
        """One entry a moment: its totals, and all mappings with the states of their pages."""
        from golifelab.load.moments.plain import moment_json

        return self.header() | {
            "how": self.how,
            "program": self.program,
            "notes": list(self.notes),
            "moments": [moment_json(moment) for moment in self.moments],
        }
