"""The compiler as it ships, watched through the text it can print: -S and GOSSAFUNC."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from functools import cached_property

from golifelab.compile.fallback import asmtext, ssatext
from golifelab.compile.fallback.ssatext import Record
from golifelab.compile.functions import Function
from golifelab.compile.machine.code import MachineCode
from golifelab.compile.ssa.passes import Pass
from golifelab.errors import GolifelabError
from golifelab.position import Position
from golifelab.source import Source
from golifelab.stage import Precision, Tier
from golifelab.target import Target
from golifelab.toolchain.compile import Compiled, compile_object, require_object

# Architectures whose instructions all have four bytes.
_FIXED = frozenset({"arm", "arm64", "loong64", "mips", "mipsle", "mips64", "mips64le"})


@dataclass
class TextCode:
    """One program, compiled once for its listing and once more for each function asked for."""

    source: Source
    target: Target
    _records: dict[str, Record] = field(default_factory=dict)
    tier: Tier = "fallback"
    precision: Precision = "line"

    @cached_property
    def _compiled(self) -> Compiled:
        done = compile_object(self.source, self.target, extra=("-S",))
        require_object(done, self.source)
        return done

    @cached_property
    def _listings(self) -> dict[tuple[str, str], asmtext.Listing]:
        return {(x.symbol, x.abi): x for x in asmtext.split(self._compiled.stdout)}

    @property
    def seconds(self) -> float:
        """Wall-clock seconds of the compiler."""
        return self._compiled.seconds

    @property
    def object(self) -> bytes:
        """The object file; CompileFailed when there is none."""
        return self._compiled.object

    def expect(self, name: str) -> None:
        """Nothing to prepare here: each function is a run of its own."""

    def begin(self, name: str) -> None:
        """Nothing to begin with either: which function it is only a run of the compiler tells."""

    def ready(self, seconds: float) -> bool:  # noqa: ARG002 - nothing was begun
        """Nothing is being waited for."""
        return True

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """The functions with code, in the object file's order."""
        return tuple(listing.function for listing in self._listings.values())

    def ir(self, function: Function) -> str:
        """The tree of a function, as it enters SSA, as text."""
        return "".join(f"{line}\n" for line in self._record(function).ir)

    def passes(self, function: Function) -> tuple[Pass, ...]:
        """The function after every pass."""
        home = function.position
        file = home.file if home else ""

        def where(line: int) -> Position:
            # The dump has no file names: a line of an inlined body of another file looks the same.
            return Position(file, line)

        return self._record(function).passes(where)

    def machine(self, function: Function) -> MachineCode:
        """Its instructions."""
        return asmtext.machine(
            self._listings[function.symbol, function.abi],
            4 if self.target.goarch in _FIXED else 0,
        )

    def _record(self, function: Function) -> Record:
        if function.symbol not in self._records:
            self._records[function.symbol] = self._run(function)
        return self._records[function.symbol]

    def _run(self, function: Function) -> Record:
        number = 0 if function.abi == "ABI0" else 1
        done = compile_object(
            self.source,
            self.target,
            extra=("-c=1",),  # functions are compiled at once otherwise, and their texts mix
            environment={
                "GOSSAFUNC": f"{function.name},{number}+",
                "GOSSADIR": "{dir}",
            },
        )
        require_object(done, self.source)
        records = [r for r in ssatext.split(done.stdout) if r.sections]
        fitting = [r for r in records if r.abi in (number, -1)] or records
        if not fitting:
            raise GolifelabError(f"the compiler printed nothing about {function.name}")
        return fitting[0]


def dump_variable(function: Function) -> str:
    """The setting of GOSSAFUNC that makes the compiler print a function after every pass."""
    # Older compilers take what follows a comma for the ABI: a name with commas must spell it out.
    abi = (",0" if function.abi == "ABI0" else ",1") if "," in function.name else ""
    return f"GOSSAFUNC={shlex.quote(f'{function.name}{abi}+')}"
