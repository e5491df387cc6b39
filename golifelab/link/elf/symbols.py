"""Symbol tables of ELF files, as columns.

A program has tens of thousands of symbols: read as columns they take milliseconds, and a row
becomes an object only when somebody asks for it. Reference: the System V gABI, chapter 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from golifelab.link.elf.intervals import Intervals
from golifelab.link.elf.structure import Section, Structure, names_of
from golifelab.link.reader import Reader

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_WIDE = [("name", "u4"), ("info", "u1"), ("other", "u1"), ("place", "u2")]
_WIDE += [("address", "u8"), ("size", "u8")]
_NARROW = [("name", "u4"), ("address", "u4"), ("size", "u4")]
_NARROW += [("info", "u1"), ("other", "u1"), ("place", "u2")]
_FUNCTION, _THREAD_LOCAL = 2, 6
_TOP = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class ImageSymbol:
    """A row of a symbol table. `section` is the name of its section, "" for undefined ones.

    `version` ("GLIBC_2.34") and `library` ("libc.so.6") belong to dynamic symbols that ask for one.
    """

    name: str
    address: int
    size: int
    type: str
    binding: str
    section: str
    visibility: str = "DEFAULT"
    version: str = ""
    library: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """Machine code with a name: `size` bytes at the link-time address `address`."""

    name: str
    address: int
    size: int

    @property
    def end(self) -> int:
        """The address after its last byte."""
        return self.address + self.size


class Names(Sequence[str]):
    """Names at offsets of a string table: all are decoded at once, or one alone."""

    def __init__(self, reader: Reader, start: int, size: int, offsets: np.ndarray) -> None:
        """The table is `size` bytes at `start`.

        ParseError when a name does not end within it, or they are too long in all.
        """
        import numpy as np

        self._block = block = bytes(reader.slice(start, size))
        ends = np.flatnonzero(np.frombuffer(block, np.uint8) == 0)
        where = np.searchsorted(ends, offsets)
        if len(where) and (int(where.max()) >= len(ends) or int(offsets.min()) < 0):
            raise reader.error("a name does not end in its string table", start)
        self._starts = offsets
        self._ends = ends[where]
        reader.spend(int((self._ends - offsets).sum(dtype=np.int64)), start)

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self.all[index]
        raw = self._block[int(self._starts[index]) : int(self._ends[index])]
        return raw.decode("utf-8", "surrogateescape")

    def __iter__(self) -> Iterator[str]:
        return iter(self.all)

    @cached_property
    def all(self) -> list[str]:
        """All names."""
        pairs = zip(self._starts.tolist(), self._ends.tolist(), strict=True)
        if self._block.isascii():
            text = self._block.decode("ascii")
            return [text[start:end] for start, end in pairs]
        block = self._block
        return [block[start:end].decode("utf-8", "surrogateescape") for start, end in pairs]


class Symbols(Sequence[ImageSymbol]):
    """The symbols of a table, with its columns as numpy arrays, all in one order.

    `addresses` and `sizes` are uint64, `infos` has type and binding, `places` the index of the
    section. `names` is a sequence; as a list it is `names.all`.
    """

    def __init__(
        self,
        rows: np.ndarray,
        names: Names,
        sections: tuple[Section, ...],
        versions: tuple[tuple[str, str], ...] = (),
    ) -> None:
        import numpy as np

        self._rows = rows
        self._sections = sections
        self._versions = versions
        self.names = names
        self.addresses = rows["address"].astype(np.uint64)
        self.sizes = rows["size"].astype(np.uint64)
        self.infos = rows["info"].astype(np.uint8)
        self.places = rows["place"].astype(np.uint16)

    def __len__(self) -> int:
        return len(self.addresses)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        info, version = int(self.infos[index]), ("", "")
        if index < len(self._versions):
            version = self._versions[index]
        return ImageSymbol(
            self.names[index],
            int(self.addresses[index]),
            int(self.sizes[index]),
            _types()[info & 15],
            _bindings()[info >> 4],
            section_word(self._sections, int(self.places[index])),
            _visibilities()[int(self._rows["other"][index]) & 3],
            *version,
        )

    def __iter__(self) -> Iterator[ImageSymbol]:
        types, bindings, shown = _types(), _bindings(), _visibilities()
        infos, places = self.infos.tolist(), self.places.tolist()
        words = {place: section_word(self._sections, place) for place in set(places)}
        versions = self._versions[: len(self)]
        return map(
            ImageSymbol,
            self.names.all,
            self.addresses.tolist(),
            self.sizes.tolist(),
            [types[info & 15] for info in infos],
            [bindings[info >> 4] for info in infos],
            [words[place] for place in places],
            [shown[other & 3] for other in self._rows["other"].tolist()],
            chain((version for version, _ in versions), repeat("")),
            chain((library for _, library in versions), repeat("")),
        )

    @cached_property
    def rows(self) -> dict[str, int]:
        """Name → row. Where several share a name, the first row."""
        names = self.names.all
        return dict(zip(reversed(names), reversed(range(len(names))), strict=True))

    @cached_property
    def functions(self) -> Functions:
        """Those that are machine code of this file."""
        import numpy as np

        code = ((self.infos & 15) == _FUNCTION) & (self.sizes > 0) & (self.places > 0)
        return Functions(self, np.flatnonzero(code))

    def at(self, address: int) -> ImageSymbol | None:
        """The innermost symbol that covers an address, or stands exactly there."""
        import numpy as np

        chosen, ranges = self._covering
        index = ranges.innermost(address)
        if index >= 0:
            covering: ImageSymbol = self[int(chosen[index])]
            return covering
        if not 0 <= address <= _TOP:
            return None
        exact = np.flatnonzero((self.addresses == np.uint64(address)) & (self.places > 0))
        return self[int(exact[0])] if len(exact) else None

    def frame(self) -> pd.DataFrame:
        """One row a symbol: name, address, size, type, binding, section."""
        import pandas as pd

        types, bindings = _types(), _bindings()
        infos, places = self.infos.tolist(), self.places.tolist()
        words = {place: section_word(self._sections, place) for place in set(places)}
        return pd.DataFrame(
            {
                "name": self.names.all,
                "address": self.addresses,
                "size": self.sizes,
                "type": [types[info & 15] for info in infos],
                "binding": [bindings[info >> 4] for info in infos],
                "section": [words[place] for place in places],
            }
        )

    @cached_property
    def _covering(self) -> tuple[np.ndarray, Intervals]:
        """The rows with a place in memory, and their ranges."""
        import numpy as np

        placed = np.zeros(1 << 16, bool)
        placed[[s.index for s in self._sections if s.loaded and s.index < len(placed)]] = True
        kept = placed[self.places] & (self.sizes > 0) & ((self.infos & 15) != _THREAD_LOCAL)
        chosen = np.flatnonzero(kept)
        return chosen, Intervals(self.addresses[chosen], self.sizes[chosen])


class Functions(Sequence[Function]):
    """The functions of a symbol table. `addresses`, `sizes`: uint64 columns in its order."""

    def __init__(self, symbols: Symbols, chosen: np.ndarray) -> None:
        self._symbols = symbols
        self._chosen = chosen
        self.addresses = symbols.addresses[chosen]
        self.sizes = symbols.sizes[chosen]

    def __len__(self) -> int:
        return len(self._chosen)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        name = self._symbols.names[int(self._chosen[index])]
        return Function(name, int(self.addresses[index]), int(self.sizes[index]))

    def __iter__(self) -> Iterator[Function]:
        return map(Function, self.names, self.addresses.tolist(), self.sizes.tolist())

    @cached_property
    def names(self) -> list[str]:
        """All names, in order."""
        names = self._symbols.names.all
        return [names[row] for row in self._chosen.tolist()]

    def named(self, name: str) -> Function | None:
        """The function of a name. Where two share it, the first."""
        row = self._rows.get(name)
        return None if row is None else self[row]

    def at(self, address: int) -> Function | None:
        """The function that covers an address, the innermost where one lies within another."""
        index = self._ranges.innermost(address)
        if index < 0:
            return None
        found: Function = self[index]
        return found

    @cached_property
    def _ranges(self) -> Intervals:
        return Intervals(self.addresses, self.sizes)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return dict(zip(reversed(self.names), reversed(range(len(self))), strict=True))


def symbol_table(
    data: bytes,
    parsed: Structure,
    section: Section | None,
    *,
    in_file_order: bool = False,
    versions: tuple[tuple[str, str], ...] = (),
) -> Symbols:
    """A SYMTAB or DYNSYM section, None for no symbols; ParseError when it is damaged.

    By address and size, without the nameless ones; or every row in the file's order, which is that
    in which relocations and versions count them.
    """
    import numpy as np

    form = np.dtype(_WIDE if parsed.bits == 64 else _NARROW).newbyteorder(parsed.order)
    if section is None:
        names = Names(Reader(b"", "elf"), 0, 0, np.zeros(0, np.int64))
        return Symbols(np.zeros(0, form), names, ())
    reader = parsed.reader(data)
    raw = reader.slice(section.offset, section.file_size)
    if len(raw) % form.itemsize:
        raise reader.error("the symbol table does not end with a symbol", section.offset)
    rows = np.frombuffer(raw, form)
    if not in_file_order:
        rows = rows[rows["name"] != 0]
        rows = rows[np.lexsort((rows["size"], rows["address"]))]
    strings = parsed.linked(reader, section)
    names = Names(reader, strings.offset, strings.file_size, rows["name"].astype(np.int64))
    return Symbols(rows, names, parsed.sections, versions)


def section_word(sections: tuple[Section, ...], index: int) -> str:
    """The name of a symbol's section: "" for none, "ABS" for a value that is no address."""
    if 0 < index < len(sections):
        return sections[index].name
    return {0: "", 0xFFF1: "ABS", 0xFFF2: "COMMON"}.get(index, f"#{index}")


@cache
def _types() -> tuple[str, ...]:
    # What the first number for systems means on Linux: a function that chooses a function.
    names = names_of("ENUM_ST_INFO_TYPE", 16)
    return (*names[:10], "IFUNC", *names[11:])


@cache
def _bindings() -> tuple[str, ...]:
    names = names_of("ENUM_ST_INFO_BIND", 16)
    return (*names[:10], "UNIQUE", *names[11:])


def _visibilities() -> tuple[str, ...]:
    return names_of("ENUM_ST_VISIBILITY", 4)
