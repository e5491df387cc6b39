"""Which types implement which interfaces, and why not, in the type checker's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.compile.check.ask import Answers, Question, ask
from golifelab.compile.check.methods import Method, MethodSets, method_sets
from golifelab.compile.check.subjects import Subject, question, subjects
from golifelab.compile.check.words import Reason, reason_of
from golifelab.compile.front import python_line, show_line
from golifelab.compile.plain import diagnostics, place
from golifelab.errors import GolifelabError, LimitExceeded
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.helper.front import FrontReply

if TYPE_CHECKING:
    import pandas as pd

MAX_CELLS = 10_000

# The codes of errors that are a verdict. All others say that the question itself is wrong.
_VERDICTS = frozenset({"InvalidIfaceAssign", "IncompatibleAssign", "InvalidTypeArg"})
# No type of a program is assignable to this one, unless the checker has given up on it.
_NOTHING = "struct{ golifelab int }"
_NO_INTERFACE = "InvalidAssert"


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether a type implements an interface.

    `satisfied` is None where the checker could not be asked, or where an error of the program
    keeps it silent; `reason` is then "not asked", "invalid type" or "not an interface". For a type
    that does not implement it, `reason` is one of `words`, `method` the method in
    question, `have` and `want` the signatures, `message` the checker's own sentence, and `position`
    the type's method that stands in the way, else the interface's that is missing. `question` is
    the Go that the checker was given.
    """

    type: str
    interface: str
    satisfied: bool | None
    reason: str = ""
    method: str = ""
    have: str = ""
    want: str = ""
    message: str = ""
    position: Position | None = None
    question: str = ""

    @property
    def because(self) -> str:
        """The part of the message that gives the reason: "T does not implement I (…)"."""
        _, found, rest = self.message.partition(" value in variable declaration: ")
        return rest if found else self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction(Stage):
    """Types by interfaces. A sequence of Cell, row by row.

    A generic type is asked about for every type argument it can have. `errors` are those of the
    program itself.
    """

    types: tuple[str, ...]
    interfaces: tuple[str, ...]
    cells: tuple[Cell, ...]
    errors: tuple[Diagnostic, ...] = ()

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)

    def __getitem__(self, index: int) -> Cell:
        return self.cells[index]

    def cell(self, type: str, interface: str) -> Cell:  # noqa: A002 - the word of the matrix
        """The cell of a type and an interface; GolifelabError lists the names."""
        for name, names in ((type, self.types), (interface, self.interfaces)):
            if name not in names:
                listed = ", ".join(names) or "none"
                raise GolifelabError(f"{name!r} was not asked about", remedy=f"there are {listed}")
        row, column = self.types.index(type), self.interfaces.index(interface)
        return self.cells[row * len(self.interfaces) + column]

    def frame(self) -> pd.DataFrame:
        """One row a cell: the fields of Cell."""
        import pandas as pd

        return pd.DataFrame(self._rows(), columns=list(Cell.__slots__))

    def matrix(self) -> pd.DataFrame:
        """Types by interfaces: "yes", else the reason."""
        import pandas as pd

        width = len(self.interfaces)
        words = ["yes" if cell.satisfied else cell.reason for cell in self.cells]
        rows = [words[at : at + width] for at in range(0, len(words), width)] if width else None
        return pd.DataFrame(rows, index=list(self.types), columns=list(self.interfaces))

    def to_json(self) -> dict[str, Any]:
        """`types`, `interfaces`, `cells` (row by row, the fields of Cell), `errors`."""
        body = {"types": list(self.types), "interfaces": list(self.interfaces)}
        return self.header() | body | {"cells": self._rows(), "errors": diagnostics(self.errors)}

    def _rows(self) -> list[dict[str, Any]]:
        names = Cell.__slots__
        rows = [{name: getattr(cell, name) for name in names} for cell in self.cells]
        return [row | {"position": place(row["position"])} for row in rows]


def satisfaction(
    source: Source,
    target: Target,
    *,
    types: Iterable[str] | None = None,
    interfaces: Iterable[str] | None = None,
) -> Satisfaction:
    """Ask the type checker about every type and interface. Never raises for wrong Go.

    Both are Go type expressions, such as "*T", "Stack[int]", "io.Reader" or "interface{ M() }";
    std's packages need not be imported. By default all named types of the program with their
    pointers and instances, and all interfaces that it declares or mentions. LimitExceeded for more
    than MAX_CELLS cells.
    """
    chosen = types is not None or interfaces is not None
    sets = method_sets(source, target)
    rows = subjects(source, target, sets, types, interfaces=False)
    columns = subjects(source, target, sets, interfaces, interfaces=True)
    if len(rows) * len(columns) > MAX_CELLS:
        raise LimitExceeded(
            "the matrix of types and interfaces",
            f"{MAX_CELLS:,} cells",
            remedy="name the types and interfaces to ask about",
        )
    batch = _Batch(sets)
    probes = [batch.add(_probe(one)) for one in (*rows, *columns)]
    checks = [batch.add(_is_interface(one, sets)) for one in columns]
    pairs = [(row, column) for row in rows for column in columns]
    asked = [batch.add(question(number, *pair)) for number, pair in enumerate(pairs)]
    reply = batch.send(source, target)
    broken = {one.name for one, at in zip((*rows, *columns), probes, strict=True) if batch.mute(at)}
    plain = {one.name for one, at in zip(columns, checks, strict=True) if batch.plain(at)}
    cells = [
        batch.cell(row, column, at, broken=broken, plain=plain)
        for (row, column), at in zip(pairs, asked, strict=True)
    ]
    names = [one.name for one in rows], [one.name for one in columns]
    asking = f"print(program.satisfaction({names[0]!r}, {names[1]!r}).matrix())"
    return Satisfaction(
        command=python_line(source, target, asking)
        if chosen
        else show_line("satisfaction", source, target),
        tier=reply.tier,
        seconds=reply.times["check_ns"] / 1e9,
        types=tuple(one.name for one in rows),
        interfaces=tuple(one.name for one in columns),
        cells=tuple(cells),
        errors=sets.errors,
    )


class _Batch:
    """The questions of a matrix, all asked at once."""

    def __init__(self, sets: MethodSets) -> None:
        self._sets = sets
        self._questions: list[Question] = []
        self._answers: Answers | None = None

    def add(self, asked: Question | str) -> int | str:
        """The number of a question; a reason why there is none comes back as it is."""
        if isinstance(asked, str):
            return asked
        self._questions.append(asked)
        return len(self._questions) - 1

    def send(self, source: Source, target: Target) -> FrontReply:
        """Ask."""
        self._answers = ask(source, target, self._questions)
        return self._answers.reply

    def _said(self, at: int) -> tuple[Diagnostic, ...]:
        assert self._answers is not None
        return self._answers.said[at]

    def mute(self, at: int | str) -> bool:
        """Whether the checker let a probe pass: it holds the type for broken."""
        assert self._answers is not None
        return isinstance(at, int) and not self._said(at) and not self._answers.unanswered

    def plain(self, at: int | str) -> bool:
        """Whether the checker says that a type is no interface."""
        return isinstance(at, int) and any(e.code == _NO_INTERFACE for e in self._said(at))

    def cell(
        self, row: Subject, column: Subject, at: int | str, *, broken: set[str], plain: set[str]
    ) -> Cell:
        """What was said about a type and an interface."""
        assert self._answers is not None
        asked = self._questions[at] if isinstance(at, int) else Question("")
        text = "; ".join(part for part in (asked.before, asked.text) if part)

        def unknown(reason: str, message: str) -> Cell:
            return Cell(row.name, column.name, None, reason, message=message, question=text)

        if column.name in plain:
            return unknown("not an interface", f"{column.name} is not an interface")
        suspect = row.suspect or column.suspect
        if isinstance(at, str):
            return unknown("invalid type" if at == suspect else "not asked", at)
        if self._answers.unanswered:
            return unknown("not asked", self._answers.unanswered)
        for one in (row, column):
            if one.name in broken:
                return unknown("invalid type", one.suspect or f"{one.name} is not a valid type")
        errors = self._said(at)
        if not errors and suspect:
            return unknown("invalid type", suspect)
        if not errors:
            return Cell(row.name, column.name, True, question=text)
        verdict = errors[0]
        if verdict.code not in _VERDICTS:
            return unknown("not asked", verdict.message)
        reason = reason_of(verdict.message)
        return Cell(
            row.name,
            column.name,
            False,
            reason.kind,
            reason.method,
            reason.have,
            reason.want,
            verdict.message,
            self._place(row, column, reason),
            text,
        )

    def _place(self, row: Subject, column: Subject, reason: Reason) -> Position | None:
        """Where the method in question is declared: the type's own, else the interface's."""
        had = reason.have.partition("(")[0] or reason.method
        for owner, name in ((f"*{row.name.removeprefix('*')}", had), (column.name, reason.method)):
            for method in self._methods(owner):
                if method.name == name and method.position is not None:
                    return method.position
        return None

    def _methods(self, name: str) -> tuple[Method, ...]:
        """The methods of a type or of the generic type that it is an instance of."""
        generic = name.partition("[")[0]
        for known, methods in self._sets.sets:
            if known == name or ("[" in name and known.partition("[")[0] == generic):
                return methods
        return ()


def _probe(one: Subject) -> Question | str:
    """A question that the checker must refuse, unless it holds the type for broken already."""
    if one.trouble or one.constraint:
        return one.trouble or one.name
    text = f"var _ {_NOTHING} = *new({one.text})"
    if one.parameters:
        return Question(f"func _[{one.parameters}]() {{ {text} }}")
    return Question(text, "", one.file, one.offset)


def _is_interface(one: Subject, sets: MethodSets) -> Question | str:
    """A question that tells an interface from another type, where nobody has said so."""
    if one.trouble or one.constraint or one.name in sets.interfaces:
        return one.trouble or one.name
    return Question(f"var _ = (*new({one.text})).({_NOTHING})", "", one.file, one.offset)
