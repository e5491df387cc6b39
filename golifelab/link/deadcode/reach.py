"""Why a function is in a program, and what would go if something else did: as a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golifelab.errors import GolifelabError
from golifelab.link.deadcode.difference import Difference, losts
from golifelab.link.deadcode.edges import EdgeReader
from golifelab.link.deadcode.flood import Flood, flood
from golifelab.link.deadcode.steps import Step, Ways
from golifelab.link.deadcode.thrown import Package
from golifelab.link.deadcode.world import Part, world_of
from golifelab.link.object.file import object_file
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.exports import importcfg_for, read_importcfg
from golifelab.toolchain.go import find_go
from golifelab.toolchain.link import link_object
from golifelab.toolchain.shell import compile_line, link_line

if TYPE_CHECKING:
    import pandas as pd

# What the debug info of functions that have another's code in theirs points to.
_ABSTRACT = "go:info.{}$abstract"


@dataclass(frozen=True, slots=True)
class Reflection:
    """What looking methods up by a name that is not known does to a program.

    `users` are the functions that do, as far as they stay. `kept` is what stays for nothing else:
    with such a function all exported methods of all types that an interface may hold. `would` is
    what such a function would add where there is none.
    """

    users: tuple[str, ...]
    kept: Difference
    would: Difference


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach(Stage):
    """The symbols of a build, those that the linker keeps of them, and all reasons for it.

    `symbols` counts what the objects define or name, `reachable` what is kept; `ways` leads through
    it by the numbers of symbols.
    """

    symbols: int
    reachable: int
    entry: str
    ways: Ways = field(repr=False)

    @property
    def kept(self) -> tuple[str, ...]:
        """The functions that are kept; where there is an ABI wrapper too, the name twice."""
        world = self.ways.world
        numbers = (n for n in self.ways.found.parent if world.kind(n).startswith("STEXT"))
        return tuple(world.name(n) for n in numbers)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.ways.numbers(name))

    def path(self, name: str) -> tuple[Step, ...]:
        """A shortest way from the entry to a symbol; () for one that is not kept.

        A function that is there only as part of others, inlined, has a way to one of those.
        """
        ways = [self.ways.steps(number) for number in self.ways.numbers(name)]
        found = min((way for way in ways if way), key=len, default=())
        if found:
            return found
        hosts = [(self.path(host), host) for host in self.inlined_into(name)]
        way, host = min(hosts, key=lambda one: len(one[0]), default=((), ""))
        return (*way, Step(host, name, "inlined", "inlined")) if way else ()

    def inlined_into(self, name: str) -> tuple[str, ...]:
        """The kept functions that have a function's code in theirs, as debug info tells."""
        ways = self.ways
        return tuple(
            dict.fromkeys(
                ways.world.name(ways.found.parent[source])
                for number in self.ways.numbers(_ABSTRACT.format(name))
                for source, _ in ways.reasons(number)
                if ways.world.kind(source) == "SDWARFFCN"
            )
        )

    def reasons(self, name: str) -> tuple[Step, ...]:
        """Everything that keeps a symbol, but for debug info: that only comes along."""
        ways = self.ways
        return tuple(
            ways.step(source, number, how)
            for number in self.ways.numbers(name)
            for source, how in ways.reasons(number)
            if source < 0 or not ways.world.kind(source).startswith("SDWARF")
        )

    def keeps(self, name: str) -> tuple[Step, ...]:
        """Everything that a symbol leads to."""
        ways = self.ways
        return tuple(
            ways.step(number, target, how)
            for number in self.ways.numbers(name)
            for target, how in ways.out(number)
        )

    def without(self, name: str, caller: str = "") -> Difference:
        """What would go if nothing led to a symbol; with a `caller`, if that one did not.

        GolifelabError for a symbol that is not kept.
        """
        numbers, callers = self._known(name), self._known(caller) if caller else []
        if callers:
            return self._lost(cut=[(source, to) for source in callers for to in numbers])
        return self._lost(without=numbers)

    def without_package(self, package: str) -> Difference:
        """What would go if nothing imported a package: it would not be initialized, either."""
        world = self.ways.world
        numbers = [n for n in self.ways.found.parent if world.package(n) == package]
        if not numbers:
            raise GolifelabError(f"nothing of package {package} is kept")
        return self._lost(without=numbers)

    @property
    def reflection(self) -> Reflection:
        """What looking methods up by their names costs this program, or would."""
        return self.ways.once("reflection", self._reflection)

    def _reflection(self) -> Reflection:
        found, world = self.ways.found, self.ways.world
        users = tuple(dict.fromkeys(world.name(number) for number in found.reflecting))
        if users:
            return Reflection(users, self._lost(reflection=False), Difference(()))
        more = self._flood(reflection=True)
        return Reflection((), Difference(()), self._difference(more.parent, found.parent))

    @property
    def packages(self) -> tuple[Package, ...]:
        """What is kept and thrown away of every package that was read, the largest first."""
        return self.ways.packages()

    def frame(self) -> pd.DataFrame:
        """One row a package."""
        import pandas as pd

        return pd.DataFrame([_package_json(one) for one in self.packages])

    def to_json(self) -> dict[str, Any]:
        """The counts, the packages, the kept functions, and who looks methods up by name."""
        return self.header() | {
            "symbols": self.symbols,
            "reachable": self.reachable,
            "entry": self.entry,
            "kept": list(self.kept),
            "reflection": list(self.reflection.users),
            "packages": [_package_json(one) for one in self.packages],
        }

    def _known(self, name: str) -> list[int]:
        numbers = self.ways.numbers(name)
        if not numbers:
            raise GolifelabError(f"{name} is not in the program")
        return numbers

    def _flood(self, **changes: Any) -> Flood:
        return flood(self.ways.reader, self.entry, **changes)

    def _lost(self, **changes: Any) -> Difference:
        return self._difference(self.ways.found.parent, self._flood(**changes).parent)

    def _difference(self, more: Iterable[int], less: dict[int, int]) -> Difference:
        return Difference(losts(self.ways.world, (n for n in more if n not in less)))


def reach(source: Source, target: Target) -> Reach:
    """What the linker keeps of a program, and why, read out of the objects that it reads.

    Raises CompileFailed for a program that does not compile.
    """
    if source.package != "main":
        raise GolifelabError(
            f"package {source.package} is not a program: only package main is linked",
            remedy="look at the object instead",
        )
    made = object_file(source, target)
    link_object(made.content, source, target)  # what the linker refuses reaches nothing
    files = read_importcfg(importcfg_for(source, target))
    root = find_go(target.go).root
    world = world_of([Part(source.package, part) for part in made.parts], files, root)
    entry = f"_rt0_{target.goarch}_{target.goos}"
    reader = EdgeReader(world)
    found = flood(reader, entry)
    return Reach(
        symbols=len(world.place),
        reachable=len(found.parent),
        entry=entry,
        ways=Ways(reader, found),
        command=f"{compile_line(source, target)} && {link_line(target, ['-dumpdep'])}",
        seconds=made.seconds,
        tier="tool",
        precision="line",
    )


def _package_json(one: Package) -> dict[str, Any]:
    return {
        "package": one.name,
        "kept": one.kept,
        "kept_bytes": one.kept_bytes,
        "thrown": len(one.thrown),
        "thrown_bytes": one.thrown_bytes,
    }
