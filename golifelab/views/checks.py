"""The check player's payload: the front end's phases in the order they ran, and what each found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from golifelab.compile.check.errorcodes import explain
from golifelab.compile.check.trace import CheckPhase, CheckTrace, Finding, TraceLine
from golifelab.compile.gosource import comments_of
from golifelab.program import Program
from golifelab.views.flow import count

# Lines of the trace that are sent, over all phases; every one of them can be counted.
MAX_LINES = 30_000
# A line shows an expression: a literal of a megabyte is no help in it.
MAX_TEXT = 400
MAX_FINDINGS = 200
# Functions of the checker between a phase and what found the error.
MAX_PATH = 60

# What phases do whose functions have no comment in Go's source.
_UNSAID = {
    "recordUntyped": "Writes down what became of expressions that had no type of their own.",
    "monomorph": "Looks for generic functions that would need endlessly many instances.",
    "noder": "What the compiler looks at itself, behind types2: interfaces without a name that"
    " refer to themselves, and //go: directives where they mean nothing.",
}

Payload = dict[str, Any]


def checks_payloads(program: Program) -> Iterable[Payload]:
    """What the check player shows of a program. One payload."""
    made = {
        "scan": count(len(program.tokens), "token"),
        "parse": count(len(program.syntax), "node"),
    }
    yield checks_payload(program.checks, made)


def checks_payload(trace: CheckTrace, made: Mapping[str, str] | None = None) -> Payload:
    """The phases of one run of the front end; `made` says what those without a trace made.

    - `phases`: {name, about (what it is for), made, ran, why, lines (sent), total
      (printed), errors, trace}; `trace` has equally long lists: `depth`, `line`, `column`, `text`,
      and `file`, an index into `files`
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
        more = {"about": _about(phase.name, trace), "made": (made or {}).get(phase.name, "")}
        phases.append(_phase(phase, lines, files) | more)
    names = [phase.name for phase in trace]
    first = trace.first
    findings = trace.findings
    return {
        "phases": phases,
        "files": list(files),
        "findings": [
            _finding(finding, names.index(finding.phase), trace)
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


def _about(phase: str, trace: CheckTrace) -> str:
    """What a phase is for: the comment on its function in the source of the Go that ran, quoted.

    A few functions have none; of these it is told in our words.
    """
    library = trace.tier == "fallback"
    parser = "go/parser" if library else "cmd/compile/internal/syntax"
    scanner = "go/scanner" if library else parser
    checker = "go/types" if library else "cmd/compile/internal/types2"
    places = {
        "scan": (scanner, "Scanner.Scan" if library else "scanner.next"),
        "parse": (parser, "ParseFile" if library else "Parse"),
    }
    package, function = places.get(phase, (checker, f"Checker.{phase}"))
    said = comments_of(package, trace.target).get(function, "")
    if not said:
        return _UNSAID.get(phase, "")
    name = function.rpartition(".")[2]
    return f"“… {_shorten(said.removeprefix(name).strip())}”"


def _finding(finding: Finding, phase: int, trace: CheckTrace) -> Payload:
    diagnostic = finding.diagnostic
    meaning = explain(diagnostic.code, trace.target)
    return {
        "phase": phase,
        "at": _line_of(finding, trace),
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


def _line_of(finding: Finding, trace: CheckTrace) -> int:
    """The line of the trace that tells of an error; where none does, the one after it."""
    lines = trace[finding.phase].lines
    before = finding.at - 1
    return before if 0 <= before < len(lines) and _tells(lines[before]) else finding.at


def _tells(line: TraceLine) -> bool:
    return line.text.startswith("ERROR:")


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
