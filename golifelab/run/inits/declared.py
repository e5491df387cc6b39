"""The variables that a package declares outside of functions, and which of them need which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from golifelab.compile.text import SourceText
from golifelab.compile.types import Types, types
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.stage import Tier
from golifelab.target import Target
from golifelab.toolchain.helper.front import DEFINES


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared variable, or several that one call sets.

    `text` is the initialiser's, empty without one; `spans` are the bytes of the names and of the
    initialiser. `needs` are rows of the variables it waits for, each with the functions on the way
    there (none where its own text names it).
    """

    names: tuple[str, ...]
    position: Position
    text: str
    spans: tuple[tuple[int, int], ...]
    needs: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Declarations:
    """The variables in the order of the source, and what is wrong with the package.

    `inits` is where each `func init` is declared, in order.
    """

    variables: tuple[Declared, ...]
    inits: tuple[Position, ...]
    errors: tuple[Diagnostic, ...]
    tier: Tier


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a declaration that is initialised by itself: rows of its names, value and type.

    -1 stands for what is not written down.
    """

    names: tuple[int, ...]
    value: int
    type: int


def declared(source: Source, target: Target) -> Declarations:
    """Read a package's declarations. Never raises for wrong Go."""
    checked = types(source, target)
    walk = _Walk(checked)
    variables = tuple(walk.variables(source))
    return Declarations(variables, tuple(walk.inits()), checked.errors, checked.tier)


class _Walk:
    """One walk over the tree: who declares what, and who names whom."""

    def __init__(self, checked: Types) -> None:
        self.tree, self.table = checked.syntax, checked.syntax.table
        self.objects = checked.object_table
        self.parts: list[_Part] = []
        self.functions: dict[int, int] = {}  # object → row of its FuncDecl
        self._children: dict[int, list[int]] = {}
        for row, parent in enumerate(self.table["parent"]):
            self._children.setdefault(parent, []).append(row)
        for root in self._children.get(-1, ()):
            for row in self._children.get(root, ()):
                kind = self.table.text("kind", row)
                if kind == "VarDecl":
                    self.parts += self._split(row)
                elif kind == "FuncDecl":
                    self.functions[self._defined(row)] = row
        self.owner = {
            self.table["object"][name]: number
            for number, part in enumerate(self.parts)
            for name in part.names
        }

    def variables(self, source: Source) -> Iterator[Declared]:
        texts = dict(zip(source.names, SourceText.of(source), strict=True))
        for part in self.parts:
            names = [self.tree[row] for row in part.names]
            values = [self.tree[part.value]] if part.value >= 0 else []
            yield Declared(
                tuple(name.text for name in names),
                names[0].position,
                "".join(texts[one.file].slice(one.start, one.end) for one in values),
                tuple((node.start, node.end) for node in (*names, *values)),
                self._needs(part),
            )

    def inits(self) -> Iterator[Position]:
        for row in self.functions.values():
            fields = {self.table.text("field", child): child for child in self._children[row]}
            name = self.tree[fields["Name"]] if "Name" in fields else None
            if name is not None and name.text == "init" and "Recv" not in fields:
                yield name.position

    def _split(self, row: int) -> Iterator[_Part]:
        """What a var declaration sets in one piece: `a, b = f()` is one, `a, b = 1, 2` two."""
        children = self._children.get(row, ())
        names = tuple(c for c in children if self.table.text("field", c) == "NameList")
        values = [c for c in children if self.table.text("field", c) == "Values"]
        kind = next((c for c in children if self.table.text("field", c) == "Type"), -1)
        if not values:
            yield from (_Part((name,), -1, kind) for name in names)
            return
        each = [values[0]]
        if self.table.text("kind", values[0]) == "ListExpr":
            each = self._children.get(values[0], [])
        if len(each) == len(names):
            yield from (_Part((n,), value, kind) for n, value in zip(names, each, strict=True))
        else:
            yield _Part(names, values[0], kind)

    def _defined(self, function: int) -> int:
        for row in self._children.get(function, ()):
            if self.table.text("field", row) == "Name":
                return int(self.table["object"][row])
        return -1

    def _needs(self, part: _Part) -> dict[int, tuple[str, ...]]:
        """The parts that a part names, or that the functions it names do, with the way there."""
        found: dict[int, tuple[str, ...]] = {}
        known: set[int] = set()
        todo: list[tuple[int, tuple[str, ...]]]
        todo = [(row, ()) for row in (part.value, part.type) if row >= 0]
        # The nearest way is the one that is told: breadth first.
        while todo:
            row, way = todo.pop(0)
            for item in self._named(row):
                if item in self.owner:
                    found.setdefault(self.owner[item], way)
                elif item in self.functions and item not in known:
                    known.add(item)
                    name = self.objects.text("name", item)
                    todo.append((self.functions[item], (*way, name)))
        return found

    def _named(self, row: int) -> Iterator[int]:
        """The objects that the text below a node uses.

        A method of an instantiated type is an object of its own, which no text declares: the
        checker follows no such call, and neither does this.
        """
        table = self.table
        todo = [row]
        while todo:
            here = todo.pop()
            item = table["object"][here]
            if item >= 0 and not table["mode"][here] & DEFINES:
                yield item
            todo += reversed(self._children.get(here, ()))
