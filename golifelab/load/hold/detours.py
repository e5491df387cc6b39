"""Detours in the code of one process, through /proc/PID/mem: no ptrace call is made.

The kernel asks for the same right as for tracing, which a parent has even where a filter refuses it
the ptrace call. What is written goes to pages of the process's own; its file is not touched.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from golifelab.errors import FeatureUnavailable
from golifelab.link.elf.symbols import Function
from golifelab.link.executable import Executable
from golifelab.load.hold import detour
from golifelab.load.hold.process import MAX_MEMORY_READ

FEATURE = "holding a process by a loop in its code"
# Functions for those who look into the runtime, which a program does not call by itself.
_UNUSED = ("runtime.schedtrace", "runtime.dumpregs")
# Every goroutine's stack begins as if this one had called.
_RETURNED_TO = "runtime.goexit"


class Detours:
    """The places of a process that lead to a room where threads wait, and ways past them.

    All addresses are run-time addresses. The process stands still whenever something is written.
    """

    def __init__(self, pid: int, executable: Executable, bias: int, settings: str) -> None:
        """`settings` is the process's GODEBUG.

        FeatureUnavailable where the process's memory may not be written.
        """
        self._executable = executable
        self._bias = bias
        try:
            self._memory = os.open(f"/proc/{pid}/mem", os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise FeatureUnavailable(FEATURE, f"its memory: {error.strerror}") from error
        self._active: dict[int, bytes] = {}  # place → what was there
        self._gates: dict[int, int] = {}  # place → where it leads to
        self.returned: dict[int, int] = {}  # where a system call has returned → its place
        try:
            self._unused = unused_code(executable, settings)
            self._used: list[tuple[int, bytes]] = []  # where we have written, and what was there
            self._free = self._end = 0
            room, stop = detour.waiting_room(pid)
            self._room = self._place(len(room))
            self.stop = self._room + stop  # where threads wait
            self._write(self._room, room)
        except OSError as error:
            self.close()
            reason = f"the system does not let its code be written: {error.strerror}"
            raise FeatureUnavailable(FEATURE, reason) from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the process's memory go. Safe to call again."""
        if self._memory >= 0:
            os.close(self._memory)
            self._memory = -1

    def prepare(self, places: Collection[int], calls: Collection[int] = ()) -> None:
        """Make gates for places, and for those of system calls.

        FeatureUnavailable for a place where there can be none; such a system call is left out.
        """
        for place in places:
            if place not in self._gates:
                taken = self._covered(place)
                where = self._gates[place] = self._place(detour.LARGEST)
                self._write(where, detour.gate(taken, where, self._room))
        for place in calls:
            if place not in self._gates:
                with contextlib.suppress(FeatureUnavailable):
                    taken = self._covered(place)
                    where = self._gates[place] = self._place(detour.LARGEST)
                    made, end = detour.call_gate(taken, where, self._room)
                    self._write(where, made)
                    self.returned[end] = place

    def put(self, places: Collection[int]) -> None:
        """Have threads wait that come to places, of those that are prepared."""
        for place in places:
            if place in self._gates:
                self._active[place] = self._pread(place, detour.LENGTH)
                self._write(place, detour.call(place, self._gates[place]))

    def take_out(self) -> None:
        """Put all places back as they were."""
        for place, data in self._active.items():
            self._write(place, data)
        self._active.clear()

    def waiting(self, sp: int) -> dict[str, int] | None:
        """The words of a thread that waits with this stack pointer; None if it was let go."""
        words = detour.waiting(self._pread(sp, detour.FRAME), sp)
        return None if words["go"] else words

    def release(self, sp: int) -> None:
        """Let a thread that waits go on."""
        self._write(sp, detour.GO)

    def read(self, address: int, count: int) -> bytes:
        """Bytes of the process's memory as they would be without anything of ours."""
        if count > MAX_MEMORY_READ:
            raise OverflowError("too much")
        data = self._pread(address, count)
        end = address + len(data)
        pieces = [*self._used, *self._active.items()]
        if not any(place < end and address < place + len(was) for place, was in pieces):
            return data
        clean = bytearray(data)
        for place, was in pieces:
            first, last = max(place, address), min(place + len(was), end)
            if first < last:
                clean[first - address : last - address] = was[first - place : last - place]
        return bytes(clean)

    def _place(self, size: int) -> int:
        """A place for so many bytes of ours."""
        if self._end - self._free < size:
            if not self._unused:
                raise FeatureUnavailable(FEATURE, "it has been held at too many places")
            unused = self._unused.pop(0)
            self._free = unused.address + self._bias
            self._end = self._free + unused.size
            was = self._executable.bytes_at(unused.address, unused.size)
            self._used.append((self._free, was))
        self._free += size
        return self._free - size

    def _covered(self, place: int) -> tuple[Any, ...]:
        found = self._executable.function_at(place - self._bias)
        after = self._executable.function_at(place - self._bias + detour.LENGTH - 1)
        if any(first <= place < first + len(was) for first, was in self._used):
            raise _not_there(found, "what holds it needs that place")
        if found is None or after not in (None, found):
            raise _not_there(found, "there is too little code of a function")
        if found.name.removesuffix(".abi0") == _RETURNED_TO:
            raise _not_there(found, "functions return to what is behind its first byte")
        code = self._executable.bytes_at(found.address, found.end - found.address)
        taken = detour.covered(code, found.address + self._bias, place)
        if taken is None:
            raise _not_there(found, "its first bytes cannot be replaced")
        return taken

    def _pread(self, address: int, count: int) -> bytes:
        return os.pread(self._memory, count, address)

    def _write(self, address: int, data: bytes) -> None:
        os.pwrite(self._memory, data, address)


def unused_code(executable: Executable, settings: str) -> list[Function]:
    """Code that a program has, and does not need."""
    names = _UNUSED[1:] if "schedtrace" in settings else _UNUSED
    found = [one for name in names if (one := executable.function(name)) is not None]
    if not found:
        raise FeatureUnavailable(FEATURE, "the program has no code that it does not need")
    return found


@lru_cache(maxsize=16)
def calls_of(executable: Executable) -> tuple[int, ...]:
    """The link-time addresses of a program's instructions for system calls.

    None of a dynamic program: its loader, and a C library, make calls of their own.
    """
    if executable.interpreter:
        return ()
    return tuple(
        address
        for one in executable.functions
        for address in detour.system_calls(executable.bytes_at(one.address, one.size), one.address)
    )


def _not_there(found: Function | None, why: str) -> FeatureUnavailable:
    place = f"{FEATURE} in {found.name}" if found else FEATURE
    return FeatureUnavailable(place, why)
