"""The reach page's payload: every kept function with a shortest way to it, and what was thrown."""

from __future__ import annotations

from typing import Any

from golifelab.link.deadcode.difference import Difference
from golifelab.link.deadcode.reach import Reach
from golifelab.link.deadcode.steps import Ways
from golifelab.link.deadcode.thrown import Package

Payload = dict[str, Any]

# The reasons of one function that are sent; what is left over is counted.
MAX_REASONS = 12
# Functions that were thrown away are named up to this number; the largest packages first.
MAX_THROWN = 40_000
_MOST = 200

KINDS = (
    "entry",
    "initialization",
    "call",
    "wrapper",
    "address",
    "pointer",
    "type",
    "method",
    "inlined",
    "metadata",
)


def reach_payload(value: Reach) -> Payload:
    """What a program keeps, for looking up without the kernel.

    - `nodes`: columns over kept functions, and the symbols on the ways to them: `name`, `package`
      (a place in `packages`), `size`, `function` (whether it is one), `parent` (a node, -1 for the
      entry), `kind` (in `kinds`) and `how` (in `hows`) of the step from the parent; `more` has for
      a method's node [how, who puts its type into an interface, who calls it]
    - `reasons`: by node, [[node, kind], …] of all that keeps it, and how many there are
    - `inlined`: [name, node of a function that has its code]
    - `thrown`: per package {name, kept, kept_bytes, thrown, thrown_bytes, names, sizes}
    - `reflection`: who looks methods up by name, and how many bytes are there only for that
    """
    made = _Nodes(value.ways)
    for number in value.ways.found.parent:
        if value.ways.world.kind(number).startswith("STEXT"):
            made.add(number)
    return {
        "nodes": made.columns(),
        "packages": made.packages,
        "kinds": list(KINDS),
        "hows": made.hows,
        "reasons": made.reasons(),
        "inlined": _inlined(value, made),
        "thrown": _thrown(value.packages),
        "reflection": _reflection(value),
        "counts": {
            "symbols": value.symbols,
            "reachable": value.reachable,
            "functions": sum(made.function),
        },
    }


def without_payload(name: str, lost: Difference) -> Payload:
    """What would go without a symbol: the largest functions, and bytes by package."""
    packages: dict[str, list[int]] = {}
    for one in lost.symbols:
        sums = packages.setdefault(one.package, [0, 0])
        sums[0] += one.is_function
        sums[1] += one.size
    ranked = sorted(packages.items(), key=lambda pair: -pair[1][1])
    return {
        "of": name,
        "bytes": lost.bytes,
        "functions": len(lost.functions),
        "symbols": len(lost.symbols),
        "largest": [[one.name, one.size] for one in lost.functions[:_MOST]],
        "packages": [[package or "(none)", *sums] for package, sums in ranked],
    }


class _Nodes:
    """The symbols that are sent, by their numbers in the world."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self.tree = ways.tree()
        self.packages: list[str] = []
        self.hows: list[str] = []
        self.function: list[bool] = []
        self._numbers: list[int] = []
        self._places: dict[int, int] = {}
        self._packages: dict[str, int] = {}
        self._hows: dict[str, int] = {}
        self._rows: list[tuple[str, int, int, int, int, int]] = []
        self._more: dict[int, list[str]] = {}

    def add(self, number: int) -> int:
        """The place of a symbol, which is sent with all on the way to it; -1 where none leads."""
        way = []
        while number >= 0 and number not in self._places and number in self.tree:
            way.append(number)
            number = self.tree[number][0]
        for one in reversed(way):
            self._place(one)
        last = way[0] if way else number
        return self._places.get(last, -1)

    def _place(self, number: int) -> None:
        ways, world = self.ways, self.ways.world
        source, how = self.tree[number]
        step = ways.step(source, number, how)
        package = self._packages.setdefault(world.package(number), len(self._packages))
        if package == len(self.packages):
            self.packages.append(world.package(number))
        place = self._hows.setdefault(step.how, len(self._hows))
        if place == len(self.hows):
            self.hows.append(step.how)
        parent = self._places.get(source, -1)
        row = ways.label(number), package, world.size(number), parent, KINDS.index(step.kind), place
        index = self._places[number] = len(self._rows)
        self._rows.append(row)
        self._numbers.append(number)
        self.function.append(world.kind(number).startswith("STEXT"))
        if step.kind == "method":
            self._more[index] = [step.boxed_by, step.called_by]

    def columns(self) -> Payload:
        """All nodes, column by column."""
        heads = ("name", "package", "size", "parent", "kind", "how")
        columns = zip(*self._rows, strict=True) if self._rows else ([] for _ in heads)
        made: Payload = {head: list(column) for head, column in zip(heads, columns, strict=True)}
        return made | {"function": [int(one) for one in self.function], "more": self._more}

    def reasons(self) -> list[list[Any]]:
        """For every node [how many reasons, [[node, kind], …]]; none for what is no function."""
        found: list[list[Any]] = []
        world = self.ways.world
        for place, number in enumerate(list(self._numbers)):
            if not self.function[place]:
                found.append([0, []])
                continue
            reasons = [
                (source, how)
                for source, how in self.ways.reasons(number)
                if source < 0 or not world.kind(source).startswith("SDWARF")
            ]
            shown = [
                [self._places.get(source, -1), KINDS.index(self.ways.kind(source, number, how))]
                for source, how in reasons
                if source in self._places or source < 0
            ]
            found.append([len(reasons), shown[:MAX_REASONS]])
        return found


def _inlined(value: Reach, made: _Nodes) -> list[list[Any]]:
    """Functions that are only there as part of others: [name, node of one of those]."""
    ways = value.ways
    found = []
    for number in ways.found.parent:
        if ways.world.kind(number) != "SDWARFABSFCN":
            continue
        name = ways.world.name(number).removeprefix("go:info.").removesuffix("$abstract")
        if name in value:
            continue
        hosts = (made.add(n) for host in value.inlined_into(name) for n in ways.numbers(host))
        host = next((one for one in hosts if one >= 0), -1)
        if host >= 0:
            found.append([name, host])
    return found


def _thrown(packages: tuple[Package, ...]) -> list[Payload]:
    left = MAX_THROWN
    found = []
    for one in packages:
        shown = one.thrown[:left]
        left -= len(shown)
        found.append(
            {
                "name": one.name,
                "kept": one.kept,
                "kept_bytes": one.kept_bytes,
                "thrown": len(one.thrown),
                "thrown_bytes": one.thrown_bytes,
                "names": [each.name for each in shown],
                "sizes": [each.size for each in shown],
            }
        )
    return found


def _reflection(value: Reach) -> Payload:
    made = value.reflection
    cost = made.kept if made.users else made.would
    return {
        "users": list(made.users),
        "bytes": cost.bytes,
        "functions": len(cost.functions),
        "largest": [[one.name, one.size] for one in cost.functions[:_MOST]],
    }
