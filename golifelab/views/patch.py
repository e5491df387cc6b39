"""Calls and other holes of a function for the browser: the same bytes before and after linking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from golifelab.compile.machine.stage import Instruction, Machine
from golifelab.errors import GolifelabError, Superseded
from golifelab.link.relocate.applied import AppliedRelocation
from golifelab.link.relocations import PROCESSORS, Relocations
from golifelab.program import Program
from golifelab.views.functions import function_choices, function_meant, stand_in

# Holes that are sent; what is cut off is counted.
MAX_HOLES = 5_000

Payload = dict[str, Any]


def patch_payloads(program: Program, function: str = "") -> Iterator[Payload]:
    """What the linker wrote into a function: the program's own processor first, then the other.

    - `functions`: {symbol, name, line} of those with code, `function`: the one that is shown
    - `native`: the program's own processor; `note` when another function was asked for
    - `sides`: one a processor (see `side_payload`), or {architecture, failure}
    - `errors`: how many errors keep the program from being linked, `problem` the first
    """
    head: Payload = {"functions": [], "function": function, "sides": [], "errors": 0}
    head["native"] = native = program.target.goarch
    found = program.errors
    if found:
        yield head | {"errors": len(found), "problem": str(found[0])}
        return
    try:
        shown = function_meant(program, (function,) if function else ("main.main",), None)
    except GolifelabError as error:
        yield head | {"errors": 1, "problem": error.message}
        return
    head |= {"functions": function_choices(program.functions), "function": shown.symbol}
    head |= stand_in(shown, function)
    own = _side(program, shown.symbol)
    yield head | {"sides": [own]}
    names = PROCESSORS if native in PROCESSORS else (native, *PROCESSORS)
    others = (
        own if name == native else _side(program.for_target(goarch=name), shown.symbol)
        for name in names
    )
    yield head | {"sides": list(others)}


def _side(program: Program, function: str) -> Payload:
    try:
        return side_payload(program.relocations(), function, program.machine(function))
    except Superseded:
        raise
    except GolifelabError as error:
        return {"architecture": program.target.goarch, "failure": error.message}


def side_payload(
    found: Relocations, function: str, machine: Machine | None = None, *, limit: int = MAX_HOLES
) -> Payload:
    """The holes of a function on one processor.

    - `architecture`, `function`, `object` and `executable` (names of the files), `notes`: how many
      relocations have no bytes, `more`: holes that are not sent
    - `base`, `size`: where the function is in the executable (None when it is not), its bytes
    - `holes`: {offset, size, kind, symbol, addend, place, target, base, call, outcome, redirected,
      words, formula, terms: [[letter, value, words]], result, steps, fields: [[word, name, high,
      low, value]], computed (hex)} and about the instruction around it {text, before, after (hex),
      start (of the hole in them), file_offset, image_offset, address, file, line, column}
    """
    symbol = next((one for one in found.object.functions if one.name == function), None)
    rows = [row for row in found if row.owner == function and row.owner_kind.startswith("STEXT")]
    holes = [row for row in rows if row.size]
    code = b"" if symbol is None else symbol.data
    start = next((row.place - row.offset for row in holes if row.place is not None), None)
    linked = found.executable.bytes_at(start, len(code)) if start is not None else b""
    return {
        "architecture": found.object.architecture,
        "function": function,
        "object": f"{found.object.package or 'package'}.o",
        "executable": found.object.package or "executable",
        "base": start,
        "size": len(code),
        "notes": len(rows) - len(holes),
        "more": max(0, len(holes) - limit),
        "holes": [
            {**_hole(row), **_around(row, code, linked, _instruction(machine, row))}
            for row in holes[:limit]
        ],
    }


def _hole(row: AppliedRelocation) -> Payload:
    how = row.arithmetic
    return {
        "offset": row.offset,
        "size": row.size,
        "kind": row.kind,
        "symbol": row.symbol,
        "addend": row.addend,
        "place": row.place,
        "target": row.target_address,
        "base": next((term.value for term in row.terms if term.name == "B"), 0),
        "call": row.is_call,
        "outcome": row.outcome,
        "redirected": row.redirected,
        "words": row.words,
        "formula": row.formula,
        "terms": [[term.name, term.value, term.words] for term in row.terms],
        "result": row.result,
        "steps": list(how.steps) if how else [],
        "fields": [[f.word, f.name, f.high, f.low, f.value] for f in how.fields] if how else [],
        "computed": row.computed.hex(),
    }


def _around(
    row: AppliedRelocation, code: bytes, linked: bytes, instruction: Instruction | None
) -> Payload:
    """The bytes of the instructions that a hole is in: arm64 has holes of two."""
    first = instruction.pc if instruction else row.offset
    last = max(instruction.pc + instruction.size if instruction else 0, row.offset + row.size)
    # Of an inlined call, the place in the program's own text.
    at = next(iter(instruction.stack), instruction.position) if instruction else None
    return {
        "text": instruction.text if instruction else "",
        "before": code[first:last].hex(),
        "after": linked[first:last].hex(),
        "start": row.offset - first,
        "file_offset": row.file_offset - row.offset + first if row.file_offset >= 0 else -1,
        "image_offset": None if row.image_offset is None else row.image_offset - row.offset + first,
        "address": None if row.place is None else row.place - row.offset + first,
        "file": at.file if at else "",
        "line": at.line if at else 0,
        "column": at.column if at else 0,
    }


def _instruction(machine: Machine | None, row: AppliedRelocation) -> Instruction | None:
    if machine is None:
        return None
    covering = (one for one in machine if one.pc <= row.offset < one.pc + one.size)
    return next(covering, None)


def relocations_payload(found: Relocations) -> Payload:
    """Relocations alone, without the program: of the function with the most calls."""
    calls = [row.owner for row in found if row.is_call]
    function = max(found.functions, key=calls.count, default="")
    side = side_payload(found, function)
    return {
        "functions": [],
        "function": function,
        "native": found.object.architecture,
        "sides": [side],
        "errors": 0,
    }
