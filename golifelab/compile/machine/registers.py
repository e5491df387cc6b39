"""The registers of a function: what each holds at every step, and what had to go to the stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from golifelab.compile.dump import function_of
from golifelab.compile.functions import Function
from golifelab.compile.machine.code import Instruction
from golifelab.compile.machine.registerfile import RegisterFile, register_file
from golifelab.compile.machine.residency import Residency, Step
from golifelab.compile.ssa.passes import Pass, Value
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.shell import compile_line

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Spill:
    """A value saved on the stack: its register is needed, or a call would destroy it.

    `store` is the StoreReg that saves the value `value` from `register` into `slot` (a variable's
    name and type: "xs+8[int]", ".autotmp_23[int]"), in `block`. `restores` are the LoadRegs that
    bring it back; empty where it is only read as memory or by a phi that lives on the stack.
    """

    store: int
    value: int
    register: str
    slot: str
    block: int
    restores: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterGrid(Stage):
    """Registers × steps. A sequence of Step, in the order of the code.

    `registers` are the processor's. `instructions` is the machine code that the steps point into;
    `outside` are those of its instructions that belong to no step, such as the call that grows the
    stack (all of them where the compiler was not observed). `spills` are in the order of the code.
    `stacked` are the values whose home is a slot of the stack, each with its block: arguments that
    the caller left there, what is spilled, and phis of both.
    """

    function: Function
    architecture: str
    registers: RegisterFile
    steps: tuple[Step, ...]
    spills: tuple[Spill, ...]
    stacked: tuple[tuple[int, Value], ...]
    instructions: tuple[Instruction, ...]
    outside: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __getitem__(self, index: int) -> Step:
        return self.steps[index]

    @property
    def used(self) -> tuple[str, ...]:
        """The registers that hold a value at some step, in the processor's order."""
        touched = {r for step in self for held in (step.writes, step.holds) for r in held}
        return tuple(r for r in self.registers.allocatable if r in touched)

    @property
    def pressure(self) -> tuple[int, ...]:
        """How many general registers are needed after each step."""
        general = frozenset(self.registers.general)
        return tuple(len(general & step.holds.keys()) for step in self)

    def step_of(self, instruction: int) -> Step | None:
        """The step that an instruction belongs to, by its index in the function."""
        return next((step for step in self if instruction in step.instructions), None)

    def holding(self, value: int | str) -> tuple[tuple[int, str], ...]:
        """The steps after which a register holds a value ("v13"), with the register."""
        number = int(value.removeprefix("v")) if isinstance(value, str) else value
        return tuple(
            (step.index, register)
            for step in self
            for register, held in step.holds.items()
            if held == number
        )

    def cell(self, step: Step, register: str) -> str:
        """What a step means to a register, in short: "" where it holds nothing that is needed.

        "v13" is held, "+v13" is put there by this step, "-v13" is read here for the last time;
        "-v12 +v13" is both.
        """
        held, made = step.holds.get(register), step.writes.get(register)
        read = step.reads.get(register)
        last = f"-v{read}" if read is not None and (made is not None or held is None) else ""
        now = f"+v{made}" if made is not None else f"v{held}" if held is not None else ""
        return f"{last} {now}".strip()

    def text(self, step: Step) -> str:
        """The instructions of a step; where there are none, its values as the dump prints them."""
        if step.instructions:
            return "; ".join(self.instructions[index].text for index in step.instructions)
        texts = [value.text for value in step.values]  # noqa: PD011 - not a frame
        return "; ".join(texts) or step.kind

    def frame(self) -> pd.DataFrame:
        """One row a step: block, kind, values, text, pressure, and a column for each used register.

        The cells are those of `cell`.
        """
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "block": f"b{step.block}",
                    "kind": step.kind,
                    "values": " ".join(v.name for v in step.values),  # noqa: PD011 - not a frame
                    "text": self.text(step),
                    "pressure": pressure,
                    **{register: self.cell(step, register) for register in self.used},
                }
                for step, pressure in zip(self, self.pressure, strict=True)
            ]
        )

    def to_json(self) -> dict[str, Any]:
        """`registers`, `used`, `spills`, `outside`; `steps` with ids of values by register."""
        return self.header() | {
            "function": self.function.symbol,
            "architecture": self.architecture,
            "registers": asdict(self.registers),
            "used": list(self.used),
            "steps": [
                {
                    "kind": step.kind,
                    "block": step.block,
                    "values": [value.id for value in step.values],  # noqa: PD011 - not a frame
                    "text": self.text(step),
                    "reads": dict(step.reads),
                    "writes": dict(step.writes),
                    "holds": dict(step.holds),
                    "instructions": list(step.instructions),
                }
                for step in self
            ],
            "spills": [asdict(spill) for spill in self.spills],
            "outside": list(self.outside),
        }


def register_grid(source: Source, target: Target, function: str) -> RegisterGrid:
    """The registers of a function.

    CompileFailed and GolifelabError as for `ssa`; FeatureUnavailable where this Go came without
    the source of its compiler, or for a processor whose registers are not read from it.
    """
    registers = register_file(target)
    code, found = function_of(source, target, function)
    last = code.passes(found)[-1]
    instructions = code.machine(found).instructions
    made: dict[tuple[str, int], tuple[int, ...]] = {}
    for one in instructions:
        key = _owner(one)
        made[key] = (*made.get(key, ()), one.index)
    steps = tuple(Residency(last, registers.allocatable).steps(made))
    inside = {index for step in steps for index in step.instructions}
    return RegisterGrid(
        command=compile_line(source, target, ("-S",)),
        tier=code.tier,
        precision=code.precision,
        seconds=code.seconds,
        function=found,
        architecture=target.goarch,
        registers=registers,
        steps=steps,
        spills=tuple(_spills(last)),
        stacked=tuple(_stacked(last)),
        instructions=instructions,
        outside=tuple(one.index for one in instructions if one.index not in inside),
    )


def _owner(one: Instruction) -> tuple[str, int]:
    if one.origin == "prologue":
        return "entry", 0
    # What a RET grew into belongs to the block that returns.
    return ("block" if one.origin == "epilogue" else one.origin), one.origin_id


def _stacked(last: Pass) -> Iterator[tuple[int, Value]]:
    for block in last.blocks:
        for value in block.values:  # noqa: PD011 - not a frame
            # Slots have a variable's name and type: "xs+8[int]".
            if value.op in ("Arg", "StoreReg", "Phi") and value.location.endswith("]"):
                yield block.id, value


def _spills(last: Pass) -> Iterator[Spill]:
    restores: dict[int, list[int]] = {}
    for value in last.values():
        if value.op == "LoadReg":
            restores.setdefault(value.args[0], []).append(value.id)
    for block in last.blocks:
        for value in block.values:  # noqa: PD011 - not a frame
            if value.op != "StoreReg":
                continue
            saved = last.value(value.args[0])
            yield Spill(
                value.id,
                value.args[0],
                saved.location if saved else "",
                value.location,
                block.id,
                tuple(restores.get(value.id, ())),
            )


__all__ = ["RegisterFile", "RegisterGrid", "Spill", "Step", "register_file", "register_grid"]
