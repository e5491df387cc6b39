"""The remarks lane: what the compiler decided, line by line, and what an edit changed in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from golifelab.compile.remarks import Remarks
from golifelab.compile.remarks.changes import Changes, line_maps, moved
from golifelab.compile.remarks.remark import FAMILIES, Remark, Step
from golifelab.compile.text import SourceText
from golifelab.position import Position
from golifelab.source import Source
from golifelab.views.remarkchips import CHIPS, family_mark, family_name, part

# A remark is a few hundred bytes on its way to the browser, a step about sixty: this is some 40,000
# lines of Go, and far more than a lane is read for.
MAX_REMARKS = 20_000
MAX_STEPS = 60_000
_WIDEST = 40

_NUMBERS = {key: number for number, key in enumerate(CHIPS)}


def lane_payload(
    remarks: Remarks, file: str, compared: Changes | None = None, since: str = ""
) -> dict[str, Any]:
    """What the lane of a file shows: its remarks, each with its state.

    `compared` are the changes that brought these remarks about, `since` says from what on: "edit"
    or "pin". What is gone stands where it would be now.
    """
    new = {id(remark) for remark in compared.new} if compared else set()
    before = {id(now): old for old, now in compared.changed} if compared else {}
    judged = remarks.judgements()
    rows = []
    for remark in _of_file(remarks, file):
        row = _row(remark, remark.position, remarks.source) | _seen(remarks, remark)
        if remark.outcome in ("inlined", "call kept") and remark.subject in judged:
            # What the compiler says of the call's function stands where that is declared.
            callee = judged[remark.subject]
            row["steps"] = [_step(Step(callee.position, callee.message, "note"), remarks.source)]
        if id(remark) in new:
            row["state"] = "new"
        elif id(remark) in before:
            row |= {"state": "changed", "before": before[id(remark)].message}
        rows.append(row)
    if compared:
        rows += [
            _row(remark, compared.place(remark), remarks.source) | {"state": "gone"}
            for remark in _of_file(compared.gone, file)
        ]
    return _payload(remarks, file, rows) | {
        "compared": _summary(compared, since, file) if compared else None
    }


def alone_payload(remarks: Remarks) -> dict[str, Any]:
    """What the lane shows of a stage value alone: the first file, with its text."""
    file = remarks.source.names[0]
    text = remarks.source.text(file).split("\n")
    errors = len(remarks.errors)
    return lane_payload(remarks, file) | {"file": file, "text": text, "errors": errors}


def stale_payload(older: Remarks, source: Source, file: str, errors: int) -> dict[str, Any]:
    """What the lane shows of a text that does not compile: the last remarks, where they are now."""
    lines = line_maps(older.source, source)
    rows = [_row(one, moved(lines, one.position), source) for one in _of_file(older, file)]
    return _payload(older, file, rows) | {
        "lines": _count(source, file),
        "stale": True,
        "errors": errors,
    }


def _payload(remarks: Remarks, file: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    rows.sort(key=lambda row: (row["line"], row["column"]))
    shown = rows[:MAX_REMARKS]
    _bound_steps(shown)
    counts = remarks.families()
    return {
        "lines": _count(remarks.source, file),
        "outcomes": [
            {
                "family": family,
                "mark": chip.mark,
                "word": chip.word,
                "means": chip.means,
                "quiet": chip.quiet,
                "part": part(family),
            }
            for (family, _), chip in CHIPS.items()
        ],
        "families": [
            {
                "id": family,
                "name": family_name(family),
                "mark": family_mark(family),
                "part": part(family),
            }
            for family in FAMILIES
            if counts[family]
        ],
        "remarks": shown,
        "left": len(rows) - len(shown),
        "elsewhere": len(remarks) - sum(1 for _ in _of_file(remarks, file)),
        "brief": remarks.brief,
        "stale": False,
        "errors": 0,
        "compared": None,
    }


def _summary(compared: Changes, since: str, file: str) -> dict[str, Any]:
    return {
        "since": since,
        "new": len(_of_file(compared.new, file)),
        "gone": len(_of_file(compared.gone, file)),
        "changed": len(_of_file([now for _, now in compared.changed], file)),
    }


def _of_file(remarks: Remarks | Sequence[Remark], file: str) -> list[Remark]:
    return [remark for remark in remarks if remark.position.file == file]


def _count(source: Source, file: str) -> int:
    return source.text(file).count("\n") + 1


def _row(remark: Remark, at: Position, source: Source) -> dict[str, Any]:
    """A remark as the browser gets it. What is empty is left out."""
    optional: Mapping[str, Any] = {
        "subject": remark.subject,
        "cost": remark.cost,
        "budget": remark.budget,
        "reason": remark.reason,
        "function": remark.function,
        "body": remark.body if remark.family == "inline" else "",
        "times": remark.times if remark.times > 1 else 0,
        "steps": [_step(step, source) for step in remark.steps],
        "inlined": [short_place(place) for place in remark.inlined],
    }
    return {
        "line": at.line,
        "column": at.column,
        "outcome": _NUMBERS[remark.family, remark.outcome],
        "message": remark.message,
        **{name: value for name, value in optional.items() if value},
    }


def _seen(remarks: Remarks, remark: Remark) -> dict[str, Any]:
    """What the source adds to a remark.

    The code of what the compiler has only a name of its own for, such as "~r0"; and the budget of a
    declared function: closures may cost more, how much is said only when one is refused.
    """
    unnamed = "~" in remark.subject
    judged = remark.kind == "canInlineFunction" and remarks.budget
    node = remarks.node(remark) if unnamed or judged else None
    if node is None:
        return {}
    if judged:
        return {"budget": remarks.budget} if node.kind == "FuncDecl" else {}
    number = remarks.source.names.index(node.file)
    words = " ".join(SourceText.of(remarks.source)[number].slice(node.start, node.end).split())
    return {"code": words if len(words) <= _WIDEST else words[: _WIDEST - 1] + "…"}


def _step(step: Step, source: Source) -> dict[str, Any]:
    made: dict[str, Any] = {"kind": step.kind, "text": step.message}
    if step.position.file in source.names:
        place = {name: getattr(step.position, name) for name in ("file", "line", "column")}
        made |= place
    else:
        made["at"] = short_place(step.position)
    if step.inlined:
        made["inlined"] = [short_place(place) for place in step.inlined]
    return made


def short_place(place: Position) -> str:
    """A place with the last two parts of its path: "fmt/print.go:307:17"."""
    return str(Position("/".join(place.file.split("/")[-2:]), place.line, place.column))


def _bound_steps(rows: Sequence[dict[str, Any]]) -> None:
    """Leave out the ways of values beyond MAX_STEPS in all; `cut` says how long each was."""
    left = MAX_STEPS
    for row in rows:
        left -= len(row.get("steps", ()))
        if left < 0 and "steps" in row:
            row["cut"] = len(row.pop("steps"))
