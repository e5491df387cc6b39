"""Go's calling convention: which registers and stack slots carry a function's arguments.

Nothing here knows Go's rules. The real compiler compiles a function of the very signature, which
lets the address of each parameter and result be taken, and what it did is read from its values
and instructions.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from golifelab.compile.check.ask import imports_for, package_name
from golifelab.compile.dump import Code, code_of
from golifelab.compile.functions import find
from golifelab.compile.machine.code import MachineCode
from golifelab.compile.machine.signature import Parameter, signature
from golifelab.compile.ssa.passes import Pass
from golifelab.errors import FeatureUnavailable, ParseError
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.shell import compile_line

if TYPE_CHECKING:
    import pandas as pd

_CALL, _RESULTS = "golifelabCall", "golifelabResults"
_LOOK = "golifelabLook"
_PIECE = re.compile(r"\{([ab]\d+)\+(\d+)\} \[(\d+)\]")
_PLACE = re.compile(r"\.([ab]\d+)([+-]\d+)?\((?:SP|FP)\)")
# How far above the lowest byte of a frame the arguments begin: above the return address. On arm64
# instructions name them relative to the arguments themselves.
_RETURN = {"amd64": 8}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a parameter that travels in a register: `type`, and its `offset` in the whole."""

    register: str
    type: str
    offset: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """How a receiver, parameter or result travels.

    `pieces` are the registers that carry it; empty for one on the stack, and one of size zero.
    `offset` is then its first byte in the argument area; -1 for one in registers. `spill` is where
    in that area a parameter in registers may be saved, as the prologue must when the stack grows;
    -1 for all others. The area starts at 0(FP), just above the return address (on arm64, above the
    word where a callee saves its own).
    """

    role: str
    name: str
    type: str
    pieces: tuple[Piece, ...]
    offset: int
    spill: int

    @property
    def registers(self) -> tuple[str, ...]:
        """The registers that carry it, in order."""
        return tuple(piece.register for piece in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class ABI(Stage):
    """How functions of one signature are called from Go (ABIInternal).

    `assignments` holds the receiver, the parameters and the results, in order. `arguments_size`
    counts the bytes of the argument area, with the room for spills.
    """

    signature: str
    architecture: str
    assignments: tuple[Assignment, ...]
    arguments_size: int

    @property
    def parameters(self) -> tuple[Assignment, ...]:
        """The receiver, where there is one, and the parameters."""
        return tuple(one for one in self.assignments if one.role != "result")

    @property
    def results(self) -> tuple[Assignment, ...]:
        """The results."""
        return tuple(one for one in self.assignments if one.role == "result")

    def frame(self) -> pd.DataFrame:
        """One row an assignment: role, name, type, registers, offset and spill (-1 for none)."""
        import pandas as pd

        rows = [
            {
                "role": one.role,
                "name": one.name,
                "type": one.type,
                "registers": " ".join(one.registers),
                "offset": one.offset,
                "spill": one.spill,
            }
            for one in self.assignments
        ]
        return pd.DataFrame(rows, columns=["role", "name", "type", "registers", "offset", "spill"])

    def to_json(self) -> dict[str, Any]:
        """`signature`, `architecture`, `arguments_size`, `assignments` with their `pieces`."""
        return self.header() | {
            "signature": self.signature,
            "architecture": self.architecture,
            "arguments_size": self.arguments_size,
            "assignments": [asdict(one) for one in self.assignments],
        }


def abi(source: Source, target: Target, wanted: str) -> ABI:
    """How functions of a signature are called, or a function of the program, by its name.

    A signature may name the program's types and std's packages; for its forms see `signature`.
    CompileFailed for a signature or program that Go refuses; GolifelabError for unknown names and
    generic functions; FeatureUnavailable for processors other than amd64 and arm64.
    """
    if target.goarch not in ("amd64", "arm64"):
        raise FeatureUnavailable("calling convention", f"it is not read for {target.goarch}")
    taken = signature(source, target, wanted)
    given = [one for one in taken.parameters if one.role != "result"]
    results = [one for one in taken.parameters if one.role == "result"]
    probe = _probe(source, target, given, results)
    name, text = probe.files[-1]
    code = code_of(probe, target)
    code.expect(_CALL)
    call = _Probe.of(code, _CALL, target)
    code.expect(_RESULTS)
    back = _Probe.of(code, _RESULTS, target)
    # Results travel as parameters of their types would; what is returned must bear that out.
    found = [register for row in range(len(results)) for register in _at(back.pieces, "b", row)]
    if tuple(piece.register for piece in found) != call.returned:
        raise ParseError(
            "compile", f"the results of {taken.text} return in {' '.join(call.returned)}"
        )
    return ABI(
        command=f"printf %s {shlex.quote(text)} > {name}; {compile_line(probe, target, ('-S',))}",
        tier=code.tier,
        precision=code.precision,
        seconds=code.seconds,
        signature=taken.text,
        architecture=target.goarch,
        assignments=(
            *(_assignment(one, call, call, "a", row) for row, one in enumerate(given)),
            *(_assignment(one, back, call, "b", row) for row, one in enumerate(results)),
        ),
        arguments_size=call.arguments_size,
    )


def _probe(
    source: Source, target: Target, given: Sequence[Parameter], results: Sequence[Parameter]
) -> Source:
    """The program with two functions: one of the signature, one with its results as parameters."""
    texts = [f"{one.type} " for one in (*given, *results)]
    a = ", ".join(f"a{row} {one.type}" for row, one in enumerate(given))
    b = ", ".join(f"b{row} {one.type}" for row, one in enumerate(results))
    look_a = "".join(f"\t{_LOOK}(unsafe.Pointer(&a{row}))\n" for row in range(len(given)))
    look_b = "".join(f"\t{_LOOK}(unsafe.Pointer(&b{row}))\n" for row in range(len(results)))
    name = "probe.go"
    while name in source.names:
        name = f"more_{name}"
    named = {(name, path) for name, path in imports_for(source, target, texts) if name != "unsafe"}
    imports = "".join(f'import {n} "{path}"\n' for n, path in sorted(named))
    text = (
        f'package {package_name(source, target)}\n\nimport "unsafe"\n{imports}\n'
        f"//go:noinline\nfunc {_LOOK}(unsafe.Pointer) {{}}\n\n"
        f"func {_CALL}({a}) ({b}) {{\n{look_a}{look_b}\treturn\n}}\n\n"
        f"func {_RESULTS}({b}) {{\n{look_b}}}\n"
    )
    return Source((*source.files, (name, text)), source.package, source.directory)


@dataclass(frozen=True, slots=True)
class _Probe:
    """What the compiler made of a probe.

    `pieces` holds the registers of each name, `places` the offset of each name in the argument
    area, `returned` the registers of the results.
    """

    pieces: dict[str, tuple[Piece, ...]]
    places: dict[str, int]
    returned: tuple[str, ...]
    arguments_size: int

    @classmethod
    def of(cls, code: Code, name: str, target: Target) -> _Probe:
        """Read a probe from its last pass and its instructions."""
        found = find(code.functions, name)
        last = code.passes(found)[-1]
        made = code.machine(found)
        return cls(_pieces(last), _places(made, target), _returned(last), made.arguments_size)


def _pieces(last: Pass) -> dict[str, tuple[Piece, ...]]:
    found: dict[str, dict[int, Piece]] = {}
    for value in last.values():
        match = _PIECE.fullmatch(value.aux)
        if value.op in ("ArgIntReg", "ArgFloatReg") and match:
            offset = int(match[2])
            piece = Piece(value.location, value.type, offset)
            found.setdefault(match[1], {})[offset] = piece
    return {name: tuple(by[key] for key in sorted(by)) for name, by in found.items()}


def _places(made: MachineCode, target: Target) -> dict[str, int]:
    below = made.frame_size + _RETURN[target.goarch] if target.goarch in _RETURN else 0
    found: dict[str, int] = {}
    for one in made.instructions:
        if one.opcode.startswith("LEA") or one.text.startswith("MOVD $"):
            for name, offset in _PLACE.findall(one.text):
                found[name] = int(offset or 0) - below
    return found


def _returned(last: Pass) -> tuple[str, ...]:
    """The registers that hold the results at the return."""
    for value in last.values():
        if value.op == "MakeResult":
            homes = [last.value(arg) for arg in value.args[:-1]]  # the last is the memory
            return tuple(home.location if home else "" for home in homes)
    return ()


def _at(pieces: dict[str, tuple[Piece, ...]], letter: str, row: int) -> tuple[Piece, ...]:
    return pieces.get(f"{letter}{row}", ())


def _assignment(one: Parameter, probe: _Probe, call: _Probe, letter: str, row: int) -> Assignment:
    pieces = _at(probe.pieces, letter, row)
    place = call.places.get(f"{letter}{row}", -1)
    spill = place if pieces and one.role != "result" else -1
    return Assignment(one.role, one.name, one.type, pieces, -1 if pieces else place, spill)
