"""The matrix of assignments as a page without scripts."""

from __future__ import annotations

from golifelab.compile.check.assignability import assignability
from golifelab.views.stage import stage_html


def test_the_matrix_and_its_reasons(newest):
    matrix = assignability(
        ["int", "<-chan My", "T"], newest, values=["nil", '"</td>"'], declarations="type My int"
    )
    page = str(stage_html(matrix))
    assert page.count("✓ yes") == sum(cell.assignable is True for cell in matrix) > 2
    assert page.count("✗ no") == sum(cell.assignable is False for cell in matrix) > 2
    assert page.count("? no type") == sum(cell.assignable is None for cell in matrix) > 2
    assert "&lt;-chan My" in page
    assert '"</td>"' not in page
    assert "undefined: T" in page
    assert "IncompatibleAssign" in page
