"""Go's own source as evidence: what the distribution at hand declares, read with its own parser.

Every Go installation has the compiler's source in it. What that source declares and calls is found
in its syntax tree; only for a name that may be anywhere in a folder the text itself is searched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from golifelab.compile.syntax import Node, Syntax
from golifelab.errors import GolifelabError
from golifelab.program import Program
from golifelab.target import Target
from golifelab.toolchain.go import find_go

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from golifelab.claims.workbench import Lab

SYNTAX = "cmd/compile/internal/syntax"
TYPES2 = "cmd/compile/internal/types2"
NODER = "cmd/compile/internal/noder"


@dataclass(frozen=True, slots=True)
class GoFile:
    """One file of the distribution's source. `path` is relative to `$GOROOT/src`."""

    path: str
    program: Program

    @property
    def syntax(self) -> Syntax:
        """The file's tree."""
        return self.program.syntax

    @property
    def imports(self) -> tuple[str, ...]:
        """The packages it imports."""
        return self.program.source.imports()

    def functions(self, receiver: str = "") -> tuple[str, ...]:
        """The methods of a type, pointer or not; without a type the plain functions."""
        return tuple(name for name, of, _ in self._functions() if of == receiver)

    def header(self, function: str, receiver: str = "") -> str:
        """The first line of a function, without the brace."""
        return self.text(self._function(function, receiver)).split("\n")[0].rstrip(" {")

    def calls(self, function: str, receiver: str = "") -> tuple[str, ...]:
        """The names a function calls, each once, in the order of the text."""
        syntax, found = self.syntax, {}
        for node in self._below(self._function(function, receiver)):
            if node.kind == "CallExpr":
                called = syntax.children(node)[0]
                if called.kind == "SelectorExpr":
                    called = syntax.children(called)[1]
                if called.kind == "Name":
                    found[called.text] = called.start
        return tuple(sorted(found, key=lambda name: found[name]))

    def fields(self, struct: str) -> tuple[str, ...]:
        """The fields of a struct type in order; an embedded one has the name of its type."""
        declared = self._type(struct)
        if declared.kind != "StructType":
            return ()
        found = []
        for node in self.syntax.children(declared):
            if node.kind == "Field":
                named = [n.text for n in self.syntax.children(node) if n.kind == "Name"]
                found.append(named[0] if named else self.text(node))
        return tuple(found)

    def underlying(self, name: str) -> str:
        """What a type is declared to be: "struct", or the text of the type."""
        declared = self._type(name)
        return "struct" if declared.kind == "StructType" else self.text(declared)

    def structs(self) -> tuple[str, ...]:
        """The exported struct types of the file."""
        named = ((self._name(node), self.syntax.children(node)[-1]) for node in self._all("Type"))
        return tuple(
            name for name, body in named if body.kind == "StructType" and name[:1].isupper()
        )

    def constants(self, kind: str) -> dict[str, int]:
        """The constants of an enumerated type: name → place in the list, which is its number."""
        found: dict[str, int] = {}
        inside, number = False, 0
        for node in self._all("Const"):
            parts = self.syntax.children(node)
            given = [part for part in parts if part.field in ("Type", "Values")]
            if given:  # a new list begins; later lines repeat it without saying so
                inside = any(part.field == "Type" and part.text == kind for part in given)
                number = 0
            if inside:
                found[parts[0].text] = number
                number += 1
        return {name: value for name, value in found.items() if name != "_"}

    def text(self, node: Node) -> str:
        """The source text of a node."""
        raw = self.program.text.encode(errors="surrogateescape")
        return raw[node.start : node.end].decode(errors="replace")

    def declaration(self, name: str) -> str:
        """The source text of a type's declaration."""
        parent = self._type(name).parent
        return self.text(self.syntax[parent])

    def _type(self, name: str) -> Node:
        for node in self._all("Type"):
            if self._name(node) == name:
                return self.syntax.children(node)[-1]
        raise GolifelabError(f"{self.path} declares no type {name}")

    def _function(self, name: str, receiver: str) -> Node:
        for found, of, node in self._functions():
            if (found, of) == (name, receiver):
                return node
        raise GolifelabError(f"{self.path} declares no function {name}")

    def _functions(self) -> Iterator[tuple[str, str, Node]]:
        for node in self._all("Func"):
            parts = {part.field: part for part in self.syntax.children(node)}
            of = ""
            if "Recv" in parts:
                of = self.text(parts["Recv"]).split()[-1].lstrip("*").split("[")[0]
            yield parts["Name"].text, of, node

    def _all(self, word: str) -> Iterator[Node]:
        top = self.syntax.children(self.syntax.roots[0])
        return (node for node in top if node.kind == f"{word}Decl")

    def _name(self, node: Node) -> str:
        return next(part.text for part in self.syntax.children(node) if part.field == "Name")

    def _below(self, node: Node) -> Iterator[Node]:
        parents = self.syntax.table["parent"]
        row = node.id + 1
        # In preorder all that is below a node follows it, up to one whose parent came earlier.
        while row < len(parents) and parents[row] >= node.id:
            yield self.syntax[row]
            row += 1


@lru_cache(maxsize=32)
def go_file(path: str, target: Target | None = None) -> GoFile:
    """A file of the distribution, by its path under `$GOROOT/src`."""
    target = target or Target()
    root = find_go(target.go).root / "src"
    return GoFile(path, Program.from_file(root / path, target=target))


@dataclass(frozen=True, slots=True)
class Hit:
    """A line of Go's source in which something was found."""

    file: str
    line: int
    text: str


def search(lab: Lab, pattern: str, *places: str) -> tuple[Hit, ...]:
    """The lines of Go's source, tests left out, in which a regular expression is found.

    `places` are files and folders under `$GOROOT/src`. What was found is written down as evidence.
    """
    rule = re.compile(pattern)
    root = lab.bench.go.root / "src"
    hits = []
    for path in sorted(_files(root, places)):
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if rule.search(line):
                hits.append(Hit(path.relative_to(root).as_posix(), number, line.strip()))
    shown = "\n".join(f"{hit.file}:{hit.line}: {hit.text}" for hit in hits)
    lab.note(f"cd $GOROOT/src && grep -rnP '{pattern}' {' '.join(places)}", shown or "(nothing)")
    return tuple(hits)


def _files(root: Path, places: tuple[str, ...]) -> Iterator[Path]:
    for place in places:
        path = root / place
        found = path.glob("*.go") if path.is_dir() else iter([path])
        yield from (file for file in found if not file.name.endswith("_test.go"))
