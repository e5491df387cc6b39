"""What is still to be written into an ELF file: by the loader at the start, or by a linker.

Go's linker resolves nearly everything itself. What it leaves to the loader stands here: slots for
functions of shared libraries, and, in files that may be loaded anywhere, every pointer.
Reference: the System V gABI, chapters 4 and 5, and its supplements for the processors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

from golifelab.link.elf.dynamic import symbol_versions
from golifelab.link.elf.structure import Section, Structure, numbers_of
from golifelab.link.elf.symbols import Symbols, symbol_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_ENUMERATIONS = {
    "386": "ENUM_RELOC_TYPE_i386",
    "amd64": "ENUM_RELOC_TYPE_x64",
    "arm": "ENUM_RELOC_TYPE_ARM",
    "arm64": "ENUM_RELOC_TYPE_AARCH64",
    "loong64": "ENUM_RELOC_TYPE_LOONGARCH",
    "mips": "ENUM_RELOC_TYPE_MIPS",
    "mipsle": "ENUM_RELOC_TYPE_MIPS",
    "mips64": "ENUM_RELOC_TYPE_MIPS",
    "mips64le": "ENUM_RELOC_TYPE_MIPS",
    "ppc64": "ENUM_RELOC_TYPE_PPC64",
    "ppc64le": "ENUM_RELOC_TYPE_PPC64",
    "s390x": "ENUM_RELOC_TYPE_S390X",
}
# pyelftools has none of these: the RISC-V ELF psABI, those that loaders meet.
_RISCV = {
    "R_RISCV_NONE": 0,
    "R_RISCV_32": 1,
    "R_RISCV_64": 2,
    "R_RISCV_RELATIVE": 3,
    "R_RISCV_COPY": 4,
    "R_RISCV_JUMP_SLOT": 5,
    "R_RISCV_TLS_DTPMOD64": 7,
    "R_RISCV_TLS_DTPREL64": 9,
    "R_RISCV_TLS_TPREL64": 11,
    "R_RISCV_IRELATIVE": 58,
}
_SECTION_SYMBOL = 3


@dataclass(frozen=True, slots=True)
class LoaderRelocation:
    """One word to be written: at `address`, by the rule `kind` ("R_X86_64_JUMP_SLOT").

    `symbol` with its `version` is what the word is to point to, "" where it is no symbol: then
    `addend` is the link-time address. `section` is the table it stands in. In object files, which
    have no addresses yet, `address` is an offset in the section that the table is for.
    """

    address: int
    kind: str
    symbol: str
    version: str
    addend: int
    section: str


class LoaderRelocations(Sequence[LoaderRelocation]):
    """The relocations of a file, in its order, with numpy columns.

    `addresses` (uint64), `kinds` (uint32), `symbols` (uint32, a row of the symbol table of the
    table's section), `addends` (int64), `tables` (uint16, the index of the table's section).
    """

    def __init__(self, data: bytes, parsed: Structure) -> None:
        """ParseError when a table is damaged."""
        import numpy as np

        self._data = data
        self._parsed = parsed
        parts = [_table(data, parsed, one) for one in parsed.of_type("REL", "RELA", "RELR")]
        self.addresses = _joined([part[0] for part in parts], np.uint64)
        self.kinds = _joined([part[1] for part in parts], np.uint32)
        self.symbols = _joined([part[2] for part in parts], np.uint32)
        self.addends = _joined([part[3] for part in parts], np.int64)
        self.tables = _joined([part[4] for part in parts], np.uint16)

    def __len__(self) -> int:
        return len(self.addresses)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        table = self._parsed.sections[int(self.tables[index])]
        row, kind = int(self.symbols[index]), int(self.kinds[index])
        name, version = self._symbol(table, row) if row else ("", "")
        return LoaderRelocation(
            int(self.addresses[index]),
            self._words.get(kind, f"#{kind}"),
            name,
            version,
            int(self.addends[index]),
            table.name,
        )

    def __iter__(self) -> Iterator[LoaderRelocation]:
        return (self[index] for index in range(len(self)))

    @property
    def kind_names(self) -> list[str]:
        """The kind of each, by name."""
        words = self._words
        return [words.get(kind, f"#{kind}") for kind in self.kinds.tolist()]

    def at(self, address: int) -> LoaderRelocation | None:
        """The one that writes the word at an address."""
        row = self._rows.get(address)
        return None if row is None else self[row]

    def frame(self) -> pd.DataFrame:
        """One row a relocation: address, kind, symbol, version, addend, section."""
        import pandas as pd

        return pd.DataFrame(list(self), columns=[one.name for one in fields(LoaderRelocation)])

    @cached_property
    def relative(self) -> dict[int, int]:
        """Where the loader writes an address of the file itself: place → link-time address.

        What it writes there is that address plus the distance by which it moved the file.
        """
        import numpy as np

        wanted = relative_kind(self._parsed.machine)
        loaded = {s.index for s in self._parsed.sections if s.loaded}
        kept = (self.kinds == wanted) & np.isin(self.tables, list(loaded))
        places = self.addresses[kept].tolist()
        return dict(zip(places, self.addends[kept].view(np.uint64).tolist(), strict=True))

    @cached_property
    def _rows(self) -> dict[int, int]:
        places = self.addresses.tolist()
        return dict(zip(reversed(places), reversed(range(len(places))), strict=True))

    @cached_property
    def _words(self) -> dict[int, str]:
        return kind_words(self._parsed.machine)

    @cached_property
    def _tables(self) -> dict[int, tuple[Symbols, tuple[tuple[str, str], ...]]]:
        return {}

    def _symbol(self, table: Section, row: int) -> tuple[str, str]:
        sections = self._parsed.sections
        known = self._tables.get(table.link)
        if known is None:
            source = sections[table.link] if 0 < table.link < len(sections) else None
            versions = symbol_versions(self._data, self._parsed)
            known = (
                symbol_table(self._data, self._parsed, source, in_file_order=True),
                versions if source is not None and source.type == "DYNSYM" else (),
            )
            self._tables[table.link] = known
        symbols, versions = known
        if row >= len(symbols):
            reader = self._parsed.reader(self._data)
            raise reader.error(f"a relocation is for symbol {row}, which is not there")
        found = symbols[row]
        # A section's own symbol has no name: it is meant by that of the section.
        name = found.section if found.type == "SECTION" and not found.name else found.name
        return name, versions[row][0] if row < len(versions) else ""


def kind_words(machine: str) -> dict[int, str]:
    """The names of the kinds of relocation of a processor, by number."""
    return {number: name for name, number in reversed(_numbers(machine).items())}


def relative_kind(machine: str) -> int:
    """The number of the kind that adds the distance moved; a number that is none, if unknown."""
    kinds = _numbers(machine).items()
    return next((number for name, number in kinds if name.endswith("_RELATIVE")), -1 & 0xFFFFFFFF)


def _numbers(machine: str) -> dict[str, int]:
    if machine == "riscv64":
        return _RISCV
    return numbers_of(_ENUMERATIONS[machine]) if machine in _ENUMERATIONS else {}


def _joined(parts: list[np.ndarray], kind: Any) -> np.ndarray:
    import numpy as np

    return np.concatenate(parts).astype(kind) if parts else np.zeros(0, kind)


def _table(data: bytes, parsed: Structure, section: Section) -> tuple[np.ndarray, ...]:
    """The columns of one table: address, kind, symbol, addend, index of the table."""
    import numpy as np

    reader = parsed.reader(data)
    raw = reader.slice(section.offset, section.file_size)
    word, order = f"u{parsed.word}", parsed.order
    if section.type == "RELR":
        return _packed(data, parsed, section, raw)
    fields = [("address", word), ("info", word)]
    fields += [("addend", f"i{parsed.word}")] if section.type == "RELA" else []
    form = np.dtype(fields).newbyteorder(order)
    if len(raw) % form.itemsize:
        raise reader.error("a relocation table does not end with a relocation", section.offset)
    rows = np.frombuffer(raw, form)
    info = rows["info"].astype(np.uint64)
    half = np.uint64(32 if parsed.bits == 64 else 8)
    kinds = (info & ((np.uint64(1) << half) - np.uint64(1))).astype(np.uint32)
    symbols = (info >> half).astype(np.uint32)
    if parsed.machine.startswith("mips64"):
        # Its own layout: the symbol's four bytes first, and the kind in the last of all eight.
        parts = np.frombuffer(info.astype(f"{order}u8").tobytes(), f"{order}u4").reshape(-1, 2)
        symbols = parts[:, 0].astype(np.uint32)
        kinds = (parts[:, 1] & 0xFF if order == ">" else parts[:, 1] >> 24).astype(np.uint32)
    addresses = rows["address"].astype(np.uint64)
    if section.type == "RELA":
        addends = rows["addend"].astype(np.int64)
    else:
        wanted = kinds == relative_kind(parsed.machine)
        addends = np.zeros(len(rows), np.int64)
        addends[wanted] = _words_at(data, parsed, addresses[wanted])
    tables = np.full(len(rows), section.index & 0xFFFF, np.uint16)
    return addresses, kinds, symbols, addends, tables


def _packed(
    data: bytes, parsed: Structure, section: Section, raw: memoryview
) -> tuple[np.ndarray, ...]:
    """A table of relative relocations only, as addresses and bitmaps of the words after them."""
    import numpy as np

    reader = parsed.reader(data)
    if len(raw) % parsed.word:
        raise reader.error("a table does not end with a word", section.offset)
    places: list[int] = []
    base = 0
    for word in np.frombuffer(raw, f"{parsed.order}u{parsed.word}").tolist():
        if not word & 1:
            places.append(word)
            base = word + parsed.word
            continue
        places += [
            base + bit * parsed.word for bit in range(parsed.bits - 1) if word >> (bit + 1) & 1
        ]
        base += (parsed.bits - 1) * parsed.word
        if len(places) > len(data):
            raise reader.error("a table is for more words than the file has", section.offset)
    addresses = np.array([place & (1 << 64) - 1 for place in places], np.uint64)
    count = len(addresses)
    return (
        addresses,
        np.full(count, relative_kind(parsed.machine), np.uint32),
        np.zeros(count, np.uint32),
        _words_at(data, parsed, addresses),
        np.full(count, section.index & 0xFFFF, np.uint16),
    )


def _words_at(data: bytes, parsed: Structure, addresses: np.ndarray) -> np.ndarray:
    """The words that stand in the file at addresses, 0 outside it: where REL keeps addends."""
    import numpy as np

    found = np.zeros(len(addresses), np.int64)
    for segment in parsed.segments:
        size = min(segment.file_size, max(len(data) - segment.offset, 0))
        if segment.type != "LOAD" or size < parsed.word or segment.address + size >> 64:
            continue
        first, last = np.uint64(segment.address), np.uint64(segment.address + size - parsed.word)
        inside = (addresses >= first) & (addresses <= last)
        offsets = (addresses[inside] - first).astype(np.int64) + segment.offset
        content = np.frombuffer(data, np.uint8)
        pieces = content[offsets[:, None] + np.arange(parsed.word)]
        words = np.ascontiguousarray(pieces).view(f"{parsed.order}u{parsed.word}")
        found[inside] = words.reshape(-1).astype(np.uint64).view(np.int64)
    return found
