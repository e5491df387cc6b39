"""What the compiler itself says is alive at each call: the lines of its flag -live.

The stack maps in an executable are this knowledge as bits; here it is as names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.position import Position
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.compile import compile_object, require_object

if TYPE_CHECKING:
    import pandas as pd

_LIVE = re.compile(
    r"live at (?P<kind>entry|call|indirect call)(?: to (?P<name>\S+?))?:(?P<names>.*)"
)
_OBJECT = re.compile(r"stack object (?P<name>\S+) (?P<type>.*)")


@dataclass(frozen=True, slots=True)
class Live:
    """The pointers on the stack that are alive at one place, by the names of their variables.

    `kind` is "entry", "call" or "indirect call"; `name` the function that is entered or called, as
    the compiler shortens it, "" for an indirect call.
    """

    position: Position
    kind: str
    name: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StackObject:
    """A variable whose address is taken: the collector finds it by pointers, not by a bitmap."""

    position: Position
    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveVariables(Stage):
    """What is alive at the calls of a package. Calls where nothing is alive are not among them."""

    entries: tuple[Live, ...]
    objects: tuple[StackObject, ...]

    def at(self, position: Position | None) -> tuple[Live, ...]:
        """What is told of the calls of a position.

        For calls in inlined bodies, the compiler tells the place that they were inlined at.
        """
        return tuple(one for one in self.entries if one.position == position)

    def frame(self) -> pd.DataFrame:
        """One row a place: position, kind, name, names."""
        import pandas as pd

        return pd.DataFrame(self._rows(), columns=["position", "kind", "name", "names"])

    def to_json(self) -> dict[str, Any]:
        """`entries` as the rows of `frame`, `objects` (position, name, type)."""
        objects = [
            {"position": str(one.position), "name": one.name, "type": one.type}
            for one in self.objects
        ]
        return self.header() | {"entries": self._rows(), "objects": objects}

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "position": str(one.position),
                "kind": one.kind,
                "name": one.name,
                "names": " ".join(one.names),
            }
            for one in self.entries
        ]


def live_variables(source: Source, target: Target) -> LiveVariables:
    """What is alive at the calls of a package; CompileFailed when Go refuses it."""
    done = compile_object(source, target, extra=("-live",))
    require_object(done, source)
    entries, objects = [], []
    for one in done.diagnostics:
        if match := _LIVE.match(one.message):
            names = tuple(match["names"].split())
            entries.append(Live(one.position, match["kind"], match["name"] or "", names))
        elif match := _OBJECT.match(one.message):
            objects.append(StackObject(one.position, match["name"], match["type"]))
    return LiveVariables(
        command=done.command,
        tier="tool",
        seconds=done.seconds,
        entries=tuple(entries),
        objects=tuple(objects),
    )
