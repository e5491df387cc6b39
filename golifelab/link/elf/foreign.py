"""Files for macOS and Windows: what their headers say, and no more.

The same Go program, built for another system, lies in a file of another format. The parts have the
same purposes under other names; symbols, functions and relocations are read from ELF files only.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.errors import ParseError
from golifelab.link.elf.buildinfo import BuildInfo, read_build_info
from golifelab.link.elf.macho import MAGICS, UNIVERSAL, macho_headers, universal_parts
from golifelab.link.elf.parts import Headers, Part, read_file
from golifelab.link.elf.pe import pe_headers
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

LIMITS = (
    "Only the headers of this format are read: segments, sections, libraries, build information. "
    "Symbols, functions and relocations are read from ELF files, which Go writes for GOOS=linux."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignImage(Stage):
    """A Mach-O or PE file. `limits` says what is not read of it."""

    path: Path
    headers: Headers
    data: bytes = field(repr=False, compare=False)
    limits: str = field(default=LIMITS, repr=False)

    @property
    def format(self) -> str:
        """Either "Mach-O" or "PE"."""
        return self.headers.format

    @property
    def machine(self) -> str:
        """The processor, as a GOARCH word."""
        return self.headers.machine

    @property
    def bits(self) -> int:
        """The bits of an address: 64 or 32."""
        return self.headers.bits

    @property
    def flavour(self) -> str:
        """What kind of file it is, for people: "executable"."""
        return self.headers.flavour

    @property
    def entry(self) -> int | None:
        """The address of its first code; None in libraries."""
        return self.headers.entry

    @property
    def segments(self) -> tuple[Part, ...]:
        """What is loaded as one; PE files have sections only."""
        return self.headers.segments

    @property
    def sections(self) -> tuple[Part, ...]:
        """The parts with one purpose each, in the file's order."""
        return self.headers.sections

    @property
    def libraries(self) -> tuple[str, ...]:
        """The shared libraries it asks for."""
        return self.headers.libraries

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.data)

    @property
    def build_info(self) -> BuildInfo | None:
        """What `go build` noted, found in a section of that name or in the first writable one."""
        named = [part for part in self.sections if part.name == "__go_buildinfo"]
        writable = [part for part in self.sections if "w" in part.permissions and part.file_size]
        for part in [*named, *writable]:
            block = self.data[part.offset : part.offset + part.file_size]
            found = read_build_info(block, part.address)
            if found is not None:
                return found
        return None

    def section(self, name: str) -> Part | None:
        """The section of a name: "__text" in Mach-O, ".text" in PE."""
        return next((part for part in self.sections if part.name == name), None)

    def frame(self) -> pd.DataFrame:
        """One row a section."""
        import pandas as pd

        return pd.DataFrame([_part_json(part) for part in self.sections], columns=list(_COLUMNS))

    def to_json(self) -> dict[str, Any]:
        """The headers' facts, segments and sections."""
        info = self.build_info
        return self.header() | {
            "path": str(self.path),
            "size": self.size,
            "format": self.format,
            "machine": self.machine,
            "bits": self.bits,
            "flavour": self.flavour,
            "entry": self.entry,
            "libraries": list(self.libraries),
            "go_version": info.go_version if info else "",
            "segments": [_part_json(part) for part in self.segments],
            "sections": [_part_json(part) for part in self.sections],
            "limits": self.limits,
        }


_COLUMNS = (
    *("segment", "name", "permissions", "address", "memory_size"),
    *("offset", "file_size"),
)


def _part_json(part: Part) -> dict[str, Any]:
    return {name: getattr(part, name) for name in _COLUMNS}


def foreign_file(path: str | Path, data: bytes | None = None) -> ForeignImage:
    """Read a Mach-O or PE file, or `data` in its place.

    Of a universal Mach-O file, its first part. GolifelabError when it can't be read, ParseError
    when it is neither or its headers are damaged.
    """
    path = Path(path)
    data = read_file(path) if data is None else data
    if data[:2] == b"MZ":
        return _value(path, pe_headers(data), data)
    if data[:4] == UNIVERSAL:
        parts = universal_parts(data)
        if not parts:
            raise ParseError("mach-o", "it is a universal file without a part")
        _, offset, size = parts[0]
        data = data[offset : offset + size]
    if data[:4] in MAGICS:
        return _value(path, macho_headers(data), data)
    raise ParseError("foreign file", "it is neither a Mach-O nor a PE file")


def _value(path: Path, headers: Headers, data: bytes) -> ForeignImage:
    return ForeignImage(
        path=path,
        headers=headers,
        data=data,
        command=f"go version -m {shlex.quote(str(path))}",
        tier="tool",
        precision="line",
    )
