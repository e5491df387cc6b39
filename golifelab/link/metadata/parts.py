"""What the bytes of .gopclntab are: its parts, in order, without gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from golifelab.errors import ParseError
from golifelab.link.elf.image import Image
from golifelab.link.metadata.findfunc import BUCKET, index_size
from golifelab.link.metadata.moduledata import module_data, table_section
from golifelab.link.metadata.pctables import RECORD_SIZE, PcTables, pc_tables

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_TABS = ("funcnametab", "cutab", "filetab", "pctab")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the function table: `size` bytes at `address`. `count` are its entries, 0 if none.

    Names are those of the runtime's fields ("funcnametab"); "functab", "function records" and
    "go:func.*" are three parts of what it calls pclntable and gofunc. "padding" aligns the next.
    """

    name: str
    address: int
    size: int
    count: int

    @property
    def end(self) -> int:
        """The address after its last byte."""
        return self.address + self.size


def pclntab_parts(image: Image) -> tuple[Part, ...]:
    """The parts of the section .gopclntab, by address. ParseError when it is damaged.

    Since Go 1.26 it ends with the functions' data (go:func.*) and the index findfunctab; before,
    both are in .rodata and are not among the parts.
    """
    section, tables = table_section(image), pc_tables(image)
    first, last = section.address, section.address + section.size
    spans = sorted(one for one in _spans(image, tables, last) if first <= one[0] < last)
    parts = []
    place = first
    for start, end, name, count in spans:
        if start > place:
            parts.append(Part("padding", place, start - place, 0))
        if end > start >= place:
            parts.append(Part(name, start, min(end, last) - start, count))
            place = min(end, last)
    if place < last:
        parts.append(Part("padding", place, last - place, 0))
    return tuple(parts)


def record_sizes(tables: PcTables) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where each function's record begins, by link-time address, and its bytes; both by function.

    A record is the fixed part with the lists of its tables. ParseError when one is outside.
    """
    import numpy as np

    offsets = np.array(tables.records, np.int64) + tables.starts.functions
    raw = np.frombuffer(tables.table, np.uint8)
    if len(offsets) and int(offsets.max()) + RECORD_SIZE > len(raw):
        raise tables.reader.error("a function's record lies outside the section")
    order = "<i4" if tables.reader.order == "<" else ">i4"
    counts = raw[offsets[:, None] + np.arange(28, 32)].copy().view(order)[:, 0].astype(np.int64)
    data = raw[offsets + RECORD_SIZE - 1].astype(np.int64)
    return offsets + tables.address, RECORD_SIZE + 4 * (counts + data)


def _spans(image: Image, tables: PcTables, last: int) -> Iterator[tuple[int, int, str, int]]:
    """The parts as (start, end, name, entries), in no order."""
    base, starts, count = tables.address, tables.starts, len(tables.records)
    word = image.bits // 8
    yield base, base + 8 + 8 * word, "pcHeader", 0
    places, sizes = record_sizes(tables)
    functions = base + starts.functions
    records = functions + 8 * count + 4
    yield functions, records, "functab", count
    yield records, int((places + sizes).max()) if count else records, "function records", count
    try:
        module = module_data(image)
    except ParseError:
        module = None
    follows = (starts.names, starts.units, starts.files, starts.pctab, starts.functions)
    for name, start, end in zip(_TABS, follows, follows[1:], strict=False):
        # The length of cutab counts bytes in some releases, elements in others.
        size = (
            min(module.slice(name)[1], end - start) if module and name != "cutab" else end - start
        )
        yield base + start, base + start + size, name, size // 4 if name == "cutab" else 0
    if module is None:
        return
    low, high = module.range("minpc", "maxpc")
    index = module["findfunctab"]
    yield index, index + index_size(low, high), "findfunctab", -(-(high - low) // BUCKET)
    gofunc = module["gofunc"]
    yield gofunc, index if index > gofunc else last, "go:func.*", 0
