"""The numbers in Go's object files, named by the sources of the Go that wrote them.

Object files hold bare numbers for relocations, symbol kinds and flags, and the numbers move between
releases. The toolchain ships the declarations, so they are read from there instead of copied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from golifelab.errors import ParseError

_INTERNAL = Path("src") / "cmd" / "internal"
_BUILTIN = re.compile(r'^\t\{"([^"]+)", (\d+)\},', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Enumerations:
    """Names by number.

    `flags` and `flags2` name the bits of a symbol's two flag bytes, lowest first. `builtins` are
    the runtime symbols that objects reference by number.
    """

    relocations: tuple[str, ...]
    kinds: tuple[str, ...]
    flags: tuple[str, ...]
    flags2: tuple[str, ...]
    auxiliaries: tuple[str, ...]
    builtins: tuple[str, ...]


@lru_cache(maxsize=8)
def enumerations(root: Path) -> Enumerations:
    """The enumerations of a GOROOT; ParseError when its sources are not as expected."""
    objfile = _read(root, "goobj/objfile.go")
    builtins = _BUILTIN.findall(_read(root, "goobj/builtinlist.go"))
    return Enumerations(
        relocations=_constants(_read(root, "objabi/reloctype.go"), "R_ADDR", ""),
        kinds=_constants(_read(root, "objabi/symkind.go"), "Sxxx", ""),
        flags=_constants(objfile, "SymFlagDupok", "SymFlag"),
        flags2=_constants(objfile, "SymFlagUsedInIface", "SymFlag"),
        auxiliaries=_constants(objfile, "AuxGotype", "Aux"),
        builtins=tuple(name for name, _ in builtins),
    )


def named(names: tuple[str, ...], number: int) -> str:
    """The name of a number, or the number itself where this Go declares none."""
    return names[number] if 0 <= number < len(names) and names[number] else f"#{number}"


def bits(names: tuple[str, ...], value: int) -> tuple[str, ...]:
    """The names of the bits that are set in a byte."""
    return tuple(named(names, bit) for bit in range(8) if value >> bit & 1)


def _read(root: Path, name: str) -> str:
    try:
        return (root / _INTERNAL / name).read_text(encoding="utf-8")
    except OSError as error:
        raise ParseError("Go's sources", f"cannot read {name}: {error.strerror}") from error


def _constants(text: str, first: str, prefix: str) -> tuple[str, ...]:
    """The iota block that starts with `first`: names without `prefix`, by their iota."""
    names: list[str] | None = None
    for raw in text.splitlines():
        line = raw.split("//")[0].strip()
        if names is None:
            start = re.match(rf"{first}\b[\w ]*=\s*(?:(\d+) \+ |1 << )?iota$", line)
            if start:
                names = [""] * int(start[1] or 0) + [first.removeprefix(prefix)]
        elif line == ")":
            return tuple(names)
        elif match := re.match(r"(\w+)$", line):
            names.append("" if match[1] == "_" else match[1].removeprefix(prefix))
    raise ParseError("Go's sources", f"no block of constants starts with {first}")
