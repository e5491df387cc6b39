"""Export data, as far as its tables: what the compiler reads of a package that is imported.

The member "__.PKGDEF" of an archive. Behind a few lines of text comes the package in the compiler's
"unified IR": declarations, types, and the bodies of functions that may be inlined. Its head and its
tables are read here ($GOROOT/src/internal/pkgbits); the elements themselves are left as bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from golifelab.link.reader import Reader

_BEGIN, _END = b"\n$$B\n", b"\n$$\n"
_UNIFIED = ord("u")
_FINGERPRINT = 8
_SYNC_MARKERS = 1
# pkgbits.V1 brought the word of flags.
_FLAGS_SINCE = 1


@dataclass(frozen=True, slots=True)
class ExportSection:
    """One kind of elements: its `name` in Go's sources, how many there are, and their bytes.

    `offset` counts from the start of the member. `ends` are where its elements end, from there too.
    """

    name: str
    elements: int
    offset: int
    size: int
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ExportHeader:
    """The head of a package's export data.

    `version` is that of the unified IR. `sync_markers` says whether it holds marks for finding
    mistakes of the compiler. `sections` lie one behind the other. `fingerprint` is the hash by
    which the linker finds out that an importer was compiled against another version. `start` is
    where the tables begin in the member, `data` where the elements do. `unread` says what of it is
    not read.
    """

    version: int
    sync_markers: bool
    sections: tuple[ExportSection, ...]
    fingerprint: bytes
    start: int
    data: int
    unread: str

    @property
    def elements(self) -> int:
        """How many elements there are in all."""
        return sum(section.elements for section in self.sections)

    def strings(self, member: bytes) -> tuple[str, ...]:
        """The names that the package's declarations use: the elements of the first section."""
        first = self.sections[0]
        return tuple(
            member[a:b].decode("utf-8", "surrogateescape")
            for a, b in pairwise((first.offset, *first.ends))
        )


def export_header(member: bytes, names: tuple[str, ...]) -> ExportHeader:
    """Read the head of a "__.PKGDEF" member; ParseError when it is no sound export data.

    `names` are the sections of the Go that wrote it: `enumerations(root).export_sections`.
    """
    reader = Reader(member, "export data")
    begin, end = member.find(_BEGIN), member.rfind(_END)
    if not member.startswith(b"go object ") or begin < 0 or end < begin + len(_BEGIN):
        raise reader.error("there is no text $$B … $$ in it")
    start = begin + len(_BEGIN)
    kind, version = reader.unpack("BI", start)
    if kind != _UNIFIED:
        raise reader.error(f"it is of kind {chr(kind)!r}: only unified IR ('u') is known", start)
    place = start + 5
    flags = 0
    if version >= _FLAGS_SINCE:
        (flags,) = reader.unpack("I", place)
        place += 4
    lasts = reader.unpack(f"{len(names)}I", place)
    table = place + 4 * len(names)
    if any(a > b for a, b in pairwise((0, *lasts))):
        raise reader.error("its sections overlap", place)
    data = table + 4 * lasts[-1]
    ends = [row[0] for row in reader.table("I", table, data)]
    rising = all(a <= b for a, b in pairwise((0, *ends)))
    if not rising or data + (ends[-1] if ends else 0) + _FINGERPRINT != end:
        raise reader.error("its elements do not fill it", table)
    sections = []
    for name, (first, last) in zip(names, pairwise((0, *lasts)), strict=True):
        bounds = [data + (ends[i - 1] if i else 0) for i in range(first, last + 1)]
        sections.append(
            ExportSection(name, last - first, bounds[0], bounds[-1] - bounds[0], tuple(bounds[1:]))
        )
    return ExportHeader(
        version=version,
        sync_markers=bool(flags & _SYNC_MARKERS),
        sections=tuple(sections),
        fingerprint=bytes(reader.slice(end - _FINGERPRINT, _FINGERPRINT)),
        start=start,
        data=data,
        unread="the elements are bit streams that only the compiler of the same version reads back:"
        " here they are bytes of a known kind, and the strings among them text",
    )
