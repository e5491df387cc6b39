"""The check player's payload: the front end's phases in the order they ran, and what each found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from golifelab.compile.checktrace import CheckPhase, CheckTrace, Finding, TraceLine
from golifelab.compile.errorcodes import explain
from golifelab.program import Program
from golifelab.target import Target

# Lines of the trace that are sent, over all phases; every one of them can be counted.
MAX_LINES = 30_000
# A line shows an expression: a literal of a megabyte is no help in it.
MAX_TEXT = 400
MAX_FINDINGS = 200
# Functions of the checker between a phase and what found the error.
MAX_PATH = 60

Payload = dict[str, Any]


def checks_payloads(program: Program) -> Iterable[Payload]:
    """What the check player shows of a program. One payload."""
    yield checks_payload(program.checks)


def checks_payload(trace: CheckTrace) -> Payload:
    """The phases of one run of the front end.

    - `phases`: {name, ran, why, lines (sent), total (printed), errors, trace}; `trace` has four
      equally long lists: `depth`, `line`, `column`, `text`, and `file`, an index into `files`
    - `findings`, in the order found: {phase, at (line of that phase's trace, -1 unknown), by,
      file, line, column, message, code, number, summary, example}
    - `first`: the index of the phase that complained first, -1 for none
    - `counts`: errors, hidden findings; `traced`: whether there are lines at all; `truncated`
    """
    files: dict[str, int] = {}
    rest = MAX_LINES
    phases = []
    for phase in trace:
        lines = phase.lines[:rest]
        rest -= len(lines)
        phases.append(_phase(phase, lines, files))
    names = [phase.name for phase in trace]
    first = trace.first
    findings = trace.findings
    return {
        "phases": phases,
        "files": list(files),
        "findings": [
            _finding(finding, names.index(finding.phase), trace.target)
            for finding in findings[:MAX_FINDINGS]
            if finding.phase in names
        ],
        "first": names.index(first.name) if first is not None else -1,
        "counts": {"errors": len(findings), "hidden": max(0, len(findings) - MAX_FINDINGS)},
        "traced": trace.traced,
        "truncated": any(phase["lines"] < phase["total"] for phase in phases),
    }


def _phase(phase: CheckPhase, lines: tuple[TraceLine, ...], files: dict[str, int]) -> Payload:
    return {
        "name": phase.name,
        "ran": phase.ran,
        "why": phase.why,
        "lines": len(lines),
        "total": phase.total_lines,
        "errors": len(phase.errors),
        "trace": {
            "depth": [line.depth for line in lines],
            "file": [files.setdefault(line.position.file, len(files)) for line in lines],
            "line": [line.position.line for line in lines],
            "column": [line.position.column for line in lines],
            "text": [_shorten(line.text) for line in lines],
        },
    }


def _finding(finding: Finding, phase: int, target: Target) -> Payload:
    diagnostic = finding.diagnostic
    meaning = explain(diagnostic.code, target)
    return {
        "phase": phase,
        "at": finding.at,
        "by": list(finding.by[:MAX_PATH]),
        "file": diagnostic.position.file,
        "line": diagnostic.position.line,
        "column": diagnostic.position.column,
        "message": diagnostic.message,
        "code": diagnostic.code,
        "number": meaning.number if meaning else 0,
        "summary": meaning.summary if meaning else "",
        "example": meaning.example if meaning else "",
    }


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_TEXT else line[: MAX_TEXT - 1] + "…"


def first_words(payload: Mapping[str, Any]) -> str:
    """Who complained first, as a sentence; or that nobody did."""
    findings = payload["findings"]
    if payload["first"] < 0 or not findings:
        return "Nobody complains about this program."
    name = payload["phases"][payload["first"]]["name"]
    first = findings[0]
    return f"First to complain: {name}, about {place(first)}: {first['message'].splitlines()[0]}"


def place(item: Mapping[str, Any]) -> str:
    """The position in a payload as Go writes it; "" for none."""
    if not item.get("line"):
        return ""
    column = f":{item['column']}" if item.get("column") else ""
    return f"{item['file']}:{item['line']}{column}"
