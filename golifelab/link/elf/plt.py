"""How a file calls functions of shared libraries: stubs that jump through slots.

A call to puts goes to a stub in .plt, which jumps to the address that the loader wrote into a slot
of .got.plt. Which slot a stub means is read from its own machine code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from golifelab.link.elf.relocations import LoaderRelocations
from golifelab.link.elf.structure import Section, Structure

if TYPE_CHECKING:
    from collections.abc import Callable

# jmp *slot: relative to the next instruction on amd64, absolute on 386 or counted from EBX.
_JUMP = re.compile(rb"\xff\x25(....)", re.DOTALL)
_JUMP_EBX = re.compile(rb"\xff\xa3(....)", re.DOTALL)
_RESERVED = ("the dynamic section", "the file, as the loader knows it", "the loader's resolver")


@dataclass(frozen=True, slots=True)
class PltEntry:
    """A stub: `size` bytes of code at `address` that jump to where the word at `slot` points.

    `symbol` is "" for the first stub of a lazily bound table, which calls the loader.
    """

    address: int
    size: int
    slot: int
    symbol: str
    version: str
    section: str


@dataclass(frozen=True, slots=True)
class GotEntry:
    """A slot: a word that the loader fills. `value` is what the file holds there.

    `kind` is the relocation's without its prefix ("JUMP_SLOT"), "reserved" for the first three of a
    .got.plt, "fixed" where the linker has filled it for good. `meaning` says what a reserved one is
    for.
    """

    address: int
    section: str
    kind: str
    symbol: str
    version: str
    value: int
    meaning: str = ""


def plt_entries(
    data: bytes, parsed: Structure, relocations: LoaderRelocations
) -> tuple[PltEntry, ...]:
    """The stubs, by address: on amd64, 386 and arm64. () for other processors and static files."""
    decode = _DECODERS.get(parsed.machine)
    if decode is None:
        return ()
    found = []
    for section in parsed.sections:
        if not (section.name.startswith((".plt", ".iplt")) and "X" in section.flags):
            continue
        content = data[section.offset : section.offset + section.file_size]
        for address, size, slot in decode(parsed, section, content):
            filled = relocations.at(slot)
            name, version = (filled.symbol, filled.version) if filled else ("", "")
            found.append(PltEntry(address, size, slot, name, version, section.name))
    return tuple(sorted(found, key=lambda entry: entry.address))


def got_entries(
    data: bytes, parsed: Structure, relocations: LoaderRelocations
) -> tuple[GotEntry, ...]:
    """The slots of .got and .got.plt, in the file's order."""
    found = []
    width = parsed.word
    for section in parsed.sections:
        if section.name not in (".got", ".got.plt") or section.type != "PROGBITS":
            continue
        content = data[section.offset : section.offset + section.file_size]
        for index in range(len(content) // width):
            address = section.address + index * width
            raw = content[index * width : (index + 1) * width]
            value = int.from_bytes(raw, "little" if parsed.order == "<" else "big")
            filled = relocations.at(address)
            kind, symbol, version, meaning = "fixed", "", "", ""
            if filled is not None:
                kind = _short(filled.kind)
                symbol, version = filled.symbol, filled.version
            elif section.name == ".got.plt" and index < len(_RESERVED):
                kind, meaning = "reserved", _RESERVED[index]
            found.append(GotEntry(address, section.name, kind, symbol, version, value, meaning))
    return tuple(found)


def _short(kind: str) -> str:
    """The kind without its processor: JUMP_SLOT of R_X86_64_JUMP_SLOT."""
    return re.sub(r"^R_(X86_64|386|AARCH64|ARM|RISCV|390|PPC64|LARCH|MIPS)_", "", kind)


def _amd64(_: Structure, section: Section, content: bytes) -> Iterator[tuple[int, int, int]]:
    for start, size, piece in _pieces(section, content):
        if jump := _JUMP.search(piece):
            after = section.address + start + jump.end()
            distance = int.from_bytes(jump[1], "little", signed=True)
            yield section.address + start, size, after + distance & (1 << 64) - 1


def _386(parsed: Structure, section: Section, content: bytes) -> Iterator[tuple[int, int, int]]:
    # EBX holds the address of the slots' table in code that may be loaded anywhere.
    tables = {one.name: one.address for one in parsed.sections}
    base = tables.get(".got.plt", tables.get(".got", 0))
    for start, size, piece in _pieces(section, content):
        if jump := _JUMP.search(piece):
            yield section.address + start, size, int.from_bytes(jump[1], "little")
        elif jump := _JUMP_EBX.search(piece):
            slot = base + int.from_bytes(jump[1], "little") & 0xFFFFFFFF
            yield section.address + start, size, slot


def _arm64(_: Structure, section: Section, content: bytes) -> Iterator[tuple[int, int, int]]:
    """ADRP X16, page; LDR X17, [X16, offset]: the slot. The first stub has a push before it."""
    words = [int.from_bytes(content[i : i + 4], "little") for i in range(0, len(content) - 3, 4)]
    start = 0
    for index in range(len(words) - 1):
        page, load = words[index : index + 2]
        if page & 0x9F00001F == 0x90000010 and load & 0xFFC003FF == 0xF9400211:
            address = section.address + 4 * index
            immediate = (page >> 5 & 0x7FFFF) << 2 | page >> 29 & 3
            immediate -= (immediate & 1 << 20) << 1
            slot = (address & ~0xFFF) + (immediate << 12) + (load >> 10 & 0xFFF) * 8
            first = index == 1 and not start
            begin = section.address if first else address
            yield begin, 32 if first else 16, slot & (1 << 64) - 1
            start = index


def _pieces(section: Section, content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The stubs of a table one by one: start, size, code."""
    size = section.entry_size if section.entry_size in (8, 16) else 16
    if section.name == ".plt.got" and section.entry_size not in (8, 16):
        size = 8
    for start in range(0, len(content) - size + 1, size):
        yield start, size, content[start : start + size]


_DECODERS: dict[str, Callable[[Structure, Section, bytes], Iterator[tuple[int, int, int]]]] = {
    "amd64": _amd64,
    "386": _386,
    "arm64": _arm64,
}
