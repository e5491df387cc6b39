"""One function's stack in several builds side by side: as written, never inlined, by another Go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.run.stacks.growth import MOST, StackGrowth, stack_growth
from golifelab.run.stacks.subject import subject, without_inlining
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

AS_WRITTEN = "as written"
NOINLINE = "//go:noinline"


@dataclass(frozen=True, slots=True)
class Row:
    """A build's name and what was measured of it."""

    label: str
    growth: StackGrowth


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthComparison(Stage):
    """The builds, the one as it is written first."""

    rows: tuple[Row, ...]

    def __getitem__(self, label: str) -> StackGrowth:
        """The build of a label; KeyError when it was not measured."""
        for row in self.rows:
            if row.label == label:
                return row.growth
        raise KeyError(label)

    def frame(self) -> pd.DataFrame:
        """One row a size, one column a build: the largest argument for which it is enough."""
        import pandas as pd

        found = {
            row.label: pd.Series({step.size: step.last for step in row.growth.steps}, dtype="Int64")
            for row in self.rows
        }
        return pd.DataFrame(found).rename_axis("size").reset_index()

    def to_json(self) -> dict[str, Any]:
        """One entry a build."""
        return self.header() | {
            "rows": [{"label": row.label} | row.growth.to_json() for row in self.rows]
        }


def growth_comparison(
    source: Source,
    target: Target | None = None,
    function: str = "",
    *,
    versions: Iterable[str] = (),
    most: int = MOST,
) -> GrowthComparison:
    """Measure the function as it is written, with //go:noinline, and by other versions of Go."""
    target = target or Target()
    one = subject(source, target, function)
    builds = [(AS_WRITTEN, source, target), (NOINLINE, without_inlining(source, one), target)]
    builds += [(f"go{version}", source, target.with_(go=version)) for version in versions]
    rows = tuple(
        Row(label, stack_growth(text, built, one.name, most=most)) for label, text, built in builds
    )
    return GrowthComparison(
        rows=rows,
        command=rows[0].growth.command,
        seconds=sum(row.growth.seconds for row in rows),
        tier="tool",
        precision="line",
    )
