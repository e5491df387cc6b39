"""What Go's own source declares: functions of the reader's GOROOT, and what each of them calls.

A picture of the compiler names the compiler's functions. Which of them there are, in which file and
line, and who calls whom, is read from the source of the very Go that is used, with the same syntax
tree that the lessons are about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from golifelab.compile.front import tier_of
from golifelab.compile.syntax import Node, Syntax, syntax
from golifelab.errors import GolifelabError
from golifelab.source import Source
from golifelab.stage import Tier
from golifelab.target import Target
from golifelab.toolchain.go import Go, find_go

Functions = Mapping[str, "GoFunction"]

_DOCUMENTED = re.compile(
    r"^(?P<doc>(?://[^\n]*\n)+)func (?:\(\w+ \*?(?P<receiver>\w+)[^)]*\) )?(?P<name>\w+)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class GoFunction:
    """A function or method that Go's source declares.

    `name` is "LoadPackage" for a function and "scanner.next" for a method, whether its receiver is
    a pointer or not. `path` is the file below GOROOT/src, `line` counts from 1. `calls` are the
    names that its body calls, in the order of their first mention: the last part of each, so
    "Parse" for syntax.Parse(…) and "ident" for s.ident(). `strings` are the string literals in its
    body, with their quotes.
    """

    name: str
    path: str
    line: int
    calls: tuple[str, ...]
    strings: tuple[str, ...]

    @property
    def place(self) -> str:
        """The path and the line: "cmd/compile/internal/syntax/scanner.go:88"."""
        return f"{self.path}:{self.line}"


def functions_of(path: str, target: Target) -> Functions:
    """The functions that a file below GOROOT/src declares, by name.

    `path` is written with slashes. Empty when this Go has no such file: distributions may leave
    source out, and files move between versions.
    """
    return _functions(path, find_go(target.go), tier_of(Target(go=target.go)), target.go)


def comments_of(directory: str, target: Target) -> Mapping[str, str]:
    """What the functions of a package below GOROOT/src are for, in the words of its authors.

    The first paragraph of each doc comment as one line, by the name that GoFunction would have.
    Functions without a comment are not there; empty for a package that this Go has no source of.
    """
    return _comments(find_go(target.go).root / "src" / directory)


@lru_cache(maxsize=16)
def _comments(directory: Path) -> Mapping[str, str]:
    found = {}
    for path in sorted(directory.glob("*.go")):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        for match in _DOCUMENTED.finditer(text):
            receiver = f"{match['receiver']}." if match["receiver"] else ""
            lines = [line.removeprefix("//").strip() for line in match["doc"].splitlines()]
            first = lines[: lines.index("")] if "" in lines else lines
            found[receiver + match["name"]] = " ".join(first)
    return MappingProxyType(found)


@lru_cache(maxsize=64)
def _functions(path: str, go: Go, tier: Tier, version: str) -> Functions:
    # The tier is in the key only: a tree that the fallback made is made anew by the helper.
    del tier
    try:
        # Without its folder: what the file imports need not be compiled for its tree to be read.
        source = Source(Source.from_file(go.root / "src" / path).files)
    except GolifelabError:
        return MappingProxyType({})
    tree = syntax(source, Target(go=version))
    inside = _inside(tree)
    found = {}
    for node in (node for root in tree.roots for node in tree.children(root)):
        if node.kind == "FuncDecl":
            made = _function(tree, node, path, inside[node.id])
            found[made.name] = made
    return MappingProxyType(found)


def _inside(tree: Syntax) -> dict[int, range]:
    """For every declaration the ids of the nodes in it: in preorder they follow it directly."""
    starts = [
        row
        for row, parent in enumerate(tree.table["parent"])
        if parent >= 0 and tree.table["parent"][parent] < 0
    ]
    ends = [*starts[1:], len(tree)]
    return {start: range(start + 1, end) for start, end in zip(starts, ends, strict=True)}


def _function(tree: Syntax, node: Node, path: str, inside: range) -> GoFunction:
    fields = {child.field: child for child in tree.children(node)}
    name = fields["Name"].text
    receiver = fields.get("Recv")
    if receiver is not None:
        name = f"{_type_name(tree, receiver)}.{name}"
    table = tree.table
    calls: dict[str, None] = {}
    strings: dict[str, None] = {}
    for row in inside:
        kind = table.text("kind", row)
        if kind == "CallExpr":
            called = _called(tree, row)
            if called:
                calls[called] = None
        elif kind == "BasicLit" and table.text("text", row).startswith(('"', "`")):
            strings[table.text("text", row)] = None
    return GoFunction(name, path, fields["Name"].position.line, tuple(calls), tuple(strings))


def _called(tree: Syntax, call: int) -> str:
    """The last part of what a call names; empty for a call of something without a name."""
    fields = {child.field: child for child in tree.children(call)}
    function = fields.get("Fun")
    if function is not None and function.kind == "SelectorExpr":
        function = {child.field: child for child in tree.children(function)}.get("Sel")
    return function.text if function is not None and function.kind == "Name" else ""


def _type_name(tree: Syntax, receiver: Node) -> str:
    """The name of a receiver's type, without star and type parameters."""
    inner: Node | None = receiver
    while inner is not None and inner.kind != "Name":
        children = {child.field: child for child in tree.children(inner)}
        inner = children.get("Type") or children.get("X")
    return inner.text if inner is not None else ""
