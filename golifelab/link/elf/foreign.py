"""Files for macOS and Windows: what their headers say, and no more.

The same Go program, built for another system, lies in a file of another format. The parts have the
same purposes under other names; symbols, functions and relocations are read from ELF files only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from golifelab.errors import ParseError
from golifelab.link.elf.buildinfo import BuildInfo, read_build_info
from golifelab.link.elf.macho import MAGICS, UNIVERSAL, macho_headers, universal_parts
from golifelab.link.elf.parts import Headers, Part, read_file
from golifelab.link.elf.pe import pe_headers

if TYPE_CHECKING:
    import pandas as pd

LIMITS = (
    "Only the headers of this format are read: segments, sections, libraries, build information. "
    "Symbols, functions and relocations are read from ELF files, which Go writes for GOOS=linux."
)


@dataclass(frozen=True, eq=False)
class ForeignImage:
    """A Mach-O or PE file. `limits` says what is not read of it."""

    path: Path
    headers: Headers
    data: bytes = field(repr=False)
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

    @cached_property
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

        columns = ("segment", "name", "permissions", "address", "memory_size", "offset")
        rows = [
            {name: getattr(part, name) for name in columns} | {"file_size": part.file_size}
            for part in self.sections
        ]
        return pd.DataFrame(rows, columns=[*columns, "file_size"])


def foreign_file(path: str | Path, data: bytes | None = None) -> ForeignImage:
    """Read a Mach-O or PE file, or `data` in its place.

    Of a universal Mach-O file, its first part. GolifelabError when it can't be read, ParseError
    when it is neither or its headers are damaged.
    """
    path = Path(path)
    data = read_file(path) if data is None else data
    if data[:2] == b"MZ":
        return ForeignImage(path, pe_headers(data), data)
    if data[:4] == UNIVERSAL:
        parts = universal_parts(data)
        if not parts:
            raise ParseError("mach-o", "it is a universal file without a part")
        _, offset, size = parts[0]
        data = data[offset : offset + size]
    if data[:4] in MAGICS:
        return ForeignImage(path, macho_headers(data), data)
    raise ParseError("foreign file", "it is neither a Mach-O nor a PE file")
