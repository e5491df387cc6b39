"""Calls of a linked program that are to go to other functions than before.

A call of a known function is an instruction with the distance to it. Another distance leads
elsewhere: no byte moves, and no table of the program has to change.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from golifelab.link.changes import Change
from golifelab.link.elf.symbols import Function
from golifelab.link.executable import Executable

_REL32 = struct.Struct("<i")
_WORD = struct.Struct("<I")
_BL, _BL_DISTANCE = 0x94000000, 0x03FFFFFF


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where function `caller` calls `callee`, it is to call `instead`: a function like that one."""

    caller: str
    callee: str
    instead: str


def calls_redirected(program: Executable, redirects: Sequence[Redirect]) -> Iterator[Change]:
    """What is to be changed in a program's file.

    What is not there (the linker leaves out what nobody can reach) is passed over, and so is all on
    processors other than amd64 and arm64.
    """
    calls = _CALLS.get(program.image.machine)
    for one in redirects:
        caller, callee, instead = map(program.function, (one.caller, one.callee, one.instead))
        if calls and caller and callee and instead:
            place = program.offset_of(caller.address)
            assert place is not None
            for at, instruction in calls(program, caller, callee, instead):
                yield place + at, instruction


def _calls_amd64(
    program: Executable, caller: Function, callee: Function, instead: Function
) -> Iterator[tuple[int, bytes]]:
    code = program.bytes_at(caller.address, caller.size)
    at = -1
    while (at := code.find(b"\xe8", at + 1)) >= 0 and at + 5 <= len(code):
        after = caller.address + at + 5
        if _REL32.unpack_from(code, at + 1)[0] == callee.address - after:
            yield at + 1, _REL32.pack(instead.address - after)


def _calls_arm64(
    program: Executable, caller: Function, callee: Function, instead: Function
) -> Iterator[tuple[int, bytes]]:
    code = program.bytes_at(caller.address, caller.size)
    for at in range(0, len(code) - 3, 4):
        word, here = _WORD.unpack_from(code, at)[0], caller.address + at
        if word == _branch(callee.address - here):
            yield at, _WORD.pack(_branch(instead.address - here))


def _branch(distance: int) -> int:
    return _BL | (distance >> 2) & _BL_DISTANCE


_Calls = Callable[[Executable, Function, Function, Function], Iterator[tuple[int, bytes]]]
_CALLS: dict[str, _Calls] = {"amd64": _calls_amd64, "arm64": _calls_arm64}
