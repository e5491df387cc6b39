"""Read the compiler's printed tree (dumpNode in cmd/compile/internal/ir/fmt.go).

line   = {".   "} (header | label)
header = OP ["-" name] {" " attribute} [" " type] [" tc(" n ")"] [" # " position]
label  = OP "-" FIELD      what is indented below stands in this field of the OP above,
                           or for the field "init" of the OP below: it is printed first
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from golifelab.position import Position

_INDENT = ".   "
_PLACES = re.compile(r"[+_]?(\S.*:\d+:\d+)")
_PLACE = re.compile(r"(\S.*?:\d+:\d+)(?: |$)")
_CHECKED = re.compile(r" tc\(\d+\)$")
_LABEL = re.compile(r"[A-Z][A-Z0-9]*-[A-Za-z]\w*")
# Of these operations the text after the dash may hold blanks: quoted text, symbols of types.
_QUOTED = re.compile(r'[A-Z0-9]+-(?:"(?:\\.|[^"\\])*"|`[^`]*`|\'(?:\\.|[^\'\\])*\')')
_NAMED = re.compile(r"(?:NAME|NONAME|LINKSYMOFFSET)-.*?(?= (?:esc\(|Class:|Offset:))")
_FUNCTION = re.compile(r".*?(?= [A-Z]\w*(?:[: -]|$))")
_SYMBOL_OPS = re.compile(r"X?DOT|METH|LABEL|GOTO|BREAK|CONTINUE|STRUCTKEY|DCLFUNC")
_ATTRIBUTE = re.compile(
    r"(?:(?:esc|ld)\([^)]*\)|fnName\(.*?\)|[A-Z][A-Za-z0-9]*:\S*|[A-Z][A-Za-z0-9]*)(?=\s|$)"
)


@dataclass(frozen=True, slots=True)
class IRNode:
    """One node of the tree.

    `op` is the compiler's name of the operation, with what follows it for names and literals
    ("NAME-main.a", "LITERAL-2"). `role` is the field of the parent that holds the node ("Args",
    "init", "Body"), empty for plain operands. `attributes` are flags and settings ("esc(no)",
    "Class:PAUTO", "Used"). `stack` holds all places, outermost first, of what was inlined. `text`
    is the line without its indent.
    """

    id: int
    depth: int
    parent: int
    role: str
    op: str
    attributes: tuple[str, ...]
    type: str
    position: Position | None
    stack: tuple[Position, ...]
    text: str


@dataclass(slots=True)
class _Open:
    """A node whose children may still come: its row, its operation, the field they stand in.

    `waits` for a node whose init list came before its own line.
    """

    row: int
    op: str
    role: str = ""
    waits: bool = False


def read(text: str) -> tuple[IRNode, ...]:
    """The nodes, parents first. A line of unknown form is a node with its first word as op."""
    nodes: list[IRNode] = []
    above: list[_Open] = []  # by depth
    for depth, body in _lines(text):
        del above[depth + 1 :]
        owner = above[depth] if depth < len(above) else None
        if _LABEL.fullmatch(body):
            op, _, role = body.partition("-")
            if owner and owner.op == op and role != "init":
                owner.role = role
                continue
        else:
            role = ""
        while len(above) < depth:  # a line indented further than any before it
            above.append(_Open(above[-1].row, "", above[-1].role) if above else _Open(-1, ""))
        parent = above[depth - 1] if depth else _Open(-1, "")
        if owner and owner.waits and re.match(rf"{owner.op}\b", body):
            node = _node(owner.row, depth, parent.row, parent.role, body)
            nodes[node.id] = node
            owner.role, owner.waits = "", False
            continue
        del above[depth:]
        node = _node(len(nodes), depth, parent.row, parent.role, body)
        nodes.append(node)
        # Until its own line comes, the line of its init list stands for the node.
        above.append(_Open(node.id, node.op.partition("-")[0], role, waits=role == "init"))
    return tuple(nodes)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Depth (from 0) and text of every indented line."""
    for line in text.split("\n"):
        depth = 0
        while line.startswith(_INDENT, depth * len(_INDENT)):
            depth += 1
        body = line[depth * len(_INDENT) :]
        if body and depth:
            yield depth - 1, body


def _node(number: int, depth: int, parent: int, role: str, body: str) -> IRNode:
    rest, _, tail = body.rpartition(" # ")
    places = _PLACES.fullmatch(tail)
    if not places:  # the mark stands in a literal, or nowhere
        rest = body
    stack = tuple(_positions(places[1])) if places else ()
    rest = _CHECKED.sub("", rest)
    start = _QUOTED.match(rest) or _NAMED.match(rest)
    end = start.end() if start else rest.find(" ")
    op, rest = (rest, "") if end < 0 else (rest[:end], rest[end:].lstrip())
    attributes: list[str] = []
    if op == "TYPE":
        _, _, rest = rest.partition(" type ")
    elif _SYMBOL_OPS.match(op) and rest:
        rest = _attributes(rest, attributes)
        name = _FUNCTION.match(rest) if op == "DCLFUNC" else None
        end = name.end() if name else len(rest.partition(" ")[0])
        attributes.append(rest[:end])
        rest = rest[end:].lstrip()
    rest = _attributes(rest, attributes)
    return IRNode(
        number,
        depth,
        parent,
        role,
        op,
        tuple(attributes),
        rest,
        stack[-1] if stack else None,
        stack if len(stack) > 1 else (),
        body,
    )


def _attributes(rest: str, into: list[str]) -> str:
    while found := _ATTRIBUTE.match(rest):
        into.append(found.group())
        rest = rest[found.end() :].lstrip()
    return rest


def _positions(text: str) -> Iterator[Position]:
    for found in _PLACE.finditer(text):
        yield Position.parse(found[1])
