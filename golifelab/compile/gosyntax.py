"""The tree of go/ast: the one that gofmt, vet and gopls work on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from golifelab.columns import Table
from golifelab.compile.front import go_front, show_line
from golifelab.compile.tree import Node, Tree
from golifelab.position import Position
from golifelab.source import Source
from golifelab.target import Target


@dataclass(frozen=True, slots=True)
class Mark:
    """A position that a node keeps besides its own: `name` is the field, such as "OpPos"."""

    name: str
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class GoSyntax(Tree):
    """The trees of a package as go/parser makes them, in the words and fields of go/ast.

    `position` and `start` are a node's Pos, `end` is its End; neither counts its doc comment. Doc
    and line comments are nodes; comments that belong to nothing are not in the tree. Where the
    compiler keeps one position a node, go/ast keeps one for every operator, bracket and keyword:
    see `marks`.
    """

    marks_table: Table

    def marks(self, node: Node | int) -> tuple[Mark, ...]:
        """All further positions of a node, in the order of its fields."""
        row = node if isinstance(node, int) else node.id
        table = self.marks_table
        file = self.files[self.table["file"][row]]
        owners = table["node"]  # ascending, but for those of a node whose children come between
        return tuple(
            Mark(
                table.text("name", mark),
                Position(file, table["line"][mark], table["column"][mark]),
            )
            for mark in range(bisect_left(owners, row), bisect_right(owners, row))
        )

    def exact(self, position: Position) -> tuple[Node, ...]:
        """The nodes that have this position as their own or as one of their marks, in preorder."""
        if position.file not in self.files:
            return ()
        number = self.files.index(position.file)
        table, marks = self.table, self.marks_table
        place = (position.line, position.column)
        own = zip(table["line"], table["column"], strict=True)
        rows = {row for row, at in enumerate(own) if at == place}
        kept = zip(marks["line"], marks["column"], strict=True)
        rows |= {marks["node"][row] for row, at in enumerate(kept) if at == place}
        return tuple(self[row] for row in sorted(rows) if table["file"][row] == number)


def go_syntax(source: Source, target: Target) -> GoSyntax:
    """Parse a package with go/parser. Never raises for wrong Go; the errors are go/parser's own."""
    reply = go_front(source, target)
    return GoSyntax(
        command=show_line("gosyntax", source, target),
        tier="tool",
        seconds=reply.times["parse_ns"] / 1e9,
        source=source,
        table=reply.nodes,
        marks_table=reply.marks,
        errors=reply.diagnostics,
    )
