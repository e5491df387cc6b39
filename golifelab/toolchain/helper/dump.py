"""Compile a program with the helper and read what every pass and the assembler made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from golifelab.columns import Table
from golifelab.errors import ParseError
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.compile import compile_object, parse_diagnostics
from golifelab.toolchain.helper import build
from golifelab.toolchain.helper.function import FunctionDump, FunctionIndex, Positions, read_index
from golifelab.toolchain.helper.stream import RawDump, split_dump
from golifelab.toolchain.shell import compile_line

_FILE = "golifelab.dump"
MAX_BYTES = 512 << 20
# Bytes of source.
_SMALL = 4_000


@dataclass(frozen=True)
class Dump:
    """One run of the compiler, observed. `object` is empty when the program was refused.

    `truncated` says that functions are missing: the compiler stopped early, or the stream reached
    its limit.
    """

    object: bytes
    stdout: str
    stderr: str
    returncode: int
    seconds: float
    command: str
    raw: RawDump

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The compiler's messages."""
        return parse_diagnostics(f"{self.stdout}\n{self.stderr}")

    @property
    def truncated(self) -> bool:
        """Whether functions are missing."""
        return self.raw.truncated

    @property
    def pass_names(self) -> tuple[str, ...]:
        """The compiler's whole pass table, in order."""
        return self.raw.pass_names

    @cached_property
    def positions(self) -> Positions:
        """The positions that values, blocks and instructions refer to by row."""
        return Positions(self.raw.positions)

    @cached_property
    def functions(self) -> tuple[FunctionIndex, ...]:
        """Every function that was compiled, in the compiler's order."""
        return tuple(
            read_index(frame, self.raw.strings, self.positions) for frame in self.raw.functions
        )

    def function(self, name: str, abi: int | None = None) -> FunctionDump:
        """A recorded function, by link symbol ("main.add") or name in the compiler ("add").

        KeyError when there is none of that name, or it was not asked for. A link symbol goes before
        an equal name; of two ABIs of one function, the internal one goes first.
        """
        return self._decoded(self._find(name, abi))

    def _find(self, name: str, abi: int | None) -> int:
        ranked = sorted(
            (entry.symbol != name, -entry.abi, number)
            for number, entry in enumerate(self.functions)
            if entry.recorded and name in (entry.symbol, entry.ir_name) and abi in (None, entry.abi)
        )
        if not ranked:
            raise KeyError(name)
        return ranked[0][2]

    def _decoded(self, number: int) -> FunctionDump:
        if number not in self._functions:
            self._functions[number] = FunctionDump(
                self.functions[number],
                self.raw.functions[number],
                self.raw.strings,
                self.positions,
                self.pass_names,
            )
        return self._functions[number]

    @cached_property
    def _functions(self) -> dict[int, FunctionDump]:
        return {}


def dump(
    source: Source,
    target: Target,
    *,
    functions: Sequence[str] | None = None,
    passes: bool = True,
    ir: bool | Sequence[str] = True,
    wait: bool = False,
    timeout: float = 120.0,
) -> Dump:
    """Compile a program under observation.

    `functions` limits the record to these (link symbols or names in the compiler); the others still
    stand in `Dump.functions`. Without `passes` no values and blocks are recorded, without `ir` no
    trees, and with a list of functions only theirs: writing all trees takes about as long as
    recording all else. Raises FeatureUnavailable while the helper is not ready (with `wait`, builds
    it first), CompileFailed when an import can't be found.
    """
    helper = build.wait(target) if wait else build.require(target)
    environment = {
        "GOLIFELAB": "dump",
        "GOLIFELAB_DUMP": "{dir}/" + _FILE,
        "GOLIFELAB_LIMIT": str(MAX_BYTES),
        "GOLIFELAB_PASSES": str(int(passes)),
        # The compiler lives for milliseconds: collecting garbage early only costs. With a small
        # program so does memory that is touched for the first time.
        "GOGC": "400" if sum(len(text) for _, text in source.files) <= _SMALL else "1600",
        "GOMEMLIMIT": "1GiB",
    }
    if functions is not None:
        environment["GOLIFELAB_FUNCTIONS"] = "\n".join(functions)
    if ir is not True:
        environment["GOLIFELAB_IR"] = "\n".join(ir or ())
    done = compile_object(
        source,
        target,
        compiler=helper,
        # Where all functions are recorded they come one by one, in the compiler's own order. Where
        # a few are, the compiler works on the others meanwhile, as it does for everyone.
        extra=("-c=1",) if functions is None else (),
        environment=environment,
        collect=(_FILE,),
        timeout=timeout,
    )
    data = done.side.get(_FILE)
    if data is None:
        reason = (done.stderr or done.stdout).strip()[:500] or f"exit status {done.returncode}"
        raise ParseError("dump", f"the helper wrote none: {reason}", go_version=target.go)
    return Dump(
        done.object,
        done.stdout,
        done.stderr,
        done.returncode,
        done.seconds,
        compile_line(source, target),
        split_dump(data),
    )


__all__ = ["Dump", "FunctionDump", "FunctionIndex", "Position", "Positions", "Table", "dump"]
