"""Divide the runtime's tables of functions between the functions that they are about.

Names, file names, pc tables and function data are shared: what several functions use counts to the
first of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

from golifelab.errors import ParseError
from golifelab.link.elf.image import Image
from golifelab.link.elf.structure import Section
from golifelab.link.metadata.moduledata import module_data
from golifelab.link.metadata.pctables import RECORD_SIZE, PcTables, pc_tables
from golifelab.link.sizes.pieces import Piece

HEADER = "(header of the function tables)"
FILES = "(names of source files)"
UNITS = "(files of each package)"
_NO_DATA = 0xFFFFFFFF
# Bytes of the last function's data where nothing tells what stands behind it.
_LAST = 64


class TableOwners:
    """Whose each byte of .gopclntab and of the function data is."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self.tables: PcTables = pc_tables(image)
        self.functions = [self.tables.function(i) for i in range(len(self.tables.records))]
        self.names = [self.tables.names[one.name] for one in self.functions]

    def pieces(self, section: Section) -> Iterator[Piece]:
        """The pieces of a section, by address; nothing for one that has none of the tables."""
        if section.name.endswith("gopclntab"):
            yield from self._table(self.tables.address)
        if self.tables.gofunc is not None and section.covers(self.tables.gofunc):
            yield from self._data(section)

    def _table(self, base: int) -> Iterator[Piece]:
        bounds = self.tables.starts
        begin = base + bounds.names
        yield Piece(base, begin, HEADER)
        yield from self._strings(base + bounds.names, base + bounds.units)
        yield Piece(base + bounds.units, base + bounds.files, UNITS)
        yield Piece(base + bounds.files, base + bounds.pctab, FILES)
        yield from self._shared(base + bounds.pctab, base + bounds.functions, self._pc_tables())
        start = base + bounds.functions
        for index, (name, one) in enumerate(zip(self.names, self.functions, strict=True)):
            yield Piece(start + 8 * index, start + 8 * index + 8, name)
            record = start + self.tables.records[index]
            size = RECORD_SIZE + 4 * (len(one.pcdata) + len(one.funcdata))
            yield Piece(record, record + size, name)

    def _strings(self, start: int, end: int) -> Iterator[Piece]:
        """The names: of functions that are there, and of those that are part of others."""
        block = self.image.bytes_at(start, end - start)
        here = 0
        while here < len(block):
            stop = block.find(b"\0", here)
            if stop < 0:
                return
            name = block[here:stop].decode("utf-8", "replace")
            yield Piece(start + here, start + stop + 1, name)
            here = stop + 1

    def _pc_tables(self) -> Iterator[tuple[int, str]]:
        for name, one in zip(self.names, self.functions, strict=True):
            for offset in (one.pcsp, one.pcfile, one.pcline, *one.pcdata):
                if offset:
                    yield offset, name

    def _data(self, section: Section) -> Iterator[Piece]:
        """The function data: stack maps, inline trees, argument information."""
        start = self.tables.gofunc
        assert start is not None
        users = (
            (offset, name)
            for name, one in zip(self.names, self.functions, strict=True)
            for offset in one.funcdata
            if offset != _NO_DATA
        )
        yield from self._shared(start, self._data_end(section, start), users)

    def _data_end(self, section: Section, start: int) -> int:
        """Where the function data ends: at the next thing that a symbol or the runtime knows."""
        symbol = self.image.symbol("go:func.*")
        if symbol is not None and symbol.size:
            return symbol.address + symbol.size
        offsets = [o for one in self.functions for o in one.funcdata if o != _NO_DATA]
        last = start + max(offsets, default=0)
        known = [one.address for one in self.image.symbols if one.section == section.name]
        with contextlib.suppress(ParseError):
            known += [word for one in module_data(self.image).fields for word in one.words]
        end = section.address + section.size
        return min(one for one in [*known, last + _LAST, end] if one > last)

    def _shared(self, start: int, end: int, users: Iterable[tuple[int, str]]) -> Iterator[Piece]:
        """Stretches that begin where somebody's data does, and end where the next one's does."""
        first: dict[int, str] = {}
        for offset, name in users:
            first.setdefault(offset, name)
        offsets = sorted(first)
        for offset, following in zip(offsets, [*offsets[1:], end - start], strict=True):
            if not 0 <= offset <= following or start + following > end:
                raise ParseError("pclntab", "its tables lie outside the section")
            yield Piece(start + offset, start + following, first[offset])
