"""How types are laid out, from debug information: only the few entries that are asked for are read.

A Go program describes some thousand types. Reading them all takes a second; here a type is found by
its name, which stands in its entry as text, and the entry is parsed where it lies. The format is
that of DWARF 4 and 5, chapter 7.
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from golifelab.errors import ParseError
from golifelab.link.elf.image import Image

ARRAY, POINTER, STRUCT, TYPEDEF, SUBRANGE, BASE = 0x01, 0x0F, 0x13, 0x16, 0x21, 0x24
MEMBER, FUNCTION, VARIABLE = 0x0D, 0x15, 0x34
NAME, LOCATION, BYTE_SIZE, COUNT, MEMBER_LOCATION, ENCODING, TYPE = (
    0x03,
    0x02,
    0x0B,
    0x37,
    0x38,
    0x3E,
    0x49,
)
TYPES = frozenset((ARRAY, POINTER, STRUCT, TYPEDEF, BASE, FUNCTION))

_STRING = 0x08
_IMPLICIT = 0x21
# Forms of a fixed size, in bytes; those of the size of an address or offset are set by the unit.
_FIXED = {
    0x0B: 1, 0x0C: 1, 0x11: 1, 0x25: 1, 0x29: 1, 0x05: 2, 0x12: 2, 0x26: 2, 0x2A: 2, 0x27: 3,
    0x2B: 3, 0x06: 4, 0x13: 4, 0x28: 4, 0x2C: 4, 0x07: 8, 0x14: 8, 0x20: 8, 0x1E: 16, 0x19: 0,
    0x0E: 4, 0x10: 4, 0x17: 4, 0x1F: 4, 0x01: 8,
}  # fmt: skip
_LEB = frozenset((0x0F, 0x15, 0x1A, 0x1B, 0x22, 0x23))
_SIGNED = 0x0D
_BLOCKS = {0x09: 0, 0x18: 0, 0x0A: 1, 0x03: 2, 0x04: 4}  # → bytes of the length, 0 for a LEB128
_LOCAL_REFERENCES = frozenset((0x11, 0x12, 0x13, 0x14, 0x15))
_MAX_SECTION = 1 << 30
_MAX_CHILDREN = 4096
_MAX_NAME = 4096

# (tag, has children, ((attribute, form, implicit value), …))
_Shape = tuple[int, bool, tuple[tuple[int, int, int], ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `offset` is its place, `after` that of what follows it (its first child)."""

    offset: int
    tag: int
    values: dict[int, int | bytes]
    children: bool
    after: int

    @property
    def name(self) -> str:
        """Its name, "" for none."""
        value = self.values.get(NAME, b"")
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""

    def number(self, attribute: int, default: int = 0) -> int:
        """The value of an attribute that is a number."""
        value = self.values.get(attribute, default)
        return value if isinstance(value, int) else default


class DwarfTypes:
    """The entries of an image's debug information, by name and by place."""

    def __init__(self, image: Image) -> None:
        """ParseError when the sections are damaged; `present` is False when there are none."""
        self._info = section_content(image, ".debug_info")
        self._abbreviations = section_content(image, ".debug_abbrev")
        self._order: Literal["little", "big"] = "little" if image.byte_order == "little" else "big"
        self._table = lru_cache(maxsize=64)(self._read_table)

    @property
    def present(self) -> bool:
        """Whether the image has debug information."""
        return bool(self._info and self._abbreviations)

    def find(self, name: str, tags: frozenset[int]) -> Entry | None:
        """The first entry of one of these kinds with a name."""
        wanted = name.encode() + b"\0"
        place = self._info.find(wanted)
        while place > 0:
            # Go's linker uses fewer than 128 shapes, so the number of one is a single byte.
            code = self._info[place - 1]
            shape = self._shapes(place - 1).get(code)
            if shape and shape[0] in tags and shape[2][:1] == ((NAME, _STRING, 0),):
                return self.at(place - 1)
            place = self._info.find(wanted, place + 1)
        return None

    def at(self, offset: int) -> Entry:
        """The entry at a place; ParseError where none begins."""
        try:
            return self._parse(offset)
        except (IndexError, struct.error, KeyError) as error:
            raise ParseError("dwarf", f"there is no sound entry at {offset:#x}") from error

    def children(self, entry: Entry) -> Iterator[Entry]:
        """The entries below one, without theirs (types and their members have none)."""
        place = entry.after
        for _ in range(_MAX_CHILDREN if entry.children else 0):
            if place >= len(self._info) or not self._info[place]:
                return
            child = self.at(place)
            yield child
            place = child.after

    def _parse(self, offset: int) -> Entry:
        code, place = self._leb(offset)
        unit = self._unit(offset)
        tag, children, attributes = self._shapes(offset)[code]
        values: dict[int, int | bytes] = {}
        for attribute, form, implicit in attributes:
            value, place = self._value(form, implicit, place)
            if form in _LOCAL_REFERENCES and isinstance(value, int):
                value += unit
            values[attribute] = value
        return Entry(offset, tag, values, children, place)

    def _value(self, form: int, implicit: int, place: int) -> tuple[int | bytes, int]:
        if form == _STRING:
            end = self._info.index(b"\0", place, place + _MAX_NAME)
            return self._info[place:end], end + 1
        if form in _FIXED:
            size = _FIXED[form]
            return self._number(place, size), place + size
        if form in _LEB:
            return self._leb(place)
        if form == _SIGNED:
            return self._signed(place)
        if form == _IMPLICIT:
            return implicit, place
        if form in _BLOCKS:
            size = _BLOCKS[form]
            if size:
                length, place = self._number(place, size), place + size
            else:
                length, place = self._leb(place)
            return self._info[place : place + length], place + length
        raise ParseError("dwarf", f"form {form:#x} is not known")

    def _number(self, place: int, size: int) -> int:
        block = self._info[place : place + size]
        if len(block) < size:
            raise IndexError(place)
        return int.from_bytes(block, self._order)

    def _leb(self, place: int) -> tuple[int, int]:
        return _leb(self._info, place)

    def _signed(self, place: int) -> tuple[int, int]:
        value, end = _leb(self._info, place)
        bits = 7 * (end - place)
        return (value - (1 << bits) if value >> (bits - 1) & 1 else value), end

    def _unit(self, offset: int) -> int:
        """Where the unit of a place begins."""
        starts = self._units[0]
        number = bisect_right(starts, offset) - 1
        if number < 0:
            raise ParseError("dwarf", f"{offset:#x} is in no unit")
        return starts[number]

    def _shapes(self, offset: int) -> dict[int, _Shape]:
        starts, tables = self._units
        number = bisect_right(starts, offset) - 1
        return self._table(tables[number]) if number >= 0 else {}

    @cached_property
    def _units(self) -> tuple[list[int], list[int]]:
        """Where units begin, and where the table of each one's shapes is."""
        starts, tables = [], []
        place = 0
        while place + 12 <= len(self._info):
            length, version = self._number(place, 4), self._number(place + 4, 2)
            if length >= 0xFFFFFFF0 or version not in (2, 3, 4, 5):
                raise ParseError("dwarf", f"the unit at {place:#x} is not understood")
            starts.append(place)
            tables.append(self._number(place + (8 if version == 5 else 6), 4))
            place += 4 + length
        return starts, tables

    def _read_table(self, offset: int) -> dict[int, _Shape]:
        data, place = self._abbreviations, offset
        found: dict[int, _Shape] = {}
        try:
            while code_end := _leb(data, place):
                code, place = code_end
                if not code:
                    break
                tag, place = _leb(data, place)
                children, place = bool(data[place]), place + 1
                attributes = []
                while True:
                    attribute, place = _leb(data, place)
                    form, place = _leb(data, place)
                    implicit = 0
                    if form == _IMPLICIT:
                        implicit, place = _leb(data, place)
                    if not attribute and not form:
                        break
                    attributes.append((attribute, form, implicit))
                found[code] = (tag, children, tuple(attributes))
        except IndexError as error:
            raise ParseError("dwarf", "the table of abbreviations is cut off") from error
        return found


def _leb(data: bytes, place: int) -> tuple[int, int]:
    """An unsigned LEB128 number, and where it ends."""
    value = shift = 0
    while shift < 64:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place += 1
        if byte < 0x80:
            return value, place
        shift += 7
    raise ParseError("dwarf", f"a number at {place:#x} has no end")


def section_content(image: Image, name: str) -> bytes:
    """A section's bytes, unpacked; b"" when there is none. ParseError when they are damaged."""
    section = image.section(name)
    if section is None:
        return b""
    data = image.section_bytes(section)
    if "C" not in section.flags:
        return data
    mark = "<" if image.byte_order == "little" else ">"
    if len(data) < 24:
        raise ParseError("elf", f"{name} is cut off")
    kind, _, size, _ = struct.unpack(f"{mark}IIQQ", data[:24])
    if kind != 1 or size > _MAX_SECTION:
        raise ParseError("elf", f"{name} is packed in a way that is not understood")
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(data[24:], size + 1)  # to its end, with its sum
    except zlib.error as error:
        raise ParseError("elf", f"{name} cannot be unpacked: {error}") from error
    if len(content) != size or not unpacker.eof:
        raise ParseError("elf", f"{name} does not unpack to {size} bytes")
    return content
