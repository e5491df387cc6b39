"""Where every symbol of every object went, as a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from golifelab.compile.dump import code_of
from golifelab.link.executable import Executable, link
from golifelab.link.metadata.pctables import pc_tables
from golifelab.link.object.enumerations import enumerations
from golifelab.link.placement.columns import object_columns
from golifelab.link.placement.functiondata import FunctionData, offer_function_data
from golifelab.link.placement.match import Matcher
from golifelab.link.placement.memory import Memory
from golifelab.link.placement.pointers import Hole, Pointer, Pointers, hole_of
from golifelab.link.placement.seeds import listed_seeds, named_seeds
from golifelab.link.placement.solve import LISTED, NAMED, Solution, Solver
from golifelab.link.placement.symbols import PlacedSymbol, placed_symbol
from golifelab.link.placement.targets import Inverter, bases_of
from golifelab.link.placement.universe import Universe, linked_objects, universe
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.exports import importcfg_for, read_importcfg
from golifelab.toolchain.go import find_go
from golifelab.toolchain.link import Mode

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Array = npt.NDArray[Any]

_UNREACHABLE = "runtime.unreachableMethod"


@dataclass(frozen=True, kw_only=True)
class Placement(Stage):
    """The symbols of all objects that are in an executable, by address.

    `conflicts` counts symbols that two relocations put at different addresses, `rejected` the
    candidates whose bytes were not the object's: methods that the linker deleted, and the like.
    `definitions` counts what all `objects` define; most is not linked.
    """

    executable: Executable
    objects: int
    definitions: int
    conflicts: int
    rejected: int
    _universe: Universe = field(repr=False, compare=False)
    _solution: Solution = field(repr=False, compare=False)
    _rows: Array = field(repr=False, compare=False)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[PlacedSymbol]:
        return iter(self.symbols)

    @property
    def symbols(self) -> Sequence[PlacedSymbol]:
        """The placed symbols, by address; each is made when it is asked for."""
        return _Symbols(self)

    def at(self, address: int) -> PlacedSymbol | None:
        """The symbol that covers an address."""
        import numpy as np

        index = int(np.searchsorted(self.addresses, address, "right")) - 1
        if index < 0 or address >= self.addresses[index] + self.sizes[index]:
            return None
        return self._made(index)

    def of(self, name: str, abi: str = "", package: str = "") -> PlacedSymbol | None:
        """The symbol of a name, of an ABI or a package where one is given.

        The executable writes one ABI into the name: "main.add.abi0" is ABI0's "main.add".
        """
        plain = name.removesuffix(".abi0")
        abi = abi if plain == name else "ABI0"
        for index in self._by_name.get(plain, ()):
            found = self._made(index)
            if abi in ("", found.abi) and package in ("", found.package):
                return found
        return None

    def address(self, package: str, part: int, row: int) -> int | None:
        """Where a symbol is, or the one that it was merged with; None when it is not linked.

        The numbers are those of `targets`.
        """
        known = self._universe
        number = int(known.symbol[known.row_of(package, part, row)])
        return (int(self._solution.address[number]) or None) if number >= 0 else None

    def targets(self, package: str, part: int, row: int) -> tuple[int | None, ...]:
        """Where the target of each relocation of a symbol is, in the object's order.

        `part` is the number of the object in the package's archive, `row` the symbol's place in it.
        None stands for a target that is not in the executable, or not in any object.
        """
        known = self._universe
        own = known.row_of(package, part, row)
        start, end = known.relocation_start[own : own + 2].tolist()
        found = known.relocation_target[start:end]
        return tuple(
            int(self._solution.address[target]) or None if target >= 0 else None
            for target in found.tolist()
        )

    def pointers_to(self, symbol: PlacedSymbol) -> tuple[Pointer, ...]:
        """The relocations of placed symbols that point to a symbol, by address."""
        return tuple(self._pointers.to(symbol.number, self.symbols))

    def pointer_columns(self, limit: int) -> dict[str, list[int]]:
        """All pointers at once, as columns of numbers: see `Pointers.columns`."""
        return self._pointers.columns(limit)

    @property
    def relocation_kinds(self) -> tuple[str, ...]:
        """The names of relocation kinds by their numbers, in this Go."""
        return self._universe.enumerations.relocations

    def hole_at(self, address: int) -> Hole | None:
        """The bytes around an address that the linker filled in, and with whose address."""
        symbol = self.at(address)
        if symbol is None:
            return None
        row = int(self._solution.chosen[self._rows[symbol.number]])
        return hole_of(self._universe, self._solution, row, symbol.address, address)

    @cached_property
    def addresses(self) -> Array:
        """The address of each symbol, ascending (numpy)."""
        return self._solution.address[self._rows]

    @cached_property
    def sizes(self) -> Array:
        """The size of each symbol in bytes (numpy)."""
        return self._universe.size[self._solution.chosen[self._rows]]

    def frame(self) -> pd.DataFrame:
        """One row a placed symbol."""
        import pandas as pd

        names = ("name", "package", "abi", "kind", "address", "size", "how", "evidence")
        return pd.DataFrame([{n: getattr(s, n) for n in names} for s in self], columns=list(names))

    def to_json(self) -> dict[str, Any]:
        """The counts, and every placed symbol."""
        return self.header() | {
            "executable": str(self.executable.path),
            "objects": self.objects,
            "definitions": self.definitions,
            "conflicts": self.conflicts,
            "rejected": self.rejected,
            "symbols": [[s.name, s.package, s.abi, s.kind, s.address, s.size, s.how] for s in self],
        }

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        known: dict[str, list[int]] = {}
        chosen = self._solution.chosen[self._rows]
        for index, row in enumerate(chosen.tolist()):
            known.setdefault(self._universe.name(row), []).append(index)
        return known

    @cached_property
    def _pointers(self) -> Pointers:
        return Pointers(self._universe, self._solution, self._rows)

    def _made(self, index: int) -> PlacedSymbol:
        return placed_symbol(self._universe, self._solution, int(self._rows[index]), index)


class _Symbols(Sequence[PlacedSymbol]):
    def __init__(self, placement: Placement) -> None:
        self._placement = placement

    def __len__(self) -> int:
        return len(self._placement)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        index = index + len(self) if index < 0 else index
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self._placement._made(index)  # noqa: SLF001 - the two are one


@lru_cache(maxsize=4)
def placement(
    source: Source, target: Target, mode: Mode | None = None, executable: Executable | None = None
) -> Placement:
    """Place the symbols of all objects in a program's executable.

    `executable` is the file to look in, where it is not what `link` makes. Raises CompileFailed or
    LinkFailed.
    """
    made = code_of(source, target)
    opened = executable or link(source, target, mode)
    exports = read_importcfg(importcfg_for(source, target))
    # The package that makes threads with the C library comes along where C code is linked.
    also = ("runtime/cgo",) if opened.linker == "external" else ()
    objects = linked_objects(object_columns(made.object, source.package), exports, also)
    known = universe(objects, enumerations(find_go(target.go).root))
    solver = _solved(known, opened)
    found = solver.solution
    return Placement(
        executable=opened,
        objects=len(objects),
        definitions=sum(one.definitions for one in objects),
        conflicts=len(found.conflicts),
        rejected=found.rejected,
        command=opened.command,
        tier="tool",
        precision="line",
        _universe=known,
        _solution=found,
        _rows=_by_address(found),
    )


def _solved(known: Universe, opened: Executable) -> Solver:
    import numpy as np

    image = opened.image
    memory = Memory(image)
    zeroed = [(s.address, s.address + s.size) for s in image.sections if s.type == "NOBITS"]
    unreachable = opened.function(_UNREACHABLE)
    solver = Solver(
        known,
        Inverter(known, memory, bases_of(image), image.machine),
        Matcher(known, memory, zeroed),
        unreachable.address if unreachable else 0,
    )
    if image.stripped:
        newest = solver.seed(*listed_seeds(known, opened.pclntab), LISTED)
    else:
        newest = solver.seed(*named_seeds(known, image), NAMED)
    data = FunctionData(pc_tables(image))
    kinds = known.enumerations.kinds
    code = np.array([i for i, kind in enumerate(kinds) if kind.startswith("STEXT")])
    while len(newest):
        functions = newest[np.isin(known.kind[newest], code)]
        pointed = solver.follow(newest)
        newest = np.concatenate([pointed, offer_function_data(solver, data, functions)])
    return solver


def _by_address(found: Solution) -> Array:
    import numpy as np

    rows = np.flatnonzero(found.address)
    return rows[np.argsort(found.address[rows], kind="stable")]
