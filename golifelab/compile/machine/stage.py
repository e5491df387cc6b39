"""The machine code of a function."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.compile.dump import function_of
from golifelab.compile.functions import Function
from golifelab.compile.machine.code import Instruction, Relocation
from golifelab.compile.machine.explain import explain
from golifelab.compile.machine.gnusyntax import gnu_syntax
from golifelab.compile.plain import place
from golifelab.compile.ssa.stage import same_place
from golifelab.position import Position
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.shell import compile_line

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine(Stage):
    """The code of one function before linking. A sequence of Instruction, in address order.

    `code` is all of its bytes with the gaps of `relocations` still open; `frame_size` and
    `arguments_size` count bytes of stack.
    """

    function: Function
    architecture: str
    instructions: tuple[Instruction, ...]
    relocations: tuple[Relocation, ...]
    code: bytes
    frame_size: int
    arguments_size: int

    def __len__(self) -> int:
        return len(self.instructions)

    def __iter__(self) -> Iterator[Instruction]:
        return iter(self.instructions)

    def __getitem__(self, index: int) -> Instruction:
        return self.instructions[index]

    def at(self, position: Position) -> tuple[Instruction, ...]:
        """The instructions of a position; of its line where columns are not known."""
        return tuple(i for i in self if i.position and same_place(i.position, position))

    def covering(self, pc: int) -> Instruction | None:
        """The instruction that holds the byte at an offset in the function."""
        row = bisect_right(self.instructions, pc, key=lambda i: i.pc) - 1
        if row < 0 or pc >= self.instructions[row].pc + self.instructions[row].size:
            return None
        return self.instructions[row]

    def of_value(self, value: int | str) -> tuple[Instruction, ...]:
        """The instructions that were made for a value of the last pass ("v13")."""
        number = int(value.removeprefix("v")) if isinstance(value, str) else value
        return tuple(i for i in self if i.origin == "value" and i.origin_id == number)

    def gnu(self, index: int) -> str:
        """An instruction in GNU syntax, by capstone; FeatureUnavailable where it knows none."""
        return gnu_syntax(self.architecture, self.instructions[index])

    def explain(self, index: int) -> str:
        """What an instruction does, in a few words; where no words are written down, it says so."""
        return explain(self.instructions[index], self.architecture).text

    def frame(self) -> pd.DataFrame:
        """One row an instruction: pc, size, bytes, text, opcode, position, origin, origin_id."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """Sizes, `code` (hex), `instructions` as the rows of `frame`, `relocations`."""
        return self.header() | {
            "function": self.function.symbol,
            "frame_size": self.frame_size,
            "arguments_size": self.arguments_size,
            "code": self.code.hex(),
            "instructions": self._rows(),
            "relocations": [
                {name: getattr(gap, name) for name in Relocation.__slots__}
                for gap in self.relocations
            ],
        }

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "pc": one.pc,
                "size": one.size,
                "bytes": one.hex,
                "text": one.text,
                "opcode": one.opcode,
                "position": place(one.position),
                "origin": one.origin,
                "origin_id": one.origin_id,
            }
            for one in self.instructions
        ]


def machine(source: Source, target: Target, function: str) -> Machine:
    """The code of a function. CompileFailed and GolifelabError as for `ssa`."""
    code, found = function_of(source, target, function)
    made = code.machine(found)
    return Machine(
        command=compile_line(source, target, ("-S",)),
        tier=code.tier,
        precision=code.precision,
        seconds=code.seconds,
        function=found,
        architecture=target.goarch,
        instructions=made.instructions,
        relocations=made.relocations,
        code=made.code,
        frame_size=made.frame_size,
        arguments_size=made.arguments_size,
    )


__all__ = ["Instruction", "Machine", "Relocation", "machine"]
