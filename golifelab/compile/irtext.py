"""Read the compiler's printed tree (dumpNode in cmd/compile/internal/ir/fmt.go).

line  = {".   "} OP ["-" name] {" " attribute} [" " type] [" tc(" n ")"] [" # " position]
| {".   "} OP "-" LABEL               the children below stand in this field of OP
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from golifelab.position import Position

_INDENT = ".   "
_CHECKED = re.compile(r" tc\(\d+\)$")
_ATTRIBUTE = re.compile(r"[a-zA-Z]+\(.*?\)|[A-Z][A-Za-z0-9]*:\S*|[A-Z][A-Za-z0-9]*(?![^\s])")
_QUOTED = re.compile(r'[A-Z0-9]+-(?:"(?:\\.|[^"\\])*"|`[^`]*`|\'(?:\\.|[^\'\\])*\')')
_SYMBOL_OPS = re.compile(r"X?DOT|METH|LABEL|GOTO|BREAK|CONTINUE|STRUCTKEY|CLOSURE|INLCALL")


@dataclass(frozen=True, slots=True)
class IRNode:
    """One node of the tree.

    `op` is the compiler's name of the operation, with what follows it for names and literals
    ("NAME-main.a", "LITERAL-2"). `role` is the field of the parent that holds the node ("Args",
    "init", "Body"), empty for plain operands. `attributes` are flags and settings ("esc(no)",
    "Class:PAUTO", "Used"). `stack` holds all places, outermost first, of what was inlined.
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


def read(text: str) -> tuple[IRNode, ...]:
    """The nodes in the order of the text. A line of unknown form is a node with its text as op."""
    nodes: list[IRNode] = []
    open_nodes: list[tuple[int, str]] = []  # (node, role of its next children) by depth
    for line in text.split("\n"):
        depth = 0
        while line.startswith(_INDENT, depth * len(_INDENT)):
            depth += 1
        body = line[depth * len(_INDENT) :]
        if not body or not depth:
            continue
        depth -= 1
        del open_nodes[depth + 1 :]
        if depth < len(open_nodes):
            owner = open_nodes[depth][0]
            name, dash, role = body.partition("-")
            if dash and " " not in body and nodes[owner].op.partition("-")[0] == name:
                open_nodes[depth] = (owner, role)
                continue
            del open_nodes[depth:]
        parent, role = open_nodes[-1] if open_nodes else (-1, "")
        nodes.append(_node(len(nodes), depth, parent, role, body))
        while len(open_nodes) < depth:  # a line indented further than any before it
            open_nodes.append((parent, role))
        open_nodes.append((nodes[-1].id, ""))
    return tuple(nodes)


def _node(number: int, depth: int, parent: int, role: str, body: str) -> IRNode:
    rest, _, places = body.rpartition(" # ") if " # " in body else (body, "", "")
    stack = tuple(_positions(places))
    rest = _CHECKED.sub("", rest)
    quoted = _QUOTED.match(rest)
    end = quoted.end() if quoted else rest.find(" ")
    op, rest = (rest, "") if end < 0 else (rest[:end], rest[end:].lstrip())
    attributes: list[str] = []
    if _SYMBOL_OPS.match(op) and rest:
        rest = _attributes(rest, attributes)
        symbol, _, rest = rest.partition(" ")
        attributes.append(symbol)
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
        if found.end() < len(rest) and rest[found.end()] != " ":
            break
        into.append(found.group())
        rest = rest[found.end() :].lstrip()
    return rest


def _positions(text: str) -> list[Position]:
    found = []
    for word in text.lstrip("+_").split(" "):
        try:
            found.append(Position.parse(word))
        except ValueError:
            continue
    return found
