"""The static twin of the patched holes: a row each, with the arithmetic in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from golifelab.link.relocate.applied import AppliedRelocation
from golifelab.link.relocations import Relocations
from golifelab.views.html import Markup, code, details, hexadecimal, join, table, tag

Payload = Mapping[str, Any]

_WAITING = "The linker is at work; run the cell again to see what it wrote."
_HEADS = ("in", "kind", "symbol", "before", "after", "arithmetic", "what became of it")


def relocations_html(found: Relocations) -> Markup:
    """The holes of the functions first, those of data and the linker's notes to open."""
    functions = [row for row in found if row.size and row.owner_kind.startswith("STEXT")]
    data = [row for row in found if row.size and not row.owner_kind.startswith("STEXT")]
    notes = [row for row in found if not row.size]
    caption = (
        f"{len(functions):,} holes in the code of package {found.object.package}, "
        f"{len(found.calls):,} of them calls"
    )
    return join(
        [
            table(_HEADS, map(_row, functions), caption=caption),
            details(f"{len(data):,} holes in data", table(_HEADS, map(_row, data))),
            details(f"{len(notes):,} notes without bytes", table(_HEADS, map(_row, notes))),
        ]
    )


def relocations_text(found: Relocations) -> str:
    """For a terminal: a line a hole, and how many notes there are."""
    lines = [
        f"{row.owner}+{row.offset:#x}  {row.kind}  {row.symbol}  "
        f"{row.before.hex(' ')} → {row.after.hex(' ') or '(' + row.outcome + ')'}  "
        f"{_sum(_terms(row), row.formula, row.result)}".rstrip()
        for row in found
        if row.size
    ]
    notes = len(found) - len(lines)
    return "\n".join([*lines, f"and {notes} notes without bytes"] if notes else lines)


def patch_html(payload: Payload) -> Markup:
    """The holes of the function that is shown, by processor."""
    if not payload.get("sides"):
        return tag("p", payload.get("problem") or _WAITING)
    return join(
        tag("p", f"{side['architecture']}: {side['failure']}") if "failure" in side else _side(side)
        for side in payload["sides"]
    )


def patch_text(payload: Payload) -> str:
    """For a terminal: a line a hole."""
    if not payload.get("sides"):
        return str(payload.get("problem") or _WAITING)
    return "\n".join(_side_lines(payload["sides"]))


def _side_lines(sides: Iterable[Payload]) -> Iterable[str]:
    for side in sides:
        if "failure" in side:
            yield f"{side['architecture']}: {side['failure']}"
            continue
        yield f"{side['function']} on {side['architecture']}"
        for hole in side["holes"]:
            place = f"{hole['place']:#x}" if hole["place"] is not None else "(not linked)"
            yield (
                f"  {place}  {hole['kind']:<12} {hole['before']} → {hole['after']}  "
                f"{hole['symbol']}  {_sum(hole['terms'], hole['formula'], hole['result'])}"
            ).rstrip()


def _side(side: Payload) -> Markup:
    rows = (
        (
            code(f"+{hole['offset']:#x}"),
            hole["kind"],
            code(hole["text"] or hole["symbol"]),
            code(bytes.fromhex(hole["before"]).hex(" ")),
            code(bytes.fromhex(hole["after"]).hex(" ")),
            code(_sum(hole["terms"], hole["formula"], hole["result"])),
            hole["words"],
        )
        for hole in side["holes"]
    )
    where = f"at {side['base']:#x}" if side["base"] is not None else "not in the program"
    caption = f"{side['function']} on {side['architecture']}, {where}"
    heads = ("at", "kind", "instruction", *_HEADS[3:])
    return table(heads, rows, caption=caption)


def _row(row: AppliedRelocation) -> tuple[Any, ...]:
    place = hexadecimal(row.place) if row.place is not None else ""
    return (
        join([code(f"{row.owner}+{row.offset:#x}"), " ", place]),
        ("weak " if row.weak else "") + row.kind,
        code(row.symbol),
        code(row.before.hex(" ")),
        code(row.after.hex(" ")),
        code(_sum(_terms(row), row.formula, row.result)),
        row.words,
    )


def _terms(row: AppliedRelocation) -> list[tuple[str, int, str]]:
    return [(term.name, term.value, term.words) for term in row.terms]


def _sum(terms: Iterable[Any], formula: str, result: int | None) -> str:
    """The formula, its numbers and what it gives: "S + A − (P + n): S=0x47b2a0 A=0 … = -237"."""
    if result is None:
        return ""
    told = " ".join(
        f"{name}={value:#x}" if abs(value) > 255 else f"{name}={value}" for name, value, _ in terms
    )
    return f"{formula}: {told} = {result}"
