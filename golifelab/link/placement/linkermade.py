"""What the linker itself wrote into an executable: tables for the runtime and for the loader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from golifelab.errors import ParseError
from golifelab.link.elf.image import Image
from golifelab.link.elf.structure import Section
from golifelab.link.executable import Executable
from golifelab.link.metadata.moduledata import ModuleData, module_data
from golifelab.link.metadata.parts import pclntab_parts
from golifelab.link.metadata.pctables import pc_tables
from golifelab.link.placement.functiondata import FunctionData

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]

Kind = Literal["symbol", "padding", "linker", "unknown"]
_INLINE_TREE = 3  # abi.FUNCDATA_InlTree
_INLINED_CALL = 16  # bytes of a runtime.inlinedCall

# How the names of symbols end that only say where others begin and end: "go:func.*".
_CONTAINER = ".*"

# Sections that are one thing from end to end, by the end of their names: in position-independent
# files the linker puts ".data.rel.ro" before some.
_PURPOSES = {
    ".typelink": "offsets of the types that reflection can look up, sorted by name",
    ".itablink": "pointers to the interface tables that the runtime registers at start",
    ".gosymtab": "an empty section for old tools",
    ".go.buildinfo": "the Go version and the module, for `go version -m`",
    ".go.fipsinfo": "the checksums of the FIPS 140 module",
    ".go.module": "runtime.firstmoduledata: where everything is, for the runtime",
    ".interp": "the path of the dynamic loader",
    ".dynsym": "the symbols that the dynamic loader binds",
    ".dynstr": "the names of the dynamic symbols and libraries",
    ".dynamic": "the dynamic loader's list of what there is",
    ".rela": "relocations for the dynamic loader",
    ".rela.dyn": "relocations for the dynamic loader",
    ".rela.plt": "relocations of the jump slots, for the dynamic loader",
    ".rel": "relocations for the dynamic loader",
    ".rel.plt": "relocations of the jump slots, for the dynamic loader",
    ".plt": "stubs that jump into shared libraries",
    ".got": "addresses that the dynamic loader fills in",
    ".got.plt": "the jump slots of the stubs in .plt",
    ".hash": "a hash table over the dynamic symbols",
    ".gnu.hash": "a hash table over the dynamic symbols",
    ".gnu.version": "which version of its library each dynamic symbol wants",
    ".gnu.version_r": "the versions of libraries that are needed",
    ".init_array": "functions that the C library calls before main",
    ".fini_array": "functions that the C library calls at exit",
    ".init": "the C library's start code",
    ".fini": "the C library's exit code",
    ".eh_frame": "how to unwind C code",
    ".eh_frame_hdr": "an index of .eh_frame",
    ".tbss": "room for thread-local variables: the pointer to the running goroutine",
    ".tdata": "thread-local variables with a value",
}
_NOTE = "a note for tools: the build ID and the like"


@dataclass(frozen=True, slots=True)
class Claim:
    """Bytes that something is known to own, apart from symbols of objects."""

    start: int
    end: int
    name: str
    evidence: str


def whole_section(section: Section) -> list[Claim]:
    """What a section is that holds one thing only; nothing for others."""
    words = _PURPOSES.get(section.name)
    if words is None and section.type == "NOTE":
        words = _NOTE
    for name in (".go.fipsinfo", ".go.buildinfo", ".go.module", ".typelink", ".itablink"):
        if words is None and section.name.endswith(name):
            words = _PURPOSES[name]
    if words is None:
        return []
    end = section.address + section.size
    return [Claim(section.address, end, words, f"the linker makes section {section.name}")]


def leftovers(opened: Executable, section: Section) -> list[Claim]:
    """What moduledata tells about bytes that have no name of their own."""
    try:
        module = module_data(opened.image)
    except ParseError:
        return []
    found = []
    word = opened.image.bits // 8
    types = module["types"]
    if section.covers(types) and not any(opened.bytes_at(types, word)):
        evidence = "the linker skips a word so that no type has the offset 0"
        found.append(Claim(types, types + word, "nothing: offset 0", evidence))
    if opened.linker == "external":
        end = section.address + section.size
        for start, last in _outside(section.address, end, _go_ranges(module)):
            found.append(Claim(start, last, "from C objects", _FOREIGN))
    return found


_FOREIGN = "moduledata: it is outside what Go's linker laid out"
_RANGES = ("text", "rodata", "noptrdata", "data", "bss", "noptrbss")


def _go_ranges(module: ModuleData) -> list[tuple[int, int]]:
    """The parts of the program that Go's linker laid out, ascending."""
    ends = [name for name in _RANGES if f"e{name}" in module]
    return sorted(module.range(name, f"e{name}") for name in ends)


def _outside(start: int, end: int, ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts of a range that touch none of the others; nothing when no range begins in it."""
    inside = [(a, b) for a, b in ranges if start <= a < end or a <= start < b]
    for begin, stop in inside:
        if start < begin:
            yield start, begin
        start = max(start, stop)
    if inside and start < end:
        yield start, end


def table_parts(image: Image, section: Section) -> list[Claim]:
    """The parts of the runtime's function table, when that is what a section holds."""
    if not section.name.endswith("gopclntab"):
        return []
    return [
        Claim(part.address, part.address + part.size, f"pclntab: {part.name}", _TABLE)
        for part in pclntab_parts(image)
        if part.size and part.name not in ("padding", "go:func.*")
    ]


_TABLE = "the header of the runtime's function table"


def function_data(
    opened: Executable, section: Section, ends: Array
) -> tuple[list[Claim], list[Claim]]:
    """What the function table tells of a section: inline trees, and other data of functions.

    The trees of inlined calls are the linker's own; the rest comes from objects. Where one ends is
    not told: `ends` are addresses at which something else starts.
    """
    import numpy as np

    try:
        data = FunctionData(pc_tables(opened.image))
    except ParseError:
        return [], []
    count = int(data.counts.max(initial=0))
    each = [data.of(data.entries, np.full(len(data.entries), n)) for n in range(count)]
    starts = np.unique(np.concatenate([*each, ends]))
    found: tuple[list[Claim], list[Claim]] = ([], [])
    for number, addresses in enumerate(each):
        places, owners = np.unique(addresses, return_index=True)
        here = (places >= section.address) & (places < section.address + section.size)
        places, owners = places[here & (places > 0)], owners[here & (places > 0)]
        following = np.searchsorted(starts, places, "right")
        sizes = starts[np.minimum(following, len(starts) - 1)] - places
        if number == _INLINE_TREE:
            # What follows is aligned to 4 or 8 bytes, so the rest of a record is padding.
            sizes = sizes // _INLINED_CALL * _INLINED_CALL
        what = "inline tree" if number == _INLINE_TREE else f"funcdata {number}"
        for place, size, entry in zip(
            places.tolist(), sizes.tolist(), data.entries[owners].tolist(), strict=True
        ):
            function = opened.function_at(entry)
            name = function.name if function else f"{entry:#x}"
            claim = Claim(place, place + max(size, 0), f"{what} of {name}", _FUNCTION_TABLE)
            found[number != _INLINE_TREE].append(claim)
    return found


_FUNCTION_TABLE = "the runtime's function table points here"


def carriers(opened: Executable, section: Section) -> list[Claim]:
    """Where the symbol table says that many symbols begin which it does not list ("type:*")."""
    import numpy as np

    table = opened.image.symbols
    rows = np.flatnonzero(table.places == section.index).tolist()
    starts = np.r_[table.addresses[rows].astype(np.int64), section.address + section.size]
    found = []
    for row in rows:
        symbol = table[row]
        if symbol.size == 0 and symbol.name.endswith("*"):
            end = int(starts[starts > symbol.address].min(initial=section.address + section.size))
            found.append(Claim(symbol.address, end, symbol.name, _CARRIER))
    return found


_CARRIER = "the executable's symbol table says where they begin, and lists none of them"


def named_symbols(opened: Executable, section: Section, evidence: str) -> list[Claim]:
    """The symbols of the symbol table in a section, smallest first."""
    import numpy as np

    table = opened.image.symbols
    rows = np.flatnonzero((table.places == section.index) & (table.sizes > 0)).tolist()
    found = [
        Claim(
            symbol.address,
            symbol.address + symbol.size,
            symbol.name,
            evidence,
        )
        for symbol in (table[row] for row in rows)
        if symbol.type != "TLS" and not symbol.name.endswith(_CONTAINER)
    ]
    return sorted(found, key=lambda claim: (claim.end - claim.start, claim.start))
