"""Instructions and relocations: the model that both tiers fill."""

from __future__ import annotations

from dataclasses import dataclass

from golifelab.position import Position


@dataclass(frozen=True, slots=True)
class Instruction:
    """One machine instruction.

    `pc` is its offset in the function, `bytes` its encoding before relocation, `text` its Go syntax
    ("ADDQ BX, AX"). `origin` says what it was made for: a "value" or the end of a "block" (and then
    `origin_id` is its number), or "prologue", "epilogue", "tail" (growing the stack, running
    deferred calls), "mark" (a NOP that carries a position); "none" where that is not known. `stack`
    holds all places, outermost first, when it came from an inlined body, else it is empty.
    """

    index: int
    pc: int
    size: int
    bytes: bytes
    text: str
    opcode: str
    position: Position | None = None
    stack: tuple[Position, ...] = ()
    origin: str = "none"
    origin_id: int = -1

    @property
    def hex(self) -> str:
        """The encoding as hexadecimal bytes."""
        return self.bytes.hex(" ")


@dataclass(frozen=True, slots=True)
class Relocation:
    """A gap in the code that the linker fills: `kind` says how ("R_CALL"), `symbol` with what."""

    offset: int
    size: int
    kind: str
    symbol: str
    addend: int = 0


@dataclass(frozen=True, slots=True)
class MachineCode:
    """The code of one function."""

    instructions: tuple[Instruction, ...]
    relocations: tuple[Relocation, ...]
    code: bytes
    frame_size: int
    arguments_size: int
