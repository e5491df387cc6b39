"""The ptrace system call, through ctypes. Every call must come from the thread that traces."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from functools import cache
from typing import Any

from golifelab.load.hold.architecture import Architecture

PEEKUSER, POKEUSER, CONTINUE, STEP = 3, 6, 7, 9
SYSCALL, SETOPTIONS, GETREGSET, SETREGSET = 24, 0x4200, 0x4204, 0x4205
_PRSTATUS = 1
_GETEVENTMSG, _GET_SYSCALL_INFO = 0x4201, 0x420E
# struct ptrace_syscall_info: what kind of stop, the program counter, the stack pointer, the call's
# number or its result, its six arguments.
_CALL_INFO = struct.Struct("=B7xQQq6Q")
_ENTRY, _WORD = 1, (1 << 64) - 1
EVENT_CLONE = 3
TRACE_SYSGOOD, TRACE_CLONE, EXIT_KILL = 0x1, 0x8, 0x100000
SYSGOOD_TRAP = 0x85  # SIGTRAP with the bit that marks a system call's stop


class _Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


@cache
def _library() -> Any:
    # None of these calls waits: to let other threads of Python run meanwhile would only cost.
    library = ctypes.PyDLL(None, use_errno=True)
    library.ptrace.restype = ctypes.c_long
    library.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    return library


def ptrace(request: int, thread: int, address: int = 0, data: int = 0) -> None:
    """One ptrace call; OSError when the kernel refuses."""
    if _library().ptrace(request, thread, address, data) == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def peek_user(thread: int, offset: int) -> int:
    """A word of a stopped thread's struct user."""
    library = _library()
    ctypes.set_errno(0)
    result: int = library.ptrace(PEEKUSER, thread, offset, 0)
    # That may well be the word.
    if result == -1 and (number := ctypes.get_errno()):
        raise OSError(number, os.strerror(number))
    return result


def event_message(thread: int) -> int:
    """What a thread's event stop is about: for a clone, the new thread."""
    message = ctypes.c_ulong()
    ptrace(_GETEVENTMSG, thread, 0, ctypes.addressof(message))
    return message.value


class CallStops:
    """Reads what stops at system calls are about. For one thread that traces: it has one buffer."""

    def __init__(self) -> None:
        self._data = bytearray(_CALL_INFO.size)
        self._address = ctypes.addressof(ctypes.c_char.from_buffer(self._data))

    def read(self, thread: int) -> tuple[bool, int, int, tuple[int, ...]]:
        """Where a thread enters a call: (True, address behind it, its number, six arguments).

        Where it comes back: (False, the address, the result, nothing), the result negative for an
        error.
        """
        ptrace(_GET_SYSCALL_INFO, thread, _CALL_INFO.size, self._address)
        told = _CALL_INFO.unpack(self._data)
        if told[0] == _ENTRY:
            return True, told[1], told[3] & _WORD, told[4:]
        return False, told[1], told[3], ()


def call_stop(thread: int) -> tuple[bool, int, tuple[int, ...]]:
    """A thread's stop at a system call: (True, its number, six arguments) where it enters one.

    (False, the result, nothing) where it comes back; the result is negative for an error.
    """
    entry, _, number, arguments = CallStops().read(thread)
    return entry, number, arguments


def entered_call(thread: int) -> tuple[int, int] | None:
    """The (number, first argument) of the system call a thread stands at the entry of."""
    entry, number, arguments = call_stop(thread)
    return (number, arguments[0]) if entry else None


def stop_thread(process: int, thread: int, architecture: Architecture) -> None:
    """Send SIGSTOP to one thread. Nothing happens when it is gone."""
    library = _library()
    refused = library.syscall(architecture.tgkill, process, thread, 19)
    if refused and ctypes.get_errno() != errno.ESRCH:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def registers(thread: int, architecture: Architecture) -> dict[str, int]:
    """The general registers of a stopped thread, by name."""
    block = (ctypes.c_uint64 * len(architecture.registers))()
    _regset(GETREGSET, thread, block)
    return dict(zip(architecture.registers, block, strict=True))


def set_registers(thread: int, architecture: Architecture, **changes: int) -> None:
    """Change some general registers of a stopped thread."""
    block = (ctypes.c_uint64 * len(architecture.registers))()
    _regset(GETREGSET, thread, block)
    for name, value in changes.items():
        block[architecture.registers.index(name)] = value
    _regset(SETREGSET, thread, block)


def _regset(request: int, thread: int, block: Any) -> None:
    vector = _Vector(ctypes.addressof(block), ctypes.sizeof(block))
    ptrace(request, thread, _PRSTATUS, ctypes.addressof(vector))
