"""What differs between processors when a process is stopped and looked at."""

from __future__ import annotations

import platform
from dataclasses import dataclass

from golifelab.errors import FeatureUnavailable


@dataclass(frozen=True, slots=True)
class Architecture:
    """Register names in the order of the kernel's NT_PRSTATUS, and which of them mean what.

    `link` is the register with a leaf's return address, "" where calls push it on the stack. `trap`
    is the breakpoint instruction, after which the program counter stands `trap_advance` bytes
    further. `write`, `tgkill`, `openat` and `connect` are system call numbers. `debug_offset` is
    where struct user keeps debug registers, 0 where they are not reached that way.
    """

    name: str
    registers: tuple[str, ...]
    pc: str
    sp: str
    link: str
    trap: bytes
    trap_advance: int
    write: int
    tgkill: int
    openat: int
    connect: int
    debug_offset: int = 0


# struct user_regs_struct, arch/x86/include/asm/user_64.h
# fmt: off
_AMD64_REGISTERS = (
    "r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx", "rdx", "rsi",
    "rdi", "orig_rax", "rip", "cs", "eflags", "rsp", "ss", "fs_base", "gs_base", "ds", "es", "fs",
    "gs",
)
# fmt: on

AMD64 = Architecture(
    "amd64",
    _AMD64_REGISTERS,
    pc="rip",
    sp="rsp",
    link="",
    trap=b"\xcc",
    trap_advance=1,
    write=1,
    tgkill=234,
    openat=257,
    connect=42,
    debug_offset=848,
)

ARM64 = Architecture(
    "arm64",
    # struct user_pt_regs, arch/arm64/include/uapi/asm/ptrace.h
    (*(f"x{i}" for i in range(31)), "sp", "pc", "pstate"),
    pc="pc",
    sp="sp",
    link="x30",
    trap=(0xD4200000).to_bytes(4, "little"),
    trap_advance=0,
    write=64,
    tgkill=131,
    openat=56,
    connect=203,
)

_MACHINES = {"x86_64": AMD64, "amd64": AMD64, "aarch64": ARM64, "arm64": ARM64}


def host() -> Architecture:
    """This machine's processor; FeatureUnavailable for one whose registers are not known here."""
    machine = platform.machine().lower()
    if machine not in _MACHINES:
        raise FeatureUnavailable("live processes", f"the processor {machine} is not known here")
    return _MACHINES[machine]
