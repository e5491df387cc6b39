"""All symbols of all objects that a program is linked from, each known to be itself.

The linker's rules (loader.addSym in $GOROOT/src/cmd/link/internal/loader/loader.go): a symbol is
told from others by its place in its package, by the hash of its content, or by name and ABI. Every
reference of every object is resolved to one number.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.link.object.enumerations import Enumerations
from golifelab.link.object.parse import BUILTIN, HASHED, HASHED64, NONE, SELF, STATIC_ABI
from golifelab.link.placement.columns import ObjectColumns, key_of, package_columns

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]

ALWAYS = "runtime"  # linked into every program, imported or not


@dataclass(frozen=True, eq=False)
class Universe:
    """The symbols of a link, numbered. Rows are those of all objects one after the other.

    `first` has each object's first row, `keys` a number for each row's name and ABI. `symbol` gives
    the row that stands for a row's symbol (of several definitions the linker keeps one), -1 for
    what no object defines. `kind`, `size`, `data_start`, `data_size`, `relocation_start` and
    `funcdata_start` (one longer than the rows) are by row, zero for references; `data` are the
    bytes of all objects. `relocation_*` are by relocation, `funcdata_target` are the symbols that
    come along with functions as their funcdata, in order.
    """

    objects: tuple[ObjectColumns, ...]
    enumerations: Enumerations
    first: Array = field(repr=False)
    keys: Array = field(repr=False)
    symbol: Array = field(repr=False)
    kind: Array = field(repr=False)
    size: Array = field(repr=False)
    data: Array = field(repr=False)
    data_start: Array = field(repr=False)
    data_size: Array = field(repr=False)
    relocation_start: Array = field(repr=False)
    relocation_offset: Array = field(repr=False)
    relocation_size: Array = field(repr=False)
    relocation_kind: Array = field(repr=False)
    relocation_addend: Array = field(repr=False)
    relocation_target: Array = field(repr=False)
    funcdata_start: Array = field(repr=False)
    funcdata_target: Array = field(repr=False)

    def place(self, row: int) -> tuple[ObjectColumns, int]:
        """The object of a row, and the row's number in it."""
        number = bisect_right(self._starts, row) - 1
        return self.objects[number], row - self._starts[number]

    def name(self, row: int) -> str:
        """The name of a row."""
        made, local = self.place(row)
        return made.names[local].decode("utf-8", "surrogateescape")

    @cached_property
    def _starts(self) -> list[int]:
        starts: list[int] = self.first.tolist()
        return starts

    def row_of(self, package: str, part: int, local: int) -> int:
        """The row of a symbol: the part's number in its package's archive, and its place there."""
        numbers = [i for i, made in enumerate(self.objects) if made.package == package]
        return int(self.first[numbers[part]]) + local

    @cached_property
    def alternatives(self) -> dict[int, list[int]]:
        """The rows that define a symbol, where there are several, by the row that stands for it."""
        import numpy as np

        defined = np.flatnonzero(self.symbol >= 0)
        defined = defined[self._is_definition[defined]]
        owners = self.symbol[defined]
        order = np.argsort(owners, kind="stable")
        owners, defined = owners[order], defined[order]
        starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]]) if len(owners) else owners
        ends = np.r_[starts[1:], len(owners)]
        several = ends - starts > 1
        return {
            int(owners[a]): defined[a:b].tolist()
            for a, b in zip(starts[several], ends[several], strict=True)
        }

    @cached_property
    def _is_definition(self) -> Array:
        import numpy as np

        return np.concatenate(
            [np.arange(len(made.symbols)) < made.definitions for made in self.objects]
        )


def linked_objects(
    own: tuple[ObjectColumns, ...], exports: Mapping[str, Path], also: Iterable[str] = ()
) -> tuple[ObjectColumns, ...]:
    """The objects of a program: its own, and those of every package it imports, directly or not."""
    found: dict[str, tuple[ObjectColumns, ...]] = {}
    wanted = [name for made in own for name in made.imports] + [ALWAYS, *also]
    while wanted:
        name = wanted.pop()
        if name in found or name not in exports:
            continue
        made = found[name] = package_columns(exports[name], name)
        wanted += [one for part in made for one in part.imports]
    return own + tuple(part for name in sorted(found) for part in found[name])


def universe(objects: tuple[ObjectColumns, ...], names: Enumerations) -> Universe:
    """Number the symbols of objects and resolve every reference."""
    import numpy as np

    lengths = [len(made.symbols) for made in objects]
    first = np.r_[0, np.cumsum(lengths)].astype(np.int64)
    symbol = np.arange(int(first[-1]), dtype=np.int64)
    keys = np.concatenate([made.keys for made in objects])
    groups, filled = (
        np.concatenate(columns) for columns in zip(*map(_row_groups, objects), strict=True)
    )
    _merge_by_content(symbol, objects, first)
    _merge_named(symbol, objects, groups, keys, filled)
    builtins = _builtins(symbol, groups, keys, names)
    packages = _first_objects(objects)
    total = int(first[-1])
    columns = {name: np.zeros(total, np.int64) for name in ("kind", "size", "start", "length")}
    relocation_start, funcdata_start = np.zeros((2, total + 1), np.int64)
    targets, funcdata = [], []
    data_base = relocation_base = funcdata_base = 0
    wanted = names.auxiliaries.index("Funcdata")
    for number, made in enumerate(objects):
        base, count = int(first[number]), made.definitions
        here = slice(base, base + count)
        columns["kind"][here] = made.symbols["kind"][:count]
        columns["size"][here] = made.symbols["size"][:count]
        columns["start"][here] = data_base + made.data_index[:-1]
        columns["length"][here] = np.diff(made.data_index)
        relocation_start[here] = relocation_base + made.relocation_index[:-1]
        relocation_base += len(made.relocations)
        relocation_start[base + count : int(first[number + 1]) + 1] = relocation_base
        data_base += len(made.data)
        resolve = _Resolver(made, base, first, symbol, packages, builtins)
        targets.append(resolve(made.relocations))
        chosen = np.flatnonzero(made.auxiliaries["kind"] == wanted)
        starts = np.searchsorted(chosen, made.auxiliary_index)
        funcdata_start[here] = funcdata_base + starts[:-1]
        funcdata_base += len(chosen)
        funcdata_start[base + count : int(first[number + 1]) + 1] = funcdata_base
        funcdata.append(resolve(made.auxiliaries[chosen]))
    relocations = [made.relocations for made in objects]

    def column(name: str, form: Any) -> Array:
        return np.concatenate([rows[name].astype(form) for rows in relocations])

    return Universe(
        objects=objects,
        enumerations=names,
        first=first[:-1],
        keys=keys,
        symbol=symbol,
        kind=columns["kind"],
        size=columns["size"],
        data=np.concatenate([made.data for made in objects]),
        data_start=columns["start"],
        data_size=columns["length"],
        relocation_start=relocation_start,
        relocation_offset=column("offset", np.int32),
        relocation_size=column("size", np.uint8),
        relocation_kind=column("kind", np.uint16),
        relocation_addend=column("addend", np.int64),
        relocation_target=np.concatenate(targets),
        funcdata_start=funcdata_start,
        funcdata_target=np.concatenate(funcdata),
    )


def _row_groups(made: ObjectColumns) -> tuple[Array, Array]:
    """Each row's group (0 to 3 as in `counts`, 4 for references), and whether it has bytes."""
    import numpy as np

    references = len(made.symbols) - made.definitions
    filled = np.r_[np.diff(made.data_index) > 0, np.zeros(references, bool)]
    return np.repeat(np.arange(5), (*made.counts, references)), filled


def _merge_by_content(symbol: Array, objects: tuple[ObjectColumns, ...], first: Array) -> None:
    import numpy as np

    groups: tuple[list[tuple[Array, Array, Array]], ...] = ([], [])
    for base, made in zip(first.tolist(), objects, strict=False):
        own, short = made.counts[:2]
        sizes = made.symbols["size"].astype(np.int64)
        for group, hashes, start in (
            (groups[0], made.hashes64, own),
            (groups[1], made.hashes, own + short),
        ):
            rows = np.arange(start, start + len(hashes))
            group.append((hashes, sizes[rows], base + rows))
    for group in groups:
        _merge_hashed(symbol, group)


def _merge_hashed(symbol: Array, groups: list[tuple[Array, Array, Array]]) -> None:
    """Of symbols of one hash the longest stands for all: they differ in trailing zeros only."""
    import numpy as np

    hashes = np.concatenate([group[0] for group in groups])
    sizes, rows = (np.concatenate([group[i] for group in groups]) for i in (1, 2))
    if not len(rows):
        return
    _, numbers = np.unique(
        hashes.view(f"S{hashes.itemsize}") if hashes.dtype.kind == "V" else hashes,
        return_inverse=True,
    )
    order = np.lexsort((rows, -sizes, numbers))
    numbers, rows = numbers[order], rows[order]
    starts = np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1]])
    symbol[rows] = np.repeat(rows[starts], np.diff(np.r_[starts, len(rows)]))


def _merge_named(
    symbol: Array, objects: tuple[ObjectColumns, ...], groups: Array, keys: Array, filled: Array
) -> None:
    """Named symbols: one a name and ABI, the first with content where there are several.

    A package's own symbols are referred to by name, too: from assembly, and by go:linkname.
    """
    import numpy as np

    abis = np.concatenate([made.symbols["abi"] for made in objects])
    rows = np.flatnonzero((groups >= 3) & (abis != STATIC_ABI))
    defined = groups[rows] == 3
    order = np.lexsort((rows, ~filled[rows], ~defined, keys[rows]))
    rows, defined = rows[order], defined[order]
    own = keys[rows]
    starts = np.flatnonzero(np.r_[True, own[1:] != own[:-1]])
    leaders = np.where(defined[starts], rows[starts], -1)
    missing = leaders < 0
    package = np.flatnonzero(groups == 0)
    package = package[np.isin(keys[package], own[starts[missing]])]
    package = package[np.argsort(keys[package], kind="stable")]
    if len(package):
        place = np.searchsorted(keys[package], own[starts])
        place = np.minimum(place, len(package) - 1)
        there = missing & (keys[package[place]] == own[starts])
        leaders[there] = package[place[there]]
    symbol[rows] = np.repeat(leaders, np.diff(np.r_[starts, len(rows)]))


def _builtins(symbol: Array, groups: Array, keys: Array, names: Enumerations) -> Array:
    """The symbols of the runtime that objects refer to by number."""
    import numpy as np

    pairs = zip(names.builtins, names.builtin_abis, strict=True)
    wanted = np.array([key_of(name.encode(), abi) for name, abi in pairs], np.int64)
    found = np.full(len(wanted), -1, np.int64)
    rows = np.flatnonzero(np.isin(keys, wanted) & (groups < 4))
    order = np.argsort(wanted)
    found[order[np.searchsorted(wanted[order], keys[rows])]] = symbol[rows]
    return found


class _Resolver:
    """The references of one object. `base` is its first row."""

    def __init__(
        self,
        made: ObjectColumns,
        base: int,
        first: Array,
        symbol: Array,
        packages: dict[str, int],
        builtins: Array,
    ) -> None:
        import numpy as np

        own, short, hashed, _ = made.counts
        self._own = {
            SELF: base,
            HASHED64: base + own,
            HASHED: base + own + short,
            NONE: base + own + short + hashed,
        }
        self._symbol = symbol
        self._builtins = builtins
        self._foreign = np.full(len(made.packages) + 1, -1, np.int64)
        for place, name in enumerate(made.packages):
            if place and name in packages:
                self._foreign[place] = first[packages[name]]

    def __call__(self, records: Array) -> Array:
        """The symbol that each record refers to; -1 for none."""
        import numpy as np

        package = records["package"].astype(np.int64)
        index = records["symbol"].astype(np.int64)
        limit = len(self._foreign) - 1
        start = self._foreign[np.where(package < limit, package, limit)]
        for code, row in self._own.items():
            start = np.where(package == code, row, start)
        rows = start + index
        good = (start >= 0) & (rows < len(self._symbol))
        found = np.where(good, self._symbol[np.where(good, rows, 0)], -1)
        builtin = (package == BUILTIN) & (index < len(self._builtins))
        if builtin.any():
            found[builtin] = self._builtins[index[builtin]]
        return found


def _first_objects(objects: tuple[ObjectColumns, ...]) -> dict[str, int]:
    """The number of each package's compiled object: other packages refer to its rows."""
    found: dict[str, int] = {}
    for number, made in enumerate(objects):
        found.setdefault(made.package, number)
    return found
