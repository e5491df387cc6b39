"""The compiler's syntax tree."""

from __future__ import annotations

from dataclasses import dataclass

from golifelab.compile.front import front, show_line
from golifelab.compile.tree import Node, Tree
from golifelab.source import Source
from golifelab.target import Target

__all__ = ["Node", "Syntax", "syntax"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax(Tree):
    """The compiler's syntax trees of a package, in the words of cmd/compile/internal/syntax.

    A node's `position` is the one place by which the compiler knows it ever after: the operator of
    an Operation, the bracket of an IndexExpr or CallExpr, the dot of a SelectorExpr.
    """


def syntax(source: Source, target: Target) -> Syntax:
    """Parse a package. Never raises for wrong Go: `errors` say what is wrong."""
    reply = front(source, target)
    errors = tuple(error for error in reply.diagnostics if error.phase in ("scan", "parse"))
    return Syntax(
        command=show_line("syntax", source, target),
        tier=reply.tier,
        seconds=reply.times["parse_ns"] / 1e9,
        source=source,
        table=reply.nodes,
        errors=errors,
    )
