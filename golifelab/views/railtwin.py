"""The static twin of the rail: what a page shows where no widget runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from golifelab.views.html import Markup, block, code, details, join, table, tag

Picture = Mapping[str, Any]


def rail_html(picture: Picture) -> Markup:
    """One row a station: its figure, and what the chosen position is there."""
    if not picture:
        return tag("p", "The picture is being made; run the cell again to see it here.")
    rows = []
    for station in picture["stations"]:
        links = picture["thread"].get(station["id"], ())
        here = [code(link["label"]) for link in links]
        kinds = ", ".join(dict.fromkeys(link["kind"] for link in links))
        rows.append((station["label"], _figure(station), join(_spaced(here)), kinds))
    errors = [
        tag("p", tag("strong", _place(error)), " ", error["message"]) for error in _errors(picture)
    ]
    heads = ("station", "figure", "the position there", "link")
    return join([table(heads, rows, caption=_caption(picture), numeric=(1,)), *errors])


def life_html(picture: Picture, source: str) -> Markup:
    """The lab's twin: the source, and the rail below it."""
    return join([details("the program", block(source), opened=True), rail_html(picture)])


def rail_text(picture: Picture) -> str:
    """The rail for a terminal: a line a station."""
    if not picture:
        return "the picture is being made"
    lines = [_caption(picture)]
    for station in picture["stations"]:
        links = picture["thread"].get(station["id"], ())
        here = "  ".join(link["label"] for link in links)
        lines.append(f"  {station['label']:<13}{_figure(station):>22}  {here}".rstrip())
    lines.extend(f"  {_place(error)}: {error['message']}" for error in _errors(picture))
    return "\n".join(lines)


def _figure(station: Mapping[str, Any]) -> str:
    if station["figure"] in ("", None):
        return str(station["state"])
    return f"{station['figure']} {station['unit']}".strip()


def _caption(picture: Picture) -> str:
    return f"the life of {_place(picture['position'])}, {picture['target']}"


def _errors(picture: Picture) -> list[Mapping[str, Any]]:
    return list(picture.get("errors", ()))


def _place(at: Mapping[str, Any]) -> str:
    parts = [at.get("file"), at.get("line"), at.get("column")]
    return ":".join(str(part) for part in parts if part)


def _spaced(parts: list[Markup]) -> list[Any]:
    return [piece for part in parts for piece in (part, " ")][:-1]
