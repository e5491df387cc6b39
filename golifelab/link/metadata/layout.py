"""How the runtime lays out its moduledata: read from the source of the Go that wrote the program.

moduledata is an ordinary Go struct, and nearly every release moves its fields. Its declaration is
in $GOROOT/src/runtime/symtab.go; where that release is not installed, a copy of the field list of
the releases that are supported serves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from golifelab.errors import ParseError, ToolchainNotFound
from golifelab.link.elf.image import Image
from golifelab.toolchain.go import find_go
from golifelab.toolchain.install import installed_versions

_RELEASE = re.compile(r"(\d+)\.(\d+)")
_STRUCT = re.compile(r"^type moduledata struct \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"(\w+(?:, \w+)*)\s+(\S+)$")

_HEAD = """pcHeader *pcHeader; funcnametab []byte; cutab []uint32; filetab, pctab, pclntable []byte;
ftab []functab; findfunctab, minpc, maxpc, text, etext, noptrdata, enoptrdata, data, edata, bss,
ebss, noptrbss, enoptrbss, covctrs, ecovctrs, end, gcdata, gcbss, types"""
_TAIL = """ptab []ptabEntry; pluginpath string; pkghashes []modulehash; inittasks []*initTask;
modulename string; modulehashes []modulehash; hasmain uint8; bad bool;
gcdatamask, gcbssmask bitvector; typemap map; next *moduledata"""
_LINKS = "textsectmap []textsect; typelinks []int32; itablinks []*itab"
_KNOWN = {
    (1, 24): f"{_HEAD}, etypes, rodata, gofunc uintptr; {_LINKS}; {_TAIL}",
    (1, 26): f"{_HEAD}, etypes, rodata, gofunc, epclntab uintptr; {_LINKS}; {_TAIL}",
    (
        1,
        27,
    ): f"{_HEAD}, typedesclen, etypes, itaboffset, itabsize, rodata, gofunc, epclntab uintptr;"
    f" textsectmap []textsect; {_TAIL}",
}


@dataclass(frozen=True, slots=True)
class ModuleField:
    """A field of moduledata: `offset` bytes from its start, `size` bytes long."""

    name: str
    type: str
    offset: int
    size: int


def module_layout(image: Image) -> tuple[ModuleField, ...]:
    """The fields of a program's moduledata, in order.

    A program without build information has the layout of the newest release that is known.
    """
    release = release_of(image)
    root = goroot_of(image)
    fields = declared_fields(root) if root else None
    return _placed(fields or known_fields(release), image.bits // 8)


def release_of(image: Image) -> tuple[int, int]:
    """The Go release that built a program, (1, 27); (0, 0) when the file does not tell."""
    info = image.build_info
    match = _RELEASE.match(info.go_version) if info else None
    return (int(match[1]), int(match[2])) if match else (0, 0)


def goroot_of(image: Image) -> Path | None:
    """The GOROOT of a Go of the release that built a program, where one is installed."""
    return _goroot(release_of(image))


@lru_cache(maxsize=8)
def declared_fields(root: Path) -> tuple[tuple[str, str], ...] | None:
    """The names and types of moduledata's fields in a GOROOT's source; None where it has none.

    ParseError when the declaration is not understood.
    """
    try:
        text = (root / "src" / "runtime" / "symtab.go").read_text(encoding="utf-8")
    except OSError:
        return None
    match = _STRUCT.search(text)
    if match is None:
        raise ParseError("Go's sources", "runtime/symtab.go declares no moduledata")
    lines = (line.split("//")[0].strip() for line in match[1].splitlines())
    return tuple(_fields(line for line in lines if line and line != "sys.NotInHeap"))


def known_fields(release: tuple[int, int]) -> tuple[tuple[str, str], ...]:
    """The names and types of moduledata's fields in a release, without its source."""
    fitting = [text for since, text in _KNOWN.items() if not any(release) or since <= release]
    text = fitting[-1] if fitting else _KNOWN[1, 24]
    return tuple(_fields(" ".join(part.split()) for part in text.split(";")))


def _fields(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        match = _FIELD.match(line)
        if match is None:
            raise ParseError("Go's sources", f"moduledata has a field {line!r}")
        for name in match[1].split(", "):
            yield name, match[2]


def _placed(fields: Iterable[tuple[str, str]], word: int) -> tuple[ModuleField, ...]:
    placed = []
    offset = 0
    for name, kind in fields:
        size, alignment = _measure(kind, word)
        offset += -offset % alignment
        placed.append(ModuleField(name, kind, offset, size))
        offset += size
    return tuple(placed)


def _measure(kind: str, word: int) -> tuple[int, int]:
    """Bytes and alignment of a type of moduledata's fields."""
    if kind in ("uint8", "bool"):
        return 1, 1
    if kind.startswith("[]"):
        return 3 * word, word
    # A bitvector is an int32 and a pointer.
    return (2 * word if kind in ("string", "bitvector") else word), word


@lru_cache(maxsize=8)
def _goroot(release: tuple[int, int]) -> Path | None:
    try:
        default = find_go()
    except ToolchainNotFound:
        return None
    if default.release == release:
        return default.root
    for version in installed_versions():
        if _RELEASE.match(version) and release == tuple(map(int, version.split(".")[:2])):
            try:
                return find_go(version).root
            except ToolchainNotFound:
                continue
    return None
