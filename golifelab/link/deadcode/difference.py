"""The difference between two sets of kept symbols."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from golifelab.link.deadcode.world import World


@dataclass(frozen=True, slots=True)
class Lost:
    """A symbol of one program that another has not. `size` is its bytes in memory."""

    name: str
    package: str
    kind: str
    size: int

    @property
    def is_function(self) -> bool:
        """Whether it is machine code."""
        return self.kind.startswith("STEXT")


@dataclass(frozen=True, slots=True)
class Difference:
    """What falls away, or would be added. `bytes` is that of the symbols, without debug info."""

    symbols: tuple[Lost, ...] = field(repr=False)

    @property
    def functions(self) -> tuple[Lost, ...]:
        """The functions among them, the largest first."""
        return tuple(one for one in self.symbols if one.is_function)

    @property
    def bytes(self) -> int:
        """The bytes of all of them together."""
        return sum(one.size for one in self.symbols)


def losts(world: World, numbers: Iterable[int]) -> tuple[Lost, ...]:
    """Symbols by size, without what only debuggers read."""
    made = (
        Lost(world.name(n), world.package(n), world.kind(n), world.size(n))
        for n in numbers
        if not world.kind(n).startswith("SDWARF")
    )
    return tuple(sorted(made, key=lambda one: (-one.size, one.name)))
