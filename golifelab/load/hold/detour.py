"""Machine code that holds a thread without ptrace: what a place in a program becomes (amd64).

The first bytes of the place become a CALL to a few instructions of ours. They push all registers,
and stop their own thread by a signal, again and again, until a word on its stack says otherwise;
then they put everything back and go on behind the gate through which they came: there is a copy of
what was overwritten. A process that was forked is not stopped: it goes on at once.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from capstone import CsInsn

LENGTH = 5  # bytes of a CALL, which a place becomes
LARGEST = 48  # bytes of a gate, at most
# What lies on the stack of a thread that waits, from its stack pointer on: the word that it waits
# for, its registers, where it will go on, and the address behind the CALL.
WORDS = (
    "go", "fs_base", "r15", "r14", "r13", "r12", "r11", "r10", "r9", "r8", "rdi", "rsi", "rbp",
    "rbx", "rdx", "rcx", "rax", "eflags", "way", "behind",
)  # fmt: skip
FRAME = 8 * len(WORDS)
GO = struct.pack("<Q", 1)  # the word when it may go on

_PUSHED = bytes.fromhex(
    "9c"  # pushfq
    "50 51 52 53 55 56 57"  # push rax, rcx, rdx, rbx, rbp, rsi, rdi
    "4150 4151 4152 4153 4154 4155 4156 4157"  # push r8 … r15
    "6a00"  # push 0: a place for the base of the thread's storage
    "b89e000000 bf03100000 4889e6 0f05"  # arch_prctl(ARCH_GET_FS, rsp)
    "6a00"  # push 0: the word
)
_GET_THREAD = bytes.fromhex("b8ba000000 0f05 89c6")  # esi = gettid()
_STOP = bytes.fromhex("ba13000000 b8ea000000 0f05")  # tgkill(edi, esi, SIGSTOP)
_LOOP = bytes.fromhex("85c0 7507 48833c2400 74")  # unless it failed, while the word is 0: again
_POPPED = bytes.fromhex(
    "4883c410"  # add rsp, 16
    "415f 415e 415d 415c 415b 415a 4159 4158"  # pop r15 … r8
    "5f 5e 5d 5b 5a 59 58"  # pop rdi, rsi, rbp, rbx, rdx, rcx, rax
    "9d c20800"  # popfq, ret 8
)
_CALL = b"\xe8"
_SYSTEM_CALL = b"\x0f\x05"
SYSTEM_CALL = len(_SYSTEM_CALL)  # bytes of the instruction
# Jumps with one byte of distance.
_SHORT = frozenset((*range(0x70, 0x80), 0xE0, 0xE1, 0xE2, 0xE3, 0xEB))
_MOST = 20  # bytes: the last instruction that is covered begins before the fifth


def waiting_room(pid: int) -> tuple[bytes, int]:
    """The instructions in which threads of a process wait, and where in them they stand then."""
    again = _GET_THREAD + b"\xbf" + struct.pack("<I", pid) + _STOP
    back = -(len(again) + len(_LOOP) + 1)
    return _PUSHED + again + _LOOP + struct.pack("<b", back) + _POPPED, len(_PUSHED) + len(again)


def waiting(frame: bytes, sp: int) -> dict[str, int]:
    """The words of a thread that waits: its registers as they were at the place, by name."""
    words = dict(zip(WORDS, struct.unpack(f"<{len(WORDS)}Q", frame), strict=True))
    words["rip"] = words["behind"] - LENGTH
    words["rsp"] = sp + FRAME
    return words


def call(where: int, to: int) -> bytes:
    """A CALL."""
    return _CALL + _distance(where + LENGTH, to)


def gate(taken: Sequence[CsInsn], where: int, room: int) -> bytes:
    """A way to the room, and from there past a place that covers instructions."""
    return call(where, room) + displaced(taken, where + LENGTH)


def call_gate(taken: Sequence[CsInsn], where: int, room: int) -> tuple[bytes, int]:
    """As `gate`, of a place with a system call, and to the room once more when that has returned.

    Also the address of what leads to it then.
    """
    made = call(where, room) + _SYSTEM_CALL
    end = where + len(made)
    made += call(end, end + LENGTH) + call(end + LENGTH, room)
    return made + displaced(taken[1:], where + len(made)), end


@lru_cache(maxsize=256)
def covered(code: bytes, start: int, place: int) -> tuple[CsInsn, ...] | None:
    """The instructions that the CALL covers at a place of a function; None where it may not stand.

    `code` is all of the function, from the address `start`: it may not stand where another
    instruction jumps into what would be covered, or where a call among that returns into it.
    """
    taken: list[CsInsn] = []
    first, enough = place - start, place + LENGTH
    for one in _instructions(code[first : first + _MOST], place):
        taken.append(one)
        if _ends(one) or _after(taken) >= enough:
            break
        if _calls(one):
            return None
    if not taken or not (_ends(taken[-1]) or _after(taken) >= enough):
        return None
    if not all(_movable(one) for one in taken):
        return None
    if _may_be_jumped_into(code, first) and _is_jumped_into(code, start, place):
        return None
    return tuple(taken)


def _instructions(code: bytes, address: int) -> Iterator[CsInsn]:
    import capstone

    engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    engine.detail = True
    return cast("Iterator[CsInsn]", engine.disasm(code, address))


def _is_jumped_into(code: bytes, start: int, place: int) -> bool:
    return any(
        place < target < place + LENGTH
        for one in _instructions(code, start)
        if (target := _target(one)) is not None
    )


def _may_be_jumped_into(code: bytes, first: int) -> bool:
    """As `_is_jumped_into`, quickly: what may be no instruction is taken for one."""

    def inside(end: int, size: int) -> bool:
        distance = int.from_bytes(code[end - size : end], "little", signed=True)
        return first < end + distance < first + LENGTH

    for byte, size in ((b"\xe9", 5), (b"\x0f", 6)):
        at = code.find(byte)
        while at >= 0:
            if inside(at + size, 4):
                return True
            at = code.find(byte, at + 1)
    near = range(max(0, first - 0x90), min(len(code) - 1, first + 0x90))
    return any(code[at] in _SHORT and inside(at + 2, 1) for at in near)


def system_calls(code: bytes, start: int) -> list[int]:
    """The addresses of a function's instructions for system calls."""
    if _SYSTEM_CALL not in code:
        return []
    return [one.address for one in _instructions(code, start) if one.mnemonic == "syscall"]


def displaced(taken: Sequence[CsInsn], where: int) -> bytes:
    """Instructions as they do the same at another address, and a jump to what follows them."""
    made = b""
    for one in taken:
        made += _moved(one, where + len(made))
    if _ends(taken[-1]):
        return made
    return made + _jump(where + len(made), _after(taken))


def _after(taken: Sequence[CsInsn]) -> int:
    return int(taken[-1].address + taken[-1].size)


def _moved(one: CsInsn, where: int) -> bytes:
    """One instruction at another address. What is counted from where it stands is counted anew."""
    code, target = bytes(one.bytes), _target(one)
    if target is not None:
        if _calls(one):
            # It pushes the address behind the one it stands for: the stack is as it was.
            back = struct.pack("<Q", one.address + one.size)
            pushed = b"\x68" + back[:4] + b"\xc7\x44\x24\x04" + back[4:]
            return pushed + _jump(where + len(pushed), target)
        if one.mnemonic == "jmp":
            return _jump(where, target)
        condition = code[-2] if one.size == 2 else code[-5]  # 7x, or 0f 8x
        return bytes((0x0F, 0x80 | condition & 15)) + _distance(where + 6, target)
    if _relative(one):
        offset = one.encoding.disp_offset
        distance = one.disp + one.address - where
        return code[:offset] + struct.pack("<i", distance) + code[offset + 4 :]
    return code


def _jump(where: int, to: int) -> bytes:
    return b"\xe9" + _distance(where + 5, to)


def _distance(after: int, to: int) -> bytes:
    return struct.pack("<i", to - after)


def _target(one: CsInsn) -> int | None:
    """Where an instruction jumps to or calls, None where it does not or where that is not fixed."""
    import capstone
    from capstone.x86 import X86_OP_IMM

    if one.group(capstone.CS_GRP_JUMP) or one.group(capstone.CS_GRP_CALL):
        first = one.operands[0]
        if first.type == X86_OP_IMM:
            return int(first.imm)
    return None


def _ends(one: CsInsn) -> bool:
    """Whether what follows is not come to from it."""
    import capstone

    return one.mnemonic == "jmp" or bool(one.group(capstone.CS_GRP_RET))


def _calls(one: CsInsn) -> bool:
    import capstone

    return bool(one.group(capstone.CS_GRP_CALL))


def _relative(one: CsInsn) -> bool:
    """Whether it names memory by how far that is from it."""
    from capstone.x86 import X86_OP_MEM, X86_REG_RIP

    return any(part.type == X86_OP_MEM and part.mem.base == X86_REG_RIP for part in one.operands)


def _movable(one: CsInsn) -> bool:
    """Whether it can do the same elsewhere."""
    if _calls(one):
        return _target(one) is not None  # another one would name its place by the stack
    return not one.mnemonic.startswith(("loop", "jrcxz", "jecxz", "xbegin", "int3"))
