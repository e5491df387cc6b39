"""The instructions of a linked function, by its bytes alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from golifelab.compile.machine.gnusyntax import disassembler
from golifelab.errors import FeatureUnavailable
from golifelab.link.executable import Executable
from golifelab.link.metadata.pclntab import TableFunction
from golifelab.position import Position

_CALLS = ("call", "bl", "blr")
_MAX_BYTES = 1 << 20
_TARGET = re.compile(r"#?0x([0-9a-f]{1,16})")


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction at its link-time address, as text; `call` says whether it calls.

    `position` is its innermost source line. `stack` holds all places, outermost first, where it is
    known that it came from an inlined body.
    """

    address: int
    size: int
    text: str
    call: bool
    position: Position | None = None
    stack: tuple[Position, ...] = ()

    @property
    def outermost(self) -> Position | None:
        """Its place in the function's own text."""
        return self.stack[0] if self.stack else self.position


def listing(executable: Executable, function: TableFunction) -> tuple[Instruction, ...]:
    """The instructions of a function, in GNU syntax. Bytes that are no instruction end them.

    () for processors that the disassembler is not set up for.
    """
    image = executable.image
    try:
        reader = disassembler(image.machine)
    except FeatureUnavailable:
        return ()
    table = executable.pclntab
    lines = table.lines(function)
    end = lines[-1][1] if lines else function.end  # behind it is only padding
    code = image.bytes_at(function.entry, min(end - function.entry, _MAX_BYTES))
    found = []
    at = 0
    for address, length, mnemonic, operands in reader.disasm_lite(code, function.entry):
        while at < len(lines) - 1 and lines[at][1] <= address:
            at += 1
        position = lines[at][2] if lines and lines[at][0] <= address < lines[at][1] else None
        call = mnemonic.rstrip("q") in _CALLS
        text = f"{mnemonic} {operands}".strip()
        if call and (target := _TARGET.fullmatch(operands)):
            callee = table.find(int(target[1], 16))
            text += f" <{callee.name}>" if callee else ""
        found.append(Instruction(address, length, text, call, position))
    return tuple(found)
