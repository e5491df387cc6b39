"""The front end's part of a thread: byte, token, node, type."""

from __future__ import annotations

from golifelab.compile.syntax import Node, syntax
from golifelab.compile.text import SourceText
from golifelab.compile.tokens import tokens
from golifelab.compile.types import types
from golifelab.position import Position
from golifelab.source import Source
from golifelab.target import Target
from golifelab.thread.model import Link


def front_links(source: Source, target: Target, position: Position) -> list[Link]:
    """The links in the stages source, tokens, syntax and types."""
    links = [_byte(source, position)]
    found = tokens(source, target).at(position)
    if found is None:
        links.append(Link("tokens", "no token", "end", "the scanner skips white space"))
        return links
    facts = [("kind", found.kind), ("text", found.text), ("bytes", f"{found.start}–{found.end}")]
    if found.literal_kind:
        facts.append(("literal", found.literal_kind))
    if found.precedence:
        facts.append(("precedence", str(found.precedence)))
    if found.automatic:
        facts.append(("semicolon", f"nobody typed it: the scanner put it at the {found.literal}"))
    links.append(
        Link("tokens", found.text or found.kind, "exact", "the compiler's scanner", tuple(facts))
    )
    nodes = anchors(source, target, position)
    if not nodes:
        links.append(Link("syntax", "no node", "end", "the parser keeps no node for this token"))
        return links
    node = nodes[0]
    tree = syntax(source, target)
    exact = _starts_here(node, found.position)
    path = " < ".join(step.kind for step in reversed(tree.path(node)))
    links.append(
        Link(
            "syntax",
            f"{node.kind} {node.text}".strip(),
            "exact" if exact else "contains",
            "the compiler's syntax tree has this position"
            if exact
            else f"the innermost node around it, at {node.position}",
            (("path", path), ("bytes", f"{node.start}–{node.end}")),
        )
    )
    links.append(_type(source, target, node))
    return links


def anchors(source: Source, target: Target, position: Position) -> list[Node]:
    """The nodes a position can stand for, the innermost first, up to the declaration around it.

    A node whose own position is that of the token comes first: it is the position the compiler
    carries through all later stages.
    """
    token = tokens(source, target).at(position)
    place = token.position if token is not None else position
    tree = syntax(source, target)
    exact = tree.exact(place)
    inner = exact[-1] if exact else tree.at(place)
    if inner is None:
        return []
    path = list(reversed(tree.path(inner)))
    kept: list[Node] = []
    for node in path:
        if node.kind in ("File", "FuncDecl", "BlockStmt"):
            break
        kept.append(node)
    return kept or path[:1]


def _starts_here(node: Node, place: Position) -> bool:
    return node.position == place


def _byte(source: Source, position: Position) -> Link:
    text = SourceText(source.text(position.file))
    offset = text.offset(position.line, position.column)
    if offset < 0 or text.place(offset)[0] != position.line:
        return Link("source", "outside", "end", f"{position.file} has no such place")
    line = source.text(position.file).split("\n")[position.line - 1]
    rest = text.content[offset : offset + 4].decode("utf-8", "replace")
    facts = [("offset", str(offset))]
    if not rest or rest[0] == "\n":
        return Link("source", "end of line", "exact", "the text", tuple(facts))
    facts += [("byte", f"{text.content[offset]:#04x}"), ("line", line.strip())]
    evidence = f"byte {offset} of {position.file}"
    return Link("source", rest[0], "exact", evidence, tuple(facts))


def _type(source: Source, target: Target, node: Node) -> Link:
    info = types(source, target).of(node)
    if info is None or not (info.type or info.object):
        return Link("types", "no type", "end", f"a {node.kind} has no type")
    facts = [("type", info.type)] if info.type else []
    if info.constant:
        facts.append(("constant", info.constant))
    if info.object is not None:
        facts.append(("object", f"{info.object.kind} {info.object.name}"))
        if info.object.position is not None:
            facts.append(("declared at", str(info.object.position)))
    label = info.type or (info.object.type if info.object else "")
    return Link("types", label, "exact", "the compiler's type checker", tuple(facts))
