"""What the lab shows of a function: its code after every pass, and where else the reader may look.

The parts are made one by one, in the order in which a reader misses them: the passes first, then
instructions, and what takes longer after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from golifelab.compile.ssa.stage import SSA, Function
from golifelab.compile.text import SourceText
from golifelab.errors import GolifelabError, Superseded
from golifelab.position import Position
from golifelab.program import Program
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.go import find_go
from golifelab.toolchain.install import installed_versions
from golifelab.views.comparison import comparison_payload, partners
from golifelab.views.labhistory import Edit, Figures, History
from golifelab.views.lives import lives_payload
from golifelab.views.machinepanel import machine_payload

Payload = dict[str, Any]

# Fields of a target that another pane may have otherwise.
FIELDS = ("goarch", "goamd64", "go")
ARCHITECTURES = ("amd64", "arm64")
LEVELS = ("v1", "v2", "v3", "v4")


@dataclass(frozen=True, slots=True)
class Extent:
    """A function with code, and the lines of its text in one file; 0, 0 for one without any."""

    function: Function
    first: int = 0
    last: int = 0

    def to_json(self) -> dict[str, Any]:
        """`symbol`, `name`, `line` and `end`."""
        function = self.function
        line = {"line": self.first, "end": self.last}
        return {"symbol": function.symbol, "name": function.name, **line}


def extents(program: Program, file: str) -> tuple[Extent, ...]:
    """The functions that have code, each with the lines of `file` that it takes."""
    tree = program.syntax
    table = tree.table
    kinds = {"FuncDecl", "FuncLit"}
    number = tree.files.index(file)
    around = [
        (table["start"][row], table["end"][row])
        for row in range(len(table))
        if table["file"][row] == number and table.text("kind", row) in kinds
    ]
    text = SourceText.of(program.source)[number]
    return tuple(_extent(function, file, around, text) for function in program.functions)


def _extent(
    function: Function, file: str, around: Sequence[tuple[int, int]], text: SourceText
) -> Extent:
    at = function.position
    if at is None or at.file != file:
        return Extent(function)
    offset = text.offset(at.line, at.column)
    bodies = [(end - start, end) for start, end in around if start <= offset < end]
    last = text.place(min(bodies)[1] - 1)[0] if bodies else at.line
    return Extent(function, at.line, last)


def shown_function(
    found: Sequence[Extent], wanted: str, line: int, current: str, file: str
) -> Function:
    """The function to show: the wanted one, else the innermost around a line, else the current one.

    A line of a function without code of its own leaves what is shown. GolifelabError when the
    program has no function with code at all.
    """
    if not found:
        raise GolifelabError(
            "the program has no function with code",
            remedy=f"write one in {file}; one that is inlined everywhere may have none of its own",
        )
    named = [one for one in found if wanted in (one.function.symbol, one.function.name)]
    if named:
        return named[0].function
    around = [one for one in found if one.first <= line <= one.last]
    if around:
        return max(around, key=lambda one: one.first).function
    held = [one for one in found if one.function.symbol == current]
    above = [one for one in found if 0 < one.first <= line]
    first = min(found, key=lambda one: (one.first == 0, one.first))
    return (held or ([max(above, key=lambda one: one.first)] if above else [first]))[0].function


def code_payload(program: Program, body: SSA, found: Iterable[Extent], file: str) -> Payload:
    """A function after every pass, with its target and its neighbours.

    `function` (link symbol), `file`, `functions` (see Extent), `target`, `tier`, `lines`, `passes`
    (name, ns, rows); `places`: for every line [line, column] in `file`, or 0. Of an inlined value
    the innermost call that stands in the file.
    """
    return {
        "functions": [one.to_json() for one in found],
        "target": target_json(program.target),
        **_rows(body, file),
    }


def alone_payload(body: SSA) -> Payload:
    """A function after every pass, without its program: its target and neighbours are unknown."""
    position = body.function.position
    return {"functions": [], **_rows(body, position.file if position else "")}


def _rows(body: SSA, file: str) -> Payload:
    rows = body.rows()
    return {
        "function": body.function.symbol,
        "file": file,
        "tier": body.tier,
        **rows.to_json(),
        "places": [_place(stack, file) for stack in rows.places],
    }


def _place(stack: Sequence[Position], file: str) -> list[int] | int:
    for at in reversed(stack):
        if at.file == file:
            return [at.line, at.column]
    return 0


def target_json(target: Target) -> dict[str, Any]:
    """What a target is: `goos`, `goarch`, `goamd64`, `go` (the real version), `gcflags`, `label`.

    The last is what a reader is told.
    """
    version = find_go(target.go).version
    level = f" {target.goamd64}" if target.goarch == "amd64" and target.goamd64 != "v1" else ""
    return {
        "goos": target.goos,
        "goarch": target.goarch,
        "goamd64": target.goamd64 if target.goarch == "amd64" else "",
        "go": version,
        "gcflags": list(target.gcflags),
        "label": " · ".join(
            (f"{target.goarch}{level}", f"go{version}", *filter(None, [" ".join(target.gcflags)]))
        ),
    }


def choices(target: Target) -> Payload:
    """What another pane may be compiled for: `goarch`, `goamd64` and `go`, lists of words."""
    versions = dict.fromkeys((find_go(target.go).version, find_go().version, *installed_versions()))
    return {"goarch": list(ARCHITECTURES), "goamd64": list(LEVELS), "go": list(versions)}


def other_program(program: Program, subject: Mapping[str, Any], file: str) -> Program:
    """The program that another pane shows: another text, another target, or both.

    `subject` may have `source` and the fields of a target in FIELDS. GolifelabError for anything
    else, ToolchainNotFound for a Go version that is not installed.
    """
    unknown = [name for name in subject if name not in (*FIELDS, "source")]
    if unknown:
        raise GolifelabError(
            f"a pane can't show another {unknown[0]}",
            remedy="a subject has any of " + ", ".join(("source", *FIELDS)),
        )
    changes = {name: str(subject[name]) for name in FIELDS if subject.get(name)}
    if "goarch" in changes and changes["goarch"] not in ARCHITECTURES:
        raise GolifelabError(
            f"the lab compiles for {' and '.join(ARCHITECTURES)}, not for {changes['goarch']}"
        )
    made = program.for_target(**changes) if changes else program
    find_go(made.target.go)
    source = subject.get("source")
    return made.with_text(source, file=file) if isinstance(source, str) else made


def other_payload(
    program: Program, there: Program, body: SSA, other: SSA, file: str, shown: str = ""
) -> Payload:
    """What another pane shows: `code`, `machine`, `lives` and `partners`.

    The last are names of values and blocks of the first pane, which shows the pass `shown`, and
    what they are called there.
    """
    symbol = other.function.symbol
    return {
        "code": code_payload(there, other, (), file),
        "machine": machine_payload(there.machine(symbol)),
        "lives": lives_payload(other),
        "partners": partners(body, other, texts(program, there), shown),
    }


def texts(left: Program, right: Program) -> tuple[Source, Source] | None:
    """The sources of two programs, where they differ."""
    return None if left.source == right.source else (left.source, right.source)


Side = tuple[Program, SSA]


def answer(asked: Mapping[str, Any], panes: tuple[Side, Side], before: Edit | None) -> Payload:
    """Two states compared, as a pane has asked for.

    `asked`: `against` "other" sets the first pane with its pass `left` beside the second with its
    pass `right`; "edit" sets the first pane before the last edit beside what it is now. A pass is
    an index, or None on the left for the same pass. GolifelabError when there is no such thing.
    """
    first, second = panes
    if asked.get("against") == "other":
        (there, old), (program, body) = first, second
    elif before is None:
        raise GolifelabError("there is no edit before this one")
    else:
        program, body = first
        there = before.program
        old = there.ssa(body.function.symbol)
    left, right = asked.get("left"), asked.get("right", len(body) - 1)
    return comparison_payload(
        old,
        body,
        None if left is None else min(int(left), len(old) - 1),
        min(int(right), len(body) - 1),
        texts(there, program),
    )


def carried(last: Side, now: Side, shown: str = "") -> dict[str, str] | None:
    """What values and blocks of one function are called in its next version.

    A number means what it means after the pass `shown`. None where nothing has to be renamed:
    another function, or the same text.
    """
    (before, old), (after, new) = last, now
    if old.function.symbol != new.function.symbol or before.source == after.source:
        return None
    return partners(old, new, texts(before, after), shown)


def edits_payload(history: History, body: SSA, before: Edit | None) -> Payload:
    """The edits so far as `items`, and what the last one did to a function as `since`, or None.

    `since`: `number` of the edit before, `from` and `to` (figures), `counts` of values after the
    last pass, `partners` (name before, name now), `changes` (name now: "+" new, "~" another).
    """
    return {"items": history.to_json(), "since": _since(history, body, before)}


def _since(history: History, body: SSA, before: Edit | None) -> Payload | None:
    if before is None:
        return None
    now = history.edits[-1]
    symbol = body.function.symbol
    try:
        old = before.program.ssa(symbol)
        figures = Figures.of(old, before.program.machine(symbol))
    except Superseded:
        raise
    except GolifelabError:
        return None  # the function is new
    edited = texts(before.program, now.program)
    both = [comparison_payload(old, body, None, which, edited) for which in (0, len(body) - 1)]
    changes = {
        name: mark
        for found in both
        for mark, names in (
            ("~", [new for _, new, differs, _ in found["values"] if differs]),
            ("~", [new for _, new, differs in found["blocks"] if differs]),
            ("+", found["added"] + found["blocks_added"]),
        )
        for name in names
    }
    return {
        "number": before.number,
        "from": figures.to_json(),
        "to": now.figures.to_json(),
        "counts": both[-1]["counts"],
        "partners": partners(old, body, edited),
        "changes": changes,
    }
