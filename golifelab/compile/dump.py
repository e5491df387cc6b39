"""One observed run of the compiler a program: IR, passes and machine code are views of it."""

from __future__ import annotations

from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from golifelab.compile.fallback.dump import TextCode
from golifelab.compile.front import Recent, tier_of
from golifelab.compile.functions import Function, find
from golifelab.compile.machine.code import Instruction, MachineCode, Relocation
from golifelab.compile.ssa.passes import Pass
from golifelab.compile.ssa.replay import Places, Replay
from golifelab.errors import FeatureUnavailable
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.stage import Precision, Tier
from golifelab.target import Target
from golifelab.toolchain.compile import refusal
from golifelab.toolchain.helper.dump import Dump, dump
from golifelab.toolchain.helper.function import FunctionDump, FunctionIndex
from golifelab.toolchain.run import later

# Up to this many bytes of source every function is observed at once: a program of a lesson costs
# little more whole, and the reader may look at any function next. In larger ones it costs several
# times as much as the one function that is asked for.
_WHOLE = 4_000

_ROLES = {"nop": "mark", "deferreturn": "tail"}
_ORIGINS = ("none", "value", "block")


class Code(Protocol):
    """What a run of the compiler tells, whichever way it was watched."""

    tier: Tier
    precision: Precision

    @property
    def seconds(self) -> float:
        """Wall-clock seconds of the compiler."""

    @property
    def object(self) -> bytes:
        """The object file that this run wrote; CompileFailed when there is none."""

    def expect(self, name: str) -> None:
        """Say which function will be asked for, so that the first run can record it."""

    def begin(self, name: str) -> None:
        """Run the compiler now, behind the caller's back: the passes of this function come first.

        What it says is heard by the first who asks for something.
        """

    def ready(self, seconds: float) -> bool:
        """Wait so long for what has begun; whether it is done."""

    @property
    def functions(self) -> tuple[Function, ...]:
        """The functions with code, in the compiler's order; in a large program, in the text's."""

    def ir(self, function: Function) -> str:
        """The tree of a function, as it enters SSA, as text."""

    def passes(self, function: Function) -> tuple[Pass, ...]:
        """The function after every pass."""

    def machine(self, function: Function) -> MachineCode:
        """Its instructions."""


@dataclass
class HelperCode:
    """The compiler observed by the helper."""

    source: Source
    target: Target
    _expected: tuple[str, ...] = ()
    _ones: dict[str, Dump] = field(default_factory=dict)
    _passes: dict[tuple[str, str], tuple[Pass, ...]] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)
    _trees: bool = True
    _begun: Future[Dump] | None = None
    tier: Tier = "helper"
    precision: Precision = "column"

    @cached_property
    def _dump(self) -> Dump:
        begun, self._begun = self._begun, None
        return self._checked(begun.result() if begun else self._run())

    @property
    def _whole(self) -> bool:
        return sum(len(text) for _, text in self.source.files) <= _WHOLE

    def _run(self) -> Dump:
        functions = None if self._whole else self._expected
        return dump(self.source, self.target, functions=functions, ir=self._trees)

    def _checked(self, done: Dump) -> Dump:
        if done.object:
            return done
        said = (done.stderr or done.stdout).strip()[:2000]
        unknown = Diagnostic(Position(self.source.names[0], 0), said or "the compiler said nothing")
        raise refusal(done.diagnostics or (unknown,), self.source)

    def expect(self, name: str) -> None:
        """Say which function will be asked for, so that the first run can record it."""
        self._expected = (name.strip(),)

    def begin(self, name: str) -> None:
        """Run the compiler now, in a thread. It writes no trees: they cost a fifth of its time."""
        if self._begun is not None or "_dump" in self.__dict__:
            return
        self.expect(name)
        self._trees = False
        self._begun = later(self._run)

    def ready(self, seconds: float) -> bool:
        """Wait so long for what has begun; whether it is done."""
        begun = self._begun
        return begun is None or begun in wait([begun], seconds).done

    @property
    def seconds(self) -> float:
        """Wall-clock seconds of the compiler."""
        return self._dump.seconds

    @property
    def object(self) -> bytes:
        """The object file that this run wrote; CompileFailed when there is none."""
        return self._dump.object

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """The functions with code, in the compiler's order; in a large program, in the text's."""
        entries = self._dump.functions
        if not self._whole:
            entries = tuple(sorted(entries, key=_text_order))
        return tuple(
            Function(
                entry.ir_name,
                entry.symbol,
                "ABIInternal" if entry.abi else "ABI0",
                entry.type,
                entry.position if entry.position.line else None,
                len(self._dump.function(entry.symbol, entry.abi).code) if entry.recorded else 0,
            )
            for entry in entries
        )

    def ir(self, function: Function) -> str:
        """The tree of a function, as it enters SSA, as text."""
        if self._trees:
            return self._function(function).ir
        if function.symbol not in self._texts:
            only = (function.symbol,)
            one = dump(self.source, self.target, functions=only, passes=False, ir=only)
            abi = 0 if function.abi == "ABI0" else 1
            self._texts[function.symbol] = self._checked(one).function(function.symbol, abi).ir
        return self._texts[function.symbol]

    def passes(self, function: Function) -> tuple[Pass, ...]:
        """The function after every pass."""
        key = function.symbol, function.abi
        if key not in self._passes:
            found = self._function(function)
            self._passes[key] = Replay(found, Places(found.positions)).passes()
        return self._passes[key]

    def machine(self, function: Function) -> MachineCode:
        """Its instructions."""
        return _machine(self._function(function))

    def _function(self, function: Function) -> FunctionDump:
        abi = 0 if function.abi == "ABI0" else 1
        try:
            return self._dump.function(function.symbol, abi)
        except KeyError:
            pass
        if function.symbol not in self._ones:
            one = dump(self.source, self.target, functions=(function.symbol,))
            self._ones[function.symbol] = self._checked(one)
        return self._ones[function.symbol].function(function.symbol, abi)


def _text_order(entry: FunctionIndex) -> tuple[bool, str, int, int, str, int]:
    at = entry.position
    made_up = at.file.startswith("<")  # the compiler's own functions go last
    return made_up, at.file, at.line, at.column, entry.symbol, entry.abi


def _machine(found: FunctionDump) -> MachineCode:
    places = Places(found.positions)
    table = found.instructions
    code = found.code
    instructions: list[Instruction] = []
    for row in range(len(table)):
        size, pc = table["size"][row], table["pc"][row]
        if not size:
            continue  # PCDATA and its like tell the linker something; the processor sees nothing
        position, stack, _ = places[table["position"][row]]
        role = table.text("role", row)
        origin = _ORIGINS[table["origin_kind"][row]]
        if role not in ("value", "block", "expansion"):
            origin = _ROLES.get(role, role)
        elif origin == "none" and instructions:
            origin = instructions[-1].origin  # the assembler's, after a mark: it pads to an address
        instructions.append(
            Instruction(
                len(instructions),
                pc,
                size,
                code[pc : pc + size],
                table.text("text", row).replace("\t", " ", 1),
                table.text("opcode", row),
                position,
                stack,
                origin,
                table["origin"][row],
            )
        )
    relocations = tuple(
        Relocation(
            found.relocations["offset"][row],
            found.relocations["size"][row],
            found.relocations.text("kind", row),
            found.relocations.text("symbol", row),
            found.addend(row),
        )
        for row in range(len(found.relocations))
    )
    return MachineCode(tuple(instructions), relocations, code, found.frame_size, found.args_size)


_recent: Recent[Code] = Recent(8)


def code_of(source: Source, target: Target) -> Code:
    """The run of the compiler that the stages of a program share.

    Nothing runs yet; CompileFailed comes from the first question about a program that is refused.
    """
    tier = tier_of(target)

    def make() -> Code:
        return HelperCode(source, target) if tier == "helper" else TextCode(source, target)

    return _recent.get((tier, source, target), make)


def begin(source: Source, target: Target, function: str) -> Code:
    """Start the compiler in the background, if it was not: a question that comes now waits less."""
    code = code_of(source, target)
    code.begin(function)
    return code


def function_of(source: Source, target: Target, name: str) -> tuple[Code, Function]:
    """The shared run, and the function a reader means by a name."""
    code = code_of(source, target)
    code.expect(name)
    try:
        return code, find(code.functions, name)
    except FeatureUnavailable:
        fallback = TextCode(source, target)  # the helper was removed since we looked
        return fallback, find(fallback.functions, name)
