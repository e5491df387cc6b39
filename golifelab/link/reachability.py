"""Why each symbol is in the program: what the linker keeps, and for whose sake."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golifelab.errors import ParseError
from golifelab.link.linker import linker_report
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

ROOT = "_"
_ARROW = " -> "
_COUNTS = re.compile(r"^(\d+) symbols, (\d+) reachable$", re.MULTILINE)
_MARK = re.compile(r"^(?P<name>.*) (?P<marks>(?:<\w+>)+)$")


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` is the reason why the linker keeps `target`: the first one it met.

    `mark` is the linker's note on the target: "UsedInIface" (an interface may hold a value of this
    type, so its methods may be called), "ReflectMethod", or "".
    """

    source: str
    target: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachability(Stage):
    """The linker's walk from the entry point: each symbol it reached, with who led there first.

    `symbols` counts all that the linker read, `reachable` those it kept. Symbols without a name
    count but are not in `edges`.
    """

    edges: tuple[Edge, ...] = field(repr=False)
    symbols: int
    reachable: int

    @property
    def roots(self) -> tuple[str, ...]:
        """What is kept for its own sake: the entry point and a few symbols of the runtime."""
        return self.keeps(ROOT)

    def keeps(self, name: str) -> tuple[str, ...]:
        """The symbols that are kept because of this one, in the linker's order."""
        return tuple(self.edges[i].target for i in _index(self)[1].get(name, ()))

    def kept_by(self, name: str) -> tuple[str, ...]:
        """The symbols because of which this one is kept: two where two symbols share the name."""
        return tuple(self.edges[i].source for i in _index(self)[0].get(name, ()))

    def path(self, name: str) -> tuple[str, ...]:
        """The chain of reasons from the root "_" to a symbol; () when it is not in the program."""
        targets = _index(self)[0]
        if name not in targets:
            return ()
        chain = [name]
        while chain[-1] != ROOT and chain[-1] in targets:
            chain.append(self.edges[targets[chain[-1]][0]].source)
            if len(chain) > len(self.edges):
                raise ParseError("link -dumpdep", f"{name} is its own reason")
        return tuple(reversed(chain))

    def frame(self) -> pd.DataFrame:
        """One row an edge."""
        import pandas as pd

        return pd.DataFrame(
            {
                "source": [edge.source for edge in self.edges],
                "target": [edge.target for edge in self.edges],
                "mark": [edge.mark for edge in self.edges],
            }
        )

    def to_json(self) -> dict[str, Any]:
        """The counts, and the edges as [source, target, mark]."""
        return self.header() | {
            "symbols": self.symbols,
            "reachable": self.reachable,
            "edges": [[edge.source, edge.target, edge.mark] for edge in self.edges],
        }


def reachability(source: Source, target: Target) -> Reachability:
    """Ask the linker what it keeps of a program, and why. Raises CompileFailed or LinkFailed."""
    report = linker_report(source, target, ("-dumpdep", "-v"), keep=True)
    counts = _COUNTS.search(report.text)
    if counts is None:
        raise ParseError("link -v", "it does not say how many symbols there are")
    return Reachability(
        edges=parse_dumpdep(report.text),
        symbols=int(counts[1]),
        reachable=int(counts[2]),
        command=report.command,
        seconds=report.seconds,
        tier="tool",
        precision="line",
    )


def parse_dumpdep(text: str) -> tuple[Edge, ...]:
    """The edges in the output of `link -dumpdep`; other lines are passed over."""
    found: list[Edge] = []
    known = {ROOT, ""}
    for line in text.splitlines():
        cut = _cut(line, known)
        if cut is None:
            continue
        source, _ = _unmarked(line[:cut])
        name, mark = _unmarked(line[cut + len(_ARROW) :])
        known.add(name)
        found.append(Edge(source, name, mark))
    return tuple(found)


def _cut(line: str, known: set[str]) -> int | None:
    """Where the arrow stands. A name may hold " -> " itself, but the source was reached before."""
    first = cut = line.find(_ARROW)
    while cut >= 0:
        if _unmarked(line[:cut])[0] in known:
            return cut
        cut = line.find(_ARROW, cut + 1)
    return first if first >= 0 else None


def _unmarked(name: str) -> tuple[str, str]:
    match = _MARK.match(name)
    if match is None:
        return name, ""
    return match["name"], " ".join(re.findall(r"\w+", match["marks"]))


@lru_cache(maxsize=8)
def _index(value: Reachability) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Edge numbers by target and by source."""
    targets: dict[str, list[int]] = {}
    sources: dict[str, list[int]] = {}
    for number, edge in enumerate(value.edges):
        targets.setdefault(edge.target, []).append(number)
        sources.setdefault(edge.source, []).append(number)
    return targets, sources
