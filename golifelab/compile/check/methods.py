"""Method sets: which methods a type has, a pointer to it has, and an interface asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.columns import Table
from golifelab.compile.front import front, show_line
from golifelab.compile.plain import diagnostics, place
from golifelab.compile.syntax import Syntax, syntax
from golifelab.errors import GolifelabError
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.helper.front import FrontReply

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Method:
    """A method in a method set.

    `signature` is its type ("func(by int)"). `receiver` is the type that it is declared on (the
    interface, for an interface's method), `pointer` says whether that is a pointer. `through` names
    the embedded fields on the way to it, or the embedded interfaces; it is empty for a method of
    the type itself. `position` is None for one declared in another package.
    """

    name: str
    signature: str
    receiver: str
    pointer: bool
    position: Position | None
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedType:
    """A type with a name.

    `name` is how one writes it ("counter", "Stack[P]", "io.Reader"), `kind` what its underlying
    type is ("struct", "interface", "basic" …), `parameters` its type parameters with their
    constraints ("P any"). `constraint` marks an interface that is no type of variables; `local` a
    type declared in a function, whose name is `function`. `position` is None for a type of another
    package.
    """

    name: str
    kind: str
    parameters: str
    position: Position | None
    constraint: bool
    local: bool
    function: str

    @property
    def interface(self) -> bool:
        """Whether it is an interface."""
        return self.kind == "interface"


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSets(Stage):
    """The method sets of a package's types, as the type checker's own look-up finds them.

    `named_types` holds the named types of the package in the order of the source, then the
    interfaces of other packages that it mentions. Where two types in different functions have one
    name, the later one's is followed by its place. Aliases are other names of types that are there.
    """

    named_types: tuple[NamedType, ...]
    sets: tuple[tuple[str, tuple[Method, ...]], ...]
    errors: tuple[Diagnostic, ...] = ()

    @property
    def types(self) -> tuple[str, ...]:
        """Every type T that is no interface, each followed by its *T."""
        return tuple(
            name
            for one in self.named_types
            if not one.interface
            for name in (one.name, f"*{one.name}")
        )

    @property
    def interfaces(self) -> tuple[str, ...]:
        """The interfaces, the package's own first."""
        return tuple(one.name for one in self.named_types if one.interface)

    def of(self, name: str) -> tuple[Method, ...]:
        """The method set of "T", "*T" or an interface, by name; GolifelabError lists the names."""
        for known, methods in self.sets:
            if known == name:
                return methods
        raise GolifelabError(f"no type {name!r} here", remedy=f"there are {self._names()}")

    def named(self, name: str) -> NamedType:
        """What is known of T or *T itself; GolifelabError lists the names."""
        for one in self.named_types:
            if one.name == name.removeprefix("*"):
                return one
        raise GolifelabError(f"no type {name!r} here", remedy=f"there are {self._names()}")

    def _names(self) -> str:
        return ", ".join((*self.types, *self.interfaces)) or "none"

    def frame(self) -> pd.DataFrame:
        """One row a method of a set: the type, and the fields of Method."""
        import pandas as pd

        columns = ["type", "method", "signature", "receiver", "pointer", "through", "position"]
        return pd.DataFrame([tuple(row.values()) for row in self._rows()], columns=columns)

    def to_json(self) -> dict[str, Any]:
        """`types`: name, kind, parameters, position, …; `methods`: rows of `frame`; `errors`."""
        named = [
            {
                "name": one.name,
                "kind": one.kind,
                "parameters": one.parameters,
                "position": place(one.position),
                "constraint": one.constraint,
                "function": one.function,
            }
            for one in self.named_types
        ]
        body = {"types": named, "methods": list(self._rows())}
        return self.header() | body | {"errors": diagnostics(self.errors)}

    def _rows(self) -> Iterator[dict[str, Any]]:
        for name, methods in self.sets:
            for method in methods:
                yield {
                    "type": name,
                    "method": method.name,
                    "signature": method.signature,
                    "receiver": method.receiver,
                    "pointer": method.pointer,
                    "through": ".".join(method.through),
                    "position": place(method.position),
                }


def method_sets(source: Source, target: Target) -> MethodSets:
    """The method sets of a package. Never raises for wrong Go.

    Both tiers ask by the same steps: the helper types2, the fallback go/types.
    """
    reply = front(source, target, only="methods")
    named = _named(reply, syntax(source, target), source.names)
    return MethodSets(
        command=show_line("methods", source, target),
        tier=reply.tier,
        seconds=(reply.times["check_ns"] + reply.times["table_ns"]) / 1e9,
        named_types=tuple(one for _, one in named),
        sets=tuple(_sets(reply.tables["methods"], named)),
        errors=reply.diagnostics,
    )


def _named(reply: FrontReply, tree: Syntax, files: tuple[str, ...]) -> list[tuple[int, NamedType]]:
    """The rows of table named with their types, in the order of the source."""
    table = reply.tables["named"]

    def order(row: int) -> tuple[bool, int, int, int, str]:
        file, elsewhere = table.text("file", row), bool(table["elsewhere"][row])
        number = files.index(file) if file in files else len(files)
        return elsewhere, number, table["line"][row], table["column"][row], table.text("name", row)

    made: list[tuple[int, NamedType]] = []
    taken: set[str] = set()
    for row in sorted(range(len(table)), key=order):
        position, name = _position(table, row), table.text("name", row)
        if name in taken:
            name = f"{name} ({position})"
        taken.add(name)
        local = bool(table["local"][row])
        one = NamedType(
            name,
            table.text("kind", row),
            table.text("parameters", row),
            position,
            bool(table["constraint"][row]),
            local,
            _function_around(tree, position) if local and position else "",
        )
        made.append((row, one))
    return made


def _sets(
    table: Table, named: list[tuple[int, NamedType]]
) -> Iterator[tuple[str, tuple[Method, ...]]]:
    rows: dict[int, list[int]] = {}
    for row, owner in enumerate(table["named"]):
        rows.setdefault(owner, []).append(row)
    for number, one in named:
        for column, name in (("of_value", one.name), ("of_pointer", f"*{one.name}")):
            if one.interface and column == "of_pointer":
                continue  # a pointer to an interface has no methods
            found = (_method(table, row) for row in rows.get(number, ()) if table[column][row])
            yield name, tuple(sorted(found, key=lambda method: method.name))


def _method(table: Table, row: int) -> Method:
    return Method(
        table.text("name", row),
        table.text("signature", row),
        table.text("receiver", row),
        bool(table["pointer"][row]),
        _position(table, row),
        tuple(table.text("through", row).split()),
    )


def _position(table: Table, row: int) -> Position | None:
    file, line = table.text("file", row), table["line"][row]
    return Position(file, line, table["column"][row]) if file and line else None


def _function_around(tree: Syntax, position: Position) -> str:
    """The name of the function in which a place lies."""
    node = tree.at(position)
    for outer in tree.path(node) if node else ():
        if outer.kind == "FuncDecl":
            return next((c.text for c in tree.children(outer) if c.field == "Name"), "")
    return ""
