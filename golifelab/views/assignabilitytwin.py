"""The static twin of a matrix of assignments: the matrix, and the checker's sentences below it."""

from __future__ import annotations

from golifelab.compile.check.assignability import Assignability, Assignable
from golifelab.views.front import diagnostics_html
from golifelab.views.html import Markup, code, details, join, table

_VERDICTS = {True: "✓ yes", False: "✗ no", None: "? no type"}


def assignability_html(matrix: Assignability) -> Markup:
    """Values by variables; what the checker says against the others."""
    heads = ["a value of ↓ in a variable of →", *matrix.types]
    rows = [
        [code(value), *(verdict(matrix.cell(value, variable)) for variable in matrix.types)]
        for value in matrix.values
    ]
    refused = [
        (code(cell.value_type), code(cell.variable_type), cell.message, cell.code)
        for cell in matrix
        if cell.message
    ]
    parts = [table(heads, rows, caption="Which value can be assigned to which variable?")]
    if refused:
        said = table(("value", "variable", "what the checker says", "code"), refused)
        parts.append(details("why not", said))
    return join([*parts, diagnostics_html(matrix.errors)])


def verdict(cell: Assignable) -> str:
    """A cell in a mark and a word."""
    return _VERDICTS[cell.assignable]
