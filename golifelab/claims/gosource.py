"""Go's own source as evidence: the types a file of the distribution declares, and searches.

The functions of such a file and what they call are read by `golifelab.compile.gosource`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from golifelab.compile.gosource import GoFunction, functions_of
from golifelab.compile.syntax import Node
from golifelab.errors import GolifelabError
from golifelab.program import Program
from golifelab.target import Target
from golifelab.toolchain.go import find_go
from golifelab.toolchain.overlay import source_root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from golifelab.claims.workbench import Lab

SYNTAX = "cmd/compile/internal/syntax"
TYPES2 = "cmd/compile/internal/types2"
NODER = "cmd/compile/internal/noder"
_FEATURE = "reading Go's own source"


@dataclass(frozen=True, slots=True)
class GoFile:
    """One file of the distribution's source. `path` is relative to `$GOROOT/src`."""

    path: str
    program: Program

    def methods(self, type_: str) -> tuple[str, ...]:
        """The methods of a type, in order."""
        names = functions_of(self.path, self.program.target)
        return tuple(name.partition(".")[2] for name in names if name.startswith(f"{type_}."))

    def function(self, name: str) -> GoFunction:
        """A function, or a method such as "scanner.next"; GolifelabError when there is none."""
        found = functions_of(self.path, self.program.target).get(name)
        if found is None:
            raise GolifelabError(f"{self.path} declares no function {name}")
        return found

    def header(self, name: str) -> str:
        """The first line of a function, without the brace."""
        line = self.program.text.splitlines()[self.function(name).line - 1]
        return line.rstrip(" {")

    def fields(self, struct: str) -> tuple[str, ...]:
        """The fields of a struct type in order; an embedded one has the name of its type."""
        declared = self._type(struct)
        if declared.kind != "StructType":
            return ()
        syntax, found = self.program.syntax, []
        for node in syntax.children(declared):
            if node.kind == "Field":
                named = [part.text for part in syntax.children(node) if part.kind == "Name"]
                found.append(named[0] if named else self._text(node))
        return tuple(found)

    def underlying(self, name: str) -> str:
        """What a type is declared to be: "struct", or the text of the type."""
        declared = self._type(name)
        return "struct" if declared.kind == "StructType" else self._text(declared)

    def declaration(self, name: str) -> str:
        """The source text of a type's declaration."""
        return self._text(self.program.syntax[self._type(name).parent])

    def structs(self) -> tuple[str, ...]:
        """The exported struct types of the file."""
        exported = ((name, body) for name, body in self._types() if name[:1].isupper())
        return tuple(name for name, body in exported if body.kind == "StructType")

    def _type(self, name: str) -> Node:
        for found, body in self._types():
            if found == name:
                return body
        raise GolifelabError(f"{self.path} declares no type {name}")

    def _types(self) -> Iterator[tuple[str, Node]]:
        syntax = self.program.syntax
        for node in syntax.children(syntax.roots[0]):
            if node.kind == "TypeDecl":
                parts = syntax.children(node)
                yield next(part.text for part in parts if part.field == "Name"), parts[-1]

    def _text(self, node: Node) -> str:
        raw = self.program.text.encode(errors="surrogateescape")
        return raw[node.start : node.end].decode(errors="replace")


@lru_cache(maxsize=32)
def go_file(path: str, target: Target | None = None) -> GoFile:
    """A file of the distribution, by its path under `$GOROOT/src`.

    FeatureUnavailable where this Go came without its sources.
    """
    target = target or Target()
    root = source_root(find_go(target.go), _FEATURE)
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
    root = source_root(lab.bench.go, _FEATURE)
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
        # A distribution may leave files out: then nothing is found in them.
        yield from (file for file in found if file.is_file() and file.name[-8:] != "_test.go")
