"""What an ELF file tells the dynamic loader: its dynamic section, and the versions it asks for.

Reference: the System V gABI, chapter 5; the Linux Standard Base for the versions of symbols.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from golifelab.link.elf.structure import Section, Structure, numbers_of
from golifelab.link.reader import Reader, StringTable

# Entries whose value is the offset of a name in the dynamic string table.
_TEXTS = frozenset({"NEEDED", "SONAME", "RPATH", "RUNPATH", "AUXILIARY", "FILTER"})
_FLAGS = {"FLAGS": "ENUM_DT_FLAGS", "FLAGS_1": "ENUM_DT_FLAGS_1"}
_MAX_LIBRARIES = 1 << 16


@dataclass(frozen=True, slots=True)
class DynamicEntry:
    """An entry of the dynamic section: a tag ("NEEDED") and a value.

    `text` is what the value says where it is no plain number: a name for NEEDED and SONAME, the
    words for FLAGS ("BIND_NOW").
    """

    tag: str
    value: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a library's symbols that the file asks for ("libc.so.6", "GLIBC_2.34")."""

    library: str
    name: str
    index: int


def dynamic_entries(data: bytes, parsed: Structure) -> tuple[DynamicEntry, ...]:
    """The dynamic section without the entry that ends it; ParseError when it is damaged.

    Where a file has no section headers, its segments tell where it is.
    """
    reader = parsed.reader(data)
    place = _place(parsed)
    if place is None:
        return ()
    start, size = place
    width = 2 * parsed.word
    rows: list[tuple[int, int]] = []
    for key, value in reader.table(
        "QQ" if parsed.bits == 64 else "II", start, start + size - size % width
    ):
        if key == 0:
            break
        rows.append((key, value))
    names = _strings(reader, parsed, dict(rows))
    tags = _tags()
    found = []
    for key, value in rows:
        tag = tags.get(key, f"0x{key:x}")
        text = ""
        if tag in _TEXTS and names is not None:
            text = names[value]
        elif tag in _FLAGS:
            text = _flag_words(_FLAGS[tag], value)
        found.append(DynamicEntry(tag, value, text))
    return tuple(found)


def needed_versions(data: bytes, parsed: Structure) -> tuple[Version, ...]:
    """The versions that .gnu.version_r asks for, in the file's order."""
    found: list[Version] = []
    for section in parsed.of_type("GNU_verneed"):
        reader = parsed.reader(data)
        strings = parsed.linked(reader, section)
        names = StringTable(reader, strings.offset, strings.file_size)
        place, end = section.offset, section.offset + section.file_size
        for _ in range(min(section.info, _MAX_LIBRARIES)):
            _, count, file, first, following = reader.unpack("HHIII", place)
            library, entry = names[file], place + first
            for _ in range(count):
                _, _, index, name, step = reader.unpack("IHHII", entry)
                found.append(Version(library, names[name], index))
                if len(found) > len(data) // 16:
                    raise reader.error("its versions go round in a circle", entry)
                entry += step
                if not step:
                    break
            place += following
            if not following or place >= end:
                break
    return tuple(found)


def symbol_versions(data: bytes, parsed: Structure) -> tuple[tuple[str, str], ...]:
    """For each row of the dynamic symbol table (version, library): ("", "") for none.

    Also the versions that a library gives its own symbols, with "" for the library.
    """
    sections = parsed.of_type("GNU_versym")
    if not sections:
        return ()
    section = sections[0]
    asked = {version.index: (version.name, version.library) for version in _all(data, parsed)}
    rows = parsed.reader(data).table("H", section.offset, section.offset + section.file_size)
    nothing = ("", "")
    return tuple(asked.get(index & 0x7FFF, nothing) for (index,) in rows)


def _all(data: bytes, parsed: Structure) -> tuple[Version, ...]:
    return needed_versions(data, parsed) + _defined_versions(data, parsed)


def _defined_versions(data: bytes, parsed: Structure) -> tuple[Version, ...]:
    """The versions that .gnu.version_d gives. The first names the file itself and counts not."""
    found: list[Version] = []
    for section in parsed.of_type("GNU_verdef"):
        reader = parsed.reader(data)
        strings = parsed.linked(reader, section)
        names = StringTable(reader, strings.offset, strings.file_size)
        place = section.offset
        for _ in range(min(section.info, _MAX_LIBRARIES)):
            _, flags, index, _, _, first, following = reader.unpack("HHHHIII", place)
            (name,) = reader.unpack("I", place + first)
            if not flags & 1:
                found.append(Version("", names[name], index))
            place += following
            if not following:
                break
    return tuple(found)


def _place(parsed: Structure) -> tuple[int, int] | None:
    """Offset and size in the file."""
    sections = [s for s in parsed.of_type("DYNAMIC") if s.file_size]
    if sections:
        return sections[0].offset, sections[0].file_size
    segment = next((s for s in parsed.segments if s.type == "DYNAMIC" and s.file_size), None)
    return None if segment is None else (segment.offset, segment.file_size)


def _strings(reader: Reader, parsed: Structure, values: dict[int, int]) -> StringTable | None:
    """The dynamic string table: that of the section, or where DT_STRTAB says it is loaded."""
    section = next(iter(parsed.of_type("DYNAMIC")), None)
    if section is not None and 0 < section.link < len(parsed.sections):
        linked: Section = parsed.sections[section.link]
        return StringTable(reader, linked.offset, linked.file_size)
    address, size = values.get(5, 0), values.get(10, 0)
    for segment in parsed.segments:
        if segment.type == "LOAD" and segment.covers(address):
            return StringTable(reader, segment.offset + address - segment.address, size)
    return None


def _flag_words(enumeration: str, value: int) -> str:
    """The flags that are set: "BIND_NOW STATIC_TLS"."""
    flags = numbers_of(enumeration).items()
    words = [name.split("_", 1)[1].removeprefix("1_") for name, bit in flags if value & bit]
    return " ".join(words)


@cache
def _tags() -> dict[int, str]:
    """The names of tags. Those of single processors share numbers, and are left as numbers."""
    pairs = reversed(numbers_of("ENUM_D_TAG_COMMON").items())
    bounds = {"DT_LOOS", "DT_HIOS", "DT_LOPROC", "DT_HIPROC", "DT_NUM", "DT_ENCODING"}
    return {number: name.removeprefix("DT_") for name, number in pairs if name not in bounds}
