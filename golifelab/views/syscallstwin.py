"""The static twins of system calls: lists, figures side by side, and the game with its answers."""

from __future__ import annotations

from golifelab.load.syscalls.forensics import Case, Cases
from golifelab.load.syscalls.stage import SystemCalls
from golifelab.load.syscalls.ways import KINDS, StartComparison, figures
from golifelab.views.html import MAX_ROWS, Markup, code, details, join, table, tag
from golifelab.views.syscalls import bytes_text, figure_text, result_text

# Five traces make one page: a notebook that keeps it stays small.
_OF_A_CASE = 60


def calls_html(calls: SystemCalls) -> Markup:
    """All calls as a table; what they do to addresses, and the open files, on demand."""
    return join(
        [
            tag("p", headline(calls)),
            _rows(calls),
            details("what they do to the addresses", _space(calls)),
            details("the files that were opened", _files(calls)),
        ]
    )


def calls_text(calls: SystemCalls) -> str:
    """A line a call, as strace prints them."""
    return "\n".join([headline(calls), *(row.line() for row in calls.rows)])


def headline(calls: SystemCalls) -> str:
    """What there is, in a sentence."""
    space, threads = calls.space, len(calls.threads)
    cut = f" It was ended: {calls.cut}." if calls.cut else ""
    return (
        f"{len(calls.rows):,} system calls of {threads} thread{'s' if threads != 1 else ''}. In the"
        f" end {bytes_text(space.reserved)} of addresses are reserved and"
        f" {bytes_text(space.committed)} may be used.{cut}"
    )


def starts_html(compared: StartComparison) -> Markup:
    """The figures of every start side by side, and each list on demand."""
    known = [row for row in compared.rows if row.calls]
    told = [figures(row.calls) for row in known]
    names = list(told[0]) if told else []
    shown = table(
        ("", *(row.label for row in known)),
        ((name, *(figure_text(name, one[name]) for one in told)) for name in names),
        caption="one program, started in every way",
        numeric=tuple(range(1, len(known) + 1)),
    )
    lists = [
        details(f"{row.label}: {row.command}", calls_html(row.calls)) for row in known if row.calls
    ]
    reasons = [tag("p", f"{row.label}: {row.reason}") for row in compared.rows if row.reason]
    return join([shown, *lists, *reasons])


def cases_html(found: Cases) -> Markup:
    """The traces as tables, the hints and the answer of each on demand."""
    choice = (tag("li", kind.label) for kind in KINDS.values())
    return join(
        [
            tag("p", "Which program made each of these traces? There are:"),
            tag("ul", *choice),
            *(_case_html(case) for case in found.rows),
            *(tag("p", f"{label}: {reason}") for label, reason in found.missing),
        ]
    )


def cases_text(found: Cases) -> str:
    """One line a trace, without the answers."""
    return "\n".join(f"trace {case.name}: {headline(case.calls)}" for case in found.rows)


def _case_html(case: Case) -> Markup:
    hints = [case.clue(name) for name in case.hints]
    evidence = table(
        ("", "what is seen", "what follows"),
        (("●" if clue.found else "○", clue.says, clue.therefore) for clue in case.clues),
        caption="all that the trace tells",
    )
    return join(
        [
            tag("h4", f"trace {case.name}"),
            tag("p", headline(case.calls)),
            details("the trace", _rows(case.calls, functions=False, most=_OF_A_CASE)),
            *(
                details(f"hint {number}", tag("p", hint.says))
                for number, hint in enumerate(hints, 1)
            ),
            details("the answer", tag("p", KINDS[case.answer].label), evidence),
        ]
    )


def _rows(calls: SystemCalls, *, functions: bool = True, most: int = MAX_ROWS) -> Markup:
    left = len(calls.rows) - most
    heads = ("µs", "thread", "call", "result", "made by", "asked for by")
    shown = table(
        heads if functions else heads[:-2],
        (
            (
                "" if row.at < 0 else f"{row.at:,.0f}",
                row.thread,
                code(f"{row.name}({row.arguments})"),
                code(result_text(row)),
                *(_code(name) for name in ((row.function, row.asked) if functions else ())),
            )
            for row in calls.rows[:most]
        ),
        caption="system calls",
        numeric=(0, 1),
    )
    return join([shown, tag("p", f"… and {left:,} more calls")]) if left > 0 else shown


def _space(calls: SystemCalls) -> Markup:
    return table(
        ("call", "what", "where", "size", "reserved then", "committed then", "asked for by"),
        (
            (
                step.call,
                step.kind,
                code(f"{step.start:#x}"),
                bytes_text(step.size),
                bytes_text(step.reserved),
                bytes_text(step.committed),
                _code(calls.rows[step.call].asked),
            )
            for step in calls.space.steps
        ),
        caption="addresses: reserved, made usable, given back",
        numeric=(0, 3, 4, 5),
    )


def _code(name: str) -> Markup:
    return code(name) if name else Markup("")


def _files(calls: SystemCalls) -> Markup:
    return table(
        ("descriptor", "what", "from call", "to call", "calls in between", "mapped"),
        (
            (
                one.number,
                code(one.path),
                one.opened if one.opened >= 0 else "the beginning",
                "the end" if one.closed is None else one.closed,
                len(one.calls),
                len(one.maps),
            )
            for one in calls.descriptors
        ),
        caption="file descriptors",
        numeric=(0, 2, 3, 4, 5),
    )
