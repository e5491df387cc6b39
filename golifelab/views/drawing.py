"""Drawing a flow with graphviz: its source in the dot language, and the picture of it.

The picture is an image in the page, which knows nothing of the page's theme. So it has no ground of
its own, and every word in it stands on a colour that the picture brings along: what can be read on
a light page can be read on a dark one.
"""

from __future__ import annotations

import html
import shutil
from functools import lru_cache
from typing import TYPE_CHECKING

from golifelab.errors import FeatureUnavailable
from golifelab.toolchain.run import run

if TYPE_CHECKING:
    from golifelab.views.flow import Arrow, Flow, Row, Step

SECONDS = 20.0
_MOST = 4 << 20
# Fonts that dot knows the widths of, and every browser has a twin for.
_WORDS, _CODE = "Helvetica", "Courier"
# Points; a browser makes four pixels of three of them.
_LARGE, _SMALL = 9.5, 9
_INK = "#ffffff"
_MAIN, _BESIDE = "#1f5fc4", "#56657d"
_GROUNDS = {"complained": "#b3122b", "stopped": "#b3122b", "unreached": "#6a7078"}
# Lines stand on the page itself: a grey between white and black.
_LINE = "#7f8a97"


def source(flow: Flow) -> str:
    """The flow in graphviz's language."""
    from graphviz import Digraph

    graph = Digraph(name="flow")
    graph.attr("graph", rankdir="LR" if flow.across else "TB", bgcolor="transparent")
    graph.attr("graph", nodesep="0.1", ranksep="0.26", margin="0", fontname=_WORDS)
    graph.attr("node", shape="plain", fontname=_WORDS, fontsize="9", fontcolor=_INK)
    graph.attr("edge", color=_LINE, penwidth="1", arrowsize="0.6", fontname=_WORDS)
    # From left to right, dot puts the first lane at the bottom.
    for lane in reversed(flow.lanes) if flow.across else flow.lanes:
        with graph.subgraph(name=f"cluster_{lane.id}") as part:
            part.attr("graph", penwidth="0", margin="10")
            part.attr("graph", label=_title(lane.title, _MAIN if lane.main else _BESIDE))
            part.attr("graph", labeljust="l")
            for step in flow.of(lane):
                part.node(step.id, label=_label(step, _MAIN if lane.main else _BESIDE))
    for arrow in flow.arrows:
        graph.edge(arrow.start, arrow.end, **_edge(arrow, flow))
    text: str = graph.source
    return text


@lru_cache(maxsize=32)
def svg(text: str) -> str:
    """What dot draws from a source. FeatureUnavailable where there is none, or it fails."""
    program = shutil.which("dot")
    if program is None:
        remedy = "sudo apt-get install graphviz"
        raise FeatureUnavailable("drawing with graphviz", "dot is not installed", remedy=remedy)
    drawn = run([program, "-Tsvg"], input=text.encode(), timeout=SECONDS, max_output=_MOST)
    if drawn.returncode != 0 or b"</svg>" not in drawn.stdout:
        reason = drawn.error_text.strip()[:200] or "dot drew nothing"
        raise FeatureUnavailable("drawing with graphviz", reason)
    picture = drawn.text
    return picture[picture.index("<svg") :]


def _edge(arrow: Arrow, flow: Flow) -> dict[str, str]:
    return {"style": "dashed"} if flow[arrow.end].state == "unreached" else {}


def _title(text: str, colour: str) -> str:
    return _table(f"<tr><td>{_font(text, _WORDS, _LARGE)}</td></tr>", colour, rounded=False)


def _label(step: Step, colour: str) -> str:
    # Of a step with rows only the rows that complained stand out.
    colour = colour if step.rows else _GROUNDS.get(step.state, colour)
    name = _font(step.name, _CODE if step.place else _WORDS, _LARGE, bold=True)
    # Without the first, empty row dot sets the words too near to the upper edge.
    lines = ['<tr><td height="2" cellpadding="0"></td></tr>', f"<tr><td>{name}</td></tr>"]
    words = " · ".join(filter(None, (step.figure, _word(step.state))))
    if words:
        lines.append(f"<tr><td>{_font(words, _WORDS, _SMALL)}</td></tr>")
    if step.rows:
        rows = "".join(_row(row) for row in step.rows)
        inner = f'<table border="0" cellborder="0" cellspacing="1" cellpadding="1">{rows}</table>'
        lines.append(f"<tr><td>{inner}</td></tr>")
    return _table("".join(lines), colour, dashed=step.state == "unreached")


def _row(row: Row) -> str:
    ground = _GROUNDS.get(row.state, "")
    fill = f' bgcolor="{ground}"' if ground else ""
    words = " · ".join(filter(None, (row.figure, _word(row.state))))
    name = _font(row.name, _CODE, _SMALL)
    return (
        f'<tr><td align="left"{fill}>{name}</td>'
        f'<td align="right"{fill}>{_font(words or " ", _WORDS, _SMALL)}</td></tr>'
    )


def _word(state: str) -> str:
    return {"complained": "✗", "stopped": "✗", "unreached": "never ran"}.get(state, "")


def _table(rows: str, colour: str, *, rounded: bool = True, dashed: bool = False) -> str:
    styles = ["rounded"] * rounded + ["dashed"] * dashed
    look = f' style="{",".join(styles)}"' if styles else ""
    border = f'border="1" color="{_INK}"' if dashed else 'border="0"'
    return (
        f'<<table {border} cellborder="0" cellspacing="1" cellpadding="2"'
        f' bgcolor="{colour}"{look}>{rows}</table>>'
    )


def _font(text: str, face: str, size: float, *, bold: bool = False) -> str:
    # The browser's font may be a little wider than the one that dot measured.
    shown = f"&#160;{html.escape(text)}&#160;"
    shown = f"<b>{shown}</b>" if bold else shown
    return f'<font face="{face}" point-size="{size}" color="{_INK}">{shown}</font>'
