"""What a change of a program, or of how it is built, does to the sizes of what is in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golifelab.link.sizes.rows import NOBODY
from golifelab.link.sizes.stage import By, Sizes, attribute_of
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

# What a stripped file still names.
_TOLD = ("code", "function tables", "debug info", "symbol table")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the bytes that a symbol has in a section. `state` is a word for it.

    The four numbers are bytes in the file and in memory, before and after.
    """

    name: str
    package: str
    section: str
    kind: str
    file_before: int
    file_after: int
    memory_before: int
    memory_after: int

    @property
    def file(self) -> int:
        """How many bytes more the file has."""
        return self.file_after - self.file_before

    @property
    def memory(self) -> int:
        """How many bytes more are in memory."""
        return self.memory_after - self.memory_before

    @property
    def state(self) -> str:
        """One of "new", "gone", "grown", "shrunk" and "same"."""
        before = max(self.file_before, self.memory_before)
        after = max(self.file_after, self.memory_after)
        if not before or not after:
            return "new" if after else "gone"
        return "grown" if after > before else "shrunk" if after < before else "same"


@dataclass(frozen=True, slots=True)
class Growth:
    """How many bytes more a group of rows has, and how many of its rows changed."""

    name: str
    file: int
    memory: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SizesDifference(Stage):
    """Two executables, symbol by symbol: every row of either, those that changed most first."""

    rows: tuple[Change, ...] = field(repr=False)

    @property
    def changed(self) -> tuple[Change, ...]:
        """The rows that are not the same, the largest changes first."""
        return tuple(row for row in self.rows if row.state != "same")

    @property
    def file(self) -> int:
        """How many bytes more the second file has."""
        return sum(row.file for row in self.rows)

    @property
    def memory(self) -> int:
        """How many bytes more the second takes in memory."""
        return sum(row.memory for row in self.rows)

    def by(self, what: By) -> tuple[Growth, ...]:
        """The changes in groups, the largest first; groups without a change are not there."""
        attribute = attribute_of(what)
        sums: dict[str, list[int]] = {}
        for row in self.changed:
            one = sums.setdefault(getattr(row, attribute), [0, 0, 0])
            one[0] += row.file
            one[1] += row.memory
            one[2] += 1
        made = (Growth(name, *one) for name, one in sums.items())
        return tuple(sorted(made, key=lambda one: (-max(abs(one.file), abs(one.memory)), one.name)))

    def frame(self) -> pd.DataFrame:
        """One row a symbol and section that changed."""
        import pandas as pd

        names = ("name", "package", "section", "kind", "state", "file", "memory")
        rows = self.changed
        return pd.DataFrame({name: [getattr(row, name) for row in rows] for name in names})

    def to_json(self) -> dict[str, Any]:
        """The totals, and the rows that changed."""
        rows = self.frame().to_dict("records")
        return self.header() | {"file": self.file, "memory": self.memory, "rows": rows}


def sizes_difference(before: Sizes, after: Sizes) -> SizesDifference:
    """Compare two executables by the names of what is in them.

    Where one of them is stripped, data is compared by sections: its names are gone.
    """
    nameless = before.stripped or after.stripped
    found: dict[tuple[str, str, str, str], list[int]] = {}
    for place, value in ((0, before), (1, after)):
        for row in value.rows:
            key = (row.name, row.package, row.section, row.kind)
            if nameless and row.section and row.kind not in _TOLD:
                key = NOBODY, "", row.section, ""
            one = found.setdefault(key, [0, 0, 0, 0])
            one[place] += row.file
            one[2 + place] += row.memory
    rows = (Change(*key, *one) for key, one in found.items())
    return SizesDifference(
        rows=tuple(sorted(rows, key=lambda r: (-max(abs(r.file), abs(r.memory)), r.name))),
        command=f"diff <({before.command}) <({after.command})",
        tier="tool",
        precision="line",
    )
