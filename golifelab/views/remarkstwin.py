"""The compiler's remarks where no widget runs: tables, made from the lane's payload."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from golifelab.compile.remarks import Remarks
from golifelab.views.flow import count
from golifelab.views.front import diagnostics_html
from golifelab.views.html import MAX_ROWS, Markup, block, code, details, join, table, tag
from golifelab.views.remarks import lane_payload

Payload = Mapping[str, Any]

_STATES = {"new": "+ ", "gone": "− ", "changed": "~ "}
# Ways of values that are written out below the table.
_MOST_WAYS = 60


class Line(NamedTuple):
    """One remark in words."""

    place: str
    decision: str
    about: str
    why: str


def remarks_html(remarks: Remarks) -> Markup:
    """The remarks of a package, file by file, with the ways of what escapes."""
    files = [
        lane_html(lane_payload(remarks, name), heading=name if len(names) > 1 else "")
        for names in [remarks.source.names]
        for name in names
    ]
    return join([*files, diagnostics_html(remarks.errors)])


def remarks_text(remarks: Remarks) -> str:
    """The remarks of a package for a terminal, each with the way of its value below it."""
    lines = []
    for name in remarks.source.names:
        payload = lane_payload(remarks, name)
        lines.append(f"{name}: {summary(payload)}")
        for row in payload["remarks"]:
            lines.append(_text_line(payload, row))
            lines += [f"          {step}" for step in way_lines(row)]
    return "\n".join([*lines, *(str(error) for error in remarks.errors)])


def lane_html(payload: Payload, *, heading: str = "") -> Markup:
    """The lane: the loud remarks as a table, the quiet ones and the ways to open."""
    if not payload:
        return tag("p", "The program is being compiled; run the cell again to see its remarks.")
    loud = [row for row in payload["remarks"] if not _outcome(payload, row)["quiet"]]
    quiet = [row for row in payload["remarks"] if _outcome(payload, row)["quiet"]]
    parts = [
        table(
            _HEADS,
            _cells(payload, loud),
            caption=" · ".join(filter(None, (heading, summary(payload)))),
        )
    ]
    if quiet:
        parts.append(details(count(len(quiet), "quiet one"), table(_HEADS, _cells(payload, quiet))))
    told = [row for row in payload["remarks"] if row.get("steps")][:_MOST_WAYS]
    parts += [
        details(join([_at(row), ": ", code(row["message"])]), block("\n".join(way_lines(row))))
        for row in told
    ]
    return join(parts)


def lane_text(payload: Payload) -> str:
    """The same for a terminal."""
    if not payload:
        return "the program is being compiled"
    lines = [_text_line(payload, row) for row in payload["remarks"][:MAX_ROWS]]
    return "\n".join([summary(payload), *lines])


def _text_line(payload: Payload, row: Mapping[str, Any]) -> str:
    line = _line(payload, row)
    return f"{line.place:>8}  " + "  ".join(filter(None, (line.decision, line.about, line.why)))


def summary(payload: Payload) -> str:
    """What there is, in one line: a figure for each family, and what an edit changed."""
    counts = {family["id"]: 0 for family in payload["families"]}
    for row in payload["remarks"]:
        family = _outcome(payload, row)["family"]
        if family in counts and row.get("state") != "gone":
            counts[family] += 1
    # Families have names such as "inlining" and "nil checks".
    named = ((counts[family["id"]], family["name"]) for family in payload["families"])
    words = [count(number, name.removesuffix("s"), name) for number, name in named if number]
    if payload["stale"]:
        words.append("of the last text that compiled")
    compared = payload["compared"]
    if compared:
        since = "the baseline" if compared["since"] == "pin" else "the last edit that changed any"
        figures = ", ".join(f"{compared[word]} {word}" for word in ("new", "gone", "changed"))
        words.append(f"{figures} since {since}")
    if payload["brief"]:
        words.append("so many that costs and reasons are left out")
    return ", ".join(words) or "no remarks"


def way_lines(row: Mapping[str, Any]) -> Iterator[str]:
    """The way of a value, a step a line."""
    for step in row.get("steps", ()):
        place = f"{step['line']}:{step['column']}" if "line" in step else step["at"]
        inlined = f"  (inlined from {', '.join(step['inlined'])})" if "inlined" in step else ""
        indent = "" if step["kind"] == "flow" else "  "
        yield f"{place:>10}  {indent}{step['text']}{inlined}"


_HEADS = ("place", "decision", "about", "why")


def _cells(payload: Payload, rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        line = _line(payload, row)
        yield line.place, line.decision, code(line.about), line.why


def _line(payload: Payload, row: Mapping[str, Any]) -> Line:
    outcome = _outcome(payload, row)
    state = _STATES.get(row.get("state", ""), "")
    times = f" ×{row['times']}" if "times" in row else ""
    told = row["message"] if outcome["family"] == "other" else ""
    subject = row.get("code", "") or row.get("subject", "") or told
    return Line(_at(row), f"{state}{outcome['mark']} {outcome['word']}{times}", subject, _why(row))


def _why(row: Mapping[str, Any]) -> str:
    if "reason" in row:
        return str(row["reason"])
    if "cost" in row:
        return f"cost {row['cost']}"
    return f"in {count(len(row['steps']), 'step')}" if "steps" in row else ""


def _outcome(payload: Payload, row: Mapping[str, Any]) -> Mapping[str, Any]:
    outcome: Mapping[str, Any] = payload["outcomes"][row["outcome"]]
    return outcome


def _at(row: Mapping[str, Any]) -> str:
    return f"{row['line']}:{row['column']}" if row["column"] else str(row["line"])
