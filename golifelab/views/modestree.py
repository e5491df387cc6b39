"""The decision tree of a matrix as graphviz's source: questions, answers, and what they lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golifelab.link.modes.tree import Decision, Leaf
from golifelab.views import modeswords as words

if TYPE_CHECKING:
    from graphviz import Digraph

_WORDS = "Helvetica"
_INK, _PAPER, _LINE = "#1f2328", "#ffffff", "#7f8a97"
# Grounds that dark words can be read on; the words say the same as the colour.
_GROUNDS = {
    "static": "#cfeee2",
    "dynamic": "#ffe3c8",
    "library": "#dfe8fb",
    "archive": "#dfe8fb",
    "refused": "#f7d4d9",
}
_WIDTH = 26


def tree_dot(tree: Decision) -> str:
    """The tree from left to right; every word stands on a ground that the picture brings along."""
    from graphviz import Digraph

    drawn = Digraph(name="decision")
    drawn.attr("graph", rankdir="LR", bgcolor="transparent", nodesep="0.08", ranksep="0.25")
    drawn.attr("node", shape="box", style="filled,rounded", fontname=_WORDS, fontsize="10")
    drawn.attr("node", fontcolor=_INK, color=_LINE, margin="0.09,0.04", height="0")
    drawn.attr("edge", color=_LINE, arrowsize="0.5")
    _node(drawn, tree, "n")
    text: str = drawn.source
    return text


def _node(drawn: Digraph, tree: Decision, name: str) -> None:
    if isinstance(tree, Leaf):
        outcome = tree.outcomes[0].outcome if len(tree.outcomes) == 1 else ""
        count = f"{len(tree.rows)} build{'' if len(tree.rows) == 1 else 's'}"
        label = f"{_wrapped(words.leaf_words(tree))}\n({count})"
        drawn.node(name, label, fillcolor=_GROUNDS.get(outcome, _PAPER))
        return
    drawn.node(name, _wrapped(words.question_words(tree.question)), fillcolor=_PAPER)
    for number, branch in enumerate(tree.branches):
        answer = f"{name}_{number}"
        told = _wrapped(words.answer_words(tree.question, branch.answers))
        drawn.node(answer, told, shape="plaintext", style="filled", fillcolor="#e9ecef")
        drawn.edge(name, answer, arrowhead="none")
        _node(drawn, branch.to, f"{answer}x")
        drawn.edge(answer, f"{answer}x")


def _wrapped(text: str) -> str:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) >= _WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    # A backslash is graphviz's own mark.
    return "\n".join([*lines, line]).replace("\\", "\\\\")
