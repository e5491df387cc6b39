"""What the bytes of an executable are for, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from golifelab.link.sizes import Change, Group, Growth, Sizes, SizesDifference
from golifelab.views.html import Markup, code, details, join, table, tag

_MOST = 100
_HEADS = ("in the file", "in memory")


def sizes_html(value: Sizes) -> Markup:
    """Packages, then kinds and sections, then the largest symbols."""
    words = f"{value.file:,} bytes in the file, {value.memory:,} in memory"
    parts = [tag("p", words), _groups("package", value.by("package"), value)]
    parts += [details(f"by {what}", _groups(what, value.by(what), value)) for what in _WHATS]
    rows = sorted(value.rows, key=lambda row: -max(row.file, row.memory))
    symbols = [
        (code(row.name), row.package, row.section, row.kind, f"{row.file:,}", f"{row.memory:,}")
        for row in rows[:_MOST]
    ]
    heads = ("symbol", "package", "section", "kind", *_HEADS)
    listed = table(heads, symbols, numeric=(4, 5))
    return join([*parts, details(f"the {len(symbols)} largest", listed)])


_WHATS: tuple[Any, ...] = ("kind", "section")


def difference_html(value: SizesDifference) -> Markup:
    """What changed, by package, and the largest changes of symbols."""
    total = f"The file has {signed(value.file)} bytes, the memory {signed(value.memory)}."
    parts = [tag("p", total)]
    for what in ("package", *_WHATS):
        made = _growths(what, value.by(what))
        parts.append(made if what == "package" else details(f"by {what}", made))
    listed = [_change(row) for row in islice(value.changed, _MOST)]
    heads = ("symbol", "section", "kind", "", *_HEADS)
    changes = table(heads, listed, numeric=(4, 5))
    return join([*parts, details(f"the {len(listed)} largest changes", changes)])


def signed(number: int) -> str:
    """A number of bytes more or fewer, with its sign."""
    return f"{number:+,}".replace("-", "−") if number else "0"


def panel_html(
    shown: Mapping[str, Any], now: Sizes | None, change: SizesDifference | None
) -> Markup:
    """The static twin of the page: the newest value, and how it differs from the other."""
    if now is None:
        return tag("p", str(shown.get("failed") or "The linker is at work; run the cell again."))
    if change is None or not change.changed:
        return sizes_html(now)
    before, after = shown.get("labels", ("before", "after"))
    made = details(f"from {before} to {after}", difference_html(change), opened=True)
    return join([made, sizes_html(now)])


def panel_text(shown: Mapping[str, Any], now: Sizes | None) -> str:
    """The same for a terminal: packages by size."""
    if now is None:
        return str(shown.get("failed") or "the linker is at work")
    return sizes_text(now)


def sizes_text(value: Sizes) -> str:
    """The packages by size, for a terminal."""
    lines = [f"{value.file:,} bytes in the file, {value.memory:,} in memory"]
    lines += [
        f"{one.file:>12,} {one.memory:>12,}  {one.name or '(none)'}" for one in value.by("package")
    ]
    return "\n".join(lines)


def _groups(what: str, groups: Iterable[Group], value: Sizes) -> Markup:
    rows = [
        (one.name or "(none)", f"{one.file:,}", share(one.file, value.file), f"{one.memory:,}")
        for one in groups
    ]
    return table((what, "in the file", "share", "in memory"), rows, numeric=(1, 2, 3))


def _growths(what: str, groups: Iterable[Growth]) -> Markup:
    rows = [
        (one.name or "(none)", signed(one.file), signed(one.memory), f"{one.changed:,}")
        for one in groups
    ]
    return table((what, *_HEADS, "changed"), rows, numeric=(1, 2, 3))


def _change(row: Change) -> tuple[Any, ...]:
    numbers = signed(row.file), signed(row.memory)
    return (code(row.name), row.section, row.kind, row.state, *numbers)


def share(part: int, whole: int) -> str:
    """A part of a whole in per cent."""
    return f"{100 * part / whole:.1f} %" if whole else ""
