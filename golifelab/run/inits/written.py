"""How the variables of a package get their values, as compiled: by code, or from the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from golifelab.compile.machine.stage import Machine, machine
from golifelab.compile.text import SourceText
from golifelab.errors import CompileFailed
from golifelab.link.object.file import object_file
from golifelab.position import Position
from golifelab.run.inits.declared import Declared
from golifelab.run.inits.records import record_in
from golifelab.source import Source
from golifelab.stage import Precision
from golifelab.target import Target

How = Literal["code", "file", "zero", "none", ""]


@dataclass(frozen=True, slots=True)
class Written:
    """Rows of variables in the order in which code sets them, and how each gets its value.

    `functions` are what the package's initialisation runs, in order.
    """

    order: tuple[int, ...] = ()
    how: Mapping[int, How] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    precision: Precision = "column"


def written(
    source: Source, target: Target, variables: Sequence[Declared], ranks: Sequence[int]
) -> Written:
    """Look in the compiled package; nothing is known of one that the compiler refuses.

    `ranks` are the rows in the type checker's order: it decides between variables of one line where
    the code is known by lines only.
    """
    try:
        made = object_file(source, target)
    except CompileFailed:
        return Written()
    record = record_in(made, source.package)
    functions = record.functions if record else ()
    code = None
    if f"{source.package}.init" in functions:
        code = machine(source, target, f"{source.package}.init")
    kinds = {symbol.name: symbol.kind for symbol in made.symbols if not symbol.is_function}
    stored = [
        next((kinds.get(f"{source.package}.{name}", "") for name in one.names if name != "_"), "")
        for one in variables
    ]
    places = _Places(source, variables)
    order: list[int] = []
    for rows in _rows(places, code, ranks) if code else ():
        order += [row for row in rows if row not in order and "DATA" not in stored[row]]
    how: dict[int, How] = dict.fromkeys(order, "code")
    for row, one in enumerate(variables):
        if row not in how and stored[row]:
            how[row] = "zero" if "BSS" in stored[row] or not one.text else "file"
        elif set(one.names) == {"_"}:
            how.setdefault(row, "none")
    return Written(tuple(order), how, functions, code.precision if code else "column")


def _rows(places: _Places, code: Machine, ranks: Sequence[int]) -> Iterator[list[int]]:
    """The variables that the instructions are for, in the order of the code."""
    for one in code:
        outermost = one.stack[0] if one.stack else one.position
        if outermost is None:
            continue
        if code.precision == "column":
            yield places.at(outermost)
        else:
            yield sorted(places.on_line(outermost), key=ranks.index)


class _Places:
    """Which variables a position belongs to."""

    def __init__(self, source: Source, variables: Sequence[Declared]) -> None:
        self._texts = dict(zip(source.names, SourceText.of(source), strict=True))
        self._variables = variables
        self._lines: dict[tuple[str, int], list[int]] = {}
        for row, one in enumerate(variables):
            if not one.text:
                continue
            file, text = one.position.file, self._texts[one.position.file]
            for line in sorted({n for span in one.spans for n in _lines_of(text, span)}):
                self._lines.setdefault((file, line), []).append(row)

    def on_line(self, position: Position) -> list[int]:
        """The rows of the variables with an initialiser that a line has a part of."""
        return self._lines.get((position.file, position.line), [])

    def at(self, position: Position) -> list[int]:
        """The row of the variable whose names or initialiser a position is in, as a list."""
        rows = self.on_line(position)
        if not rows:
            return []
        offset = self._texts[position.file].offset(position.line, position.column)
        spans = ((row, span) for row in rows for span in self._variables[row].spans)
        return [row for row, (start, end) in spans if start <= offset < end][:1]


def _lines_of(text: SourceText, span: tuple[int, int]) -> range:
    return range(text.place(span[0])[0], text.place(max(span[1] - 1, span[0]))[0] + 1)
