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
    known: dict[int, tuple[int, str]] | None = None,
) -> Iterator[tuple[int, str]]:
    """The frames of a stack, innermost first: (run-time address, function).

    Calls that were inlined have no frame. The address is where execution stands, or will go on.
    `word` reads a machine word. It ends where a stack begins, where the table knows nothing, and
    where memory cannot be read. `known` keeps from one stack to the next what the table said of a
    place: how large its frame is, and whose it is.
    """
    pc, sp = registers[machine.pc], registers[machine.sp]
    link = registers[machine.link] if machine.link else 0
    called = 0
    known = {} if known is None else known
    for _ in range(MAX_FRAMES):
        # A return address belongs to the call before it, which may end a function.
        place = pc - bias - called
        size, name = known.get(place) or known.setdefault(place, _frame(table, place))
        if size < 0:
            return
        yield pc, name
        if name in _FIRST:
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


def _frame(table: FunctionTable, place: int) -> tuple[int, str]:
    function = table.find(place)
    return (-1, "") if function is None else (table.frame_size(place), function.name)
