"""The words for the pieces of a value that travels in registers: s.ptr and s.len, p.X, e.data.

The compiler says which registers carry a type's pieces and at which bytes they are. How the pieces
are called is read from the type as it is written. Where the two do not agree in number, or a type
is declared elsewhere, there are no words: a guess would be worse.
"""

from __future__ import annotations

from collections.abc import Iterator

from golifelab.compile.syntax import Node, Syntax, syntax
from golifelab.source import Source
from golifelab.target import Target

_SIGNED = ("int", "int8", "int16", "int32", "int64")
_OTHER = ("bool", "byte", "rune", "uintptr", "float32", "float64")
_WHOLE = frozenset((*_SIGNED, *(f"u{name}" for name in _SIGNED), *_OTHER))
_SEVERAL = {
    "string": (".ptr", ".len"),
    "error": (".itab", ".data"),
    "any": (".type", ".data"),
    "complex64": (".real", ".imag"),
    "complex128": (".real", ".imag"),
}
_POINTERS = ("FuncType", "MapType", "ChanType")
# Types within types: more than that do not fit into the registers of any processor.
_DEPTH = 24
_MOST = 64


class _Unknown(Exception):
    """A type whose pieces are not known from its text."""


def piece_names(source: Source, target: Target, kind: str, count: int) -> tuple[str, ...] | None:
    """What follows a variable's name for each of the `count` pieces of a type; None if unknown.

    The only piece of a plain type has no name of its own: "".
    """
    asked = Source.from_text(f"package p\n\ntype golifelab {kind}\n")
    own, program = syntax(asked, target), syntax(source, target)
    if own.errors:
        return None
    reading = _Reading(program)
    try:
        named = reading.declared(own)["golifelab"]
        found = tuple(reading.leaves(own, named, "", 0))
    except (_Unknown, KeyError):
        return None
    return found if len(found) == count else None


class _Reading:
    """Types in a program: names are looked up among its declarations."""

    def __init__(self, program: Syntax) -> None:
        self._program = program
        self._types = self.declared(program)

    def declared(self, tree: Syntax) -> dict[str, Node]:
        """The types that a tree declares by name; generic ones are not among them."""
        found = {}
        for root in tree.roots:
            for node in tree.children(root):
                parts = tree.children(node) if node.kind == "TypeDecl" else ()
                fields = {part.field: part for part in parts}
                if {"Name", "Type"} <= fields.keys() and "TParamList" not in fields:
                    found[fields["Name"].text] = fields["Type"]
        return found

    def leaves(self, tree: Syntax, node: Node, path: str, depth: int) -> Iterator[str]:
        """The pieces of a type, in order."""
        if depth > _DEPTH:
            raise _Unknown
        parts = tree.children(node)
        if node.kind == "Name":
            yield from self._named(node.text, path, depth)
        elif node.kind == "StructType":
            yield from self._fields(tree, node, path, depth)
        elif node.kind == "SliceType":
            yield from (path + word for word in (".ptr", ".len", ".cap"))
        elif node.kind == "InterfaceType":
            yield from (path + word for word in (".itab" if parts else ".type", ".data"))
        elif node.kind in _POINTERS or (node.kind == "Operation" and node.text == "*"):
            yield path
        elif node.kind == "ParenExpr":
            yield from self.leaves(tree, parts[0], path, depth + 1)
        elif node.kind == "ArrayType" and parts[0].text in ("0", "1"):
            if parts[0].text == "1":
                yield from self.leaves(tree, parts[1], f"{path}[0]", depth + 1)
        elif node.kind == "SelectorExpr" and depth == 0:
            yield path  # of another package: known where it has one piece only
        else:
            raise _Unknown

    def _named(self, name: str, path: str, depth: int) -> Iterator[str]:
        # A program may call its own types "string".
        if name in self._types:
            yield from self.leaves(self._program, self._types[name], path, depth + 1)
        elif name in _WHOLE:
            yield path
        elif name in _SEVERAL:
            yield from (path + word for word in _SEVERAL[name])
        else:
            raise _Unknown

    def _fields(self, tree: Syntax, node: Node, path: str, depth: int) -> Iterator[str]:
        count, kind = 0, None
        for field in tree.children(node):
            parts = {part.field: part for part in tree.children(field)}
            # In "X, Y int" the tree shows the type that both share with the first.
            kind = parts.get("Type", kind)
            if kind is None:
                raise _Unknown
            name = parts["Name"].text if "Name" in parts else _embedded(tree, kind)
            for leaf in self.leaves(tree, kind, f"{path}.{name}", depth + 1):
                count += 1
                if count > _MOST:
                    raise _Unknown
                yield leaf


def _embedded(tree: Syntax, kind: Node) -> str:
    """The name of an embedded field: its type's, without star and package."""
    if kind.kind == "Name":
        return kind.text
    parts = tree.children(kind)
    if not parts:
        raise _Unknown
    return _embedded(tree, parts[-1])
