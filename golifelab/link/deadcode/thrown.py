"""What the linker threw away: functions that the objects have and the program has not."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from golifelab.link.deadcode.world import World


@dataclass(frozen=True, slots=True)
class Unused:
    """A function that was compiled and is not in the program. `size` is its bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Package:
    """The functions of a package: how many are `kept`, which are `thrown` away, the largest first.

    Instances of generic functions count where the linker takes them from.
    """

    name: str
    kept: int
    kept_bytes: int
    thrown: tuple[Unused, ...] = field(repr=False)

    @property
    def thrown_bytes(self) -> int:
        """The bytes of code that is not in the program."""
        return sum(one.size for one in self.thrown)

    @property
    def bytes(self) -> int:
        """The bytes of all code of the package."""
        return self.kept_bytes + self.thrown_bytes


def packages_of(world: World, reached: Container[int]) -> tuple[Package, ...]:
    """The packages of a world, those with the most code first."""
    kept: dict[str, list[int]] = {}
    thrown: dict[str, list[Unused]] = {}
    texts = {n for n, kind in enumerate(world.names.kinds) if kind.startswith("STEXT")}
    for number, (part, row) in enumerate(world.place):
        if part < 0:
            continue
        made = world.parts[part]
        symbol = made.object.symbols[row]
        if symbol[3] not in texts or not symbol[6]:
            continue
        if number in reached:
            kept.setdefault(made.package, []).append(symbol[6])
        else:
            unused = Unused(made.object.name(row), symbol[6])
            thrown.setdefault(made.package, []).append(unused)
    found = (
        Package(
            name,
            len(kept.get(name, ())),
            sum(kept.get(name, ())),
            tuple(sorted(thrown.get(name, ()), key=lambda one: (-one.size, one.name))),
        )
        for name in {*kept, *thrown}
    )
    return tuple(sorted(found, key=lambda one: (-one.bytes, one.name)))
