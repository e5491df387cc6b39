"""The rail's payload: the stations of a program's life, each with its figures and its content.

A station is plain data, ready for JSON:

    {"id", "label", "part", "figure", "unit", "detail", "ms", "state", "note"}

`part` is the part of the life it belongs to (front, middle, machine, process: one hue each),
`figure` and `unit` the number a reader sees, `detail` a second one, `ms` how long Go took, `state`
one of fresh, pending, error, recorded. What changed since the last edit is worked out in the
browser, which has both pictures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from golifelab.thread import Link

if TYPE_CHECKING:
    from golifelab.compile.ir import IR
    from golifelab.compile.machine.stage import Machine
    from golifelab.compile.ssa.stage import SSA
    from golifelab.link.executable import Executable
    from golifelab.link.object.file import ObjectFile
    from golifelab.load.memory.maps import Mappings
    from golifelab.program import Program

Station = dict[str, Any]

STATIONS = (
    ("source", "source", "front"),
    ("tokens", "tokens", "front"),
    ("syntax", "syntax", "front"),
    ("types", "types", "front"),
    ("ir", "IR", "middle"),
    ("ssa", "SSA", "middle"),
    ("machine", "machine code", "machine"),
    ("object", "object", "machine"),
    ("executable", "executable", "machine"),
    ("process", "process", "process"),
)
_NAMES = {name: (label, part) for name, label, part in STATIONS}


def pending() -> list[Station]:
    """All stations, none arrived yet."""
    return [_station(name, "", "", state="pending") for name, _, _ in STATIONS]


def front_stations(program: Program) -> list[Station]:
    """source, tokens, syntax, types. They live even for a broken program."""
    text = program.text
    tokens, syntax, types = program.tokens, program.syntax, program.types
    automatic = sum(at.automatic for at in tokens)
    lines = len(text.splitlines())
    return [
        _station("source", lines, "line", detail=f"{len(text.encode(errors='replace')):,} bytes"),
        _station(
            "tokens",
            len(tokens),
            "token",
            detail=f"{automatic} not typed",
            ms=tokens.seconds * 1000,
            errors=tokens.errors,
        ),
        _station("syntax", len(syntax), "node", ms=syntax.seconds * 1000, errors=syntax.errors),
        _station(
            "types",
            len(types.objects),
            "object",
            ms=types.seconds * 1000,
            errors=types.errors,
        ),
    ]


def back_stations(tree: IR, body: SSA, code: Machine) -> list[Station]:
    """ir, ssa and machine of one function."""
    name = body.function.symbol
    first, last = body.passes[0].statistics[1], body.passes[-1].statistics[1]
    return [
        _station("ir", len(tree), "node", of=name, detail=name),
        _station(
            "ssa",
            last,
            "value",
            of=name,
            figure=f"{first}→{last}",
            detail=f"{len(body.passes)} passes",
            ms=sum(step.ns for step in body.passes) / 1e6,
        ),
        _station(
            "machine",
            len(code),
            "instruction",
            of=name,
            detail=f"{len(code.code)} bytes",
            ms=code.seconds * 1000,
        ),
    ]


def object_station(made: ObjectFile) -> Station:
    """The object file of the package."""
    return _station(
        "object",
        len(made.symbols),
        "symbol",
        detail=f"{made.size / 1024:,.1f} KiB",
    )


def executable_station(made: Executable) -> Station:
    """The executable."""
    return _station(
        "executable",
        f"{made.size / 1e6:.2f}",
        "MB",
        detail=f"{len(made.sections)} sections",
        ms=made.seconds * 1000,
    )


def process_station(maps: Mappings) -> Station:
    """The process, held before its first instruction."""
    return _station(
        "process",
        len(maps),
        "mapping",
        ms=maps.seconds * 1000,
        note="" if maps.recorded is None else str(maps.recorded),
        state="fresh" if maps.recorded is None else "recorded",
    )


def ended(stations: Sequence[Station], reason: str) -> list[Station]:
    """All stations of a life that ended: one says why, those after it were not reached.

    The end is the first station with an error of its own, else the first that is missing.
    """
    reached = {station["id"] for station in stations}
    missing = [
        _station(name, "", "", state="stale") for name, _, _ in STATIONS if name not in reached
    ]
    found, over = [], False
    for station in [*stations, *missing]:
        if over:
            found.append({**station, "state": "stale", "note": ""})
            continue
        over = station["state"] in ("error", "stale")
        found.append(
            {**station, "state": "error", "note": station["note"] or reason} if over else station
        )
    return found


def contents(links: Iterable[Link]) -> dict[str, list[dict[str, Any]]]:
    """What each station has at the chosen position, from the links of its thread."""
    found: dict[str, list[dict[str, Any]]] = {}
    for link in links:
        found.setdefault(link.stage, []).append(
            {
                "label": link.label,
                "kind": link.kind,
                "evidence": link.evidence,
                "rows": [list(fact) for fact in link.facts],
            }
        )
    return found


def _station(
    name: str,
    value: int | str,
    unit: str,
    *,
    of: str = "",
    figure: str = "",
    detail: str = "",
    ms: float | None = None,
    state: str = "fresh",
    note: str = "",
    errors: Sequence[object] = (),
) -> Station:
    label, part = _NAMES[name]
    if errors:
        state, note = "error", str(errors[0])
    plural = "s" if isinstance(value, int) and value != 1 and unit else ""
    return {
        "id": name,
        "label": label,
        "part": part,
        "of": of,
        "figure": figure or (f"{value:,}" if isinstance(value, int) else value),
        "unit": unit + plural,
        "detail": detail,
        "ms": None if ms is None else round(ms, 3),
        "state": state,
        "note": note,
    }
