"""The static twin of the check player: phases in a table, what they found, traces to unfold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from golifelab.compile.check.trace import CheckTrace
from golifelab.views.checks import checks_payload, first_words, place
from golifelab.views.html import Markup, block, code, details, join, table, tag

# Lines of a phase's trace in a page without widgets; the rest is counted.
_SHOWN = 200
_DEEPEST = 40

Payload = Mapping[str, Any]


def checks_html(payload: Payload) -> Markup:
    """The phases as a table, the errors with their explanations, the traces folded."""
    if not payload:
        return tag("p", "The phases are being watched; run the cell again to see them here.")
    rows = [
        (
            tag("p", code(phase["name"]), " ", phase["about"], _made(phase)),
            _ran(phase),
            f"{phase['total']:,}",
            _errors(phase, payload, number),
        )
        for number, phase in enumerate(payload["phases"])
    ]
    parts = [
        tag("p", tag("strong", first_words(payload))),
        table(("phase", "ran", "trace lines", "found"), rows, numeric=(2,)),
        *map(_finding_html, payload["findings"]),
    ]
    for phase in payload["phases"]:
        if phase["lines"]:
            summary = f"what {phase['name']} did, in {phase['total']:,} lines"
            parts.append(details(summary, block(_trace(phase, payload["files"]))))
    return join(parts)


def trace_html(trace: CheckTrace) -> Markup:
    """A stage value in the same form."""
    return checks_html(checks_payload(trace))


def checks_text(payload: Payload) -> str:
    """The phases for a terminal, one a line, and the errors."""
    if not payload:
        return "the phases are being watched"
    lines = [first_words(payload), ""]
    for number, phase in enumerate(payload["phases"]):
        words = [f"{phase['total']:,} lines"] if phase["total"] else []
        words += [text for text in (_ran(phase), _errors(phase, payload, number)) if text != "yes"]
        lines.append(f"  {phase['name']:16} {', '.join(filter(None, words))}".rstrip())
    lines += [
        f"{place(finding)}: {finding['message']} [{_code(finding)}]"
        for finding in payload["findings"]
    ]
    return "\n".join(lines)


def _made(phase: Payload) -> str:
    return f" Here: {phase['made']}." if phase["made"] else ""


def _ran(phase: Payload) -> str:
    if phase["ran"]:
        return "yes"
    return f"never: {phase['why']}" if phase["why"] else "never"


def _errors(phase: Payload, payload: Payload, number: int) -> str:
    if not phase["errors"]:
        return ""
    words = f"✗ {phase['errors']} error{'' if phase['errors'] == 1 else 's'}"
    return f"{words}, the first" if number == payload["first"] else words


def _finding_html(finding: Payload) -> Markup:
    parts = [tag("p", tag("strong", place(finding)), " ", finding["message"])]
    if finding["by"]:
        parts.append(tag("p", "found by ", code(" › ".join(finding["by"]))))
    if finding["summary"]:
        example = [block(finding["example"])] if finding["example"] else []
        parts.append(details(_code(finding), tag("p", finding["summary"]), *example))
    return join(parts)


def _code(finding: Payload) -> str:
    number = f" (error {finding['number']})" if finding["number"] else ""
    return f"{finding['code']}{number}" if finding["code"] else "no code"


def _trace(phase: Payload, files: list[str]) -> str:
    trace = phase["trace"]
    lines = []
    for at in range(min(phase["lines"], _SHOWN)):
        line, column = trace["line"][at], trace["column"][at]
        where = f"{files[trace['file'][at]]}:{line}:{column}" if line else ""
        dots = ". " * min(trace["depth"][at], _DEEPEST)
        lines.append(f"{where:16} {dots}{trace['text'][at]}")
    if phase["total"] > len(lines):
        lines.append(f"… {phase['total'] - len(lines):,} more lines")
    return "\n".join(lines)
