"""Control-flow graphs and dominator trees in graphviz's language.

Like all drawings by graphviz they may stand on a light page or a dark one: every word is on a
ground of its own, and what is drawn on the page itself can be seen on both.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from golifelab.compile.ssa.cfg import CFG, GraphBlock
from golifelab.compile.ssa.graph.loops import Loop
from golifelab.compile.ssa.passes import Block

if TYPE_CHECKING:
    from graphviz import Digraph

# A block says that it has more; so does a graph, whose blocks are then mere names.
MAX_LINES = 24
MAX_WIDTH = 56
MAX_WHOLE = 120

_CODE = "Courier"
_INK, _QUIET, _PAPER, _GROUND = "#1f2328", "#56657d", "#ffffff", "#f3e8d9"
_LINE, _LOOP = "#7f8a97", "#ae6504"
# What the two ways out of a block are called, where it asks no question.
_WAYS = {"First": ("always", "never"), "Defer": ("goes on", "after a recover")}


def cfg_dot(graph: CFG) -> str:
    """A graph as graphviz's source: instructions in the blocks, loops as boxes around them.

    A thick line is a branch the compiler expects to be taken, a dashed one is not expected; lines
    that lead back are orange. Blocks of a graph with more than MAX_WHOLE of them are names only.
    """
    from graphviz import Digraph

    drawn = Digraph(name="cfg")
    drawn.attr("graph", bgcolor="transparent", nodesep="0.25", ranksep="0.3", margin="0")
    drawn.attr("node", shape="plain", fontname=_CODE, fontsize="9", fontcolor=_INK)
    drawn.attr("edge", color=_LINE, arrowsize="0.6")
    brief = len(graph) > MAX_WHOLE
    _blocks(drawn, graph, None, brief=brief)
    back = frozenset(graph.back_edges())
    for one in graph:
        block = graph.block(one.id)
        for number, to in enumerate(block.successors):
            ends = [one.name, f"b{to}"]
            look = _edge(block, number)
            if (one.id, to) in back:
                # Told from the header, so that the loop's blocks stand below it.
                ends.reverse()
                look |= {"dir": "back", "color": _LOOP, "penwidth": "1.6"}
            if to in one.successors:  # not to a block that can't be reached
                drawn.edge(*ends, **look)
    text: str = drawn.source
    return text


def dominators_dot(graph: CFG) -> str:
    """The dominator tree as graphviz's source: above each block the one all ways to it pass."""
    from graphviz import Digraph

    drawn = Digraph(name="dominators")
    drawn.attr("graph", bgcolor="transparent", nodesep="0.12", ranksep="0.2", margin="0")
    drawn.attr("node", shape="box", style="filled,rounded", fillcolor=_PAPER, color=_LINE)
    drawn.attr("node", fontname=_CODE, fontsize="10", fontcolor=_INK, margin="0.06,0.03")
    drawn.attr("node", width="0", height="0")
    drawn.attr("edge", color=_LINE, arrowhead="none")
    for one in graph:
        # A loop's header is the block that the others of the loop hang from.
        look = {"fillcolor": _GROUND, "color": _LOOP} if one.loop == one.id else {}
        drawn.node(one.name, **look)
        if one.dominator >= 0:
            drawn.edge(f"b{one.dominator}", one.name)
    text: str = drawn.source
    return text


def _blocks(drawn: Digraph, graph: CFG, around: Loop | None, *, brief: bool) -> None:
    """The blocks and loops that are in a loop and in no other inside of it."""
    header = around.header if around else -1
    for one in graph:
        if one.loop == header:
            drawn.node(one.name, label=_label(one, graph.block(one.id), brief=brief))
    for loop in graph.loops:
        if loop.outer != header:
            continue
        with drawn.subgraph(name=f"cluster_b{loop.header}") as part:
            # Half transparent: one can see how deep a block is on either page.
            part.attr("graph", style="filled,rounded", fillcolor=f"{_LOOP}1c", color=f"{_LOOP}90")
            part.attr("graph", margin="8")
            _blocks(part, graph, loop, brief=brief)


def _edge(block: Block, number: int) -> dict[str, str]:
    weight = _weight(block, number)
    if weight == "likely":
        return {"penwidth": "2.2"}
    never = block.kind == "First" and number == 1
    return {"style": "dotted"} if never else {"style": "dashed"} if weight else {}


def _weight(block: Block, number: int) -> str:
    """What the compiler expects of a way out of a block; its word is about the first of two."""
    if len(block.successors) != 2 or not block.likely:
        return ""
    return block.likely if number == 0 else {"likely": "unlikely"}.get(block.likely, "likely")


def _label(one: GraphBlock, block: Block, *, brief: bool) -> str:
    rows = [_row(one.name, bold=True, ground=_GROUND)]
    if not brief:
        values = [_clipped(value.text) for value in block.values[:MAX_LINES]]
        rows += [_row(text) for text in values]
        more = len(block.values) - len(values)
        rows += [_row(f"… {more} more values", ink=_QUIET)] if more else []
        rows += [_row(_clipped(_end(block)), ink=_QUIET, bold=True)]
    return (
        f'<<table border="1" color="{_LINE}" cellborder="0" cellspacing="0" cellpadding="2"'
        f' bgcolor="{_PAPER}">{"".join(rows)}</table>>'
    )


def _end(block: Block) -> str:
    """How a block ends: "If v10 → yes b3 likely · no b2"."""
    head, _, _ = block.text.partition(" ->")
    names = [f"b{to}" for to in block.successors]
    if len(names) == 2:
        ways = _WAYS.get(block.kind, ("yes", "no"))
        words = zip(ways, names, strict=True)
        names = [f"{way} {name}{_expected(block, i)}" for i, (way, name) in enumerate(words)]
    head = "" if block.kind == "Plain" else head
    return " ".join(filter(None, (head, f"→ {' · '.join(names)}" if names else "")))


def _expected(block: Block, number: int) -> str:
    return " likely" if _weight(block, number) == "likely" else ""


def _clipped(text: str) -> str:
    return text if len(text) <= MAX_WIDTH else f"{text[: MAX_WIDTH - 1]}…"


def _row(text: str, *, ink: str = _INK, bold: bool = False, ground: str = "") -> str:
    # The browser's font may be wider than the one that dot measured.
    shown = f"&#160;{html.escape(_printable(text))}&#160;&#160;"
    shown = f"<b>{shown}</b>" if bold else shown
    fill = f' bgcolor="{ground}"' if ground else ""
    font = f'<font face="{_CODE}" color="{ink}">{shown}</font>'
    return f'<tr><td align="left"{fill}>{font}</td></tr>'


def _printable(text: str) -> str:
    """Text without the characters that no XML may hold; a string constant can have them."""
    return "".join(one if one.isprintable() else "�" for one in text)


def alternative(graph: CFG) -> str:
    """What the picture shows, for who can't see it."""
    blocks = f"{len(graph)} block{'s' * (len(graph) != 1)}"
    loops = f", {len(graph.loops)} loop{'s' * (len(graph.loops) != 1)}" if graph.loops else ""
    ways = [
        f"{one.name} leads to {', '.join(f'b{to}' for to in one.successors)}"
        for one in graph
        if one.successors
    ]
    words = f"{graph.function} after {graph.pass_name}: {blocks}{loops}"
    return ". ".join([words, *ways[:40]]) + "."


def dominators_words(graph: CFG) -> str:
    """What the drawing of the dominator tree shows."""
    hung = [f"b{one.dominator} above {one.name}" for one in graph if one.dominator >= 0]
    return f"dominator tree of {graph.function}: {', '.join(hung[:40]) or 'one block'}."
