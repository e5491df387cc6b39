"""The ABI explorer's payload: how one signature's parameters and results travel, by processor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from golifelab.compile.machine.abi import ABI, Assignment
from golifelab.compile.machine.registerfile import register_file
from golifelab.compile.machine.signature import WRITTEN
from golifelab.errors import CompileFailed, FeatureUnavailable, GolifelabError
from golifelab.program import Program
from golifelab.source import Source
from golifelab.target import Target
from golifelab.views.pieces import piece_names

PROCESSORS = ("amd64", "arm64")
# What is shown of a program that declares no function.
EXAMPLE = "func(n int, x float64, s string) (int, error)"
# Parameters and functions that are sent.
MAX_ASSIGNMENTS = 200
MAX_FUNCTIONS = 500

Payload = dict[str, Any]


def abi_payloads(
    program: Program, signature: str = "", processors: Sequence[str] = PROCESSORS
) -> Iterator[Payload]:
    """What the explorer shows of a signature. One payload.

    - `asked`: the signature or name that was asked for; `functions`: names that may be asked for
    - `signature`: as it was understood
    - `columns`: one a processor: see `abi_payload`; or {architecture, failure}
    - `problem`: what is wrong with what was asked, in Go's own words where Go was asked; `at` is
      the offset in it, -1 for none
    """
    names = _functions(program)
    asked = signature.strip() or (names[0] if names else EXAMPLE)
    head: Payload = {
        "asked": asked,
        "functions": names[:MAX_FUNCTIONS],
        "signature": "",
        "columns": [],
        "problem": "",
        "at": -1,
    }
    columns: list[Payload] = []
    for processor in processors:
        there = program.for_target(goarch=processor)
        try:
            found = there.abi(asked)
        except FeatureUnavailable as error:
            columns.append({"architecture": processor, "failure": error.message})
        except CompileFailed as error:
            yield head | _refused(program, error, asked)
            return
        except GolifelabError as error:
            remedy = f": {error.remedy}" if error.remedy else ""
            yield head | {"problem": f"{error.message}{remedy}"}
            return
        else:
            columns.append(abi_payload(found, there.source, there.target))
    shown = next((one["signature"] for one in columns if "signature" in one), asked)
    yield head | {"columns": columns, "signature": shown}


def abi_payload(found: ABI, source: Source | None = None, target: Target | None = None) -> Payload:
    """A calling convention for the browser.

    - `architecture`, `signature`, `arguments_size`
    - `assignments`: {role, name, type, empty, offset, spill, pieces}; `empty` is a type without
      bytes; a piece is {register, type, offset, name}, the name being what follows the variable's
      ("", ".len", ".In.X"), null where unknown
    - `integer`, `floating`: the registers that carry arguments and results, in order
    """
    where = target or Target(goarch=found.architecture)
    program = source or Source.from_text("package p\n")
    try:
        registers = register_file(where)
        integer, floating = registers.integer_arguments, registers.floating_arguments
    except FeatureUnavailable:
        # Then those that are used are all that is known.
        integer, floating = _used(found.assignments), ()
    return {
        "architecture": found.architecture,
        "signature": found.signature,
        "arguments_size": found.arguments_size,
        "assignments": [
            _assignment(one, program, where) for one in found.assignments[:MAX_ASSIGNMENTS]
        ],
        "integer": list(integer),
        "floating": list(floating),
    }


def _assignment(one: Assignment, source: Source, target: Target) -> Payload:
    names: Sequence[str | None] | None
    names = piece_names(source, target, one.type, len(one.pieces))
    empty = names == ()
    if names is None:
        names = [None] * len(one.pieces)
    return {
        "role": one.role,
        "name": one.name,
        "type": one.type,
        "empty": empty,
        "offset": -1 if empty else one.offset,
        "spill": one.spill,
        "pieces": [
            {
                "register": piece.register,
                "type": piece.type,
                "offset": piece.offset,
                "name": name,
            }
            for piece, name in zip(one.pieces, names, strict=True)
        ],
    }


def _used(assignments: Iterable[Assignment]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in assignments for name in one.registers))


def _functions(program: Program) -> list[str]:
    """The functions that a program declares, as `Program.abi` takes their names."""
    tree = program.syntax
    found = []
    for root in tree.roots:
        for node in tree.children(root):
            parts = {part.field: part for part in tree.children(node)}
            if node.kind != "FuncDecl" or "TParamList" in parts or "Name" not in parts:
                continue
            name = parts["Name"].text
            if "Recv" in parts:
                kinds = [part for part in tree.children(parts["Recv"]) if part.field == "Type"]
                if not kinds:
                    continue
                text = program.source.text(node.file).encode(errors="surrogateescape")
                kind = text[kinds[0].start : kinds[0].end].decode(errors="replace")
                if "[" in kind:
                    continue
                name = f"{kind.lstrip('*')}.{name}"
            if name not in ("init", "main", "_"):
                found.append(name)
    return found


def _refused(program: Program, error: CompileFailed, asked: str) -> Payload:
    """What Go says against a signature, and where in it."""
    if program.errors:
        count = len(program.errors)
        return {"problem": f"the program has {count} error{'' if count == 1 else 's'} of its own"}
    first = error.diagnostics[0]
    at = first.position.column - 1 if first.position.file == WRITTEN else -1
    return {"problem": first.message, "asked": " ".join(asked.split()), "at": at}
