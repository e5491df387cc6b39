"""The type checker at work: its steps in order, its own trace, and which step found which error."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from golifelab.compile.check.errorcodes import explain
from golifelab.compile.check.steps import NO_ERRORS, Step, steps
from golifelab.compile.check.tracetext import Section, TraceLine, sections
from golifelab.compile.front import before_types, front, show_line
from golifelab.errors import GolifelabError, LimitExceeded
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.helper.front import FrontReply

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CheckPhase", "CheckTrace", "Finding", "TraceLine", "check_trace"]

_BEFORE = ("scan", "parse")


@dataclass(frozen=True, slots=True)
class Finding:
    """An error and who found it.

    `phase` is the name of a phase; `by` are the checker's functions that were at work, from the
    phase inwards (empty for the scanner and the parser); `at` is how many lines the phase had
    traced by then, -1 where nothing says so.
    """

    diagnostic: Diagnostic
    phase: str
    by: tuple[str, ...] = ()
    at: int = -1


@dataclass(frozen=True, slots=True)
class CheckPhase:
    """One step of the front end.

    `ran` is False for a step that was never reached, and then `why` says why. `lines` are what the
    checker traced in it, of `total_lines`: a long trace is cut.
    """

    name: str
    ran: bool
    why: str = ""
    lines: tuple[TraceLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    total_lines: int = 0

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The errors found here, in the order in which they were found."""
        return tuple(finding.diagnostic for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTrace(Stage):
    """How a program was checked. A sequence of CheckPhase: scan, parse, the steps of checkFiles.

    The steps are those of the checker's own function checkFiles in the Go under test, types2's in
    the helper and go/types' in the fallback. `traced` is False where there is no trace to give, as
    printing it would have changed what the checker finds: the phases and their errors are there all
    the same.
    """

    target: Target
    phases: tuple[CheckPhase, ...]
    findings: tuple[Finding, ...]
    traced: bool

    def __len__(self) -> int:
        return len(self.phases)

    def __iter__(self) -> Iterator[CheckPhase]:
        return iter(self.phases)

    def __getitem__(self, phase: int | str) -> CheckPhase:
        """A phase by its place or its name; GolifelabError lists the names of this Go's phases."""
        if isinstance(phase, int):
            return self.phases[phase]
        for one in self.phases:
            if one.name == phase:
                return one
        names = ", ".join(one.name for one in self.phases)
        raise GolifelabError(f"there is no phase {phase!r}", remedy=f"this Go has {names}")

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """All errors in the order in which they were found; Go prints them in the source's."""
        return tuple(finding.diagnostic for finding in self.findings)

    @property
    def truncated(self) -> bool:
        """Whether the trace was too long to be kept whole."""
        return any(phase.total_lines > len(phase.lines) for phase in self.phases)

    @property
    def first(self) -> CheckPhase | None:
        """The phase that complained first; None for a program without errors."""
        return self[self.findings[0].phase] if self.findings else None

    def finding(self, diagnostic: Diagnostic) -> Finding | None:
        """Who found an error; None for what is no error of this program."""
        place = (diagnostic.position, diagnostic.message)
        for finding in self.findings:
            if (finding.diagnostic.position, finding.diagnostic.message) == place:
                return finding
        return None

    def found(self, diagnostic: Diagnostic) -> str:
        """The name of the phase that found an error, empty for what is no error of this program."""
        finding = self.finding(diagnostic)
        return finding.phase if finding else ""

    def frame(self) -> pd.DataFrame:
        """One row a phase: phase, ran, why, lines, errors (how many)."""
        import pandas as pd

        rows = [(p.name, p.ran, p.why, p.total_lines, len(p.findings)) for p in self.phases]
        return pd.DataFrame(rows, columns=["phase", "ran", "why", "lines", "errors"])

    def errors_frame(self) -> pd.DataFrame:
        """One row an error, as found: position, phase, code, message, what the code means."""
        import pandas as pd

        columns = ["position", "phase", "code", "message", "summary"]
        rows = [tuple(row[name] for name in columns) for row in self._errors()]
        return pd.DataFrame(rows, columns=columns)

    def to_json(self) -> dict[str, Any]:
        """`phases`: name, ran, why, total_lines, lines; `errors`: with phase, by, at, summary."""
        phases = [
            {
                "name": phase.name,
                "ran": phase.ran,
                "why": phase.why,
                "total_lines": phase.total_lines,
                "lines": [
                    {"depth": line.depth, "position": str(line.position), "text": line.text}
                    for line in phase.lines
                ],
            }
            for phase in self.phases
        ]
        body = {"phases": phases, "errors": self._errors(), "truncated": self.truncated}
        return self.header() | body | {"traced": self.traced}

    def _errors(self) -> list[dict[str, Any]]:
        rows = []
        for finding in self.findings:
            error = finding.diagnostic
            meaning = explain(error.code, self.target)
            rows.append(
                {
                    "position": str(error.position),
                    "phase": finding.phase,
                    "code": error.code,
                    "message": error.message,
                    "summary": meaning.summary if meaning else "",
                    "by": list(finding.by),
                    "at": finding.at,
                }
            )
        return rows


def check_trace(source: Source, target: Target) -> CheckTrace:
    """Check a package and watch it being checked. Never raises for wrong Go."""
    reply = _watched(source, target)
    found = _found(reply)
    order = _order(target, reply, found)
    parts = sections(
        reply.tables["trace"],
        {step.name: step.announced for step in order},
        {row: finding.phase for row, finding in enumerate(found)},
        source.names,
    )
    traced = True
    places = {number: place for part in parts for number, place in part.found.items()}
    findings = tuple(replace(one, at=places.get(number, -1)) for number, one in enumerate(found))
    phases = [_phase(name, True, "", None, findings) for name in _BEFORE]
    begun = not before_types(reply.diagnostics, reply.tier)
    failed = next((one.message for one in reply.diagnostics if one.phase == "internal"), "")
    if begun and not failed and not parts:
        # No trace: then every step is taken that the source has.
        parts = [Section(step.name) for step in order if step.announced]
        traced = False
    phases += _checked(order, {part.name: part for part in parts}, findings, failed)
    return CheckTrace(
        command=show_line("checks", source, target),
        tier=reply.tier,
        seconds=sum(reply.times[step] for step in ("scan_ns", "parse_ns", "check_ns")) / 1e9,
        target=target,
        phases=tuple(phases),
        findings=findings,
        traced=traced,
    )


def _watched(source: Source, target: Target) -> FrontReply:
    """The checker watched, with its trace if that leaves it alone.

    To print a type, the trace may complete it too early, or never come to an end. So the errors,
    and which of them is first, must be as the checker finds them by itself. (The order of the
    others may differ from run to run: that of labels, for one, is a map's.)
    """
    alone = front(source, target, only="found")
    with contextlib.suppress(LimitExceeded):
        reply = front(source, target, only="checks")
        same = reply.tier == alone.tier and reply.diagnostics == alone.diagnostics
        watched, unwatched = _found(reply), _found(alone)
        if same and watched[:1] == unwatched[:1] and set(watched) == set(unwatched):
            return reply
    return alone


def _found(reply: FrontReply) -> list[Finding]:
    """The errors as the server found them, with the phase that its stack names."""
    table = reply.tables["found"]
    made = []
    for row in range(len(table)):
        by = tuple(table.text("by", row).split())
        phase = table.text("phase", row)
        error = Diagnostic(
            Position(table.text("file", row), table["line"][row], table["column"][row]),
            table.text("message", row),
            code=table.text("code", row),
            phase=phase,
        )
        made.append(Finding(error, by[0] if by else phase, by))
    return made


def _order(target: Target, reply: FrontReply, found: list[Finding]) -> tuple[Step, ...]:
    """The steps of the checker's source, and what else its stack names: no error is left out."""
    known = steps(target, reply.tier)
    names = {*_BEFORE, *(step.name for step in known)}
    others = dict.fromkeys(one.phase for one in found if one.phase not in names)
    return known + tuple(Step(name, announced=False) for name in others)


def _checked(
    order: tuple[Step, ...],
    parts: dict[str, Section],
    findings: tuple[Finding, ...],
    failed: str,
) -> Iterator[CheckPhase]:
    """The steps of the checker: which of them ran is what the trace says.

    `failed` says why there is no answer of the checker.
    """
    places = {step.name: place for place, step in enumerate(order)}
    blamed = min((places[f.phase] for f in findings if f.phase in places), default=len(order))
    # types2 knows nothing of errors that came before it; the compiler does.
    early = any(finding.phase in _BEFORE for finding in findings)
    reached = [place for place, step in enumerate(order) if step.name in parts]
    last = max(reached, default=-1)
    complete = last >= 0 and not any(step.announced for step in order[last + 1 :])
    for place, step in enumerate(order):
        silent = not step.announced and (place < last or complete)
        refused = step.when_clean and (blamed < place or (early and step.condition == NO_ERRORS))
        ran = step.name in parts or (silent and not refused)
        if ran:
            why = ""
        elif not parts:
            why = failed or _not_begun(findings)
        elif refused:
            why = "done only for a program without errors"
        elif step.condition and (place < last or complete):
            why = f"done only if {step.condition}"
        else:
            why = "the checker failed before it came so far"
        yield _phase(step.name, ran, why, parts.get(step.name), findings)


def _not_begun(findings: tuple[Finding, ...]) -> str:
    scanner = any(finding.phase == "scan" for finding in findings[:1])
    return f"not begun: the {'scanner' if scanner else 'parser'} complained"


def _phase(
    name: str, ran: bool, why: str, part: Section | None, findings: tuple[Finding, ...]
) -> CheckPhase:
    return CheckPhase(
        name,
        ran,
        why,
        tuple(part.lines) if part else (),
        tuple(finding for finding in findings if finding.phase == name),
        part.total if part else 0,
    )
