"""What the type checker found: types and constants of nodes, what names stand for, errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golifelab.columns import Table
from golifelab.compile.front import front, show_line
from golifelab.compile.scopes import (
    Instance,
    Scope,
    Selection,
    innermost,
    instances_of,
    scopes_of,
    selection_of,
)
from golifelab.compile.syntax import Node, Syntax, syntax
from golifelab.compile.text import SourceText
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.helper.front import DEFINES

if TYPE_CHECKING:
    import pandas as pd

# The bits of the table's column `mode`, from the lowest.
MODES = (
    "void",
    "type",
    "builtin",
    "value",
    "nil",
    "addressable",
    "assignable",
    "comma-ok",
    "constant",
    "defines",
    "implicit",
)


@dataclass(frozen=True, slots=True)
class Object:
    """Something that a name stands for.

    `kind` is types2's: "Var", "Const", "TypeName", "Func", "PkgName", "Label", "Builtin", "Nil".
    `package` is an import path, empty for what is predeclared. `position` is None for what is not
    declared in this package's files. Types of this package are written bare, others by package
    name.
    """

    id: int
    kind: str
    name: str
    type: str
    position: Position | None
    package: str
    exported: bool
    constant: str


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """What is known of a node.

    `type` and `constant` are empty where it has none; `mode` holds words of MODES; `object` is what
    a name stands for.
    """

    node: int
    type: str
    constant: str
    mode: tuple[str, ...]
    object: Object | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Types(Stage):
    """The checked package. `syntax` is the tree whose node ids are used here.

    `errors` are all of the front end, in the compiler's order: with syntax errors the types were
    not checked. The tables and `syntax.table` hold the data as int columns.
    """

    syntax: Syntax
    object_table: Table
    scope_table: Table
    selection_table: Table
    instance_table: Table
    errors: tuple[Diagnostic, ...] = ()

    def __len__(self) -> int:
        return sum(1 for _ in self._typed())

    def __iter__(self) -> Iterator[TypeInfo]:
        return (info for row in self._typed() if (info := self.of(row)) is not None)

    def of(self, node: Node | int) -> TypeInfo | None:
        """What is known of a node; None where the checker has nothing to say."""
        row = node if isinstance(node, int) else node.id
        table = self.syntax.table
        number, mode = table["object"][row], table["mode"][row]
        if number < 0 and table["type"][row] < 0 and not mode:
            return None
        return TypeInfo(
            row,
            table.text("type", row),
            table.text("constant", row),
            tuple(word for bit, word in enumerate(MODES) if mode >> bit & 1),
            self._object(number) if number >= 0 else None,
        )

    def at(self, position: Position) -> TypeInfo | None:
        """The same for the innermost node at a position that the checker knows."""
        node = self.syntax.at(position)
        for outer in reversed(self.syntax.path(node) if node else ()):
            info = self.of(outer)
            if info is not None:
                return info
        return None

    @property
    def objects(self) -> tuple[Object, ...]:
        """Everything that a name of this package stands for, in order of first mention."""
        return tuple(self._object(row) for row in range(len(self.object_table)))

    def object_at(self, position: Position) -> Object | None:
        """What the name at a position stands for."""
        node = self.syntax.at(position)
        info = self.of(node) if node else None
        return info.object if info else None

    def definition(self, item: Object) -> Position | None:
        """Where an object is declared; None outside this package."""
        return item.position

    def uses(self, item: Object) -> tuple[Position, ...]:
        """Where an object is used by name; its declaration does not count."""
        return tuple(self.syntax[row].position for row in _uses(self.syntax.table).get(item.id, ()))

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The universe, the package, and every scope within; a scope's id is its place."""
        return scopes_of(self.scope_table, self.object_table, self.syntax)

    def scope_at(self, position: Position) -> Scope | None:
        """The innermost scope at a position; None outside the files."""
        files = self.syntax.files
        if position.file not in files:
            return None
        text = SourceText.of(self.syntax.source)[files.index(position.file)]
        offset = text.offset(position.line, position.column)
        return innermost(self.scopes, position.file, offset) if offset >= 0 else None

    def chain(self, scope: Scope) -> tuple[Scope, ...]:
        """The way on which a name is looked up: from a scope outwards to the universe."""
        scopes = self.scopes
        way = [scope]
        while way[-1].parent >= 0:
            way.append(scopes[way[-1].parent])
        return tuple(way)

    def selection(self, node: Node | int) -> Selection | None:
        """What a selector expression selects; None for other nodes and qualified names."""
        row = _selections(self.selection_table).get(node if isinstance(node, int) else node.id)
        return None if row is None else selection_of(self.selection_table, row)

    @property
    def instances(self) -> tuple[Instance, ...]:
        """Where generic functions and types get their type arguments."""
        return instances_of(self.instance_table, self.syntax)

    def _typed(self) -> Iterator[int]:
        table = self.syntax.table
        rows = zip(table["type"], table["object"], table["mode"], strict=True)
        return (i for i, (typ, item, mode) in enumerate(rows) if typ >= 0 or item >= 0 or mode)

    def _object(self, row: int) -> Object:
        table = self.object_table
        line = table["line"][row]
        file = table.text("file", row)
        return Object(
            row,
            table.text("kind", row),
            table.text("name", row),
            table.text("type", row),
            Position(file, line, table["column"][row]) if line and file else None,
            table.text("package", row),
            bool(table["exported"][row]),
            table.text("constant", row),
        )

    def frame(self) -> pd.DataFrame:
        """One row a node that the checker knows, with its type, constant, mode and object."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """`types`: as the rows of `frame`; `objects`: with `definition` and `uses`; `errors`.

        `scopes`, `selections` and `instances`: the fields of Scope, Selection and Instance.
        """
        from golifelab.compile.plain import diagnostics, place

        objects = [
            {
                "id": item.id,
                "kind": item.kind,
                "name": item.name,
                "type": item.type,
                "package": item.package,
                "exported": item.exported,
                "constant": item.constant,
                "definition": place(item.position),
                "uses": [str(use) for use in self.uses(item)],
            }
            for item in self.objects
        ]
        rows = range(len(self.selection_table))
        beside = {
            "scopes": [asdict(scope) for scope in self.scopes],
            "selections": [asdict(selection_of(self.selection_table, row)) for row in rows],
            "instances": [
                asdict(instance) | {"position": place(instance.position)}
                for instance in self.instances
            ],
        }
        body = {"types": self._rows(), "objects": objects, "errors": diagnostics(self.errors)}
        return self.header() | body | beside

    def _rows(self) -> list[dict[str, Any]]:
        rows = []
        for info in self:
            node = self.syntax[info.node]
            rows.append(
                {
                    "node": node.id,
                    "kind": node.kind,
                    "position": str(node.position),
                    "text": node.text,
                    "type": info.type,
                    "constant": info.constant,
                    "mode": " ".join(info.mode),
                    "object": "" if info.object is None else info.object.kind,
                }
            )
        return rows


@lru_cache(maxsize=8)
def _uses(table: Table) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row, (item, mode) in enumerate(zip(table["object"], table["mode"], strict=True)):
        if item >= 0 and not mode & DEFINES and table.text("kind", row) == "Name":
            found.setdefault(item, []).append(row)
    return found


@lru_cache(maxsize=8)
def _selections(table: Table) -> dict[int, int]:
    return {node: row for row, node in enumerate(table["node"])}


def types(source: Source, target: Target) -> Types:
    """Check a package. Never raises for wrong Go: `errors` say what is wrong."""
    reply = front(source, target)
    return Types(
        command=show_line("types", source, target),
        tier=reply.tier,
        seconds=reply.times["check_ns"] / 1e9,
        syntax=syntax(source, target),
        object_table=reply.objects,
        scope_table=reply.scopes,
        selection_table=reply.selections,
        instance_table=reply.instances,
        errors=reply.diagnostics,
    )
