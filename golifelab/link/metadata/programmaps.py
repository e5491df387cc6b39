"""The stack maps of a program's function, with what only its source can tell: names, columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from golifelab.compile.dump import function_of
from golifelab.compile.machine.code import MachineCode
from golifelab.link.executable import link
from golifelab.link.metadata.framenames import frame_names
from golifelab.link.metadata.listing import Instruction
from golifelab.link.metadata.stackmaps import StackMaps, stack_maps
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.compile import shell_line
from golifelab.toolchain.link import Mode


def program_stack_maps(
    source: Source, target: Target, function: str, mode: Mode | None = None
) -> StackMaps:
    """The stack maps of a function as they are in the linked program.

    The cells have names where the compiler told them, the instructions are in Go's syntax with the
    compiler's positions. CompileFailed, LinkFailed and GolifelabError as for `ssa` and `link`;
    GolifelabError also for a function that the linker left out.
    """
    executable = link(source, target, mode)
    code, found = function_of(source, target, function)
    names = frame_names(source, target, found.symbol)
    maps = stack_maps(executable, found.symbol, names)
    made = code.machine(found)
    return replace(
        maps,
        command=f"{shell_line(source, target, ('-live',))} && {maps.command}",
        precision=code.precision,
        tier=code.tier,
        instructions=tuple(_placed(made, maps.function.entry)),
    )


def _placed(made: MachineCode, entry: int) -> Iterator[Instruction]:
    for one in made.instructions:
        if one.size:
            address = entry + one.pc
            call = one.opcode == "CALL"
            yield Instruction(address, one.size, one.text, call, one.position, one.stack)
