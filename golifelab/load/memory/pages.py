"""The pages of a process: which are in memory, and where they came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golifelab.errors import LimitExceeded, ParseError
from golifelab.load.memory.maps import PAGE
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

MAX_PAGES = 1 << 18  # 1 GiB of addresses, 2 MiB of pagemap
# Bits of a pagemap entry: Documentation/admin-guide/mm/pagemap.rst
_PRESENT, _SWAPPED, _FILE, _EXCLUSIVE, _DIRTY = 63, 62, 61, 56, 55


@dataclass(frozen=True, slots=True)
class Page:
    """A page of 4 KiB of a process's addresses.

    `present`: it is in memory now. `file`: it is the file's own page, shared with all who map it
    (a page that was written to is a private copy, and not `file`). `exclusive`: nobody else has it
    mapped. `soft_dirty`: it was written to, or mapped, since the kernel last cleared its notes.
    """

    address: int
    present: bool
    file: bool
    swapped: bool
    exclusive: bool
    soft_dirty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages(Stage, Sequence[Page]):
    """The pages of a range of addresses, at one moment."""

    rows: tuple[Page, ...] = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __iter__(self) -> Iterator[Page]:
        return iter(self.rows)

    @property
    def present(self) -> int:
        """How many are in memory."""
        return sum(row.present for row in self.rows)

    def at(self, address: int) -> Page | None:
        """The page that covers an address."""
        if not self.rows or not self.rows[0].address <= address < self.rows[-1].address + PAGE:
            return None
        return self.rows[(address - self.rows[0].address) // PAGE]

    def frame(self) -> pd.DataFrame:
        """One row a page."""
        import pandas as pd

        return pd.DataFrame([_json(row) for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """One entry a page."""
        return self.header() | {"pages": [_json(row) for row in self.rows]}


def page_range(start: int, end: int) -> tuple[int, int]:
    """The page numbers [first, last) that cover [start, end); LimitExceeded beyond 1 GiB."""
    first, last = start // PAGE, -(-end // PAGE)
    if last - first > MAX_PAGES:
        raise LimitExceeded("a range of pages", f"{MAX_PAGES:,} pages")
    return first, max(first, last)


def parse_pagemap(block: bytes, start: int) -> tuple[Page, ...]:
    """Entries of a pagemap file, the first of them for the page at address `start`."""
    if len(block) % 8:
        raise ParseError("/proc/PID/pagemap", f"{len(block)} bytes are no whole number of entries")
    entries = (int.from_bytes(block[i : i + 8], "little") for i in range(0, len(block), 8))
    return tuple(
        Page(
            start // PAGE * PAGE + index * PAGE,
            bool(entry >> _PRESENT & 1),
            bool(entry >> _FILE & 1),
            bool(entry >> _SWAPPED & 1),
            bool(entry >> _EXCLUSIVE & 1),
            bool(entry >> _DIRTY & 1),
        )
        for index, entry in enumerate(entries)
    )


def _json(row: Page) -> dict[str, Any]:
    return {
        "address": row.address,
        "present": row.present,
        "file": row.file,
        "swapped": row.swapped,
        "exclusive": row.exclusive,
        "soft_dirty": row.soft_dirty,
    }
