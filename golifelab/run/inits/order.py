"""In which order packages are initialised: the rule that Go's linker has followed since Go 1.21.

A package is ready when everything that it imports is done. Of all that are ready, the one whose
name comes first is taken ($GOROOT/src/cmd/link/internal/ld/inittask.go).
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from golifelab.errors import GolifelabError

_SUFFIX = "..inittask"


@dataclass(frozen=True, slots=True)
class Step:
    """One package taken, and those that were `ready` then, in the order of their names."""

    package: str
    ready: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The order in which packages are initialised, and the choice at each step."""

    steps: tuple[Step, ...]

    @property
    def order(self) -> tuple[str, ...]:
        """The packages, the first to be initialised first."""
        return tuple(step.package for step in self.steps)

    @property
    def choices(self) -> tuple[Step, ...]:
        """The steps at which more than one package was ready: there the name decided."""
        return tuple(step for step in self.steps if len(step.ready) > 1)


def task_symbol(package: str) -> str:
    """The linker's name of a package's record: "os..inittask", "gopkg.in/yaml%2ev3..inittask".

    These names are what the linker compares, so "a-b" comes before "a": a hyphen is less than a
    dot.
    """
    head, slash, last = package.rpartition("/")
    escaped = (_escape(head, "") + slash) + _escape(last, ".")
    return escaped + _SUFFIX


def package_named(symbol: str) -> str:
    """The import path in the name of a record; "" for other symbols."""
    from urllib.parse import unquote

    return unquote(symbol.removesuffix(_SUFFIX)) if symbol.endswith(_SUFFIX) else ""


def init_order(
    imports: Mapping[str, Collection[str]], roots: Iterable[str] = ("main",)
) -> Schedule:
    """The order for an import graph, package → packages it imports.

    What no root leads to is left out; a package that is only imported imports nothing. The graph
    alone decides: not the order of imports in the source. GolifelabError names a cycle.
    """
    waits: dict[str, int] = {}
    importers: dict[str, list[str]] = {}
    found = list(dict.fromkeys(roots))
    for package in found:
        wanted = set(imports.get(package, ()))
        waits[package] = len(wanted)
        for needed in wanted:
            importers.setdefault(needed, []).append(package)
        known = set(found)
        found.extend(sorted(wanted - known))
    ready = [(task_symbol(package), package) for package in found if not waits[package]]
    heapq.heapify(ready)
    steps = []
    while ready:
        names = tuple(package for _, package in sorted(ready))
        _, package = heapq.heappop(ready)
        steps.append(Step(package, names))
        for importer in importers.get(package, ()):
            waits[importer] -= 1
            if not waits[importer]:
                heapq.heappush(ready, (task_symbol(importer), importer))
    if len(steps) < len(found):
        cycle = " → ".join(cycle_in(imports, {name for name in found if waits[name] > 0}))
        raise GolifelabError(
            f"no order is possible, the packages import each other: {cycle}",
            remedy="take one of these imports away",
        )
    return Schedule(tuple(steps))


def cycle_in(imports: Mapping[str, Collection[str]], among: Collection[str]) -> tuple[str, ...]:
    """A cycle among packages that all wait for one another, its first package repeated last."""
    way = [min(among)]
    while True:
        following = min(name for name in imports[way[-1]] if name in among)
        if following in way:
            return (*way[way.index(following) :], following)
        way.append(following)


def _escape(text: str, more: str) -> str:
    """As cmd/internal/objabi.PathToPrefix: what could be taken for a sign of the linker's own."""
    return "".join(
        "".join(f"%{byte:02x}" for byte in char.encode())
        if char <= " " or char in '%"' + more or char >= "\x7f"
        else char
        for char in text
    )
