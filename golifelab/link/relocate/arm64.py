"""arm64's instructions with an address in them: what the linker puts into which bits.

Source: $GOROOT/src/cmd/link/internal/arm64/asm.go, archreloc.
"""

from __future__ import annotations

import struct

from golifelab.errors import GolifelabError

# What is within a page of ADRP.
PAGE = 0xFFF
# Kinds of an ADRP and the instruction behind it → by how many bits the latter's offset is shifted.
IMMEDIATES = {
    "R_ADDRARM64": 0,
    "R_ARM64_PCREL_LDST8": 0,
    "R_ARM64_PCREL_LDST16": 1,
    "R_ARM64_PCREL_LDST32": 2,
    "R_ARM64_PCREL_LDST64": 3,
}
# Two words at the thread's register belong to the C library.
TCB = 16
_REACH = 1 << 27
_FAR = 1 << 32


def patched_call(before: bytes, distance: int) -> tuple[bytes, int]:
    """BL over a distance in bytes: the instruction, and the 26 bits in it."""
    (word,) = _words(before, 1)
    if not -_REACH <= distance < _REACH:
        raise GolifelabError(f"a call over {distance:#x} bytes is out of BL's reach of 128 MiB")
    field = distance >> 2 & 0x3FFFFFF
    return struct.pack("<I", word | field), field


def patched_pair(kind: str, before: bytes, distance: int) -> tuple[bytes, int, int]:
    """ADRP and ADD (or a load or store): both instructions, the 21 bits, and the 12 bits."""
    first, second = _words(before, 2)
    if not -_FAR <= distance < _FAR:
        raise GolifelabError(f"an address {distance:#x} bytes away is out of ADRP's reach of 4 GiB")
    scale = IMMEDIATES[kind]
    low = distance & PAGE
    if low & ((1 << scale) - 1):
        raise GolifelabError(f"{low:#x} is no multiple of {1 << scale}, as {kind} needs it")
    pages = distance >> 12 & 0x1FFFFF
    first |= (pages & 3) << 29 | (pages >> 2) << 5
    second |= low >> scale << 10
    return struct.pack("<II", first, second), pages, low >> scale


def patched_slot(before: bytes, offset: int) -> bytes:
    """MOVZ of an offset in thread-local storage."""
    (word,) = _words(before, 1)
    if not 0 <= offset < 1 << 15:
        raise GolifelabError(f"{offset:#x} is too far into thread-local storage")
    return struct.pack("<I", word | offset << 5)


def _words(before: bytes, count: int) -> tuple[int, ...]:
    if len(before) != 4 * count:
        raise GolifelabError(f"{len(before)} bytes are not {count} instructions of arm64")
    return struct.unpack(f"<{count}I", before)
