"""The values: a link, and the thread that links make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from golifelab.position import Position
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["exact", "descendant", "absorbed", "category", "contains", "end"]


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a thread.

    `stage` is the stage it stands in, `label` what is there in a few characters, `facts` further
    (name, value) pairs. `kind` says how the position is tied to it: "exact" (Go itself records this
    position there), "contains" (it is the thing around the position), "descendant" (found through a
    part of the expression), "absorbed" (it vanished; `evidence` says in which pass), "category",
    or "end" (the thread stops here). `evidence` says what the link rests on.
    """

    stage: str
    label: str
    kind: Kind
    evidence: str
    facts: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The link as plain data."""
        return {
            "stage": self.stage,
            "label": self.label,
            "kind": self.kind,
            "evidence": self.evidence,
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread(Stage):
    """The chain of a position: its links in the order of a program's life."""

    position: Position
    links: tuple[Link, ...] = field(default=())

    def __iter__(self) -> Iterator[Link]:
        return iter(self.links)

    def __len__(self) -> int:
        return len(self.links)

    def at(self, stage: str) -> tuple[Link, ...]:
        """The links that stand in one stage."""
        return tuple(link for link in self.links if link.stage == stage)

    def frame(self) -> pd.DataFrame:
        """One row a link."""
        import pandas as pd

        rows = [
            {
                "stage": link.stage,
                "label": link.label,
                "kind": link.kind,
                "evidence": link.evidence,
                "facts": ", ".join(f"{name} {value}" for name, value in link.facts),
            }
            for link in self.links
        ]
        return pd.DataFrame(rows, columns=["stage", "label", "kind", "evidence", "facts"])

    def to_json(self) -> dict[str, Any]:
        """The thread as plain data."""
        return {
            **self.header(),
            "position": str(self.position),
            "links": [link.to_json() for link in self.links],
        }
