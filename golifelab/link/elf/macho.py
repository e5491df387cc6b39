"""Parse the headers of a Mach-O file, the format of macOS.

Format: /usr/include/mach-o/loader.h; Go reads it with $GOROOT/src/debug/macho.
"""

from __future__ import annotations

from golifelab.errors import ParseError
from golifelab.link.elf.parts import Headers, Part
from golifelab.link.reader import Reader

MAGICS = {b"\xcf\xfa\xed\xfe": ("<", 64), b"\xce\xfa\xed\xfe": ("<", 32)}
MAGICS |= {b"\xfe\xed\xfa\xcf": (">", 64), b"\xfe\xed\xfa\xce": (">", 32)}
UNIVERSAL = b"\xca\xfe\xba\xbe"
_MACHINES = {7: "386", 12: "arm", 0x01000007: "amd64", 0x0100000C: "arm64", 18: "ppc"}
_TYPES = {1: "object file", 2: "executable", 4: "core dump", 6: "shared library", 8: "bundle"}
_SEGMENT, _SEGMENT_64, _MAIN = 0x1, 0x19, 0x80000028
_LIBRARY, _LOADER, _THREAD = 0xC, 0xE, 0x5
# Where a thread's first state has the program counter: flavour → struct form, offset.
_COUNTERS = {(7, 1): ("I", 40), (0x01000007, 4): ("Q", 128), (0x0100000C, 6): ("Q", 256)}
_ZERO_FILLED = {1, 12, 18}  # section types without bytes in the file
_PIE = 0x200000


def macho_headers(data: bytes) -> Headers:
    """The headers of one file for one processor; ParseError when they are damaged."""
    found = MAGICS.get(data[:4])
    if found is None:
        raise ParseError("mach-o", "it does not start with a Mach-O header")
    order, bits = found
    reader = Reader(data, "mach-o", order=order)
    machine, _, kind, count, size, flags = reader.unpack("6I", 4)
    position = 32 if bits == 64 else 28
    end = position + size
    segments: list[Part] = []
    sections: list[Part] = []
    libraries: list[str] = []
    entry, loader = None, ""
    for _ in range(count):
        command, length = reader.unpack("II", position)
        if length < 8 or position + length > end:
            raise reader.error("a load command is longer than all of them", position)
        if command in (_SEGMENT, _SEGMENT_64):
            segment, inner = _segment(reader, position, wide=command == _SEGMENT_64)
            segments.append(segment)
            sections += inner
        elif command == _LIBRARY:
            libraries.append(_name(reader, position, length, 8))
        elif command == _LOADER:
            loader = _name(reader, position, length, 8)
        elif command == _MAIN:
            (offset,) = reader.unpack("Q", position + 8)
            text = next((s for s in segments if s.name == "__TEXT"), None)
            entry = offset + (text.address if text else 0)
        elif command == _THREAD:
            (flavour,) = reader.unpack("I", position + 8)
            form, place = _COUNTERS.get((machine, flavour), ("", 0))
            entry = reader.unpack(form, position + 16 + place)[0] if form else None
        position += length
    words = _TYPES.get(kind, f"file of type {kind}")
    if words == "executable" and flags & _PIE:
        words = "position-independent executable"
    return Headers(
        "Mach-O",
        _MACHINES.get(machine, f"#{machine}"),
        bits,
        "little" if order == "<" else "big",
        words,
        entry,
        tuple(segments),
        tuple(sections),
        tuple(libraries),
        loader,
    )


def universal_parts(data: bytes) -> tuple[tuple[str, int, int], ...]:
    """The files within a universal one: (GOARCH word, offset, size)."""
    reader = Reader(data, "mach-o", order=">")
    (count,) = reader.unpack("I", 4)
    rows = list(reader.table("5I", 8, 8 + 20 * count))
    return tuple(
        (_MACHINES.get(machine, f"#{machine}"), offset, len(reader.slice(offset, size)))
        for machine, _, offset, size, _ in rows
    )


def _segment(reader: Reader, position: int, *, wide: bool) -> tuple[Part, list[Part]]:
    form = "16sQQQQiiII" if wide else "16sIIIIiiII"
    row = reader.unpack(form, position + 8)
    name, address, memory, offset, size, _, protection, count, _ = row
    text = _text(name)
    permissions = _permissions(protection)
    each, start = ("16s16sQQ8I", position + 72) if wide else ("16s16sII7I", position + 56)
    width = 80 if wide else 68
    found = []
    for index in range(count):
        row = reader.unpack(each, start + index * width)
        own, _, place, length, where = row[:5]
        kind = row[8] & 0xFF
        stored = 0 if kind in _ZERO_FILLED else length
        found.append(Part(_text(own), permissions, place, length, where, stored, text))
    return Part(text, permissions, address, memory, offset, size, ""), found


def _permissions(protection: int) -> str:
    return "".join(c if protection & bit else "-" for c, bit in (("r", 1), ("w", 2), ("x", 4)))


def _name(reader: Reader, position: int, length: int, field: int) -> str:
    """A text whose offset within its load command stands in a field of it."""
    (offset,) = reader.unpack("I", position + field)
    if not 12 <= offset <= length:
        raise reader.error("a name lies outside its load command", position)
    return _text(bytes(reader.slice(position + offset, length - offset)))


def _text(raw: bytes) -> str:
    return raw.split(b"\0")[0].decode("utf-8", "replace")
