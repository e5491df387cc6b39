"""Which node of the syntax tree a remark is about."""

from __future__ import annotations

from functools import lru_cache

from golifelab.columns import Table
from golifelab.compile.remarks.logged import MAX_COLUMN
from golifelab.compile.remarks.remark import Remark
from golifelab.compile.syntax import Node, Syntax
from golifelab.position import Position

# The compiler places a remark on a node's own position. Several nodes may have the same: a
# declaration and its name, say. These are what the remarks of a kind can be about.
_KINDS: dict[str, tuple[str, ...]] = {
    "canInlineFunction": ("FuncDecl", "FuncLit"),
    "cannotInlineFunction": ("FuncDecl", "FuncLit"),
    "inlineCall": ("CallExpr",),
    "cannotInlineCall": ("CallExpr",),
    "devirtualize": ("CallExpr",),
    "partlyDevirtualize": ("CallExpr",),
    "cannotDevirtualize": ("CallExpr",),
    "isInBounds": ("IndexExpr", "SliceExpr", "CallExpr", "RangeClause", "ForStmt"),
    "isSliceInBounds": ("SliceExpr", "CallExpr"),
}
_LIKE = {
    "provedInBounds": "isInBounds",
    "disprovedInBounds": "isInBounds",
    "boundsElided": "isInBounds",
    "provedSliceInBounds": "isSliceInBounds",
    "disprovedSliceInBounds": "isSliceInBounds",
}


def pin(tree: Syntax, remark: Remark) -> Node | None:
    """The node a remark is about; None when the compiler names no place exactly enough.

    It is the one that has the remark's position for its own and is of a fitting kind; else the
    innermost one that has the position; else the innermost whose text covers it.
    """
    kinds = _KINDS.get(_LIKE.get(remark.kind, remark.kind), ())
    if not remark.position.column:
        return _only_one(tree, remark.position, kinds)
    if remark.position.file not in tree.files:
        return None
    number = tree.files.index(remark.position.file)
    place = (number, remark.position.line, remark.position.column)
    there = _rows_at(tree.table).get(place, [])
    fitting = [row for row in there if tree.table.text("kind", row) in kinds]
    if there:
        return tree[fitting[0] if fitting else there[-1]]
    return tree.at(remark.position)


@lru_cache(maxsize=4)
def _rows_at(table: Table) -> dict[tuple[int, int, int], list[int]]:
    """The nodes by their own position: a package has thousands of remarks."""
    found: dict[tuple[int, int, int], list[int]] = {}
    for row, place in enumerate(zip(table["file"], table["line"], table["column"], strict=True)):
        found.setdefault(place, []).append(row)
    return found


def _only_one(tree: Syntax, position: Position, kinds: tuple[str, ...]) -> Node | None:
    """The node of these kinds, if there is but one so far to the right that it has no column."""
    if position.file not in tree.files:
        return None
    table, number = tree.table, tree.files.index(position.file)
    rows = zip(table["file"], table["line"], table["column"], strict=True)
    fitting = [
        row
        for row, (file, line, column) in enumerate(rows)
        if (file, line) == (number, position.line)
        and column >= MAX_COLUMN
        and table.text("kind", row) in kinds
    ]
    return tree[fitting[0]] if len(fitting) == 1 else None
