"""What the bytes of an executable are for, as a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

from golifelab.errors import GolifelabError
from golifelab.link.executable import Executable
from golifelab.link.placement.symbols import PlacedSymbol
from golifelab.link.sizes.rows import Sized, rows_of
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

By = Literal["package", "section", "kind", "symbol"]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that have something in common: bytes in the file and in memory, and how many rows."""

    name: str
    file: int
    memory: int
    rows: int


class Index:
    """The rows of a value by the names of their symbols, made when it is asked for."""

    def __init__(self, rows: Iterable[Sized]) -> None:
        self._rows = rows

    @cached_property
    def by_name(self) -> dict[str, list[Sized]]:
        """The rows of every symbol."""
        found: dict[str, list[Sized]] = {}
        for row in self._rows:
            found.setdefault(row.name, []).append(row)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes(Stage):
    """Every byte of an executable once, by symbol, package, section and kind.

    The `file` of all rows together is the size of the file; in every section they have the bytes of
    the section, in the file and in memory. `stripped` files do not tell whose their data is.
    """

    rows: tuple[Sized, ...] = field(repr=False)
    file: int
    memory: int
    stripped: bool
    _index: Index = field(repr=False, compare=False)

    def by(self, what: By) -> tuple[Group, ...]:
        """The rows in groups, those with the most bytes first; "" is what belongs to none."""
        return grouped(self.rows, what)

    def of(self, name: str) -> tuple[Sized, ...]:
        """What a symbol has, in each section: a function its code, and its tables."""
        return tuple(self._index.by_name.get(name, ()))

    def package(self, name: str) -> tuple[Sized, ...]:
        """The rows of a package, the largest first."""
        mine = (row for row in self.rows if row.package == name)
        return tuple(sorted(mine, key=lambda row: (-max(row.file, row.memory), row.name)))

    def frame(self) -> pd.DataFrame:
        """One row a symbol, section and kind."""
        import pandas as pd

        names = ("name", "package", "section", "kind", "address", "file", "memory")
        return pd.DataFrame({name: [getattr(row, name) for row in self.rows] for name in names})

    def to_json(self) -> dict[str, Any]:
        """The totals, the groups, and every row as a list."""
        return self.header() | {
            "file": self.file,
            "memory": self.memory,
            "packages": [_group_json(one) for one in self.by("package")],
            "sections": [_group_json(one) for one in self.by("section")],
            "kinds": [_group_json(one) for one in self.by("kind")],
            "rows": [
                [row.name, row.package, row.section, row.kind, row.address, row.file, row.memory]
                for row in self.rows
            ],
        }


def sizes(executable: Executable, placed: Iterable[PlacedSymbol] = ()) -> Sizes:
    """What the bytes of an executable are for.

    With `placed` symbols, as `placement` finds them, strings and types have their names, and the
    data of stripped files; else only their sections tell what they are.
    """
    known = tuple(placed)
    rows = tuple(rows_of(executable.image, known))
    return Sizes(
        rows=rows,
        file=sum(row.file for row in rows),
        memory=sum(row.memory for row in rows),
        stripped=executable.image.stripped and not known,
        _index=Index(rows),
        command=f"{executable.command} && go tool nm -size -sort size main",
        seconds=executable.seconds,
        tier="tool",
        precision="line",
    )


def attribute_of(what: By) -> str:
    """What rows in one group have in common; GolifelabError for what is no way to group."""
    if what not in get_args(By):
        raise GolifelabError(
            f"sizes are not told by {what}", remedy=f"there are {', '.join(get_args(By))}"
        )
    return "name" if what == "symbol" else what


def grouped(rows: Iterable[Sized], what: By) -> tuple[Group, ...]:
    """Rows in groups, those with the most bytes first."""
    attribute = attribute_of(what)
    sums: dict[str, list[int]] = {}
    for row in rows:
        one = sums.setdefault(getattr(row, attribute), [0, 0, 0])
        one[0] += row.file
        one[1] += row.memory
        one[2] += 1
    made = (Group(name, *one) for name, one in sums.items())
    return tuple(sorted(made, key=lambda one: (-max(one.file, one.memory), one.name)))


def _group_json(one: Group) -> dict[str, Any]:
    return {"name": one.name, "file": one.file, "memory": one.memory, "rows": one.rows}
