"""The front end for one program: from its source to functions that are ready for SSA.

Two lanes: the compiler, and the go/* library that vet, gopls and linters are made of. Functions are
looked up in the source of the Go in use; figures are what each of them came to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from golifelab.compile.check.trace import CheckPhase
from golifelab.compile.fallback.front import standard_front
from golifelab.compile.front import before_types
from golifelab.compile.gosource import GoFunction, functions_of
from golifelab.errors import GolifelabError
from golifelab.program import Program
from golifelab.views.flow import Arrow, Flow, Lane, Row, State, Step, count, files_of, milliseconds

_COMPILER = Lane("compiler", "the compiler: cmd/compile")
_LIBRARY = Lane("library", "the library: go/parser, go/types", main=False)
_GC = "cmd/compile/internal"
_SYNTAX_PHASES = ("scan", "parse")
# What the compiler checks itself, behind types2.
_AFTER = "noder"
_CHECK = "Checker.checkFiles"


@dataclass(frozen=True, slots=True)
class _Told:
    """What a step is called, where its function is to be found, and what it came to."""

    name: str
    path: str = ""
    function: str = ""
    figure: str = ""
    state: State = "ran"
    rows: tuple[Row, ...] = ()


def front_flow(program: Program) -> Flow:
    """The way of one program through the compiler's front end, and beside it the library's."""
    steps: list[Step] = []
    arrows: list[Arrow] = []
    absent: list[str] = []
    for lane, told in (
        (_COMPILER, tuple(_compiler(program))),
        (_LIBRARY, tuple(_library(program))),
    ):
        made = [Step(f"{lane.id} text", lane.id, "source text", _text(program))]
        for one in told:
            declared = functions_of(one.path, program.target).get(one.function)
            if one.path and declared is None:
                absent.append(f"{one.function} ({one.path})")
            else:
                made.append(_step(lane, one, declared))
        arrows += [Arrow(a.id, b.id) for a, b in pairwise(made)]
        steps += made
    notes = tuple(_notes(program, absent))
    title = f"The front end: {files_of(program)}"
    return Flow(title, (_COMPILER, _LIBRARY), tuple(steps), tuple(arrows), notes)


def _compiler(program: Program) -> Iterator[_Told]:
    early, wrong = _errors(program)
    lost = _refused(program)
    parsed: State = "stopped" if lost else "complained" if early else "ran"
    after = next((phase for phase in program.checks if phase.name == _AFTER), None)
    behind = len(after.errors) if after is not None else 0
    checked: State = "unreached" if lost else "stopped" if wrong > behind else "ran"
    made: State = "unreached" if early or wrong else "ran"
    asked = f"asks for {count(len(program.tokens), 'token')}"
    yield _Told("noder.LoadPackage", f"{_GC}/noder/noder.go", "LoadPackage")
    figure = _join(asked, _complaints(early))
    yield _Told("syntax.Parse", f"{_GC}/syntax/syntax.go", "Parse", figure, parsed)
    yield _Told("syntax.File", figure=_tree(len(program.syntax), program.syntax.seconds))
    yield _Told(
        "types2 checkFiles",
        f"{_GC}/types2/check.go",
        _CHECK,
        _join(_complaints(wrong - behind), "" if lost else milliseconds(program.types.seconds)),
        checked,
        () if lost else tuple(_row(phase) for phase in _phases(program)),
    )
    if after is not None:
        told = _complaints(behind) or "looks for cycles of unnamed interfaces"
        state: State = "unreached" if not after.ran else "stopped" if behind else "ran"
        yield _Told("noder.checkFiles", f"{_GC}/noder/irgen.go", "checkFiles", told, state)
    unified = f"{_GC}/noder/unified.go"
    yield _Told("noder.writePkgStub", unified, "writePkgStub", "unified IR: typed and flat", made)
    yield _Told("noder.readBodies", unified, "readBodies", "ir: the compiler's own trees", made)
    functions = _functions(program) if made == "ran" else ""
    yield _Told("gc.compileFunctions", f"{_GC}/gc/compile.go", "compileFunctions", functions, made)


def _library(program: Program) -> Iterator[_Told]:
    try:
        reply = standard_front(program.source, program.target)
    except GolifelabError:
        # Without its server the library says nothing; the other lane stands alone.
        return
    lost = sum(error.phase in _SYNTAX_PHASES for error in reply.diagnostics)
    wrong = len(reply.diagnostics) - lost
    parsed: State = "stopped" if lost else "ran"
    yield _Told(
        "parser.ParseFile", "go/parser/interface.go", "ParseFile", _complaints(lost), parsed
    )
    tree = program.go_syntax
    yield _Told("ast.File", figure=_tree(len(tree), reply.times["parse_ns"] / 1e9))
    yield _Told(
        "go/types checkFiles",
        "go/types/check.go",
        _CHECK,
        _join(_complaints(wrong), "" if lost else milliseconds(reply.times["check_ns"] / 1e9)),
        "unreached" if lost else "complained" if wrong else "ran",
    )
    yield _Told(
        "types.Info", figure="for vet, gopls, linters", state="unreached" if lost else "ran"
    )


def _errors(program: Program) -> tuple[int, int]:
    """How many errors scanner and parser have, and how many the checker."""
    early = sum(error.phase in _SYNTAX_PHASES for error in program.errors)
    return early, len(program.errors) - early


def _refused(program: Program) -> bool:
    """Whether the checker gets no tree."""
    return bool(before_types(program.errors, program.types.tier))


def _in_types(program: Program) -> bool:
    """Whether the checker itself found errors."""
    return any(phase.errors for phase in _phases(program))


def _phases(program: Program) -> list[CheckPhase]:
    """The checker's own phases."""
    return [phase for phase in program.checks if phase.name not in (*_SYNTAX_PHASES, _AFTER)]


def _row(phase: CheckPhase) -> Row:
    if not phase.ran:
        return Row(phase.name, "", "unreached")
    lines = count(phase.total_lines, "line") if phase.total_lines else ""
    figure = _join(_complaints(len(phase.errors)), lines)
    return Row(phase.name, figure, "complained" if phase.errors else "ran")


def _step(lane: Lane, told: _Told, declared: GoFunction | None) -> Step:
    place = declared.place if declared else ""
    name = f"{lane.id} {told.function or told.name}"
    return Step(name, lane.id, told.name, told.figure, place, told.state, told.rows)


def _notes(program: Program, absent: list[str]) -> Iterator[str]:
    early, _ = _errors(program)
    lost = _refused(program)
    if lost:
        yield "A file that does not parse is not checked: types2 never saw this program."
    elif early:
        yield (
            "What was complained about first leaves a tree all the same: types2 checks it, and the"
            " compiler ends after it."
        )
    elif _in_types(program):
        yield (
            "An error does not stop types2: its later phases still run, so that one run finds as"
            " much as it can. The compiler ends after it."
        )
    if program.checks.traced and not lost:
        yield (
            "Lines are those of the checker's own trace: the more there are, the more a phase had"
            " to do."
        )
    ours = _announced(program, f"{_GC}/types2/check.go")
    theirs = _announced(program, "go/types/check.go")
    if ours and theirs:
        words = "under the same names" if ours == theirs else "not all of them under the same names"
        yield f"types2 announces {len(ours)} phases in its source, go/types {len(theirs)}, {words}."
    if absent:
        yield f"Not in the source of this Go: {', '.join(absent)}."
    if program.syntax.tier == "fallback":
        yield (
            "The observed compiler is not built yet: the compiler's figures are those of Go's own"
            " packages, in the compiler's words."
        )


def _announced(program: Program, path: str) -> set[str]:
    """The phases that a checker would print in a trace: in its source they are "== name =="."""
    check = functions_of(path, program.target).get(_CHECK)
    texts = (text.strip('"') for text in (check.strings if check else ()))
    return {text.strip("= ") for text in texts if text.startswith("== ")}


def _text(program: Program) -> str:
    size = sum(len(text.encode(errors="surrogateescape")) for _, text in program.source.files)
    return count(size, "byte")


def _tree(nodes: int, seconds: float) -> str:
    return _join(count(nodes, "node"), milliseconds(seconds))


def _functions(program: Program) -> str:
    try:
        return f"{count(len(program.functions), 'function')} to SSA"
    except GolifelabError:
        # What the checker lets pass may still fail later: a body that is too large, say.
        return ""


def _complaints(errors: int) -> str:
    return count(errors, "error") if errors else ""


def _join(*figures: str) -> str:
    return ", ".join(filter(None, figures))
