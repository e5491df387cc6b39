"""Parse the headers of a PE file, the format of Windows.

Format: learn.microsoft.com, "PE Format"; Go reads it with $GOROOT/src/debug/pe.
"""

from __future__ import annotations

from golifelab.errors import ParseError
from golifelab.link.elf.parts import Headers, Part
from golifelab.link.reader import Reader

_MACHINES = {0x14C: "386", 0x1C4: "arm", 0x8664: "amd64", 0xAA64: "arm64"}
_LIBRARY, _MOVABLE = 0x2000, 0x40
_IMPORTS = 1  # which of the directories lists the libraries
_MAX_LIBRARIES = 4096


def pe_headers(data: bytes) -> Headers:
    """The headers; ParseError when they are damaged."""
    reader = Reader(data, "pe")
    if data[:2] != b"MZ":
        raise ParseError("pe", "it does not start with a DOS header")
    (start,) = reader.unpack("I", 0x3C)
    if bytes(reader.slice(start, 4)) != b"PE\0\0":
        raise reader.error("there is no PE header where the DOS header says", start)
    machine, count, _, symbols, names, optional, flags = reader.unpack("HHIIIHH", start + 4)
    table = start + 24
    (magic,) = reader.unpack("H", table)
    if magic not in (0x10B, 0x20B):
        raise reader.error(f"its optional header has the magic number 0x{magic:x}", table)
    wide = magic == 0x20B
    (entry,) = reader.unpack("I", table + 16)
    (base,) = reader.unpack("Q", table + 24) if wide else reader.unpack("I", table + 28)
    (movable,) = reader.unpack("H", table + 70)
    strings = symbols + 18 * names if symbols else 0
    sections = tuple(
        _section(reader, table + optional + 40 * index, base, strings) for index in range(count)
    )
    words = "shared library" if flags & _LIBRARY else "executable"
    if words == "executable" and movable & _MOVABLE:
        words = "position-independent executable"
    return Headers(
        "PE",
        _MACHINES.get(machine, f"#{machine:x}"),
        64 if wide else 32,
        "little",
        words,
        base + entry if entry else None,
        (),
        sections,
        _libraries(reader, table, base, sections, wide=wide),
        "",
    )


def _section(reader: Reader, position: int, base: int, strings: int) -> Part:
    name, size, address, stored, offset, *_, flags = reader.unpack("8sIIIIIIHHI", position)
    text = name.rstrip(b"\0").decode("utf-8", "replace")
    if strings and text.startswith("/") and text[1:].isdecimal():
        # Longer names stand in the string table, which Go gives to its debugging sections.
        place = strings + int(text[1:])
        raw = bytes(reader.data[place : place + 256])
        text = raw.split(b"\0")[0].decode("utf-8", "replace")
    bits = (("r", 1 << 30), ("w", 1 << 31), ("x", 1 << 29))
    permissions = "".join(letter if flags & bit else "-" for letter, bit in bits)
    return Part(text, permissions, base + address, size, offset, min(stored, size) or stored, "")


def _libraries(
    reader: Reader, table: int, base: int, sections: tuple[Part, ...], *, wide: bool
) -> tuple[str, ...]:
    """The names in the import directory."""
    (count,) = reader.unpack("I", table + (108 if wide else 92))
    if count <= _IMPORTS:
        return ()
    address, size = reader.unpack("II", table + (112 if wide else 96) + 8 * _IMPORTS)
    place = _offset(sections, base + address)
    found: list[str] = []
    while size and place is not None and len(found) < _MAX_LIBRARIES:
        name = reader.unpack("5I", place)[3]
        where = _offset(sections, base + name) if name else None
        if where is None:
            break
        raw = bytes(reader.data[where : where + 256])
        found.append(raw.split(b"\0")[0].decode("utf-8", "replace"))
        place += 20
    return tuple(found)


def _offset(sections: tuple[Part, ...], address: int) -> int | None:
    for part in sections:
        if 0 <= address - part.address < part.file_size:
            return part.offset + address - part.address
    return None
