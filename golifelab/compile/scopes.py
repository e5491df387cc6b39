"""Scopes, selections and instances: what the type checker notes beside types and objects."""

from __future__ import annotations

from dataclasses import dataclass

from golifelab.columns import Table
from golifelab.compile.syntax import Syntax
from golifelab.position import Position

_UNIVERSE, _PACKAGE = 0, 1
_NOT_FOUND = 1 << 31


@dataclass(frozen=True, slots=True)
class Scope:
    """A region of the source in which names are declared.

    `parent` is the id of the scope around it, -1 for the universe. `kind` is "universe", "package",
    or the kind of the node `node` that opens it ("File", "FuncType", "BlockStmt", "IfStmt" …).
    `start` and `end` are the bytes of `file` that it spans, -1 for universe and package; a
    function's scope spans its body. `names` are those declared in it that the package mentions.
    """

    id: int
    parent: int
    node: int
    kind: str
    file: str
    start: int
    end: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """What the selector expression `node` selects.

    `kind` is "field", "method" or "method expression"; `receiver` the type of what stands before
    the dot. `path` are the indices of the embedded fields on the way, and of the field or method;
    `indirect` says whether a pointer is followed on the way.
    """

    node: int
    kind: str
    receiver: str
    path: tuple[int, ...]
    indirect: bool


@dataclass(frozen=True, slots=True)
class Instance:
    """A generic function or type where it gets its type arguments, written or inferred."""

    node: int
    position: Position
    name: str
    arguments: tuple[str, ...]
    type: str


def scopes_of(table: Table, objects: Table, tree: Syntax) -> tuple[Scope, ...]:
    """The scopes in the order of the source, the universe and the package first."""
    names: dict[int, list[str]] = {}
    for row, parent in enumerate(objects["parent"]):
        if parent >= 0:
            names.setdefault(parent, []).append(objects.text("name", row))
    return tuple(_scope(table, row, tuple(names.get(row, ())), tree) for row in range(len(table)))


def _scope(table: Table, row: int, names: tuple[str, ...], tree: Syntax) -> Scope:
    node = table["node"][row]
    if node < 0:
        kind = {_UNIVERSE: "universe", _PACKAGE: "package"}.get(row, "")
        return Scope(row, table["parent"][row], -1, kind, "", -1, -1, names)
    kind = tree.table.text("kind", node)
    around = tree.table["parent"][node]
    if kind == "FuncType" and tree.table.text("kind", around) in ("FuncDecl", "FuncLit"):
        spanned = around  # the parameters' scope is the body's, too
    else:
        spanned = node
    return Scope(
        row,
        table["parent"][row],
        node,
        kind,
        tree.files[tree.table["file"][node]],
        tree.table["start"][spanned],
        tree.table["end"][spanned],
        names,
    )


def innermost(scopes: tuple[Scope, ...], file: str, offset: int) -> Scope | None:
    """The smallest scope around a byte of a file; None outside all."""
    found, width = None, _NOT_FOUND
    for scope in scopes:
        # Of two with equal spans the later is the inner one.
        if (
            scope.file == file
            and scope.start <= offset < max(scope.end, scope.start + 1)
            and scope.end - scope.start <= width
        ):
            found, width = scope, scope.end - scope.start
    return found


def selection_of(table: Table, row: int) -> Selection:
    """A row of table selections."""
    return Selection(
        table["node"][row],
        table.text("kind", row),
        table.text("receiver", row),
        tuple(int(step) for step in table.text("path", row).split(",") if step),
        bool(table["indirect"][row]),
    )


def instances_of(table: Table, tree: Syntax) -> tuple[Instance, ...]:
    """All rows of table instances, in the order of the source."""
    made = []
    for row, node in sorted(enumerate(table["node"]), key=lambda pair: pair[1]):
        at = tree[node]
        arguments = tuple(_split(table.text("arguments", row)))
        made.append(Instance(node, at.position, at.text, arguments, table.text("type", row)))
    return tuple(made)


def _split(text: str) -> list[str]:
    """The parts between commas that stand in no brackets."""
    parts, depth, start = [], 0, 0
    for place, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if char == "," and not depth:
            parts.append(text[start:place].strip())
            start = place + 1
    parts.append(text[start:].strip())
    return [part for part in parts if part]
