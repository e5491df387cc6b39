"""What became of each relocation of an object: the hole before, the arithmetic, the bytes after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from golifelab.errors import GolifelabError
from golifelab.link.elf.image import Image
from golifelab.link.executable import function_table
from golifelab.link.object.file import ObjectFile
from golifelab.link.object.symbols import ObjectSymbol, Relocation
from golifelab.link.relocate.arithmetic import NO_METHOD, Arithmetic, Term, arithmetic
from golifelab.link.relocate.words import outcome_words

Outcome = Literal[
    "patched",
    "redirected",
    "no method",
    "left alone",
    "note",
    "another copy",
    "not in the program",
    "unknown",
]

# What stands for what is not there: cmd/link/internal/ld, deadcode.go and data.go.
NO_MAP = "runtime.mapinitnoop"
UNREACHABLE = "runtime.unreachableMethod"
# Where all symbols without bytes are: data.go, dodataSect.
ZERO = "runtime.zerobase"


class Places(Protocol):
    """Where symbols of objects are in the program."""

    def address(self, package: str, part: int, row: int) -> int | None:
        """The address of a symbol; None when it is not in the program."""

    def targets(self, package: str, part: int, row: int) -> tuple[int | None, ...]:
        """For every relocation of a symbol the address of what it refers to; None for none."""


@dataclass(frozen=True, slots=True)
class AppliedRelocation:
    """A relocation, and what the linker made of it.

    `owner` is the symbol with the hole (`owner_kind` what that is), `offset` where in it; `size`,
    `kind`, `symbol`, `addend` and `weak` as in the object. `place` is the address of the hole (P),
    `target_address` that of the symbol (S), None where the linker has none for it. `before` are the
    hole's bytes in the object, `after` those in the executable; `file_offset` and `image_offset`
    say where both are.

    `outcome`: "patched" is the rule. "redirected" leads to `redirected`, a function of the runtime
    that stands for one that is not there. "no method": -1 stands for a method that nobody can call.
    "left alone": a weak one whose symbol is not there. "note": it has no bytes. "another
    copy": several packages define the symbol with the hole, and the linker took another's. "not in
    the program": nothing needs it. "unknown": where its symbol is could not be found.
    """

    owner: str
    owner_kind: str
    offset: int
    size: int
    kind: str
    symbol: str
    addend: int
    weak: bool
    place: int | None
    target_address: int | None
    before: bytes
    after: bytes
    file_offset: int
    image_offset: int | None
    outcome: Outcome
    redirected: str = ""
    arithmetic: Arithmetic | None = field(default=None, repr=False)

    @property
    def computed(self) -> bytes:
        """The bytes that the arithmetic gives; none where there is none."""
        if self.arithmetic is not None:
            return self.arithmetic.after
        return self.before if self.outcome == "left alone" else b""

    @property
    def explained(self) -> bool:
        """Whether what is in the executable is what the arithmetic gives."""
        if self.outcome in ("note", "another copy", "not in the program"):
            return True
        return self.outcome != "unknown" and self.computed == self.after

    @property
    def formula(self) -> str:
        """The arithmetic in letters, "" where there is none."""
        return self.arithmetic.formula if self.arithmetic else ""

    @property
    def terms(self) -> tuple[Term, ...]:
        """The numbers in the formula."""
        return self.arithmetic.terms if self.arithmetic else ()

    @property
    def result(self) -> int | None:
        """What the formula gives; None where there is none."""
        return self.arithmetic.result if self.arithmetic else None

    @property
    def words(self) -> str:
        """What became of it, in words."""
        return outcome_words(self)

    @property
    def is_call(self) -> bool:
        """Whether it is the hole of a direct call."""
        return self.kind.startswith("R_CALL") and self.size > 0


def applied(
    file: ObjectFile, image: Image, places: Places, symbols: Iterator[ObjectSymbol]
) -> Iterator[AppliedRelocation]:
    """The relocations of some symbols of an object file, as they are in an executable."""
    for symbol in symbols:
        relocations = symbol.relocations
        if not relocations or symbol.kind.startswith("SDWARF"):
            continue
        row = symbol.index - file.symbols.start(symbol.member)
        address = places.address(file.package, symbol.member, row)
        targets = places.targets(file.package, symbol.member, row)
        other = address is not None and not _same(symbol, relocations, image, address)
        rows = []
        for relocation, known in zip(relocations, targets, strict=True):
            missing = known is None and relocation.size and not other
            target = _listed(file, symbol.member, relocation, image) if missing else known
            rows.append(_one(symbol, relocation, image, None if other else address, target, other))
        if "Dupok" in symbol.flags and not all(row.explained for row in rows):
            # All copies have the same code, but each its own package's data to work on.
            rows = [replace(row, outcome="another copy", arithmetic=None) for row in rows]
        yield from rows


def _same(
    symbol: ObjectSymbol, relocations: tuple[Relocation, ...], image: Image, address: int
) -> bool:
    """Whether the bytes of a symbol, its holes apart, are those at an address of the executable."""
    ours, there = bytearray(symbol.data), bytearray(image.bytes_at(address, symbol.data_size))
    if len(there) < len(ours):
        return False
    for relocation in relocations:
        hole = slice(relocation.offset, relocation.offset + relocation.size)
        if hole.stop <= len(ours):
            ours[hole] = there[hole]
    return ours == there


def _listed(file: ObjectFile, member: int, relocation: Relocation, image: Image) -> int | None:
    """Where a symbol is by the symbol table: it may be of the linker's own making.

    Symbols without bytes are not listed: all have one address. A weak reference is left to others.
    """
    if relocation.weak or relocation.kind == "R_METHODOFF":
        return None
    found = image.symbol(relocation.symbol) if relocation.symbol else None
    if found is None and file.empty(member, relocation.target):
        found = image.symbol(ZERO)
    return found.address if found and found.section else None


def _one(
    symbol: ObjectSymbol,
    relocation: Relocation,
    image: Image,
    address: int | None,
    target: int | None,
    other: bool,
) -> AppliedRelocation:
    start, size = relocation.offset, relocation.size
    before = symbol.data[start : start + size].ljust(size, b"\0") if size else b""
    place = None if address is None else address + start
    after = b"" if place is None else image.bytes_at(place, size)
    outcome: Outcome = "patched"
    redirected, how = "", None
    if not size:
        outcome = "note"
    elif place is None:
        outcome = "another copy" if other else "not in the program"
    elif target is None:
        outcome, redirected, target = _without(relocation, before, after, image)
    if outcome in ("patched", "redirected", "no method") and place is not None:
        how = _arithmetic(relocation, before, image, place, target)
        outcome = "unknown" if how is None else outcome
    return AppliedRelocation(
        owner=symbol.name,
        owner_kind=symbol.kind,
        offset=start,
        size=size,
        kind=relocation.kind,
        symbol=relocation.symbol,
        addend=relocation.addend,
        weak=relocation.weak,
        place=place,
        target_address=target,
        before=before,
        after=after,
        file_offset=symbol.offset + start if symbol.offset >= 0 else -1,
        image_offset=None if place is None else image.offset_of(place),
        outcome=outcome,
        redirected=redirected,
        arithmetic=how,
    )


def _without(
    relocation: Relocation, before: bytes, after: bytes, image: Image
) -> tuple[Outcome, str, int | None]:
    """What the linker does about a symbol that is not there."""
    if relocation.kind in ("R_TLS_LE", "R_ARM64_TLS_LE"):
        return "patched", "", 0
    if relocation.kind == "R_METHODOFF":
        return ("no method", "", None) if after == b"\xff" * len(after) else ("unknown", "", None)
    if not relocation.weak:
        return "unknown", "", None
    if relocation.kind == "R_ADDROFF":
        return ("left alone", "", None) if after == before else ("unknown", "", None)
    name = UNREACHABLE if relocation.kind == "R_ADDR" else NO_MAP
    stand_in = _address(image, name)
    return ("redirected", name, stand_in) if stand_in is not None else ("unknown", "", None)


def _address(image: Image, function: str) -> int | None:
    """Where a function is, by the symbol table or, in a stripped file, by the runtime's own."""
    listed = image.symbol(function)
    if listed is not None:
        return listed.address
    found = function_table(image).named(function)
    return found.entry if found else None


def _arithmetic(
    relocation: Relocation, before: bytes, image: Image, place: int, target: int | None
) -> Arithmetic | None:
    addend, base = relocation.addend, 0
    if target is None:
        # The linker writes -1 as it is: it is as far from the start as one byte before it.
        target, addend, base = 0, NO_METHOD, 0
    elif relocation.kind in ("R_ADDROFF", "R_METHODOFF"):
        section = image.section_at(target)
        base = section.address if section else 0
    try:
        return arithmetic(relocation.kind, before, S=target, A=addend, P=place, base=base)
    except GolifelabError:
        return None
