"""A syntax tree as a stage: what the compiler's own tree and go/ast's have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golifelab.columns import Table
from golifelab.compile.text import SourceText
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a tree.

    `kind` and `field` (of the parent) are the names of the package that made the tree; `index` is
    the place in a field that is a list, else -1; `parent` is an id, -1 for a File. `position` is
    what the node itself says its position is; `start` and `end` are the byte offsets of its text.
    `text` is the name, literal or operator of nodes that have one.
    """

    id: int
    parent: int
    kind: str
    field: str
    index: int
    file: str
    position: Position
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree(Stage):
    """The trees of a package. A sequence of Node in preorder; a node's id is its place.

    `table` holds the same as int columns. `errors` are those of the scanner and the parser; a file
    that has some still has the tree of what could be read.
    """

    source: Source
    table: Table
    errors: tuple[Diagnostic, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The file names; the column `file` of the table counts in them."""
        return self.source.names

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[Node]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, node: int) -> Node:
        if node < 0:
            node += len(self)
        if not 0 <= node < len(self):
            raise IndexError(node)
        table = self.table
        file = self.files[table["file"][node]]
        return Node(
            node,
            table["parent"][node],
            table.text("kind", node),
            table.text("field", node),
            table["index"][node],
            file,
            Position(file, table["line"][node], table["column"][node]),
            table["start"][node],
            table["end"][node],
            table.text("text", node),
        )

    @property
    def roots(self) -> tuple[Node, ...]:
        """The File nodes."""
        return tuple(self[i] for i, parent in enumerate(self.table["parent"]) if parent < 0)

    def at(self, position: Position) -> Node | None:
        """The innermost node whose text covers a position; None outside the files."""
        if position.file not in self.files:
            return None
        number = self.files.index(position.file)
        offset = SourceText.of(self.source)[number].offset(position.line, position.column)
        table = self.table
        rows = zip(table["file"], table["start"], table["end"], strict=True)
        found, width = -1, 1 << 31
        # In preorder an inner node comes after its outer ones, so of equal spans the last is inner.
        for row, (file, start, end) in enumerate(rows):
            if file == number and start <= offset < end and end - start <= width:
                found, width = row, end - start
        return self[found] if found >= 0 else None

    def exact(self, position: Position) -> tuple[Node, ...]:
        """The nodes whose own position this is, outermost first."""
        if position.file not in self.files:
            return ()
        number = self.files.index(position.file)
        table = self.table
        wanted = (number, position.line, position.column)
        rows = zip(table["file"], table["line"], table["column"], strict=True)
        return tuple(self[row] for row, place in enumerate(rows) if place == wanted)

    def path(self, node: Node | int) -> tuple[Node, ...]:
        """The way from the File down to a node, both included."""
        way = []
        row = node if isinstance(node, int) else node.id
        while row >= 0:
            way.append(self[row])
            row = self.table["parent"][row]
        return tuple(reversed(way))

    def children(self, node: Node | int) -> tuple[Node, ...]:
        """The nodes right below a node, in the order of its fields."""
        row = node if isinstance(node, int) else node.id
        return tuple(self[child] for child in _children(self.table).get(row, ()))

    def frame(self) -> pd.DataFrame:
        """One row a node: id, parent, kind, field, index, file, line, column, start, end, text."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """`nodes`: a list of objects with the fields of Node (line and column apart); `errors`."""
        from golifelab.compile.plain import diagnostics

        return self.header() | {"nodes": self._rows(), "errors": diagnostics(self.errors)}

    def _rows(self) -> list[dict[str, Any]]:
        rows = []
        for node in self:
            row = {name: getattr(node, name) for name in Node.__slots__}
            position = row.pop("position")
            rows.append(row | {"line": position.line, "column": position.column})
        return rows


@lru_cache(maxsize=8)
def _children(table: Table) -> dict[int, list[int]]:
    below: dict[int, list[int]] = {}
    for row, parent in enumerate(table["parent"]):
        below.setdefault(parent, []).append(row)
    return below
