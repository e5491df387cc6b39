"""Breakpoint instructions at many addresses, and how a thread gets past one.

A thread that struck one must execute the instruction that was there. Most functions begin with one
of a few instructions that do the same wherever they stand: such a one is executed at a place that
nobody needs any more, the program's entry, and no other thread can miss a breakpoint meanwhile.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Collection

from golifelab.load.hold.architecture import Architecture

_LONGEST = 15  # bytes of an amd64 instruction
# One-byte opcodes with a register and an operand in memory or another register, by how many bytes
# of a constant follow: MOV, LEA, CMP; ADD, SUB, AND, CMP with a constant.
_WITH_OPERAND = {0x89: 0, 0x8B: 0, 0x8D: 0, 0x39: 0, 0x3B: 0, 0x83: 1, 0x81: 4}


class Breakpoints:
    """The breakpoint instructions of one process. `scratch` is an address of code that has run."""

    def __init__(
        self, pid: int, architecture: Architecture, addresses: Collection[int], scratch: int = 0
    ) -> None:
        self._trap = architecture.trap
        self._memory = os.open(f"/proc/{pid}/mem", os.O_RDWR)
        self._scratch = scratch if architecture.name == "amd64" else 0
        self._saved: dict[int, bytes] = {}
        self._starts: dict[int, bytes] = {}
        self._places: list[int] = []  # where something of ours may be, in order
        try:
            self._cover = self._read(scratch, _LONGEST) if self._scratch else b""
            for address in addresses:
                self._starts[address] = self._read(address, _LONGEST)
                self._saved[address] = self._starts[address][: len(self._trap)]
            for address in self._saved:
                self.insert(address)
            self._places = sorted({*self._saved, *((scratch,) if self._scratch else ())})
        except BaseException:
            self.close()
            raise

    def __contains__(self, address: int) -> bool:
        return address in self._saved

    def insert(self, address: int) -> None:
        """Put the breakpoint instruction at an address."""
        self._write(address, self._trap)

    def remove(self, address: int) -> None:
        """Put back what was there."""
        self._write(address, self._saved[address])

    def moved(self, address: int) -> tuple[int, int]:
        """Where else the instruction can be executed now, and its length; (0, 0) for nowhere."""
        start = self._starts[address]
        length = movable(start) if self._scratch else 0
        if not length:
            return 0, 0
        self._write(self._scratch, start[:length])
        return self._scratch, length

    def read(self, address: int, count: int) -> bytes:
        """Bytes of the process's memory as they were, without any of ours."""
        data = self._read(address, count)
        first = bisect_left(self._places, address - _LONGEST)
        if first == len(self._places) or self._places[first] >= address + len(data):
            return data
        clean = bytearray(data)
        if self._scratch:
            _overlay(clean, address, self._scratch, self._cover)
        for place, original in self._saved.items():
            _overlay(clean, address, place, original)
        return bytes(clean)

    def take_out(self) -> None:
        """Put everything back as it was. The process stands still meanwhile."""
        if self._scratch:
            self._write(self._scratch, self._cover)
        for address in self._saved:
            self.remove(address)

    def close(self) -> None:
        """Let the process's memory go; nothing is put back."""
        os.close(self._memory)

    def _read(self, address: int, count: int) -> bytes:
        return os.pread(self._memory, count, address)

    def _write(self, address: int, data: bytes) -> None:
        os.pwrite(self._memory, data, address)


def _overlay(data: bytearray, address: int, place: int, original: bytes) -> None:
    """Set those bytes of `data`, read at `address`, that `original` at `place` covers."""
    first, last = max(place, address), min(place + len(original), address + len(data))
    if first < last:
        data[first - address : last - address] = original[first - place : last - place]


def movable(code: bytes) -> int:
    """The length of the amd64 instruction at the start, if it does the same anywhere; else 0.

    Knows what functions usually begin with, and nothing relative to the program counter.
    """
    prefix = 1 if code and 0x40 <= code[0] < 0x50 else 0
    if len(code) < prefix + 3:
        return 0
    opcode, operand, scaled = code[prefix : prefix + 3]
    if 0x50 <= opcode < 0x58:  # PUSHQ
        return prefix + 1
    mode, base = operand >> 6, operand & 7
    if opcode not in _WITH_OPERAND or (mode == 0 and base == 5):
        return 0
    index = base == 4 and mode != 3
    far = mode == 2 or (mode == 0 and index and scaled & 7 == 5)
    distance = 4 if far else int(mode == 1)
    return prefix + 2 + index + distance + _WITH_OPERAND[opcode]
