"""Which values can be assigned to which variables, in the type checker's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.compile.check.ask import Question, ask, one_line, refused
from golifelab.compile.front import front, python_line
from golifelab.compile.plain import diagnostics
from golifelab.errors import GolifelabError, LimitExceeded
from golifelab.position import Diagnostic
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

MAX_CELLS = 10_000


@dataclass(frozen=True, slots=True)
class Assignable:
    """Whether a value of one type can be assigned to a variable of another.

    `assignable` is None for what is no type at all; `message` is the checker's own sentence, empty
    where it has nothing to say, `code` its error code, `question` the Go that it was given.
    """

    value_type: str
    variable_type: str
    assignable: bool | None
    message: str = ""
    code: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignability(Stage):
    """Values by variables. A sequence of Assignable, row by row.

    `values` are the rows: the types, then the expressions asked about, such as "nil". `types` are
    the columns. `errors` are those of the declarations.
    """

    values: tuple[str, ...]
    types: tuple[str, ...]
    cells: tuple[Assignable, ...]
    errors: tuple[Diagnostic, ...] = ()

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[Assignable]:
        return iter(self.cells)

    def __getitem__(self, index: int) -> Assignable:
        return self.cells[index]

    def cell(self, value_type: str, variable_type: str) -> Assignable:
        """The answer for a value and a variable; GolifelabError lists the types."""
        row, column = one_line(value_type), one_line(variable_type)
        for name, names in ((row, self.values), (column, self.types)):
            if name not in names:
                raise GolifelabError(
                    f"{name!r} was not asked about", remedy=f"there are {', '.join(names)}"
                )
        return self.cells[self.values.index(row) * len(self.types) + self.types.index(column)]

    def frame(self) -> pd.DataFrame:
        """Values by variables: True, False, or None where there is no answer."""
        import pandas as pd

        width = len(self.types)
        verdicts = [cell.assignable for cell in self.cells]
        rows = [verdicts[at : at + width] for at in range(0, len(verdicts), width)] if width else []
        made = pd.DataFrame(rows, columns=list(self.types), dtype=object)
        made.insert(0, "value", list(self.values)[: len(rows)])
        return made

    def to_json(self) -> dict[str, Any]:
        """`values`, `types`, `cells` (row by row, the fields of Assignable), `errors`."""
        names = Assignable.__slots__
        cells = [{name: getattr(cell, name) for name in names} for cell in self.cells]
        body = {"values": list(self.values), "types": list(self.types), "cells": cells}
        return self.header() | body | {"errors": diagnostics(self.errors)}


def assignability(
    types: Iterable[str],
    target: Target,
    *,
    values: Iterable[str] = (),
    declarations: str = "",
    source: Source | None = None,
) -> Assignability:
    """Ask the type checker about every pair of types. Never raises for wrong Go.

    `types` are Go type expressions, `values` expressions that are asked about beside them ("nil",
    "1", "'a'"). `declarations` is Go at package level that they may refer to; `source` is a whole
    package instead. LimitExceeded for more than MAX_CELLS pairs.
    """
    given = source
    if source is None:
        source = Source.from_text(f"package p\n\n{declarations}\n", name="declarations.go")
    columns = tuple(dict.fromkeys(map(one_line, types)))
    expressions = tuple(v for v in dict.fromkeys(map(one_line, values)) if v not in columns)
    if (len(columns) + len(expressions)) * len(columns) > MAX_CELLS:
        raise LimitExceeded(
            "the matrix of types", f"{MAX_CELLS:,} pairs", remedy="name fewer types"
        )
    wrong = refused(source, target, columns)
    # An expression stands in the same brackets: where it is one, it is no worse than a type.
    wrong |= _broken(source, target, expressions)
    pairs = [(value, variable) for value in (*columns, *expressions) for variable in columns]
    asked = {
        pair: _question(*pair, expression=pair[0] in expressions)
        for pair in pairs
        if not any(one in wrong for one in pair)
    }
    answers = ask(source, target, list(asked.values()))
    said = dict(zip(asked, answers.said, strict=True))
    cells = []
    for pair in pairs:
        against = said.get(pair, ())
        first = next((wrong[one] for one in pair if one in wrong), None) or next(
            iter(against), None
        )
        unasked = pair not in asked or bool(answers.unanswered)
        cells.append(
            Assignable(
                *pair,
                None if unasked else not against,
                first.message if first else answers.unanswered,
                first.code if first else "",
                asked[pair].text if pair in asked else "",
            )
        )
    return Assignability(
        command=python_line(
            given,
            target,
            "from golifelab.compile.check.assignability import assignability",
            f"print(assignability({list(columns)!r}, target, values={list(expressions)!r}, "
            + ("source=program.source" if given else f"declarations={declarations!r}")
            + ").frame())",
        ),
        tier=answers.reply.tier,
        seconds=answers.reply.times["check_ns"] / 1e9,
        values=(*columns, *expressions),
        types=columns,
        cells=tuple(cells),
        errors=front(source, target).diagnostics,
    )


def _question(value: str, variable: str, *, expression: bool) -> Question:
    if expression:
        return Question(f"var _ {variable} = ({value})")
    return Question(f"func _(value {value}) {{ var _ {variable} = value }}")


def _broken(source: Source, target: Target, expressions: tuple[str, ...]) -> dict[str, Diagnostic]:
    """Those of the texts that are no expressions: syntax errors would hide all other answers."""
    wrong = {}
    for text in expressions:
        # One at a time: they are few, and an unclosed bracket spoils what follows.
        answers = ask(source, target, [Question(f"var _ any = ({text})")])
        if answers.said[0] and answers.unanswered:
            wrong[text] = answers.said[0][0]
    return wrong
