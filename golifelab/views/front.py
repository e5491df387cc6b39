"""Static twins of the front end's stages: tokens, syntax, types."""

from __future__ import annotations

from itertools import islice

from golifelab.compile.gotokens import GoTokens
from golifelab.compile.tokens import Tokens
from golifelab.compile.tree import Node, Tree
from golifelab.compile.types import Types
from golifelab.position import Diagnostic
from golifelab.views.html import MAX_ROWS, Markup, block, code, details, join, table, tag


def tokens_html(tokens: Tokens) -> Markup:
    """The tokens as a table; what nobody typed says so."""
    rows = [
        (str(at.position), code(at.kind), code(at.text), _note(at.automatic, at.literal))
        for at in islice(tokens, MAX_ROWS)
    ]
    automatic = sum(at.automatic for at in tokens)
    caption = f"{len(tokens):,} tokens, {automatic} of them semicolons that nobody typed"
    return join(
        [
            table(("position", "kind", "text", "note"), rows, caption=caption),
            diagnostics_html(tokens.errors),
        ]
    )


def go_tokens_html(tokens: GoTokens) -> Markup:
    """go/scanner's tokens with go/token's names and numbers."""
    rows = [
        (
            str(at.position),
            code(at.name),
            at.number,
            code(at.text),
            _note(at.automatic, "end of the line"),
        )
        for at in islice(tokens, MAX_ROWS)
    ]
    caption = f"{len(tokens):,} tokens of go/scanner"
    heads = ("position", "name", "number", "text", "note")
    return join(
        [table(heads, rows, caption=caption, numeric=(2,)), diagnostics_html(tokens.errors)]
    )


def syntax_html(tree: Tree) -> Markup:
    """A syntax tree, the compiler's or go/ast's, as indented text."""
    lines: list[str] = []
    for root in tree.roots:
        _outline(tree, root, 0, lines)
    return join(
        [
            tag("p", f"{len(tree):,} nodes"),
            block("\n".join(lines)),
            diagnostics_html(tree.errors),
        ]
    )


def types_html(types: Types) -> Markup:
    """The package's objects with their types; its scopes and instances to open."""
    rows = [
        (item.kind, code(item.name), code(item.type), str(item.position or ""))
        for item in islice(types.objects, MAX_ROWS)
    ]
    caption = f"{len(types.objects):,} objects"
    return join(
        [
            table(("kind", "name", "type", "declared at"), rows, caption=caption),
            _scopes_html(types),
            _instances_html(types),
            diagnostics_html(types.errors),
        ]
    )


def _scopes_html(types: Types) -> Markup:
    """Every scope, as deep as it lies, with the names declared in it."""
    depths: list[int] = []
    rows = []
    for scope in types.scopes:
        depths.append(depths[scope.parent] + 1 if scope.parent >= 0 else 0)
        # Deep nesting must not push the names off the page.
        kind = "\u2003" * min(depths[-1], 12) + scope.kind
        start = types.syntax[scope.node].position if scope.node >= 0 else ""
        rows.append((kind, str(start), code(", ".join(scope.names))))
    if not rows:
        return Markup("")
    return details(f"{len(rows):,} scopes", table(("scope", "begins at", "names"), rows))


def _instances_html(types: Types) -> Markup:
    """Where generic things get their type arguments, or nothing."""
    rows = [
        (str(at.position), code(at.name), code(", ".join(at.arguments)), code(at.type))
        for at in types.instances
    ]
    if not rows:
        return Markup("")
    heads = ("position", "generic", "type arguments", "becomes")
    return details(f"{len(rows):,} instances", table(heads, rows))


def diagnostics_html(found: tuple[Diagnostic, ...]) -> Markup:
    """What Go says against the source, or nothing."""
    if not found:
        return Markup("")
    rows = [(str(at.position), at.phase, at.code, at.message) for at in found]
    return table(("position", "phase", "code", "message"), rows, caption=f"{len(found)} errors")


def _note(automatic: bool, literal: str) -> str:
    return f"inserted at the {literal}" if automatic else ""


def _outline(tree: Tree, root: Node, depth: int, lines: list[str]) -> None:
    """Preorder without recursion: a hostile program may nest deeper than Python's stack."""
    stack = [(root, depth)]
    while stack and len(lines) < 2 * MAX_ROWS:
        node, level = stack.pop()
        field = f"{node.field}: " if node.field else ""
        text = f" {node.text!r}" if node.text else ""
        lines.append(f"{'  ' * min(level, 40)}{field}{node.kind}{text}  {node.position}")
        stack.extend((child, level + 1) for child in reversed(tree.children(node)))
    if stack:
        lines.append("…")
