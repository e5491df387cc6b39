"""Write HTML in which nothing unescaped can appear.

JupyterLab strips style, script, svg and aria from untrusted output, so a static twin is made of
tables, `pre`, `details`, headings and images only, with at most a little inline style.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from typing import Any

MAX_ROWS = 400
_SCREENFUL = 24


class Markup(str):
    """Text that is HTML already. Only this module's functions make it."""

    __slots__ = ()


def tag(name: str, *children: Any, **attributes: str) -> Markup:
    """An element. Children that are not Markup are escaped; `class_` stands for `class`."""
    words = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"'
        for key, value in attributes.items()
        if value
    )
    return join([Markup(f"<{name}{words}>"), *children, Markup(f"</{name}>")])


def join(children: Iterable[Any]) -> Markup:
    """The children one after the other, escaped where they are not Markup."""
    return Markup(
        "".join(
            child if isinstance(child, Markup) else html.escape(str(child)) for child in children
        )
    )


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    caption: str = "",
    numeric: Iterable[int] = (),
    limit: int = MAX_ROWS,
) -> Markup:
    """A table with a header row. `numeric` columns stand right.

    Rows beyond a screenful are there to open, rows over `limit` are only counted.
    """
    right = frozenset(numeric)
    body: list[Markup] = []
    more = 0
    for number, row in enumerate(rows):
        if number >= limit:
            more += 1
            continue
        cells = [
            tag("td", cell, style="text-align: right" if column in right else "text-align: left")
            for column, cell in enumerate(row)
        ]
        body.append(tag("tr", *cells))
    opened = body if len(body) <= _SCREENFUL + _SCREENFUL // 4 else body[:_SCREENFUL]
    folded = body[len(opened) :]
    parts = [_table(heads, opened, caption)]
    if folded:
        parts.append(details(f"{len(folded):,} more rows", _table(heads, folded, "")))
    if more:
        # Text that is all of Latin-1 takes half the memory of what has one letter beyond it.
        parts.append(Markup(f"<p>&hellip; and {more:,} more rows</p>"))
    return join(parts)


def _table(heads: Sequence[str], body: Sequence[Markup], caption: str) -> Markup:
    head = tag("tr", *(tag("th", name, scope="col", style="text-align: left") for name in heads))
    parts = [tag("thead", head), tag("tbody", *body)]
    if caption:
        parts.insert(0, tag("caption", caption, style="text-align: left"))
    return tag("table", *parts)


def hexadecimal(number: int, digits: int = 8) -> Markup:
    """An address or offset, at one width, in the code font."""
    return code(f"{number:#0{digits + 2}x}")


def code(text: str) -> Markup:
    """Text in the code font, in line."""
    return tag("code", text)


def block(text: str, *, limit: int = 40_000) -> Markup:
    """Preformatted text; what is over `limit` characters is cut, and that is said."""
    if len(text) > limit:
        text = text[:limit] + f"\n… {len(text) - limit:,} more characters"
    return tag("pre", text)


def details(summary: Any, *children: Any, opened: bool = False) -> Markup:
    """A part that opens on demand."""
    made = tag("details", tag("summary", summary), *children)
    return Markup(made.replace("<details>", "<details open>", 1)) if opened else made


def image(svg: str, alternative: str) -> Markup:
    """An SVG as an image with a text alternative. Inline SVG would be stripped."""
    data = base64.b64encode(svg.encode()).decode()
    return Markup(
        f'<img alt="{html.escape(alternative)}" src="data:image/svg+xml;base64,{data}"'
        ' style="max-width: 100%">'
    )
