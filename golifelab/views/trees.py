"""Three trees of one program as columns: the compiler's syntax, go/ast's, and the IR of a function.

All nodes go to the browser at once: 85,000 nodes of real shape pack into some hundred kilobytes in
a quarter of a second, and from then on opening, searching and following need no kernel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import Any

from golifelab.columns import Table
from golifelab.compile.front import before_types
from golifelab.compile.gosyntax import GoSyntax
from golifelab.compile.ir import IR
from golifelab.compile.irtrees import IRTrees, tree_functions
from golifelab.compile.syntax import Syntax
from golifelab.compile.tree import Tree
from golifelab.errors import GolifelabError, Superseded
from golifelab.position import Position
from golifelab.program import Program
from golifelab.source import Source
from golifelab.views.complaints import MAX_ERRORS, complaints
from golifelab.views.functions import function_meant

# Nodes of one tree. A preorder that is cut is still a tree.
MAX_NODES = 250_000
# Functions that a picker offers.
MAX_FUNCTIONS = 2_000

Payload = dict[str, Any]

# These grow along a tree: the steps pack better than the places.
_STEPS = ("start", "line")


def trees_payloads(
    program: Program, function: str = "", at: Position | None = None
) -> Iterable[Payload]:
    """What the tree view shows of a program: first the source's trees, then the IR beside them.

    `function` is the one whose IR is shown, by default that around `at`, or the first. A program
    that Go refuses has no IR: its place says so.
    """
    found = program.errors
    payload: Payload = {
        "trees": [
            syntax_tree(program.syntax, program.types.object_table),
            go_tree(program.go_syntax),
        ],
        "lines": line_starts(program.source),
        "errors": [error.to_json() for error in found[:MAX_ERRORS]],
        **complaints(found, program.types.tier),
    }
    waiting = _no_ir("the program has errors" if found else "")
    yield payload | {"trees": [*payload["trees"], waiting]}
    if not found:
        yield payload | {"trees": [*payload["trees"], _ir_of(program, function, at)]}


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
    packing = _Packing()
    table, limit = tree.table, min(len(tree), MAX_NODES)
    _pack_source(packing, tree, limit)
    if not before_types(tree.errors, tree.tier):
        for name in ("type", "constant"):
            packing.indices(name, table[name][:limit], table.strings)
        if objects is not None:
            kinds = [objects.text("kind", row) for row in range(len(objects))]
            packing.indices("note", table["object"][:limit], kinds)
    stage = packing.stage("", len(tree))
    return _tree("syntax", "the compiler’s syntax", [stage], errors=len(tree.errors))


def go_tree(tree: GoSyntax) -> Payload:
    """The tree of go/ast.

    `marks` are the positions that a node keeps besides its own, in equally long lists: node (each
    counted from the one before), name (an index into `mark_names`), line and column.
    """
    packing = _Packing()
    limit = min(len(tree), MAX_NODES)
    _pack_source(packing, tree, limit)
    marks, names = _marks(tree, limit)
    stage = packing.stage("", len(tree))
    made = _tree("go", "go/ast", [stage], errors=len(tree.errors))
    return made | {"marks": marks, "mark_names": names}


def _marks(tree: GoSyntax, limit: int) -> tuple[dict[str, list[int]], list[str]]:
    table, lines, columns = tree.marks_table, tree.table["line"], tree.table["column"]
    marks: dict[str, list[int]] = {"node": [], "name": [], "line": [], "column": []}
    names: dict[int, int] = {}
    before = 0
    rows = zip(*(table[name] for name in ("node", "name", "line", "column")), strict=True)
    for node, name, line, column in rows:
        # Most fields say again where the node is.
        if node >= limit or (line == lines[node] and column == columns[node]):
            continue
        marks["node"].append(node - before)
        marks["name"].append(names.setdefault(name, len(names)))
        marks["line"].append(line)
        marks["column"].append(column)
        before = node
    return marks, [table.strings[name] for name in names]


def ir_tree(trees: IRTrees, functions: Sequence[str] = ()) -> Payload:
    """The IR of one function at every moment at which the compiler prints it."""
    stages = [_ir_stage(stage) for stage in trees]
    return _tree("ir", "IR", stages) | {
        "function": trees.function.name,
        "functions": list(functions[:MAX_FUNCTIONS]),
    }


def _ir_of(program: Program, function: str, at: Position | None) -> Payload:
    try:
        functions = [one.name for one in tree_functions(program.source, program.target)]
        if not functions:
            return _no_ir("no function has code of its own")
        # After an edit the chosen one may be gone, under this name.
        around = function_meant(program, (), at).name if at and function not in functions else ""
        chosen = next((one for one in (function, around) if one in functions), functions[0])
        return ir_tree(program.ir_trees(chosen), functions)
    except Superseded:
        raise
    except GolifelabError as error:
        return _no_ir(error.message)


def _no_ir(why: str) -> Payload:
    return _tree("ir", "IR", []) | {"why": why, "function": "", "functions": []}


def _tree(name: str, title: str, stages: list[Payload], *, errors: int = 0) -> Payload:
    return {"id": name, "title": title, "stages": stages, "errors": errors}


def _pack_source(packing: _Packing, tree: Tree, limit: int) -> None:
    """The columns that trees of source have in common."""
    table = tree.table
    depths: list[int] = []
    for parent in table["parent"][:limit]:
        depths.append(depths[parent] + 1 if parent >= 0 else 0)
    packing.numbers("depth", depths)
    for name in ("index", "start", "line", "column"):
        packing.numbers(name, table[name][:limit])
    spans = zip(table["start"][:limit], table["end"][:limit], strict=True)
    packing.numbers("size", [end - start for start, end in spans])
    for name in ("kind", "field", "text"):
        packing.indices(name, table[name][:limit], table.strings)
    packing.indices("file", table["file"][:limit], tree.files)


def _ir_stage(tree: IR) -> Payload:
    packing = _Packing()
    nodes = tree.nodes[:MAX_NODES]
    places = [at.position or Position("", 0) for at in nodes]
    packing.numbers("depth", [at.depth for at in nodes])
    packing.numbers("line", [place.line for place in places])
    packing.numbers("column", [place.column for place in places])
    # An op and what it names: NAME-main.a.
    packing.words("kind", [at.op.partition("-")[0] for at in nodes])
    packing.words("text", [at.op.partition("-")[2] for at in nodes])
    packing.words("field", [at.role for at in nodes])
    packing.words("file", [place.file for place in places])
    packing.words("type", [at.type for at in nodes])
    packing.words("note", [" ".join(at.attributes) for at in nodes])
    return packing.stage(tree.heading, len(tree))


class _Packing:
    """The columns of one tree: equally long lists of numbers; those of texts count in `strings`.

    - `depth` (0 for a root; nodes are in preorder), `index` (in a field that is a list, else -1)
    - `start` (bytes, each from the one before), `size` (bytes; IR has neither)
    - `line` (each from the one before, 0 unknown), `column`
    - texts: kind, field, file, text, type, constant, note (-1 for none)

    A column of texts that says nothing is left out.
    """

    def __init__(self) -> None:
        self._known: dict[str, int] = {"": -1}
        self._columns: dict[str, list[int]] = {}

    def numbers(self, name: str, values: Sequence[int]) -> None:
        """A column of numbers."""
        if name in _STEPS:
            values = [now - before for before, now in pairwise(chain((0,), values))]
        self._columns[name] = list(values)

    def indices(self, name: str, values: Sequence[int], strings: Sequence[str]) -> None:
        """A column of texts, given as indices into a table of strings; -1 for none.

        Every different text is looked at once.
        """
        numbers = {at: self._number(strings[at]) if at >= 0 else -1 for at in set(values)}
        if any(number >= 0 for number in numbers.values()):
            self._columns[name] = [numbers[at] for at in values]

    def words(self, name: str, values: Sequence[str]) -> None:
        """A column of texts."""
        if any(values):
            self._columns[name] = [self._number(value) for value in values]

    def stage(self, heading: str, count: int) -> Payload:
        """What was packed; `count` counts the nodes that were cut off, too."""
        strings = list(self._known)[1:]
        return {"heading": heading, "count": count, "strings": strings, "columns": self._columns}

    def _number(self, text: str) -> int:
        return self._known.setdefault(text, len(self._known) - 1)
