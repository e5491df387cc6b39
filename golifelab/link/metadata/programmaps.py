"""The stack maps of a program's function, with what only its source can tell: names, columns.

Of an executable alone, its debug information tells some of the names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from golifelab.compile.dump import function_of
from golifelab.compile.machine.code import MachineCode
from golifelab.link.executable import Executable, link
from golifelab.link.metadata.dwarfnames import dwarf_names
from golifelab.link.metadata.framenames import frame_names
from golifelab.link.metadata.listing import Instruction
from golifelab.link.metadata.stackmaps import StackMaps, stack_maps
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.link import Mode
from golifelab.toolchain.shell import compile_line


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
    maps = named_stack_maps(executable, found.symbol)
    maps = maps.named(frame_names(source, target, found.symbol))
    made = code.machine(found)
    return replace(
        maps,
        command=f"{compile_line(source, target, ('-live',))} && {maps.command}",
        precision=code.precision,
        tier=code.tier,
        instructions=tuple(_placed(made, maps.function.entry)),
    )


def named_stack_maps(executable: Executable, function: str | int) -> StackMaps:
    """The stack maps of a function, with the names that debug information knows."""
    maps = stack_maps(executable, function)
    return maps.named(dwarf_names(executable.image, maps.function, maps.frame_size))


def _placed(made: MachineCode, entry: int) -> Iterator[Instruction]:
    for one in made.instructions:
        if one.size:
            address = entry + one.pc
            call = one.opcode == "CALL"
            yield Instruction(address, one.size, one.text, call, one.position, one.stack)
