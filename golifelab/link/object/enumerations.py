"""The numbers in Go's object files, named by the sources of the Go that wrote them.

Object files hold bare numbers for relocations, symbol kinds and flags, and the numbers move between
releases. The toolchain ships the declarations, so they are read from there instead of copied.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from golifelab.errors import ParseError

_INTERNAL = Path("src") / "cmd" / "internal"
_ABI = Path("src") / "internal" / "abi"
_PKGBITS = Path("src") / "internal" / "pkgbits"
_TABLE = re.compile(r"^\t(PCDATA|FUNCDATA)_(\w+)\s*=\s*(\d+)$", re.MULTILINE)
_ARCH = re.compile(r'^\tName: +"(\w+)",\n(?:\t\w+:.*\n)*?\tMinLC: +(\d+),', re.MULTILINE)
_BUILTIN = re.compile(r'^\t\{"([^"]+)", (\d+)\},', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Enumerations:
    """Names by number.

    `flags` and `flags2` name the bits of a symbol's two flag bytes, lowest first; `object_flags`
    those of a whole object. `builtins` are the runtime symbols that objects reference by number,
    `builtin_abis` the numbers of their ABIs. `functions` names those that the runtime treats
    specially, `function_flags` the bits that it reads, `pcdata` and `funcdata` the tables of a
    function, `export_sections` those of export data. `steps` are the bytes of the smallest
    instruction, by GOARCH.
    """

    relocations: tuple[str, ...]
    kinds: tuple[str, ...]
    flags: tuple[str, ...]
    flags2: tuple[str, ...]
    auxiliaries: tuple[str, ...]
    builtins: tuple[str, ...]
    builtin_abis: tuple[int, ...]
    object_flags: tuple[str, ...]
    functions: tuple[str, ...]
    function_flags: tuple[str, ...]
    pcdata: tuple[str, ...]
    funcdata: tuple[str, ...]
    export_sections: tuple[str, ...]
    steps: Mapping[str, int]


@lru_cache(maxsize=8)
def enumerations(root: Path) -> Enumerations:
    """The enumerations of a GOROOT; ParseError when its sources are not as expected."""
    objfile = _read(root / _INTERNAL / "goobj/objfile.go")
    builtins = _BUILTIN.findall(_read(root / _INTERNAL / "goobj/builtinlist.go"))
    symtab = _read(root / _ABI / "symtab.go")
    return Enumerations(
        relocations=_constants(_read(root / _INTERNAL / "objabi/reloctype.go"), "R_ADDR", ""),
        kinds=_constants(_read(root / _INTERNAL / "objabi/symkind.go"), "Sxxx", ""),
        flags=_constants(objfile, "SymFlagDupok", "SymFlag"),
        flags2=_constants(objfile, "SymFlagUsedInIface", "SymFlag"),
        auxiliaries=_constants(objfile, "AuxGotype", "Aux"),
        builtins=tuple(name for name, _ in builtins),
        builtin_abis=tuple(int(abi) for _, abi in builtins),
        object_flags=_constants(objfile, "ObjFlagShared", "ObjFlag"),
        functions=tuple(
            name.removeprefix("_") for name in _constants(symtab, "FuncIDNormal", "FuncID")
        ),
        function_flags=_constants(symtab, "FuncFlagTopFrame", "FuncFlag"),
        pcdata=_tables(symtab, "PCDATA"),
        funcdata=_tables(symtab, "FUNCDATA"),
        steps={
            name: int(size) for name, size in _ARCH.findall(_read(root / _INTERNAL / "sys/arch.go"))
        },
        export_sections=_sections(_read(root / _PKGBITS / "reloc.go")),
    )


def named(names: tuple[str, ...], number: int) -> str:
    """The name of a number, or the number itself where this Go declares none."""
    return names[number] if 0 <= number < len(names) and names[number] else f"#{number}"


def bits(names: tuple[str, ...], value: int) -> tuple[str, ...]:
    """The names of the bits that are set in a byte."""
    return tuple(named(names, bit) for bit in range(8) if value >> bit & 1)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ParseError("Go's sources", f"cannot read {path.name}: {error.strerror}") from error


def _tables(text: str, family: str) -> tuple[str, ...]:
    """The tables of a function by number, such as PCDATA_StackMapIndex = 1."""
    numbers = {int(found[2]): found[1] for found in _TABLE.findall(text) if found[0] == family}
    return tuple(numbers.get(number, "") for number in range(max(numbers, default=-1) + 1))


def _sections(text: str) -> tuple[str, ...]:
    """The sections of export data by number; they were called relocations until 1.24."""
    word = "Section" if "SectionString" in text else "Reloc"
    return _constants(text, f"{word}String", word)


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
