"""Three trees of one program as columns: the compiler's syntax, go/ast's, and the IR of a function.

All nodes go to the browser at once: 85,000 nodes of real shape pack into some hundred kilobytes in
a quarter of a second, and from then on opening, searching and following need no kernel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any

from golifelab.columns import Table
from golifelab.compile.gosyntax import GoSyntax
from golifelab.compile.ir import IR
from golifelab.compile.irtext import IRNode
from golifelab.compile.irtrees import IRTrees, tree_functions
from golifelab.compile.syntax import Syntax
from golifelab.compile.tree import Tree
from golifelab.errors import GolifelabError, Superseded
from golifelab.program import Program
from golifelab.source import Source
from golifelab.views.complaints import MAX_ERRORS, complaints

# Nodes of one tree. A preorder that is cut is still a tree.
MAX_NODES = 250_000
# Functions that a picker offers.
MAX_FUNCTIONS = 2_000

Payload = dict[str, Any]

_TEXTS = ("kind", "field", "file", "text", "type", "constant", "note")
_NUMBERS = ("depth", "index", "start", "size", "line", "column")
# These grow along a tree: the steps pack better than the places.
_STEPS = ("start", "line")


def trees_payloads(program: Program, function: str = "") -> Iterable[Payload]:
    """What the tree view shows of a program: first the source's trees, then the IR beside them.

    `function` is the one whose IR is shown, by default the first. A program that Go refuses has no
    IR: its place says so.
    """
    found = program.errors
    payload: Payload = {
        "trees": [
            syntax_tree(program.syntax, program.types.object_table),
            go_tree(program.go_syntax),
        ],
        "lines": line_starts(program.source),
        "errors": [error.to_json() for error in found[:MAX_ERRORS]],
        **complaints(found),
    }
    waiting = _no_ir("the program has errors" if found else "")
    yield payload | {"trees": [*payload["trees"], waiting]}
    if not found:
        yield payload | {"trees": [*payload["trees"], _ir_of(program, function)]}


def line_starts(source: Source) -> dict[str, list[int]]:
    """For every file the bytes at which its lines start, each counted from the one before."""
    found = {}
    for name, text in source.files:
        sizes = (len(line.encode(errors="surrogateescape")) + 1 for line in text.split("\n"))
        found[name] = [0, *sizes][:-1]
    return found


def syntax_tree(tree: Syntax, objects: Table | None = None) -> Payload:
    """The compiler's tree. With the table of objects, a name's note says what it stands for.

    A tree with syntax errors has no types: the compiler stops before it asks for them.
    """
    table = tree.table
    columns = _source_columns(tree)
    limit = len(columns["depth"])
    strings = table.strings
    if not tree.errors:
        for name in ("type", "constant"):
            columns[name] = [strings[at] if at >= 0 else "" for at in table[name][:limit]]
    if objects is not None and not tree.errors:
        kinds = [objects.text("kind", row) for row in range(len(objects))]
        columns["note"] = [kinds[at] if at >= 0 else "" for at in table["object"][:limit]]
    stage = _stage("", columns, len(tree))
    return _tree("syntax", "the compiler’s syntax", [stage], errors=len(tree.errors))


def go_tree(tree: GoSyntax) -> Payload:
    """The tree of go/ast.

    `marks` are the positions that a node keeps besides its own, in equally long lists: node (each
    counted from the one before), name (an index into `mark_names`), line and column.
    """
    columns = _source_columns(tree)
    limit = len(columns["depth"])
    table = tree.marks_table
    places = list(zip(tree.table["line"], tree.table["column"], strict=True))
    marks: dict[str, list[int]] = {"node": [], "name": [], "line": [], "column": []}
    names: dict[str, int] = {}
    before = 0
    rows = zip(*(table[name] for name in ("node", "name", "line", "column")), strict=True)
    for node, name, line, column in rows:
        # Most fields say again where the node is.
        if node >= limit or (line, column) == places[node]:
            continue
        number = names.setdefault(table.strings[name], len(names))
        for key, value in zip(marks, (node - before, number, line, column), strict=True):
            marks[key].append(value)
        before = node
    stage = _stage("", columns, len(tree))
    return _tree("go", "go/ast", [stage], errors=len(tree.errors)) | {
        "marks": marks,
        "mark_names": list(names),
    }


def ir_tree(trees: IRTrees, functions: Sequence[str] = ()) -> Payload:
    """The IR of one function at every moment at which the compiler prints it."""
    stages = [_stage(stage.heading, _ir_columns(stage), len(stage)) for stage in trees]
    return _tree("ir", "IR", stages) | {
        "function": trees.function.name,
        "functions": list(functions[:MAX_FUNCTIONS]),
    }


def _ir_of(program: Program, function: str) -> Payload:
    try:
        functions = [one.name for one in tree_functions(program.source, program.target)]
        if not functions:
            return _no_ir("no function has code of its own")
        # After an edit the chosen one may be gone, under this name.
        chosen = function if function in functions else functions[0]
        return ir_tree(program.ir_trees(chosen), functions)
    except Superseded:
        raise
    except GolifelabError as error:
        return _no_ir(error.message)


def _no_ir(why: str) -> Payload:
    return _tree("ir", "IR", []) | {"why": why, "function": "", "functions": []}


def _tree(name: str, title: str, stages: list[Payload], *, errors: int = 0) -> Payload:
    return {"id": name, "title": title, "stages": stages, "errors": errors}


def _source_columns(tree: Tree) -> dict[str, Any]:
    """The columns that trees of source have in common, texts as strings."""
    table = tree.table
    limit = min(len(tree), MAX_NODES)
    depths: list[int] = []
    for parent in table["parent"][:limit]:
        depths.append(depths[parent] + 1 if parent >= 0 else 0)
    columns: dict[str, Any] = {"depth": depths}
    for name in ("index", "start", "line", "column"):
        columns[name] = table[name][:limit].tolist()
    spans = zip(table["start"], table["end"], strict=True)
    columns["size"] = [end - start for start, end in spans][:limit]
    strings = table.strings
    for name in ("kind", "field", "text"):
        columns[name] = [strings[at] if at >= 0 else "" for at in table[name][:limit]]
    columns["file"] = [tree.files[at] for at in table["file"][:limit]]
    return columns


def _ir_columns(tree: IR) -> dict[str, Any]:
    nodes = tree.nodes[:MAX_NODES]
    places = [
        (at.position.file, at.position.line, at.position.column) if at.position else ("", 0, 0)
        for at in nodes
    ]
    columns: dict[str, Any] = {"depth": [at.depth for at in nodes]}
    for number, name in enumerate(("file", "line", "column")):
        columns[name] = [place[number] for place in places]
    for number, name in enumerate(("kind", "text")):
        columns[name] = [_words(at)[number] for at in nodes]
    columns["field"] = [at.role for at in nodes]
    columns["type"] = [at.type for at in nodes]
    columns["note"] = [" ".join(at.attributes) for at in nodes]
    return columns


def _words(node: IRNode) -> tuple[str, str]:
    """An op and what it names: NAME-main.a → NAME, main.a."""
    op, _, name = node.op.partition("-")
    return op, name


def _stage(heading: str, columns: Mapping[str, Sequence[Any]], count: int) -> Payload:
    """The columns of one tree: equally long lists of numbers; those of texts count in `strings`.

    - `depth` (0 for a root; nodes are in preorder), `index` (in a field that is a list, else -1)
    - `start` (bytes, each from the one before), `size` (bytes, -1 where nodes have no extent)
    - `line` (each from the one before, 0 unknown), `column`
    - texts: kind, field, file, text, type, constant, note (-1 for none)

    A column that says nothing is left out. `count` counts the nodes that were cut off, too.
    """
    known: dict[str, int] = {}
    packed: dict[str, list[int]] = {}
    for name in _TEXTS:
        values = columns.get(name)
        if values is not None and any(values):
            packed[name] = [
                known.setdefault(value, len(known)) if value else -1 for value in values
            ]
    for name in _NUMBERS:
        values = columns.get(name)
        if values is not None:
            packed[name] = (
                [now - before for before, now in pairwise(chain((0,), values))]
                if name in _STEPS
                else list(values)
            )
    return {"heading": heading, "count": count, "strings": list(known), "columns": packed}
