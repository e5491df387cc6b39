"""Who called whom on a stack, by the function table: no debug information is needed.

The table tells for each address how far the stack pointer stands below the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from golifelab.errors import GolifelabError
from golifelab.link.metadata.pclntab import FunctionTable
from golifelab.load.hold.architecture import Architecture

MAX_FRAMES = 200
# Nothing called these: below them a stack begins, or another one goes on.
_FIRST = frozenset(("runtime.goexit", "runtime.rt0_go", "runtime.mcall", "runtime.systemstack"))


def chain(
    table: FunctionTable,
    machine: Architecture,
    registers: Mapping[str, int],
    word: Callable[[int], int],
    bias: int = 0,
) -> Iterator[tuple[int, str]]:
    """The frames of a stack, innermost first: (run-time address, function).

    Calls that were inlined have no frame. The address is where execution stands, or will go on.
    `word` reads a machine word. It ends where a stack begins, where the table knows nothing, and
    where memory cannot be read.
    """
    pc, sp = registers[machine.pc], registers[machine.sp]
    link = registers[machine.link] if machine.link else 0
    called = 0
    for _ in range(MAX_FRAMES):
        # A return address belongs to the call before it, which may end a function.
        place = pc - bias - called
        size, function = table.frame_size(place), table.find(place)
        if size < 0 or function is None:
            return
        yield pc, function.name
        if function.name in _FIRST:
            return
        try:
            if machine.link:
                # The caller's address is in the link register until the function saves it.
                pc = word(sp) if size else link
                sp += size
            else:
                pc = word(sp + size)
                sp += size + 8
        except GolifelabError:
            return
        called = 1
