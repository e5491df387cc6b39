"""An executable that can be started and asked: what `Program.link` gives."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from golifelab.errors import FeatureUnavailable
from golifelab.link.executable import Executable, called
from golifelab.load.hold.start import start
from golifelab.source import Source
from golifelab.target import Target
from golifelab.thread.backward import explain

if TYPE_CHECKING:
    from golifelab.link.metadata.findfunc import Lookup
    from golifelab.link.metadata.functables import FunctionTables
    from golifelab.link.metadata.moduledata import ModuleData
    from golifelab.link.metadata.places import MetadataPlaces
    from golifelab.link.metadata.pointermasks import PointerMasks
    from golifelab.link.metadata.stackmaps import StackMap, StackMaps
    from golifelab.link.placement.coverage import Coverage
    from golifelab.link.placement.stage import Placement
    from golifelab.link.sizes import Sizes
    from golifelab.load.hold.process import Process
    from golifelab.thread import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary(Executable):
    """An Executable with the two things that reach further right: its process, and its threads.

    They live here because the link room knows neither processes nor threads. `source` and `target`
    are what it was made of, None for a file that was found.
    """

    source: Source | None = field(default=None, repr=False, compare=False)
    target: Target | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(
        cls, executable: Executable, source: Source | None = None, target: Target | None = None
    ) -> Binary:
        """The same executable, with the further methods."""
        values = {one.name: getattr(executable, one.name) for one in fields(Executable)}
        return cls(**values, source=source, target=target)

    @property
    def name(self) -> str:
        """What to call it: what it was made of, or its file's name."""
        if self.source is None:
            return called(self.path)
        return f"the executable of {self.source.names[0]}"

    def start(self, *, hold: str | int = "exec") -> Process:
        """A process of it, held at "exec", "first init", a function's name or an address.

        Use it as a context manager: the process is gone at the end of the block.
        """
        source, target = self.source, self.target
        if source is None or target is None:
            return start(self, hold=hold)
        from golifelab.load.hold.overlay.building import overlaid

        return start(self, hold=hold, changed=lambda: overlaid(source, target))

    def explain(self, *, address: int | None = None, offset: int | None = None) -> Thread:
        """What an address or a file offset is: segment, section, symbol, source line.

        Where the file was made here, data, types, strings and padding have names, too.
        """
        placed = self.placement if self.source is not None else None
        return explain(self, address=address, offset=offset, placed=placed)

    @property
    def placement(self) -> Placement:
        """Where every symbol of every object that it was linked from is in it, and how that shows.

        FeatureUnavailable for a file that was not made here.
        """
        from golifelab.link.placement.stage import placement

        if self.source is None or self.target is None:
            raise FeatureUnavailable(
                "the placement of symbols",
                f"the objects that {self.name} was linked from are not known",
                remedy="link a program here: Program.link().placement",
            )
        return placement(self.source, self.target, self.mode, self)

    @property
    def sizes(self) -> Sizes:
        """What every byte of it is for; strings and types by name where it was made here."""
        from golifelab.link.sizes import sizes

        return sizes(self, self.placement if self.source is not None else ())

    def coverage(self, section: str) -> Coverage:
        """What each byte of a section is: a symbol, made by the linker, padding, or unknown."""
        from golifelab.link.placement.coverage import coverage

        return coverage(self, section, self.placement if self.source is not None else None)

    def find_function(self, pc: int) -> Lookup:
        """How the runtime finds the function of an address, step by step."""
        from golifelab.link.metadata.findfunc import find_function

        return find_function(self, pc)

    def function_tables(self, function: str | int) -> FunctionTables:
        """All that the runtime's tables say of a function."""
        from golifelab.link.metadata.functables import function_tables

        return function_tables(self, function)

    def stack_maps(self, function: str | int) -> StackMaps:
        """Which words of a function's frame hold pointers, at each of its addresses."""
        from golifelab.link.metadata.programmaps import named_stack_maps

        return named_stack_maps(self, function)

    def stack_map(self, function: str | int, pc: int) -> StackMap:
        """Which words of a function's frame hold pointers at one address."""
        return self.stack_maps(function).at(pc)

    @property
    def module_data(self) -> ModuleData:
        """The runtime's moduledata: where the linker put everything."""
        from golifelab.link.metadata.moduledata import module_data

        return module_data(self.image)

    @property
    def pointer_masks(self) -> PointerMasks:
        """Which words of .data and .bss hold pointers."""
        from golifelab.link.metadata.pointermasks import pointer_masks

        return pointer_masks(self)

    @property
    def metadata_places(self) -> MetadataPlaces:
        """Where stack maps, function tables, pointer masks, m0 and g0 are."""
        from golifelab.link.metadata.places import metadata_places

        return metadata_places(self)
