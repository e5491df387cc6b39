"""An ELF file as a value: where everything lies, in the file and in memory."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

from golifelab.errors import ParseError
from golifelab.link.elf.buildinfo import BuildInfo, read_build_info
from golifelab.link.elf.dynamic import (
    DynamicEntry,
    Version,
    dynamic_entries,
    needed_versions,
    symbol_versions,
)
from golifelab.link.elf.notes import Note, notes
from golifelab.link.elf.parts import read_file
from golifelab.link.elf.plt import GotEntry, PltEntry, got_entries, plt_entries
from golifelab.link.elf.relocations import LoaderRelocations
from golifelab.link.elf.structure import MAGIC, Section, Segment, format_word, structure
from golifelab.link.elf.symbols import Function, Functions, ImageSymbol, Symbols, symbol_table


class Image:
    """Any ELF file. Opening reads headers only; the symbol table is read when it is asked for.

    Addresses are link-time addresses: those in the file, before a loader moves anything.
    """

    def __init__(self, path: str | Path, data: bytes | None = None) -> None:
        """Read a file, or `data` in its place.

        GolifelabError when it can't be read, ParseError when it is no sound ELF file.
        """
        self.path = Path(path)
        self.data = data = read_file(self.path) if data is None else data
        if data[:4] != MAGIC:
            # The reader has asked for a file, and may know it by nothing but this path.
            raise ParseError("elf", f"{self.path} is not one: {format_word(data)}")
        self._structure = parsed = structure(data)
        self.bits = parsed.bits
        self.byte_order = parsed.byte_order
        self.type = parsed.type
        self.machine = parsed.machine
        self.entry = parsed.entry
        self.segments: tuple[Segment, ...] = parsed.segments
        self.sections: tuple[Section, ...] = parsed.sections

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.data)

    @property
    def stripped(self) -> bool:
        """Whether it has no symbol table."""
        return all(section.type != "SYMTAB" for section in self.sections)

    @cached_property
    def interpreter(self) -> str:
        """The dynamic loader it asks for, "" for none."""
        segment = next((s for s in self.segments if s.type == "INTERP"), None)
        if segment is None:
            return ""
        raw = self.data[segment.offset : segment.offset + min(segment.file_size, 4096)]
        return raw.split(b"\0")[0].decode("utf-8", "replace")

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The shared libraries it asks for, in order."""
        return tuple(entry.text for entry in self.dynamic if entry.tag == "NEEDED")

    @cached_property
    def dynamic(self) -> tuple[DynamicEntry, ...]:
        """What the file tells the dynamic loader, in order; () for static files."""
        return dynamic_entries(self.data, self._structure)

    @cached_property
    def build_info(self) -> BuildInfo | None:
        """What the Go linker noted about the build; None in files of other linkers."""
        section = self.section(".go.buildinfo")
        if section is not None:
            return read_build_info(self.section_bytes(section), section.address)
        # As debug/buildinfo: other linkers put it into the first writable part of the file.
        for segment in self.segments:
            if segment.type == "LOAD" and "w" in segment.permissions and segment.file_size:
                block = self.data[segment.offset : segment.offset + segment.file_size]
                return read_build_info(block, segment.address)
        return None

    @cached_property
    def symbols(self) -> Symbols:
        """The symbol table, by address; empty when stripped."""
        found = self._structure.of_type("SYMTAB")
        return symbol_table(self.data, self._structure, found[0] if found else None)

    @property
    def functions(self) -> Functions:
        """The symbols that are machine code, by address; empty when stripped."""
        return self.symbols.functions

    @cached_property
    def dynamic_symbols(self) -> tuple[ImageSymbol, ...]:
        """What the file offers to and wants from shared libraries, in the file's order."""
        found = self._structure.of_type("DYNSYM")
        versions = symbol_versions(self.data, self._structure)
        table = symbol_table(
            self.data,
            self._structure,
            found[0] if found else None,
            in_file_order=True,
            versions=versions,
        )
        return tuple(symbol for symbol in table if symbol.name)

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """The versions of libraries that it asks for: libc.so.6, GLIBC_2.34."""
        return needed_versions(self.data, self._structure)

    @cached_property
    def relocations(self) -> LoaderRelocations:
        """What the loader has to write when it starts the file; in an object file, the linker."""
        return LoaderRelocations(self.data, self._structure)

    @property
    def relative(self) -> dict[int, int]:
        """Where the loader writes addresses of the file itself: place → link-time address."""
        return self.relocations.relative

    @cached_property
    def plt(self) -> tuple[PltEntry, ...]:
        """The stubs through which it calls functions of shared libraries, by address."""
        return plt_entries(self.data, self._structure, self.relocations)

    @cached_property
    def got(self) -> tuple[GotEntry, ...]:
        """The slots that the loader fills with addresses."""
        return got_entries(self.data, self._structure, self.relocations)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What tools wrote into the file for others to find."""
        return notes(self.data, self._structure)

    @property
    def build_id(self) -> str:
        """Go's build ID, "" for none: it names the inputs and the content."""
        return self._note("Go", 4)

    @property
    def gnu_build_id(self) -> str:
        """The build ID that debuggers look for, in hexadecimal; "" for none."""
        return self._note("GNU", 3)

    @property
    def flavour(self) -> str:
        """What kind of file it is, for people: "position-independent executable"."""
        if self.type != "DYN":
            words = {"EXEC": "executable", "REL": "object file", "CORE": "core dump"}
            return words.get(self.type, f"file of type {self.type}")
        said = {entry.tag: entry.text for entry in self.dynamic}
        if "PIE" in said.get("FLAGS_1", "").split() or (self.interpreter and "SONAME" not in said):
            return "position-independent executable"
        return "shared library"

    @property
    def entry_symbol(self) -> str:
        """The name at the entry address: the first code of the file that runs.

        "" when stripped, and in shared libraries that have none.
        """
        if not self.entry:
            return ""
        found = self.function_at(self.entry) or self.symbol_at(self.entry)
        return found.name if found else ""

    def section(self, name: str) -> Section | None:
        """The section of a name."""
        return next((section for section in self.sections if section.name == name), None)

    def section_at(self, address: int) -> Section | None:
        """The section an address lies in once loaded."""
        return next((section for section in self.sections if section.covers(address)), None)

    def section_at_offset(self, offset: int) -> Section | None:
        """The section a byte of the file belongs to."""
        covering = (s for s in self.sections if s.offset <= offset < s.offset + s.file_size)
        return next(covering, None)

    def segment_at(self, address: int) -> Segment | None:
        """The LOAD segment an address lies in."""
        return next((s for s in self.segments if s.type == "LOAD" and s.covers(address)), None)

    def offset_of(self, address: int) -> int | None:
        """Where in the file the byte at an address comes from; None when from nowhere (zeroes)."""
        segment = self.segment_at(address)
        if segment is None or address - segment.address >= segment.file_size:
            return None
        return segment.offset + address - segment.address

    def address_of(self, offset: int) -> int | None:
        """Where a byte of the file is loaded; None when it is not."""
        for segment in self.segments:
            if segment.type == "LOAD" and 0 <= offset - segment.offset < segment.file_size:
                return segment.address + offset - segment.offset
        return None

    def bytes_at(self, address: int, count: int) -> bytes:
        """Bytes as they are loaded at an address: fewer where the file's part of it ends."""
        segment = self.segment_at(address)
        offset = self.offset_of(address)
        if segment is None or offset is None or count <= 0:
            return b""
        return self.data[offset : min(offset + count, segment.offset + segment.file_size)]

    def pointer_at(self, address: int) -> int:
        """The address that stands in a word, as the loader will write it; 0 from nowhere."""
        moved = self.relative.get(address)
        if moved is not None:
            return moved
        order: Literal["little", "big"] = "little" if self.byte_order == "little" else "big"
        return int.from_bytes(self.bytes_at(address, self.bits // 8), order)

    def section_bytes(self, section: Section) -> bytes:
        """The bytes a section has in the file."""
        return self.data[section.offset : section.offset + section.file_size]

    def symbol(self, name: str) -> ImageSymbol | None:
        """The symbol of a name. Where several share it, the one at the lowest address."""
        row = self.symbols.rows.get(name)
        return None if row is None else self.symbols[row]

    def symbol_at(self, address: int) -> ImageSymbol | None:
        """The innermost symbol that covers an address, or stands exactly there."""
        return self.symbols.at(address)

    def function(self, name: str) -> Function | None:
        """The function of a name. Where several share it, the one at the lowest address."""
        return self.functions.named(name)

    def function_at(self, address: int) -> Function | None:
        """The function that covers an address."""
        return self.functions.at(address)

    def _note(self, owner: str, kind: int) -> str:
        found = (note.text for note in self.notes if (note.owner, note.type) == (owner, kind))
        return next(found, "")
