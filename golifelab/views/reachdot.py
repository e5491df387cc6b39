"""A way through a program in graphviz's language."""

from __future__ import annotations

from collections.abc import Sequence

from golifelab.link.deadcode.steps import Step

_INK, _GROUND, _LINE = "#ffffff", "#005a3c", "#7f8a97"
_BESIDE = "#56657d"
_WIDTH = 46


def path_dot(steps: Sequence[Step]) -> str:
    """Boxes from the entry to the symbol, four in a row; a line's word says what leads on.

    Dashed lines are not calls. Every word has a ground of its own: the page may be dark.
    """
    from graphviz import Digraph

    drawn = Digraph(name="path")
    drawn.attr("graph", bgcolor="transparent", rankdir="TB", nodesep="0.2", ranksep="0.2")
    drawn.attr("graph", margin="0")
    drawn.attr("node", shape="box", style="filled,rounded", fontname="Courier", fontsize="10")
    drawn.attr("node", fontcolor=_INK, fillcolor=_GROUND, color=_GROUND, margin="0.08,0.03")
    drawn.attr("node", height="0", width="0")
    drawn.attr("edge", color=_LINE, arrowsize="0.6", penwidth="1.2")
    for number, step in enumerate(steps):
        drawn.node(f"n{number}", label=_escaped(step.target))
        if not number:
            continue
        word = f"w{number}"
        drawn.node(word, label=_escaped(step.kind), shape="plain", style="filled", fontsize="9")
        drawn.node(word, fillcolor=_BESIDE, color=_BESIDE, fontname="Helvetica")
        style = "solid" if step.kind == "call" else "dashed"
        drawn.edge(f"n{number - 1}", word, arrowhead="none", style=style)
        drawn.edge(word, f"n{number}", style=style)
    text: str = drawn.source
    return text


def _escaped(name: str) -> str:
    shown = name if len(name) <= _WIDTH else f"{name[: _WIDTH // 2]}…{name[-_WIDTH // 2 :]}"
    printable = "".join(one if one.isprintable() else "�" for one in shown)
    return f" {printable} ".replace("\\", "\\\\")
