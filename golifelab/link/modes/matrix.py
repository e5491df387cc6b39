"""The matrix of a program: every way to build it, and what each of them made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from golifelab.data import data_directory
from golifelab.errors import NoSuchName
from golifelab.link.modes.build import Build, built
from golifelab.link.modes.ccompiler import machine
from golifelab.link.modes.tree import Decision, decision_tree
from golifelab.link.modes.way import WAYS, Way
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

# The sample programs that differ in whose C they bring: nobody's, Go's own, the program's.
SAMPLES = ("hello", "netapp", "cgoapp")


@dataclass(frozen=True, kw_only=True)
class ModeMatrix(Stage):
    """Builds of one program or several. Only what was really built is in it."""

    rows: tuple[Build, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Build]:
        return iter(self.rows)

    def row(self, way: Way, program: str = "") -> Build:
        """The build of a way; NoSuchName when it is not in the matrix."""
        for row in self.rows:
            if row.way == way and program in ("", row.program):
                return row
        raise NoSuchName("build", way.name, (row.name for row in self.rows))

    @property
    def programs(self) -> tuple[str, ...]:
        """The names of the programs, in order."""
        return tuple(dict.fromkeys(row.program for row in self.rows))

    @cached_property
    def tree(self) -> Decision:
        """The questions that decide what a build makes, drawn from the rows."""
        return decision_tree(self.rows)

    @property
    def missing(self) -> tuple[str, ...]:
        """What this machine lacks for some of the builds, in words; empty where it has all."""
        return tuple(dict.fromkeys(row.missing for row in self.rows if row.missing))

    def frame(self) -> pd.DataFrame:
        """One row a build, its way spread over columns."""
        import pandas as pd

        return pd.DataFrame([_flat(row) for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """One entry a build."""
        return self.header() | {"builds": [row.to_json() for row in self.rows]}


def modes(
    source: Source, target: Target, ways: Sequence[Way] = WAYS, *, name: str = ""
) -> ModeMatrix:
    """Build a program in every way. The first time minutes, to compile std for PIE and plugins.

    Builds that fail are rows that say why. The target's own `cgo` and `gcflags` have no say here.
    """
    return matrix_of(tuple(each(source, target, ways, name=name)))


def each(
    source: Source, target: Target, ways: Iterable[Way] = WAYS, *, name: str = ""
) -> Iterator[Build]:
    """The builds of `modes` one after the other, as they are made."""
    for way in ways:
        yield built(source, plain(target), way, program=name)


def plain(target: Target) -> Target:
    """A target without what has no say in linking."""
    return target.with_(gcflags=(), cgo=False)


def mode_matrix(go: str = "", ways: Sequence[Way] = WAYS) -> ModeMatrix:
    """The three sample programs in every way, for this machine's own processor."""
    target = Target(go=go, goarch=machine() or "amd64")
    root = data_directory() / "programs"
    sources = {name: Source.from_directory(root / name) for name in SAMPLES}
    return matrix_of(
        tuple(
            row for name, source in sources.items() for row in each(source, target, ways, name=name)
        )
    )


def matrix_of(rows: tuple[Build, ...]) -> ModeMatrix:
    """A matrix of builds that were made."""
    return ModeMatrix(
        rows=rows,
        command="for way in WAYS; do $way -o program && readelf -hld program; done",
        seconds=sum(row.seconds for row in rows),
        tier="tool",
        precision="line",
    )


def _flat(row: Build) -> dict[str, Any]:
    way = row.way
    return {
        "program": row.program,
        "CGO_ENABLED": int(way.cgo),
        "-buildmode": way.buildmode,
        "-linkmode": way.linkmode,
        "-extldflags": way.extldflags,
        "-tags": ",".join(way.tags),
        "stripped": way.strip,
        "outcome": row.outcome,
        "linker": row.linker,
        "kind": row.kind,
        "interpreter": row.interpreter,
        "needed": ", ".join(row.needed),
        "entry_symbol": row.entry_symbol,
        "size": row.size,
        "c": ", ".join(row.c),
        "warnings": "; ".join(row.warnings),
        "reason": row.reason,
        "command": row.command,
    }
