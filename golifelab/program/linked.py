"""What a program is to the linker: an object file, an executable, and what led there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from golifelab.program.base import Base

if TYPE_CHECKING:
    from golifelab.binary import Binary
    from golifelab.link.cgo import CPackages
    from golifelab.link.deadcode.reach import Reach
    from golifelab.link.metadata.stackmaps import StackMaps
    from golifelab.link.modes import ModeMatrix
    from golifelab.link.object.file import ObjectFile
    from golifelab.link.placement.stage import Placement
    from golifelab.link.reachability import Reachability
    from golifelab.link.relocations import Relocations
    from golifelab.link.sizes import Sizes
    from golifelab.toolchain.link import Mode


class Linked(Base):
    """The stages of chapter 3, each a lazy, cached value."""

    @cached_property
    def object(self) -> ObjectFile:
        """The object file."""
        from golifelab.link.object.file import object_file

        return object_file(self.source, self.target)

    def relocations(self, function: str = "") -> Relocations:
        """What the linker wrote into the holes of the package's symbols, with the arithmetic.

        With a function ("main.main"), those in it.
        """
        from golifelab.link.relocations import relocations

        return relocations(self.source, self.target, function)

    def link(self, mode: Mode | None = None) -> Binary:
        """The executable; `mode` says how it is linked."""
        from golifelab.binary import Binary
        from golifelab.link.executable import link

        return Binary.of(link(self.source, self.target, mode), self.source, self.target)

    @property
    def placement(self) -> Placement:
        """Where every symbol of every object of the program is in its executable."""
        return self.link().placement

    def stack_maps(self, function: str) -> StackMaps:
        """Which words of a function's frame hold pointers, at each address of the executable."""
        from golifelab.link.metadata.programmaps import program_stack_maps

        return program_stack_maps(self.source, self.target, function)

    @cached_property
    def reachability(self) -> Reachability:
        """What the linker itself says it keeps, and who led there first."""
        from golifelab.link.reachability import reachability

        return reachability(self.source, self.target)

    @cached_property
    def reach(self) -> Reach:
        """What the linker keeps, with every reason, and what would go without something."""
        from golifelab.link.deadcode.reach import reach

        return reach(self.source, self.target)

    @cached_property
    def sizes(self) -> Sizes:
        """What every byte of the executable is for."""
        return self.link().sizes

    @cached_property
    def modes(self) -> ModeMatrix:
        """Every way to build it: who links it then, and who starts it. Takes seconds."""
        from golifelab.link.modes import modes

        return modes(self.source, self.target)

    def c_packages(self, *, cgo: bool = True, tags: Sequence[str] = ()) -> CPackages:
        """The packages with C that it is made of when C is allowed, and how they are imported."""
        from golifelab.link.cgo import c_packages

        return c_packages(self.source, self.target.with_(cgo=cgo, gcflags=()), tuple(tags))
