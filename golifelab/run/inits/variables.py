"""In which order the variables of a package get their values, and which get them without code.

The type checker takes the variable that waits for the fewest others, and of several the one that is
declared first ($GOROOT/src/cmd/compile/internal/types2/initorder.go). Then the compiler looks which
values it can write into the file: what is left becomes the function `init` of the package.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.compile.plain import diagnostics, place
from golifelab.position import Diagnostic, Position
from golifelab.run.inits.declared import Declared, declared
from golifelab.run.inits.written import How, Written, written
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.shell import compile_line

if TYPE_CHECKING:
    import pandas as pd

HOW: Mapping[How, str] = {
    "code": "the function init sets it",
    "file": "its value is in the file",
    "zero": "it is zero from the start",
    "none": "it has no name, and nothing to do: it is left out",
    "": "not known",
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the package, or several that one call sets (`names`).

    `needs` are the variables whose values it waits for, `through` the functions that lead to each
    of them (empty: its own text names it). `rank` counts in the checker's order, from 0; -1 for one
    without an initialiser. `how` says where its value comes from, a word of HOW; `code_rank` counts
    in the order in which the function init sets them, -1 for those that it doesn't.
    """

    names: tuple[str, ...]
    position: Position
    text: str
    needs: tuple[str, ...]
    through: Mapping[str, tuple[str, ...]]
    rank: int
    how: How
    code_rank: int

    @property
    def name(self) -> str:
        """Its name, or all of them: "p, q"."""
        return ", ".join(self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableOrder(Stage):
    """The variables of a package in the order of the source.

    `functions` are what its initialisation runs, in order: "main.init" sets variables and
    "main.init.0" is the first `func init`; `inits` is where those are declared. `errors` say why
    there is no order, in a package that the compiler refuses.
    """

    package: str
    variables: tuple[Variable, ...]
    functions: tuple[str, ...]
    inits: tuple[Position, ...] = ()
    errors: tuple[Diagnostic, ...] = ()

    def __len__(self) -> int:
        return len(self.variables)

    def __iter__(self) -> Iterator[Variable]:
        return iter(self.variables)

    @property
    def order(self) -> tuple[str, ...]:
        """The names in the order of the checker; those without an initialiser are left out."""
        ranked = sorted((one for one in self if one.rank >= 0), key=lambda one: one.rank)
        return tuple(one.name for one in ranked)

    @property
    def code_order(self) -> tuple[str, ...]:
        """The names in the order in which the code sets them; the others need no code."""
        ranked = sorted((one for one in self if one.code_rank >= 0), key=lambda one: one.code_rank)
        return tuple(one.name for one in ranked)

    def frame(self) -> pd.DataFrame:
        """One row a variable: names, position, needs, rank, how, code_rank."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """`variables` as the rows of `frame`, `order`, `code_order`, `functions`, `errors`."""
        return self.header() | {
            "package": self.package,
            "variables": self._rows(),
            "order": list(self.order),
            "code_order": list(self.code_order),
            "functions": list(self.functions),
            "errors": diagnostics(self.errors),
        }

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "names": one.name,
                "position": place(one.position),
                "text": one.text,
                "needs": " ".join(one.needs),
                "rank": one.rank,
                "how": one.how,
                "code_rank": one.code_rank,
            }
            for one in self.variables
        ]


def variable_order(source: Source, target: Target) -> VariableOrder:
    """The variables of a package, and their order. Never raises for wrong Go: see `errors`."""
    found = declared(source, target)
    ranks = checker_order([one.needs for one in found.variables])
    made = Written() if found.errors else written(source, target, found.variables, ranks)
    counted = [row for row in ranks if found.variables[row].text]
    rank = {row: number for number, row in enumerate(counted)}
    names = [_label(one) for one in found.variables]
    variables = tuple(
        Variable(
            one.names,
            one.position,
            one.text,
            tuple(names[row] for row in sorted(one.needs)),
            {names[row]: way for row, way in one.needs.items() if way},
            -1 if found.errors else rank.get(row, -1),
            made.how.get(row, ""),
            made.order.index(row) if row in made.order else -1,
        )
        for row, one in enumerate(found.variables)
    )
    return VariableOrder(
        package=source.package,
        variables=variables,
        functions=made.functions,
        inits=found.inits,
        errors=found.errors,
        command=compile_line(source, target, ("-S",)),
        tier=found.tier,
        precision=made.precision,
    )


def checker_order(needs: Sequence[Mapping[int, Any] | set[int]]) -> tuple[int, ...]:
    """The rows in the type checker's order, by what each of them needs.

    The one that waits for the fewest comes first, then the one declared first. A variable without
    an initialiser takes part, too, and is waited for: it gets its place like any other.
    """
    waits = [len(one) for one in needs]
    waiting: list[list[int]] = [[] for _ in needs]
    for row, one in enumerate(needs):
        for needed in one:
            waiting[needed].append(row)
    queue = [(count, row) for row, count in enumerate(waits)]
    heapq.heapify(queue)
    order: list[int] = []
    done = set()
    while queue:
        count, row = heapq.heappop(queue)
        if row in done or count != waits[row]:
            continue  # it was put in again with a smaller number
        done.add(row)
        order.append(row)
        for other in waiting[row]:
            waits[other] -= 1
            if other not in done:
                heapq.heappush(queue, (waits[other], other))
    return tuple(order)


def _label(one: Declared) -> str:
    return ", ".join(one.names)
