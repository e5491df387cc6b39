"""Parse the structure of an ELF file: bytes in, records out.

Own reading instead of a library's: opening costs a fraction of a millisecond, every length is
checked, and the records are plain. The names of numbers come from pyelftools. Reference: the System
V gABI, chapters 4 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from golifelab.errors import ParseError
from golifelab.link.reader import Reader, StringTable

MAGIC = b"\x7fELF"
# GOARCH words by e_machine; the two-word ones depend on the byte order.
_MACHINES = {
    3: "386",
    8: "mips",
    21: "ppc64",
    22: "s390x",
    40: "arm",
    62: "amd64",
    183: "arm64",
    243: "riscv64",
    258: "loong64",
}
_TYPES = {0: "NONE", 1: "REL", 2: "EXEC", 3: "DYN", 4: "CORE"}
# The letters readelf prints: by bit, and for any of a system's or a processor's own.
_SECTION_FLAGS = {0x1: "W", 0x2: "A", 0x4: "X", 0x10: "M", 0x20: "S", 0x40: "I", 0x80: "L"}
_SECTION_FLAGS |= {0x100: "O", 0x200: "G", 0x400: "T", 0x800: "C", 0x80000000: "E"}
_SYSTEM_FLAGS, _PROCESSOR_FLAGS = 0x0FF00000, 0x70000000


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the file that is loaded, or described to the loader, as one ("LOAD r-x")."""

    index: int
    type: str
    permissions: str
    offset: int
    address: int
    file_size: int
    memory_size: int
    alignment: int

    def covers(self, address: int) -> bool:
        """Whether a link-time address lies in it once loaded."""
        return self.address <= address < self.address + self.memory_size


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the file with one purpose, for linkers and tools (".text")."""

    index: int
    name: str
    type: str
    flags: str
    address: int
    offset: int
    size: int
    alignment: int
    entry_size: int
    link: int
    info: int

    @property
    def loaded(self) -> bool:
        """Whether it has a place in memory."""
        return "A" in self.flags

    @property
    def file_size(self) -> int:
        """Bytes it takes in the file: none for zeroed data."""
        return 0 if self.type in ("NOBITS", "NULL") else self.size

    def covers(self, address: int) -> bool:
        """Whether an address lies in it once loaded. Thread-local templates do not count."""
        placed = self.loaded and not ("T" in self.flags and self.type == "NOBITS")
        return placed and self.address <= address < self.address + self.size


@dataclass(frozen=True, slots=True)
class Structure:
    """The ELF header with the tables it points to."""

    bits: int
    byte_order: str
    type: str
    machine: str
    entry: int
    segments: tuple[Segment, ...]
    sections: tuple[Section, ...]

    @property
    def order(self) -> Literal["<", ">"]:
        """The byte order as struct and numpy write it."""
        return "<" if self.byte_order == "little" else ">"

    @property
    def word(self) -> int:
        """Bytes of an address."""
        return self.bits // 8

    def reader(self, data: bytes | memoryview) -> Reader:
        """A checked reader in the file's byte order."""
        return Reader(data, "elf", order=self.order)

    def of_type(self, *types: str) -> tuple[Section, ...]:
        """The sections of some types, in the file's order."""
        return tuple(section for section in self.sections if section.type in types)

    def linked(self, reader: Reader, section: Section) -> Section:
        """The string table that a section's names stand in; ParseError when there is none."""
        if not 0 < section.link < len(self.sections):
            raise reader.error(f"there is no string table in section {section.link}")
        return self.sections[section.link]


def structure(data: bytes) -> Structure:
    """Read header, segments and sections; ParseError when they are damaged."""
    if data[:4] != MAGIC or len(data) < 52:
        raise ParseError("elf", format_word(data))
    bits = {1: 32, 2: 64}.get(data[4])
    order = {1: "<", 2: ">"}.get(data[5])
    if bits is None or order is None:
        raise ParseError("elf", "its class or byte order is unknown", line=4)
    reader = Reader(data, "elf", order=order)
    wide = bits == 64
    head = reader.unpack("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH", 16)
    kind, machine, _, entry, phoff, shoff, _, _, phentsize, phnum, shentsize, shnum, shstrndx = head
    return Structure(
        bits,
        "little" if order == "<" else "big",
        _TYPES.get(kind, f"#{kind}"),
        _goarch(machine, order, wide=wide),
        entry,
        _segments(reader, wide, phoff, phentsize, phnum, machine),
        _sections(reader, wide, shoff, shentsize, shnum, shstrndx, machine),
    )


def _segments(
    reader: Reader, wide: bool, offset: int, entry_size: int, count: int, machine: int
) -> tuple[Segment, ...]:
    form, expected = ("IIQQQQQQ", 56) if wide else ("IIIIIIII", 32)
    if not count:
        return ()
    if entry_size != expected:
        raise reader.error(f"a segment's header has {entry_size} bytes", offset)
    types = _words("P_TYPE", machine)
    found: list[Segment] = []
    for row in reader.table(form, offset, offset + count * entry_size):
        if wide:
            kind, flags, start, address, _, file_size, memory_size, alignment = row
        else:
            kind, start, address, _, file_size, memory_size, flags, alignment = row
        permissions = "".join(c if flags & b else "-" for c, b in (("r", 4), ("w", 2), ("x", 1)))
        name = types.get(kind, f"0x{kind:x}")
        place = (start, address, file_size, memory_size, alignment)
        found.append(Segment(len(found), name, permissions, *place))
    return tuple(found)


def _sections(
    reader: Reader,
    wide: bool,
    offset: int,
    entry_size: int,
    count: int,
    names_index: int,
    machine: int,
) -> tuple[Section, ...]:
    form, expected = ("IIQQQQIIQQ", 64) if wide else ("IIIIIIIIII", 40)
    if not offset:
        return ()
    if entry_size != expected:
        raise reader.error(f"a section's header has {entry_size} bytes", offset)
    first = reader.unpack(form, offset)
    # More than 65,279 sections: the real numbers stand in the first, otherwise empty, header.
    count = count or first[5]
    names_index = first[6] if names_index == 0xFFFF else names_index
    rows = list(reader.table(form, offset, offset + count * entry_size))
    names = None
    if 0 < names_index < len(rows) and rows[names_index][1] != 8:
        names = StringTable(reader, rows[names_index][4], rows[names_index][5])
    types = _words("SH_TYPE", machine)
    found = []
    for index, row in enumerate(rows):
        name, kind, flags, address, start, size, link, info, alignment, each = row
        letters = "".join(letter for bit, letter in _SECTION_FLAGS.items() if flags & bit)
        letters += "o" if flags & _SYSTEM_FLAGS else ""
        letters += "p" if flags & _PROCESSOR_FLAGS else ""
        section = Section(
            index,
            names[name] if names and index else "",
            types.get(kind, f"0x{kind:x}"),
            letters,
            address,
            start,
            size,
            alignment,
            each,
            link,
            info,
        )
        if section.file_size:
            reader.slice(start, size)
        found.append(section)
    return tuple(found)


def _goarch(machine: int, order: str, *, wide: bool) -> str:
    word = _MACHINES.get(machine, f"#{machine}")
    if word == "mips":
        return f"mips{'64' if wide else ''}{'le' if order == '<' else ''}"
    return "ppc64le" if word == "ppc64" and order == "<" else word


def format_word(data: bytes) -> str:
    """What a file is that is no ELF file, as far as its first bytes tell."""
    further = (
        "; its headers are read by foreign_file(path) of golifelab.link.elf.foreign, and no more"
    )
    if data[:4] in (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe"):
        return f"it is a Mach-O file, of macOS{further}"
    if data[:2] == b"MZ":
        return f"it is a PE file, of Windows{further}"
    if data[:8] == b"!<arch>\n":
        return "it is an archive of object files, not one file"
    return "it does not start with an ELF header"


@cache
def names_of(enumeration: str, count: int) -> tuple[str, ...]:
    """The names of the values 0 … count-1 of one of pyelftools's enumerations."""
    names = _names(enumeration)
    return tuple(names.get(number, f"#{number}") for number in range(count))


@cache
def numbers_of(enumeration: str) -> dict[str, int]:
    """One of pyelftools's enumerations: name with its prefix ("DT_NEEDED") → number."""
    from elftools.elf import enums

    pairs: dict[str, Any] = getattr(enums, enumeration)
    return {name: number for name, number in pairs.items() if isinstance(number, int)}


@cache
def _words(kind: str, machine: int) -> dict[int, str]:
    """The types of sections ("SH_TYPE") or segments ("P_TYPE"), with those of one processor."""
    from elftools.elf import enums

    own = {8: "MIPS", 40: "ARM", 62: "AMD64", 183: "AARCH64", 243: "RISCV"}.get(machine, "")
    extra = f"ENUM_{kind}_{own}"
    return _names(extra if hasattr(enums, extra) else f"ENUM_{kind}_BASE")


@cache
def _names(enumeration: str) -> dict[int, str]:
    """An enumeration inverted, without the common prefix of its names; of two names, the first."""
    pairs = reversed(numbers_of(enumeration).items())
    return {number: name.split("_", 1)[1] for name, number in pairs}
