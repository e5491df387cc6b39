"""The executable of a program, as a value."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.compile.dump import code_of
from golifelab.errors import FeatureUnavailable, GolifelabError, ParseError
from golifelab.link.elf.image import Image
from golifelab.link.elf.structure import Section, Segment
from golifelab.link.elf.symbols import Function, ImageSymbol, Symbols
from golifelab.link.metadata.pclntab import FunctionTable
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.link import Mode, link_object
from golifelab.toolchain.shell import compile_line

if TYPE_CHECKING:
    import pandas as pd

_KEY = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Executable(Stage):
    """What `go tool link` writes. `output` is what the linker printed, `mode` how it was called.

    Addresses are link-time addresses: those in the file, before a loader moves anything.
    """

    path: Path
    image: Image = field(repr=False, compare=False)
    mode: Mode = field(default_factory=Mode)
    output: str = field(default="", repr=False, compare=False)

    @property
    def name(self) -> str:
        """What to call it: its file's name, unless that is a key of the cache."""
        return called(self.path)

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.image.size

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections, in the file's order."""
        return self.image.sections

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments, in the file's order."""
        return self.image.segments

    @property
    def symbols(self) -> Symbols:
        """The symbol table, by address; empty when stripped."""
        return self.image.symbols

    @property
    def functions(self) -> Sequence[Function]:
        """All functions, by address: from the symbol table, or the runtime's own when stripped."""
        return self.image.functions or _runtime_functions(self.image)

    @property
    def pclntab(self) -> FunctionTable:
        """The runtime's table of functions and lines, which every Go program carries."""
        return function_table(self.image)

    @property
    def entry(self) -> int:
        """The address where the file's first code is."""
        return self.image.entry

    @property
    def entry_symbol(self) -> str:
        """The name of the file's first code; "" where neither table has it."""
        known = self.image.entry_symbol
        try:
            return known or getattr(self.pclntab.find(self.entry), "name", "")
        except ParseError:  # Not a Go program, or no sound one: it has no such table.
            return ""

    @property
    def interpreter(self) -> str:
        """The dynamic loader it asks for, "" for none."""
        return self.image.interpreter

    @property
    def needed(self) -> tuple[str, ...]:
        """The shared libraries it asks for."""
        return self.image.needed

    @property
    def static(self) -> bool:
        """Whether no dynamic loader takes part."""
        return not self.interpreter

    @property
    def linker(self) -> str:
        """Who wrote the file: Go's "internal" linker or an "external" one, called by Go's."""
        return linker_of(self.image)

    def section_at(self, address: int) -> Section | None:
        """The section an address lies in once loaded."""
        return self.image.section_at(address)

    def segment_at(self, address: int) -> Segment | None:
        """The LOAD segment an address lies in."""
        return self.image.segment_at(address)

    def offset_of(self, address: int) -> int | None:
        """Where in the file the byte at an address comes from."""
        return self.image.offset_of(address)

    def address_of(self, offset: int) -> int | None:
        """Where a byte of the file is loaded."""
        return self.image.address_of(offset)

    def bytes_at(self, address: int, count: int) -> bytes:
        """Bytes as they are loaded at an address."""
        return self.image.bytes_at(address, count)

    def symbol(self, name: str) -> ImageSymbol | None:
        """The symbol of a name."""
        return self.image.symbol(name)

    def symbol_at(self, address: int) -> ImageSymbol | None:
        """The innermost symbol that covers an address."""
        return self.image.symbol_at(address)

    def function(self, name: str) -> Function | None:
        """The function of a name ("main.add"), in stripped files too."""
        if self.image.functions:
            return self.image.function(name)
        found = self.pclntab.named(name)
        return Function(found.name, found.entry, found.end - found.entry) if found else None

    def function_at(self, address: int) -> Function | None:
        """The function that covers an address, in stripped files too."""
        if self.image.functions:
            return self.image.function_at(address)
        found = self.pclntab.find(address)
        return Function(found.name, found.entry, found.end - found.entry) if found else None

    def frame(self) -> pd.DataFrame:
        """One row a section."""
        import pandas as pd

        return pd.DataFrame([_section_json(section) for section in self.sections])

    def to_json(self) -> dict[str, Any]:
        """The header's facts, segments and sections."""
        return self.header() | {
            "path": str(self.path),
            "size": self.size,
            "type": self.image.type,
            "machine": self.image.machine,
            "entry": self.entry,
            "entry_symbol": self.entry_symbol,
            "linker": self.linker,
            "static": self.static,
            "interpreter": self.interpreter,
            "needed": list(self.needed),
            "symbols": len(self.symbols),
            "functions": len(self.functions),
            "segments": [_segment_json(segment) for segment in self.segments],
            "sections": [_section_json(section) for section in self.sections],
        }


# The systems whose executables have other formats: PE, Mach-O, WebAssembly, XCOFF, Plan 9's own.
_FOREIGN = frozenset(("windows", "darwin", "ios", "js", "wasip1", "aix", "plan9"))


def called(path: Path) -> str:
    """What to call an executable file: its name, unless that is a key of the cache."""
    return "the executable" if _KEY.fullmatch(path.name) else path.name


def link(source: Source, target: Target, mode: Mode | None = None) -> Executable:
    """Compile and link a program.

    Raises CompileFailed or LinkFailed when a tool refuses, GolifelabError for other packages than
    main, FeatureUnavailable for systems whose executables are no ELF files.
    """
    if target.goos in _FOREIGN:
        raise FeatureUnavailable(
            f"the executable of a program for {target.platform}",
            "what Go writes for it is no ELF file",
            remedy="its headers are read by foreign_file(path) of golifelab.link.elf.foreign",
        )
    if source.package != "main":
        raise GolifelabError(
            f"package {source.package} is not a program: only package main is linked",
            remedy="look at the object instead",
        )
    linked = link_object(code_of(source, target).object, source, target, mode)
    return executable(
        linked.path,
        mode=mode or Mode(),
        command=f"{compile_line(source, target)} && {linked.command}",
        seconds=linked.seconds,
        output=linked.output,
    )


def executable(
    path: str | Path,
    *,
    mode: Mode | None = None,
    command: str = "",
    seconds: float = 0.0,
    output: str = "",
) -> Executable:
    """The value of an executable on disk; ParseError when it is no sound ELF file."""
    path = Path(path)
    return Executable(
        path=path,
        image=Image(path),
        mode=mode or Mode(),
        output=output,
        command=command or f"readelf --wide --headers {shlex.quote(str(path))}",
        seconds=seconds,
        tier="tool",
        precision="line",
    )


@lru_cache(maxsize=16)
def _runtime_functions(image: Image) -> tuple[Function, ...]:
    return tuple(Function(f.name, f.entry, f.end - f.entry) for f in function_table(image))


@lru_cache(maxsize=16)
def function_table(image: Image) -> FunctionTable:
    """The function table of an image, made once."""
    return FunctionTable(image)


def linker_of(image: Image) -> str:
    """Who wrote the file: "external" for a C linker (it leaves a .comment), else "internal"."""
    return "external" if image.section(".comment") else "internal"


def _segment_json(segment: Segment) -> dict[str, Any]:
    return {
        "type": segment.type,
        "permissions": segment.permissions,
        "offset": segment.offset,
        "address": segment.address,
        "file_size": segment.file_size,
        "memory_size": segment.memory_size,
        "alignment": segment.alignment,
    }


def _section_json(section: Section) -> dict[str, Any]:
    return {
        "name": section.name,
        "type": section.type,
        "flags": section.flags,
        "address": section.address,
        "offset": section.offset,
        "size": section.size,
        "alignment": section.alignment,
    }
