"""Small figures that are text: bars in a table, and the two-by-two field of static and dynamic.

Text needs no picture, follows the page's theme and is read aloud as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.course.shows import Shows
from golifelab.views.html import Markup, join, table, tag

if TYPE_CHECKING:
    from golifelab.link.modes import StaticMatrix
    from golifelab.link.timeline import Timeline

_WIDTH = 40
_EIGHTHS = " ▏▎▍▌▋▊▉█"
# The four hues of the course, in shades that can be read on a light and on a dark page.
_HUES = {"front": "#3b76d8", "middle": "#c96a08", "machine": "#16906a", "process": "#b457ad"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart; `share` is its part of a whole, if any, `part` gives the hue."""

    name: str
    value: float
    share: float | None
    part: str = "machine"


@dataclass(frozen=True, slots=True)
class Bars(Shows):
    """A bar chart: names, bars to one scale, values with their unit."""

    title: str
    unit: str
    rows: tuple[Bar, ...]
    digits: int = 0

    def bundle(self) -> dict[str, Any]:
        """A table, with the bars drawn in characters."""
        largest = max((row.value for row in self.rows), default=0) or 1
        lines, cells = [], []
        for row in self.rows:
            drawn = bar(row.value / largest)
            value = f"{row.value:,.{self.digits}f}"
            style = f"color: {_HUES[row.part]}; font-family: monospace; white-space: pre"
            share = "" if row.share is None else f"{row.share:.0%}"
            cells.append([row.name, tag("span", drawn, style=style), value, share])
            lines.append(f"{row.name:28} {value:>10} {self.unit}  {drawn.rstrip()}")
        heads = ["", "to one scale", self.unit, "share"]
        if all(row.share is None for row in self.rows):
            heads, cells = heads[:3], [row[:3] for row in cells]
        html = table(heads, cells, caption=self.title, numeric=range(2, len(heads)))
        return {"text/html": str(html), "text/plain": "\n".join([self.title, *lines])}


def bar(share: float, width: int = _WIDTH) -> str:
    """A bar of `width` characters at most, exact to an eighth of one; never empty above zero."""
    eighths = max(round(min(share, 1.0) * width * 8), 1 if share > 0 else 0)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(width)


def timeline_bars(timeline: Timeline, title: str, *, largest: int = 0) -> Bars:
    """The phases of a tool as bars, in their order, or the `largest` ones by length."""
    phases: Sequence[Any] = timeline.phases
    if largest:
        phases = sorted(phases, key=lambda phase: -phase.milliseconds)[:largest]
    rows = tuple(
        Bar(phase.name, phase.milliseconds, phase.share, _part(phase.group)) for phase in phases
    )
    total = f"{title}: {timeline.total_milliseconds:,.0f} ms"
    return Bars(total, "ms", rows, digits=2)


def _part(group: str) -> str:
    return {"front end": "front", "back end": "middle"}.get(group, "machine")


def size_bars(sizes: Iterable[tuple[str, int]], title: str) -> Bars:
    """Named sizes in bytes as bars, the largest first."""
    ordered = sorted(sizes, key=lambda pair: -pair[1])
    total = sum(size for _, size in ordered) or 1
    return Bars(title, "bytes", tuple(Bar(name, size, size / total) for name, size in ordered))


def node_bars(trees: Iterable[tuple[str, int]], title: str) -> Bars:
    """Trees by their number of nodes, in the order given. They are no parts of a whole."""
    return Bars(title, "nodes", tuple(Bar(name, nodes, None, "front") for name, nodes in trees))


@dataclass(frozen=True, slots=True)
class Quadrants(Shows):
    """Builds in a field of four: who links them, and whether they are static."""

    matrix: StaticMatrix

    def bundle(self) -> dict[str, Any]:
        """A table of two rows and two columns, and the builds that this machine cannot make."""
        rows, lines = [], []
        for word, internal in (("Go's own linker", True), ("the C compiler", False)):
            cells = [self._builds(internal, static=static) for static in (True, False)]
            rows.append([tag("strong", word), *(_paragraphs(cell) for cell in cells)])
            for kind, cell in zip(("static", "dynamic"), cells, strict=True):
                lines.append(f"{word}, {kind}: {', '.join(cell) or 'none'}")
        parts = [table(["linked by", "static", "dynamic"], rows)]
        missing = [row for row in self.matrix.rows if not row.available]
        for row in missing:
            parts.append(tag("p", f"Not built here: {row.name} ({row.reason})"))
            lines.append(f"not built here: {row.name} ({row.reason})")
        return {"text/html": str(join(parts)), "text/plain": "\n".join(lines)}

    def _builds(self, internal: bool, *, static: bool) -> list[str]:
        return [
            row.name
            for row in self.matrix.rows
            if row.available and (row.linker == "internal") == internal and row.static == static
        ]


def _paragraphs(names: list[str]) -> Markup:
    return join(tag("div", name) for name in names) if names else Markup("none")
