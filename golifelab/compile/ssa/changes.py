"""What an edit of the source changed in a function after one pass.

The compiler numbers values anew for every edit. Here values of both edits are told by what they
compute and where they stand in the text, so that what the edit did not touch shows as the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.compile.ssa.comparison import Comparison, ValuePair
from golifelab.compile.ssa.pairing import pairing
from golifelab.compile.ssa.stage import ssa
from golifelab.source import Source
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class SSAChanges(Comparison):
    """A function after a pass, before and after an edit, compared value by value."""

    function: str
    pass_name: str

    def of(self, value: int | str) -> ValuePair | None:
        """The pair of a value of the edit before, by number or name; None when it is gone."""
        wanted = f"v{value}" if isinstance(value, int) else value.strip()
        return next((pair for pair in self.pairs if pair.before.name == wanted), None)

    def __str__(self) -> str:
        same = len(self.pairs) - len(self.changed)
        lines = [f"{self.function} after {self.pass_name}: {same} values are the same"]
        lines += [f"  - {value.text}" for value in self.removed]
        lines += [
            f"  ~ {pair.before.text}  →  {pair.after.text}  ({', '.join(pair.changes)})"
            for pair in self.changed
        ]
        lines += [f"  + {value.text}" for value in self.added]
        lines += [f"  - {block.name}: {block.text}" for block in self.blocks_removed]
        lines += [
            f"  ~ {pair.before.name}: {pair.before.text}  →  {pair.after.name}: {pair.after.text}"
            f"  ({', '.join(pair.changes)})"
            for pair in self.blocks_changed
        ]
        lines += [f"  + {block.name}: {block.text}" for block in self.blocks_added]
        return "\n".join(lines)

    def frame(self) -> pd.DataFrame:
        """One row a value: change ("same" too), before, after, what differs, the evidence."""
        import pandas as pd

        return pd.DataFrame(
            self.to_json()["values"], columns=["change", "before", "after", "differs", "by"]
        )

    def to_json(self) -> dict[str, Any]:
        """`function`, `pass`, `values` and `blocks`: change, before, after, differs (and by)."""

        def row(change: str, before: str, after: str, differs: tuple[str, ...]) -> dict[str, Any]:
            return {
                "change": change,
                "before": before,
                "after": after,
                "differs": list(differs),
            }

        return {
            "function": self.function,
            "pass": self.pass_name,
            "values": [
                *(
                    row(_change(p.changes), p.before.text, p.after.text, p.changes) | {"by": p.by}
                    for p in self.pairs
                ),
                *(row("removed", value.text, "", ()) | {"by": ""} for value in self.removed),
                *(row("added", "", value.text, ()) | {"by": ""} for value in self.added),
            ],
            "blocks": [
                *(
                    row(_change(p.changes), p.before.name, p.after.name, p.changes)
                    for p in self.blocks
                ),
                *(row("removed", block.name, "", ()) for block in self.blocks_removed),
                *(row("added", "", block.name, ()) for block in self.blocks_added),
            ],
        }


def _change(changes: tuple[str, ...]) -> str:
    return "changed" if changes else "same"


def ssa_changes(
    before: Source,
    after: Source,
    target: Target,
    function: str,
    which: int | str = "start",
    *,
    other: Target | None = None,
) -> SSAChanges:
    """What an edit changed in a function, as it is after a pass ("start": as it was built).

    With `other`, the text after is compiled for another target. CompileFailed when either text is
    refused, GolifelabError where a function or pass is unknown.
    """
    old, new = ssa(before, target, function), ssa(after, other or target, function)
    step = old[which]
    edited = (before, after) if before != after else None
    there = which if isinstance(which, str) else step.name if other else which
    found = pairing(old, new, edited).at(step.index, there)
    return SSAChanges(
        found.pairs,
        found.added,
        found.removed,
        found.blocks,
        found.blocks_added,
        found.blocks_removed,
        new.function.symbol,
        step.name,
    )
