"""The arithmetic of a relocation: from addresses to the bytes that the linker writes.

The rules are those of Go's linker: $GOROOT/src/cmd/link/internal/ld/data.go (relocsym), and for
arm64 cmd/link/internal/arm64/asm.go (archreloc). Their letters are those of the ELF documents: S is
the address of the symbol that is meant, A the addend, P the place: the address of the hole.
"""

from __future__ import annotations

from dataclasses import dataclass

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.relocate.arm64 import (
    IMMEDIATES,
    PAGE,
    TCB,
    patched_call,
    patched_pair,
    patched_slot,
)

_OFFSETS = ("R_ADDROFF", "R_METHODOFF")
# Where a thread of Linux on amd64 keeps the goroutine that it runs: one word below its register FS.
TLS_OFFSET = -8
# What R_METHODOFF holds for a method that is not in the program.
NO_METHOD = -1


@dataclass(frozen=True, slots=True)
class Term:
    """A number in the arithmetic, under the letter that the formula has for it."""

    name: str
    value: int
    words: str


@dataclass(frozen=True, slots=True)
class BitField:
    """Bits of an instruction that the linker fills: from `high` down to `low`, both included.

    `word` is the number of the instruction in the hole, `value` what the bits hold, unsigned.
    """

    word: int
    name: str
    high: int
    low: int
    value: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How a hole is filled: `formula` of `terms` gives `result`, which is written as `after`.

    `steps` say how the result becomes bytes, a sentence each; `fields` where in the instructions
    they are, on a processor with instructions of fixed size.
    """

    kind: str
    formula: str
    terms: tuple[Term, ...]
    result: int
    after: bytes
    steps: tuple[str, ...]
    fields: tuple[BitField, ...] = ()


# The letters are those of the ELF documents, and of every text about linkers.
# ruff: noqa: N803


def apply(kind: str, before: bytes, *, S: int, A: int = 0, P: int = 0, base: int = 0) -> bytes:
    """The bytes that the linker writes into a hole: do it by hand.

    `kind` is "R_CALL", "R_CALLARM64"…; `before` are the hole's bytes in the object. S is the
    address of the symbol, A the addend, P the hole's own address; offsets count from `base`.
    GolifelabError where the result has no room, FeatureUnavailable for a kind that is not known.
    """
    return arithmetic(kind, before, S=S, A=A, P=P, base=base).after


def arithmetic(
    kind: str, before: bytes, *, S: int, A: int = 0, P: int = 0, base: int = 0
) -> Arithmetic:
    """The same with every number on the way."""
    known = (Term("S", S, "address of the symbol"), Term("A", A, "addend"))
    place = Term("P", P, "address of the hole")
    size = len(before)
    if kind in ("R_CALL", "R_PCREL"):
        room = Term("n", size, "bytes of the hole")
        result = S + A - (P + size)
        words = f"the processor counts from the next instruction, which begins at P + {size}"
        terms: tuple[Term, ...] = (*known, place, room)
        return _plain(kind, "S + A − (P + n)", terms, result, before, words, signed=True)
    if kind == "R_ADDR":
        return _plain(kind, "S + A", known, S + A, before, "the address itself")
    if kind in _OFFSETS:
        terms = (*known, Term("B", base, "where the section begins"))
        words = "an offset: it stays right wherever the program is loaded, and is half as long"
        return _plain(kind, "S + A − B", terms, S + A - base, before, words)
    if kind == "R_TLS_LE":
        terms = (
            known[1],
            Term("T", TLS_OFFSET, "the goroutine's slot, from the thread's register"),
        )
        return _plain(kind, "T + A", terms, TLS_OFFSET + A, before, "the same in every thread")
    if kind == "R_ARM64_TLS_LE":
        return _slot(kind, known[0], before)
    if kind == "R_CALLARM64":
        return _call(kind, known, place, before)
    if kind in IMMEDIATES:
        return _pair(kind, known, place, before)
    raise FeatureUnavailable(
        f"the arithmetic of {kind}",
        "only the relocations of amd64's and arm64's code and data are known here",
    )


def _plain(
    kind: str,
    formula: str,
    terms: tuple[Term, ...],
    result: int,
    before: bytes,
    words: str,
    *,
    signed: bool = False,
) -> Arithmetic:
    size = len(before)
    lowest = -(1 << 8 * size - 1)
    highest = 1 << 8 * size - (1 if signed else 0)
    if not lowest <= result < highest:
        raise GolifelabError(f"{result:#x} does not fit into the {size} bytes of {kind}")
    after = (result & (1 << 8 * size) - 1).to_bytes(size, "little")
    order = "the lowest byte first" + ("; negative numbers in two's complement" * (result < 0))
    return Arithmetic(kind, formula, terms, result, after, (words, order))


def _slot(kind: str, symbol: Term, before: bytes) -> Arithmetic:
    result = symbol.value + TCB
    after = patched_slot(before, result)
    terms = (symbol, Term("T", TCB, "what the C library keeps at the thread's register"))
    fields = (BitField(0, "imm16", 20, 5, result),)
    return Arithmetic(kind, "S + T", terms, result, after, ("the same in every thread",), fields)


def _call(kind: str, known: tuple[Term, ...], place: Term, before: bytes) -> Arithmetic:
    distance = known[0].value + known[1].value - place.value
    after, field = patched_call(before, distance)
    steps = (
        "BL counts in instructions of 4 bytes, from itself: the distance is divided by 4",
        f"{distance:#x} ÷ 4 = {distance // 4:#x}, written into the 26 low bits of the instruction",
    )
    fields = (BitField(0, "imm26", 25, 0, field),)
    return Arithmetic(kind, "(S + A − P) ÷ 4", (*known, place), distance // 4, after, steps, fields)


def _pair(kind: str, known: tuple[Term, ...], place: Term, before: bytes) -> Arithmetic:
    target = known[0].value + known[1].value
    distance = target - (place.value & ~PAGE)
    after, pages, low = patched_pair(kind, before, distance)
    scale = IMMEDIATES[kind]
    rest = target & PAGE
    scaled = f", in units of {1 << scale} bytes: {rest >> scale:#x}" if scale else ""
    steps = (
        f"ADRP takes the distance between pages of 4 KiB: {distance >> 12:#x}, in two parts",
        f"the second instruction adds what is left within the page: {rest:#x}{scaled}",
    )
    fields = (
        BitField(0, "immlo", 30, 29, pages & 3),
        BitField(0, "immhi", 23, 5, pages >> 2),
        BitField(1, "imm12", 21, 10, low),
    )
    formula = "S + A − (P rounded down to its page)"
    return Arithmetic(kind, formula, (*known, place), distance, after, steps, fields)
