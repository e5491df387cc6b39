"""The signature of a function, taken apart by the compiler's own parser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from golifelab.compile.syntax import Node, Syntax, syntax
from golifelab.errors import CompileFailed, GolifelabError
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.target import Target

# The file that errors in a signature are in, as their positions name it.
WRITTEN = "signature"
_NAMELESS = "golifelab"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A receiver, parameter or result: its `role`, its `name` ("" for none) and its `type`."""

    role: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A function's signature: its `text`, and the receiver, parameters and results in order."""

    text: str
    parameters: tuple[Parameter, ...]


def signature(source: Source, target: Target, wanted: str) -> Signature:
    """The signature that a text is, or that a function of the program has.

    `wanted` is "func(a int, s string) error", with a receiver "func (t *T) Name(n int)", or the
    name of a function: "add", "(*T).Inc", "T.Get". GolifelabError for a generic function, whose
    signature is none before it has type arguments, and for a name that no function has;
    CompileFailed for a text that is no signature: its positions are columns of the text, with
    single spaces.
    """
    text = " ".join(wanted.split())
    if text.startswith("func"):
        return _written(text, target)
    name = text.removeprefix(f"{source.package}.").replace("(*", "").replace(")", "")
    found = dict(_declared(source, target))
    if name not in found:
        raise GolifelabError(
            f"the program declares no function {wanted!r}",
            remedy=f"it declares {', '.join(found) or 'none'}; a signature starts with func",
        )
    return found[name].signature()


@dataclass(frozen=True, slots=True)
class _Declared:
    """A function's declaration in its tree, with the bytes of its file."""

    tree: Syntax
    node: Node
    content: bytes

    def parts(self, node: Node, field: str) -> list[Node]:
        return [child for child in self.tree.children(node) if child.field == field]

    def text(self, node: Node) -> str:
        return " ".join(self.content[node.start : node.end].decode("utf-8", "replace").split())

    def signature(self) -> Signature:
        """The declaration as a signature."""
        name = self.parts(self.node, "Name")[0].text
        if self.parts(self.node, "TParamList") or self._generic_receiver():
            raise GolifelabError(
                f"{'this' if name == _NAMELESS else name} is generic:"
                " how it is called depends on its type arguments",
                remedy="write the signature of one instance, such as func(a []int) int",
            )
        (kind,) = self.parts(self.node, "Type")
        taken = self._fields(self.node, "Recv", "receiver")
        taken += self._fields(kind, "ParamList", "parameter")
        taken += self._fields(kind, "ResultList", "result")
        receiver = "".join(f"({self.text(node)}) " for node in self.parts(self.node, "Recv"))
        shown = "" if name == _NAMELESS else f" {receiver}{name}"
        return Signature(f"func{shown}{self.text(kind)}", tuple(taken))

    def _fields(self, node: Node, field: str, role: str) -> list[Parameter]:
        found: list[Parameter] = []
        for part in self.parts(node, field):
            kinds, names = self.parts(part, "Type"), self.parts(part, "Name")
            # In "a, b int" the tree shows the type that both share with the first.
            text = self.text(kinds[0]) if kinds else found[-1].type
            if text.startswith("..."):
                text = f"[]{text.removeprefix('...').strip()}"
            found.append(Parameter(role, names[0].text if names else "", text))
        return found

    def _generic_receiver(self) -> bool:
        return any("[" in self.text(node) for node in self.parts(self.node, "Recv"))


def _written(text: str, target: Target) -> Signature:
    rest = text.removeprefix("func").strip()
    gap = len(text) - len(rest)
    refusals: list[tuple[Diagnostic, ...]] = []
    # Without a name it is a type; with a receiver it has a name: the parser knows which it is.
    for head in (f"func {_NAMELESS}", "func "):
        source = Source.from_text(f"package signature\n\n{head}{rest}\n")
        errors = syntax(source, target).errors
        found = [one for _, one in _declared(source, target)]
        if not errors and len(found) == 1:
            return found[0].signature()
        refusals.append(tuple(_moved(error, gap - len(head), len(text)) for error in errors))
    # The reading that came further is what was meant.
    errors = max(refusals, key=lambda told: told[0].position.column if told else 0)
    refused = Diagnostic(Position(WRITTEN, 1), "this is not one signature of a function")
    raise CompileFailed(errors or (refused,), sources={WRITTEN: text})


def _moved(error: Diagnostic, by: int, end: int) -> Diagnostic:
    """An error in what was parsed, where it is in what was written."""
    column = min(max(error.position.column + by, 1), end + 1)
    return replace(error, position=Position(WRITTEN, 1, column))


def _declared(source: Source, target: Target) -> Iterator[tuple[str, _Declared]]:
    """The functions that a program declares, by name; "T.Get" for methods."""
    tree = syntax(source, target)
    contents = {name: text.encode("utf-8", "surrogateescape") for name, text in source.files}
    for root in tree.roots:
        for node in tree.children(root):
            if node.kind == "FuncDecl":
                one = _Declared(tree, node, contents[node.file])
                name = one.parts(node, "Name")[0].text
                for receiver in one.parts(node, "Recv"):
                    kinds = one.parts(receiver, "Type")
                    name = f"{one.text(kinds[0]).lstrip('*')}.{name}" if kinds else name
                yield name, one
