"""The image map where no widget runs: a drawing by graphviz, and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from golifelab.errors import GolifelabError
from golifelab.views.drawing import svg
from golifelab.views.html import Markup, code, details, hexadecimal, image, join, table, tag

if TYPE_CHECKING:
    from graphviz import Digraph

Payload = Mapping[str, Any]

_INK, _PAPER, _LINE = "#1f2328", "#ffffff", "#7f8a97"
_GROUNDS = {"r-x": "#a9cfbf", "r--": "#d3e6de", "rw-": "#f0f6f3"}
_SPANS = 40


def image_html(payload: Payload) -> Markup:
    """How the file becomes memory, drawn; its segments; its sections and what they are made of."""
    if not payload:
        return tag("p", "The executable is being linked; run the cell again to see it here.")
    if "failed" in payload:
        return tag("p", "There is no executable: ", payload["failed"])
    return join(
        [
            table(("fact", "value"), payload["facts"]),
            drawn_html(payload),
            _segments(payload),
            _sections(payload),
            *_own(payload),
            *_contents(payload),
        ]
    )


def image_text(payload: Payload) -> str:
    """The same for a terminal: a line a section."""
    if not payload:
        return "the executable is being linked"
    if "failed" in payload:
        return f"there is no executable: {payload['failed']}"
    lines = [f"{payload['name']}: {payload['size']:,} bytes"]
    for one in payload["sections"]:
        where = f"{one['address']:#010x}" if one["loaded"] else "not loaded"
        filed = f"file {one['offset']:#x}" if one["file_size"] else "not in the file"
        lines.append(
            f"{one['name']:<20} {one['size']:>10,}  {where}  {filed}  {_words(payload, one)}"
        )
    return "\n".join(line.rstrip() for line in lines)


def image_dot(payload: Payload) -> str:
    """Sections, the segments that load them, and the pages of memory, as graphviz's source."""
    from graphviz import Digraph

    drawn = Digraph(name="image")
    drawn.attr("graph", bgcolor="transparent", rankdir="LR", nodesep="0.06", ranksep="0.7")
    drawn.attr("graph", margin="0")
    drawn.attr(
        "node", shape="box", style="filled", fillcolor=_PAPER, color=_LINE, margin="0.08,0.03"
    )
    drawn.attr("node", fontname="Courier", fontsize="10", fontcolor=_INK, height="0", width="0")
    drawn.attr("edge", color=_LINE, arrowsize="0.6")
    for place, segment in enumerate(payload["segments"]):
        if segment["type"] == "LOAD":
            _segment(drawn, payload, place, segment)
    text: str = drawn.source
    return text


def _segment(drawn: Digraph, payload: Payload, place: int, segment: Payload) -> None:
    rights = segment["permissions"]
    ground = _GROUNDS.get(rights, _PAPER)
    page = payload["page"]
    first = segment["address"] // page
    pages = -(-(segment["address"] + segment["memory_size"]) // page) - first
    drawn.node(
        f"l{place}",
        label=f"LOAD {rights}\n{_size(segment['file_size'])} of the file",
        fillcolor=ground,
    )
    zeroes = segment["memory_size"] - segment["file_size"]
    more = f"\n{_size(zeroes)} zeroed" if zeroes else ""
    drawn.node(f"m{place}", label=f"{pages:,} pages from {first * page:#x}{more}", fillcolor=ground)
    drawn.edge(f"l{place}", f"m{place}")
    for number, one in enumerate(payload["sections"]):
        if one["segment"] != place:
            continue
        size = _size(one["size"]) if one["file_size"] else f"{_size(one['size'])}, not in the file"
        style = "filled" if one["file_size"] else "filled,dashed"
        drawn.node(f"s{number}", label=f"{one['name']}  {size}", fillcolor=ground, style=style)
        drawn.edge(f"s{number}", f"l{place}", style="" if one["file_size"] else "dashed")


def drawn_html(payload: Payload) -> Markup:
    """The drawing as an image with its words; the reason where graphviz can't draw."""
    loads = [s for s in payload["segments"] if s["type"] == "LOAD"]
    words = "; ".join(
        f"{s['permissions']} at {s['address']:#x}: {_size(s['file_size'])} from the file,"
        f" {_size(s['memory_size'])} in memory"
        for s in loads
    )
    try:
        return image(svg(image_dot(payload)), f"sections, segments and memory: {words}")
    except GolifelabError as error:
        return tag("p", tag("em", f"Not drawn: {error}"))


def _segments(payload: Payload) -> Markup:
    rows = [
        (
            one["type"],
            one["permissions"],
            hexadecimal(one["address"]),
            hexadecimal(one["offset"]),
            f"{one['file_size']:,}",
            f"{one['memory_size']:,}",
        )
        for one in payload["segments"]
    ]
    heads = ("segment", "permissions", "address", "offset", "bytes in file", "bytes in memory")
    return table(heads, rows, caption=f"{len(rows)} segments", numeric=(2, 3, 4, 5))


def _sections(payload: Payload) -> Markup:
    rows = [
        (
            code(one["name"]),
            hexadecimal(one["address"]) if one["loaded"] else "not loaded",
            hexadecimal(one["offset"]) if one["file_size"] else "none",
            f"{one['size']:,}",
            _words(payload, one),
        )
        for one in payload["sections"]
    ]
    heads = ("section", "address", "offset", "bytes", "made of")
    return table(heads, rows, caption=f"{len(rows)} sections", numeric=(1, 2, 3))


def _words(payload: Payload, section: Payload) -> str:
    """What a section's bytes are, in per cent."""
    spans = payload.get("spans", {}).get(section["name"])
    if not spans or not section["size"]:
        return ""
    sums = dict.fromkeys(payload["kinds"], 0)
    for kind, size in zip(spans["kind"], spans["size"], strict=True):
        sums[payload["kinds"][kind]] += size
    shares = [(kind, 100 * size / section["size"]) for kind, size in sums.items() if size]
    return ", ".join(f"{share:.1f} % {kind}" for kind, share in shares)


def _own(payload: Payload) -> list[Markup]:
    """The program's own symbols, in the order of memory."""
    texts, rows = payload.get("texts", []), []
    for section in payload["sections"]:
        spans = payload.get("spans", {}).get(section["name"], {"size": ()})
        at = section["address"]
        for place, size in enumerate(spans["size"]):
            if texts[spans["package"][place]] == "main":
                rows.append(
                    (
                        code(texts[spans["name"][place]]),
                        hexadecimal(at),
                        section["name"],
                        f"{size:,}",
                    )
                )
            at += size
    if not rows:
        return []
    return [table(("the program's own", "address", "section", "bytes"), rows, numeric=(1, 3))]


def _contents(payload: Payload) -> list[Markup]:
    """The largest spans of each section that has several."""
    found = []
    for section in payload["sections"]:
        spans = payload.get("spans", {}).get(section["name"])
        if spans and len(spans["size"]) > 1:
            words = f"the largest of {len(spans['size']):,} things in {section['name']}"
            found.append(details(words, _largest(payload, spans)))
    return found


def _largest(payload: Payload, spans: Payload) -> Markup:
    texts, kinds = payload["texts"], payload["kinds"]
    order = sorted(range(len(spans["size"])), key=lambda i: -spans["size"][i])[:_SPANS]
    rows = [
        (
            code(texts[spans["name"][i]]),
            f"{spans['size'][i]:,}",
            kinds[spans["kind"][i]],
            texts[spans["package"][i]],
            texts[spans["why"][i]],
        )
        for i in order
    ]
    return table(("name", "bytes", "kind", "package", "how it is known"), rows, numeric=(1,))


def _size(count: int) -> str:
    return f"{count:,} B" if count < 10_000 else f"{count / 1024:,.0f} KiB"
