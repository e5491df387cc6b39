"""A function after every pass of the compiler's back end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.compile.dump import code_of, function_of
from golifelab.compile.fallback.dump import dump_variable
from golifelab.compile.functions import Function
from golifelab.compile.plain import place
from golifelab.compile.ssa import notation
from golifelab.compile.ssa.biography import Biography, Difference, biography, difference
from golifelab.compile.ssa.cfg import CFG, cfg
from golifelab.compile.ssa.impact import Impact, impact
from golifelab.compile.ssa.passes import Block, Pass, Snapshot, Value
from golifelab.compile.ssa.rows import Rows, rows_of
from golifelab.errors import GolifelabError
from golifelab.position import Position
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.shell import compile_line

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class SSA(Stage):
    """A function as values in blocks, from the moment it was built until code is made of it.

    `passes` are those that ran, the first is "start". `ssa["opt"]` and `ssa[3]` give one of them.
    """

    function: Function
    passes: tuple[Pass, ...]

    def __len__(self) -> int:
        return len(self.passes)

    def __getitem__(self, which: int | str) -> Pass:
        if isinstance(which, int):
            return self.passes[which]
        for step in self.passes:
            if step.name == which:
                return step
        names = ", ".join(step.name for step in self.passes)
        raise GolifelabError(f"no pass named {which!r} ran", remedy=f"these ran: {names}")

    def text(self, which: int | str) -> str:
        """The function after a pass, in the notation of the compiler's own dump."""
        return "\n".join(notation.lines(self[which].snapshot))

    def at(self, position: Position, which: int | str = -1) -> tuple[Value, ...]:
        """The values that stand for a position after a pass, the dead ones left out.

        With columns on both sides the place must be the same; else the line is what counts.
        """
        return tuple(
            value
            for value in self[which].values()
            if not value.dead and value.position and same_place(value.position, position)
        )

    def biography(self, value: int | str) -> Biography:
        """What became of a value ("v13"), pass by pass."""
        return biography(self.function, self.passes, value)

    def diff(self, before: int | str, after: int | str) -> Difference:
        """What changed between two passes."""
        return difference(self[before], self[after])

    def cfg(self, which: int | str = -1) -> CFG:
        """The blocks after a pass as a graph: dominators, loops, what is alive between blocks."""
        return cfg(self[which], self.function.symbol)

    def impact(self) -> Impact:
        """What each pass did; those that left the function as it was are merged."""
        return impact(self.passes, self.function.symbol)

    def rows(self) -> Rows:
        """Every pass as a list of lines, for the browser: each different line is stored once."""
        return rows_of(self.passes)

    def frame(self) -> pd.DataFrame:
        """One row for every value after every pass, with its block."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"pass": step.name, "block": block.name, **_plain(value)}
                for step in self.passes
                for block in step.blocks
                for value in block.values  # noqa: PD011 - not a frame
            ]
        )

    def to_json(self) -> dict[str, Any]:
        """`function`; `passes`: name, index, ns, blocks with their values."""
        return self.header() | {
            "function": self.function.symbol,
            "passes": [
                {
                    "name": step.name,
                    "index": step.index,
                    "ns": step.ns,
                    "blocks": [_plain_block(block) for block in step.blocks],
                }
                for step in self.passes
            ],
        }


def same_place(known: Position, wanted: Position) -> bool:
    """Whether two positions name one place, as far as both know their columns."""
    if (known.file, known.line) != (wanted.file, wanted.line):
        return False
    return known.column == wanted.column or not known.column or not wanted.column


def _plain(value: Value) -> dict[str, Any]:
    return {
        "value": value.name,
        "op": value.op,
        "type": value.type,
        "aux": value.aux,
        "args": [f"v{arg}" for arg in value.args],
        "position": place(value.position),
        "location": value.location,
        "dead": value.dead,
    }


def _plain_block(block: Block) -> dict[str, Any]:
    return {
        "block": block.name,
        "kind": block.kind,
        "controls": [f"v{control}" for control in block.controls],
        "successors": [f"b{successor}" for successor in block.successors],
        "predecessors": [f"b{predecessor}" for predecessor in block.predecessors],
        "likely": block.likely,
        "dead": block.dead,
        "position": place(block.position),
        "values": [_plain(value) for value in block.values],  # noqa: PD011 - not a frame
    }


def ssa(source: Source, target: Target, function: str) -> SSA:
    """A function after every pass.

    CompileFailed when the compiler refuses the program, GolifelabError for a name that no function
    has; it lists those that exist.
    """
    code, found = function_of(source, target, function)
    return SSA(
        command=f"{dump_variable(found)} {compile_line(source, target)}",
        tier=code.tier,
        precision=code.precision,
        seconds=code.seconds,
        function=found,
        passes=code.passes(found),
    )


def functions(source: Source, target: Target) -> tuple[Function, ...]:
    """The functions of a package that have code; CompileFailed when the compiler refuses it."""
    return code_of(source, target).functions


__all__ = [
    "CFG",
    "SSA",
    "Biography",
    "Block",
    "Difference",
    "Function",
    "Impact",
    "Pass",
    "Rows",
    "Snapshot",
    "Value",
    "functions",
    "ssa",
]
