"""What an executable says about how it wants to be started."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from golifelab.errors import ParseError


@dataclass(frozen=True, slots=True)
class Binary:
    """The facts of an ELF executable that decide how it starts.

    `interpreter` is the program named by PT_INTERP (empty: none), `needed` the shared libraries,
    `entry` the address of the first own instruction, `entry_symbol` the symbol there. `segments`
    are (address, file size, memory size, permissions) of every PT_LOAD, `sections` name → size,
    `functions` the names of code symbols, `objects` data symbol → section.
    """

    interpreter: str
    needed: tuple[str, ...]
    entry: int
    entry_symbol: str
    size: int
    segments: tuple[tuple[int, int, int, str], ...]
    sections: dict[str, int]
    functions: frozenset[str]
    objects: dict[str, str]

    @property
    def dynamic(self) -> bool:
        """Whether another program, the dynamic loader, starts it."""
        return bool(self.interpreter)


def read_binary(path: Path) -> Binary:
    """Read an ELF executable; ParseError when it is none."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    try:
        with path.open("rb") as file:
            return _read(ELFFile(file), path.stat().st_size)
    except (ELFError, AttributeError, KeyError, ValueError, UnicodeDecodeError) as error:
        raise ParseError("elf", f"{path.name}: {error}") from error


def _read(elf: object, size: int) -> Binary:
    segments: list[tuple[int, int, int, str]] = []
    interpreter, needed = "", ()
    for segment in elf.iter_segments():  # type: ignore[attr-defined]
        header = segment.header
        if header.p_type == "PT_INTERP":
            interpreter = segment.get_interp_name()
        elif header.p_type == "PT_DYNAMIC":
            needed = tuple(tag.needed for tag in segment.iter_tags("DT_NEEDED"))
        elif header.p_type == "PT_LOAD":
            flags = "".join(
                c if header.p_flags & bit else "-" for c, bit in zip("rwx", (4, 2, 1), strict=True)
            )
            segments.append((header.p_vaddr, header.p_filesz, header.p_memsz, flags))
    entry = elf.header.e_entry  # type: ignore[attr-defined]
    names = [section.name for section in elf.iter_sections()]  # type: ignore[attr-defined]
    functions: set[str] = set()
    objects: dict[str, str] = {}
    entry_symbols: list[str] = []
    table = elf.get_section_by_name(".symtab")  # type: ignore[attr-defined]
    for symbol in table.iter_symbols() if table is not None else ():
        kind, place = symbol.entry.st_info.type, symbol.entry.st_shndx
        if kind == "STT_FUNC" and isinstance(place, int):
            functions.add(symbol.name)
            if symbol.entry.st_value == entry:
                entry_symbols.append(symbol.name)
        elif kind in ("STT_OBJECT", "STT_NOTYPE") and isinstance(place, int):
            objects[symbol.name] = names[place] if place < len(names) else ""
    return Binary(
        interpreter,
        needed,
        entry,
        entry_symbols[0] if entry_symbols else "",
        size,
        tuple(segments),
        {s.name: s.header.sh_size for s in elf.iter_sections() if s.name},  # type: ignore[attr-defined]
        frozenset(functions),
        objects,
    )
