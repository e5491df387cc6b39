"""Static twins of questions about a function: its graph, what an edit changed, what passes did."""

from __future__ import annotations

from golifelab.compile.ssa.cfg import CFG, GraphBlock
from golifelab.compile.ssa.changes import SSAChanges
from golifelab.compile.ssa.impact import KINDS, Impact
from golifelab.errors import GolifelabError
from golifelab.views.dot import alternative, cfg_dot, dominators_dot, dominators_words
from golifelab.views.drawing import svg
from golifelab.views.html import Markup, block, code, details, image, join, table, tag

# Blocks. Graphviz takes the square of their number: 300 are a tenth of a second, 2,400 ten seconds.
MAX_DRAWN = 400


def cfg_html(graph: CFG) -> Markup:
    """The graph drawn; a row a block, in reverse post order; a row a loop; the dominator tree."""
    back = frozenset(graph.back_edges())
    rows = [
        (
            code(one.name),
            _name(one.dominator),
            _name(one.loop),
            one.loop_depth,
            _edges(one, back),
            len(one.entering),
            len(one.leaving),
        )
        for one in graph
    ]
    heads = ("block", "dominator", "loop", "depth", "leads to", "alive before", "alive after")
    caption = f"{graph.function} after {graph.pass_name}: {len(rows)} blocks"
    parts = [_drawn(graph), table(heads, rows, caption=caption, numeric=(3, 5, 6))]
    if graph.loops:
        loops = [
            (
                code(f"b{loop.header}"),
                loop.depth,
                _names(loop.entries),
                _names(loop.blocks),
                _names(loop.latches),
                "several entries" if loop.irreducible else "one entry",
            )
            for loop in graph.loops
        ]
        titles = ("loop", "depth", "entered at", "blocks", "back from", "shape")
        parts.append(table(titles, loops, caption=f"loops: {len(loops)}", numeric=(1,)))
    parts.append(details("dominator tree", _drawn(graph, dominators=True), block(str(graph))))
    return join(parts)


def _drawn(graph: CFG, *, dominators: bool = False) -> Markup:
    """What graphviz draws of a graph; words where there is none, or the graph is too large."""
    if len(graph) > MAX_DRAWN:
        return tag("p", tag("em", f"Not drawn, but told: {len(graph)} blocks are too many."))
    words = dominators_words(graph) if dominators else alternative(graph)
    try:
        return image(svg(dominators_dot(graph) if dominators else cfg_dot(graph)), words)
    except GolifelabError as error:
        return tag("p", tag("em", f"Not drawn, but told: {' '.join(error.message.split())}."))


def _edges(one: GraphBlock, back: frozenset[tuple[int, int]]) -> str:
    return ", ".join(f"b{to} (back)" if (one.id, to) in back else f"b{to}" for to in one.successors)


def _name(number: int) -> str:
    return f"b{number}" if number >= 0 else ""


def _names(numbers: tuple[int, ...]) -> str:
    return " ".join(map(_name, numbers))


def changes_html(found: SSAChanges) -> Markup:
    """What an edit changed: a row a value or block, each with what differs and the evidence."""
    rows: list[tuple[str, ...]] = [
        ("changed", code(p.before.text), code(p.after.text), ", ".join(p.changes), p.by)
        for p in found.changed
    ]
    rows += [("added", "", code(value.text), "", "") for value in found.added]
    rows += [("removed", code(value.text), "", "", "") for value in found.removed]
    rows += [
        (
            "changed",
            code(f"{p.before.name}: {p.before.text}"),
            code(f"{p.after.name}: {p.after.text}"),
            ", ".join(p.changes),
            "",
        )
        for p in found.blocks_changed
    ]
    rows += [("added", "", code(f"{b.name}: {b.text}"), "", "") for b in found.blocks_added]
    rows += [("removed", code(f"{b.name}: {b.text}"), "", "", "") for b in found.blocks_removed]
    same = len(found.pairs) - len(found.changed)
    caption = f"{found.function} after {found.pass_name}: {same} values are the same"
    heads = ("change", "before", "after", "differs in", "told by")
    return table(heads, rows, caption=caption if rows else f"{caption}, nothing changed")


def impact_html(found: Impact) -> Markup:
    """A row a pass that changed something, a column a kind of change that occurs."""
    kinds = [kind for kind in KINDS if any(step.counts[kind] for step in found)]
    rows = [
        (
            step.pass_name,
            f"{step.ns / 1000:.1f}",
            *(step.counts[kind] or "" for kind in kinds),
            ", ".join(step.merged),
        )
        for step in found
    ]
    heads = ("pass", "µs", *kinds, "then without effect")
    caption = f"{found.function}: {len(rows) - 1} passes changed it, {len(found.idle)} did not"
    return table(heads, rows, caption=caption, numeric=tuple(range(1, len(kinds) + 2)))
