"""Where to begin: the symbols whose addresses some table of the executable tells by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golifelab.link.elf.image import Image
from golifelab.link.metadata.pclntab import FunctionTable
from golifelab.link.placement.columns import key_of
from golifelab.link.placement.universe import Universe

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]

# The linker adds this to the name of an assembly function where Go code has one of the same name.
_ABI0 = ".abi0"
_ABIS = (0, 1, 0xFFFF)


def named_seeds(known: Universe, image: Image) -> tuple[Array, Array]:
    """(symbol, address) for each name and size of the symbol table that objects define.

    One name may give several pairs.
    """
    wanted: list[tuple[int, int, int]] = []
    for symbol in image.symbols:
        if symbol.size and symbol.section:
            name, size = symbol.name, symbol.size
            abis: tuple[int, ...] = _ABIS
            if name.endswith(_ABI0):
                name, abis = name.removesuffix(_ABI0), (0,)
            raw = name.encode("utf-8", "surrogateescape")
            wanted += [(key_of(raw, abi), symbol.address, size) for abi in abis]
    return _pairs(known, wanted, exact=True)


def listed_seeds(known: Universe, table: FunctionTable) -> tuple[Array, Array]:
    """(symbol, address) for each function of the runtime's own table: stripped files have it too.

    It does not tell sizes, only where the next function starts.
    """
    wanted = [
        (key_of(function.name.encode("utf-8", "surrogateescape"), abi), function.entry, size)
        for function in table
        for size in (function.end - function.entry,)
        for abi in _ABIS
    ]
    return _pairs(known, wanted, exact=False)


def _pairs(
    known: Universe, wanted: list[tuple[int, int, int]], *, exact: bool
) -> tuple[Array, Array]:
    import numpy as np

    keys, addresses, sizes = np.array(wanted, np.int64).reshape(-1, 3).T
    order = np.argsort(keys, kind="stable")
    keys, addresses, sizes = keys[order], addresses[order], sizes[order]
    rows = np.flatnonzero((known.size > 0) & np.isin(known.keys, keys))
    starts = np.searchsorted(keys, known.keys[rows], "left")
    counts = np.searchsorted(keys, known.keys[rows], "right") - starts
    places = np.repeat(starts - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
    rows = np.repeat(rows, counts)
    fits = known.size[rows] == sizes[places] if exact else known.size[rows] <= sizes[places]
    symbols = known.symbol[rows[fits]]
    pairs = np.unique(np.stack([symbols, addresses[places[fits]]], axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]
