"""Which symbol a symbol is: what the linker compares when it brings objects together.

A name says little: two ABIs share one, most constants have none that lasts, and objects of other
packages are referred to by number. The linker has four ways to tell symbols apart
($GOROOT/src/cmd/internal/goobj/objfile.go, "Symbol indexing"), and so has a SymbolId.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from golifelab.link.object.enumerations import Enumerations, named
from golifelab.link.object.parse import (
    BUILTIN,
    STATIC_ABI,
    GoObject,
)

How = Literal["package", "short hash", "hash", "name", "builtin"]

ABIS = {0: "ABI0", 1: "ABIInternal", STATIC_ABI: "static"}


@dataclass(frozen=True, slots=True)
class SymbolId:
    """What the linker knows a symbol by; equal ones are one symbol in the program.

    `how` says by what. "package": its place, number `index` of the package `package`; `member` is
    the object in its archive, 0 for the compiler's (nobody outside can mean another). "short hash"
    and "hash": its content, of which `digest` is the hash. "name": `name` and `abi`. "builtin": a
    function of the runtime that objects call by number, so that `name` need not be written.
    Fields that do not count are empty, numbers -1.
    """

    how: How
    package: str = ""
    index: int = -1
    name: str = ""
    abi: str = ""
    digest: bytes = b""
    member: int = 0

    def __str__(self) -> str:
        if self.how == "package":
            more = f", object {self.member}" if self.member else ""
            return f"symbol {self.index} of package {self.package or '(unknown)'}{more}"
        if self.how in ("name", "builtin"):
            return f"{self.name} <{self.abi}>"
        return f"content {self.digest.hex()}"


def defined(part: GoObject, row: int, package: str, member: int) -> SymbolId:
    """What a symbol that an object defines (or refers to by name) is known by."""
    own, short, hashed, _, _ = part.counts
    by_content = own <= row < own + short + hashed
    # A static symbol, and one without a name, nobody else can mean: it is told by its place, too.
    alone = part.symbols[row][2] == STATIC_ABI or not part.name(row)
    if row < own or (alone and not by_content):
        return SymbolId("package", package, row, member=member)
    if by_content:
        how: How = "short hash" if row < own + short else "hash"
        return SymbolId(how, digest=part.digest(row))
    return SymbolId("name", name=part.name(row), abi=abi_name(part.symbols[row][2]))


def referred(
    part: GoObject, names: Enumerations, reference: tuple[int, int], package: str, member: int
) -> SymbolId | None:
    """What the symbol that a reference means is known by; None for a reference to nothing."""
    number, index = reference
    if number == 0:
        return None
    if number == BUILTIN:
        abi = names.builtin_abis[index] if index < len(names.builtin_abis) else 0
        return SymbolId("builtin", name=named(names.builtins, index), abi=abi_name(abi))
    row = part.own_index(number, index)
    if row is not None:
        return defined(part, row, package, member)
    return SymbolId("package", part.package(number), index)


def abi_name(number: int) -> str:
    """The calling convention in Go's words; "static" for a symbol nobody outside can mean."""
    return ABIS.get(number, f"ABI #{number}")
