"""What a change of a program puts into it, and what it throws out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.link.deadcode.difference import Difference, losts
from golifelab.link.deadcode.reach import Reach
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachDifference(Stage):
    """What a change of a program put into it, and what it threw out."""

    appeared: Difference
    gone: Difference

    def frame(self) -> pd.DataFrame:
        """One row a symbol that is only in one of the two."""
        import pandas as pd

        both = [(one, "new") for one in self.appeared.symbols]
        both += [(one, "gone") for one in self.gone.symbols]
        return pd.DataFrame(
            [
                {"name": one.name, "package": one.package, "size": one.size, "state": state}
                for one, state in both
            ]
        )

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return self.header() | {"symbols": self.frame().to_dict("records")}


def reach_difference(before: Reach, after: Reach) -> ReachDifference:
    """What `after` keeps that `before` does not, and the other way round, by names."""
    return ReachDifference(
        appeared=_only_in(after, before),
        gone=_only_in(before, after),
        command=f"diff <({before.command}) <({after.command})",
        tier="tool",
        precision="line",
    )


def _only_in(one: Reach, other: Reach) -> Difference:
    mine, theirs = one.ways, other.ways
    known = {(theirs.world.name(n), theirs.world.kind(n)) for n in theirs.found.parent}
    numbers = (
        n
        for n in mine.found.parent
        if mine.world.name(n) and (mine.world.name(n), mine.world.kind(n)) not in known
    )
    return Difference(losts(mine.world, numbers))
