"""The numbers of a function's tables, named by the source of the reader's Go.

PCDATA and FUNCDATA tables are known by number alone. $GOROOT/src/internal/abi/symtab.go declares
the names; the numbers have not moved since Go 1.20, but releases add to them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from golifelab.link.elf.image import Image
from golifelab.link.metadata.layout import goroot_of

# What the readers here themselves depend on.
UNSAFE_POINT, STACK_MAP_INDEX, INLINE_INDEX = 0, 1, 2
ARGUMENT_MAPS, LOCAL_MAPS, STACK_OBJECTS, INLINE_TREE = 0, 1, 2, 3
NO_DATA = 0xFFFFFFFF

_KNOWN = """PCDATA_UnsafePoint = 0
PCDATA_StackMapIndex = 1
PCDATA_InlTreeIndex = 2
PCDATA_ArgLiveIndex = 3
FUNCDATA_ArgsPointerMaps = 0
FUNCDATA_LocalsPointerMaps = 1
FUNCDATA_StackObjects = 2
FUNCDATA_InlTree = 3
FUNCDATA_OpenCodedDeferInfo = 4
FUNCDATA_ArgInfo = 5
FUNCDATA_ArgLiveInfo = 6
FUNCDATA_WrapInfo = 7"""
_CONSTANT = re.compile(r"^\s*(PCDATA|FUNCDATA)_(\w+)\s*= (\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TableNames:
    """The names of the tables of a function, by number ("PCDATA_StackMapIndex")."""

    pcdata: dict[int, str]
    funcdata: dict[int, str]


def table_names(image: Image) -> TableNames:
    """The names in the Go release that built a program."""
    return _names(goroot_of(image))


@lru_cache(maxsize=8)
def _names(root: Path | None) -> TableNames:
    text = _KNOWN
    if root is not None:
        try:
            path = root / "src" / "internal" / "abi" / "symtab.go"
            text = path.read_text(encoding="utf-8")
        except OSError:
            pass  # a Go without its source: the names above are its, too
    found: dict[str, dict[int, str]] = {"PCDATA": {}, "FUNCDATA": {}}
    for kind, name, number in _CONSTANT.findall(text):
        found[kind][int(number)] = f"{kind}_{name}"
    return TableNames(found["PCDATA"], found["FUNCDATA"])
