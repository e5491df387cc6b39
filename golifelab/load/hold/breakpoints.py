"""Breakpoint instructions at many addresses, and how a thread gets past one.

A thread that struck one must execute the instruction that was there. Most functions begin with one
of a few instructions that do the same wherever they stand: such a one is executed in the padding
between two functions, with a jump to what comes after it. No thread has to be stopped for that, and
no other thread can miss a breakpoint meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Collection

from golifelab.load.hold.architecture import Architecture

_LONGEST = 15  # bytes of an amd64 instruction
_JUMP = 5  # and of a jump
_PAGE = 4096
_PADDING = b"\xcc"
_GAP = 16  # so many of them in a row are in no code
# One-byte opcodes with a register and an operand in memory or another register, by how many bytes
# of a constant follow: MOV, LEA, CMP, XOR, TEST; ADD, SUB, AND, CMP with a constant.
_WITH_OPERAND = dict.fromkeys((0x89, 0x8B, 0x8D, 0x39, 0x3B, 0x31, 0x33, 0x85), 0)
_WITH_OPERAND |= {0x83: 1, 0x81: 4}


class Breakpoints:
    """The breakpoint instructions of one process, which stands still while they are made."""

    def __init__(self, pid: int, architecture: Architecture, addresses: Collection[int]) -> None:
        self._trap = architecture.trap
        self._memory = os.open(f"/proc/{pid}/mem", os.O_RDWR)
        self._saved: dict[int, bytes] = {}
        self._aside: dict[int, int] = {}  # address → where its instruction is executed
        self.done: dict[int, int] = {}  # behind it there → where its thread belongs
        self.waiting: dict[int, int] = {}  # where it is executed → address
        self._covered: dict[int, bytes] = {}  # where anything of ours is → what was there
        self._bounds = (0, 0)
        try:
            for address in addresses:
                start = self._read(address, _LONGEST)
                self._saved[address] = start[: len(self._trap)]
                if architecture.name == "amd64":
                    self._set_aside(address, start[: movable(start)])
            self._covered.update(self._saved)
            for address in self._saved:
                self.insert(address)
            if self._covered:
                self._bounds = min(self._covered), max(self._covered) + _LONGEST
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

    def aside(self, address: int) -> int:
        """Where its instruction can be executed while the breakpoint stays; 0 for nowhere."""
        return self._aside.get(address, 0)

    def read(self, address: int, count: int) -> bytes:
        """Bytes of the process's memory as they were, without any of ours."""
        data = os.pread(self._memory, count, address)
        first, end = self._bounds
        if address >= end or address + len(data) <= first:
            return data
        clean = bytearray(data)
        for place, original in self._covered.items():
            _overlay(clean, address, place, original)
        return bytes(clean)

    def take_out(self) -> None:
        """Put everything back as it was. The process stands still meanwhile."""
        for address, original in self._covered.items():
            self._write(address, original)

    def close(self) -> None:
        """Let the process's memory go; nothing is put back."""
        os.close(self._memory)

    def _set_aside(self, address: int, instruction: bytes) -> None:
        """Write an instruction, and a jump to what comes after it, where nothing else is."""
        size = len(instruction) + _JUMP
        place = self._gap(address, size) if instruction else 0
        if place:
            distance = address - place - _JUMP
            code = instruction + b"\xe9" + distance.to_bytes(4, "little", signed=True)
            self._aside[address] = place
            self.waiting[place] = address
            self.done[place + len(instruction)] = address + len(instruction)
            self._covered[place] = _PADDING * size
            self._write(place, code)

    def _gap(self, address: int, size: int) -> int:
        """Where padding of so many bytes begins in the page of an address; 0 if none is left.

        The linker fills up with breakpoint instructions what is left before a function's start.
        """
        page = address & ~(_PAGE - 1)
        code = self._read(page, _PAGE)
        at = code.find(_PADDING * _GAP)
        while at >= 0:
            end = at
            while code[end : end + 1] == _PADDING:
                end += 1
            if end - at >= size:
                return page + at
            at = code.find(_PADDING * _GAP, end)
        return 0

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
