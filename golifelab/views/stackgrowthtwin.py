"""The static twins of stacks: their growth, several builds, single moves, and the overflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from golifelab.run.stacks.comparison import GrowthComparison
from golifelab.run.stacks.copies import StackCopies
from golifelab.run.stacks.growth import StackGrowth
from golifelab.run.stacks.overflow import StackOverflow
from golifelab.views.html import MAX_ROWS, Markup, code, details, join, table, tag
from golifelab.views.stackgrowth import comparison_payload, growth_payload

_WAITING = "The program is at work; run the cell again to see its stacks."
_UNITS = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))


def growth_html(growth: StackGrowth) -> Markup:
    """One measurement as tables."""
    return stacks_html(growth_payload(growth))


def comparison_html(comparison: GrowthComparison) -> Markup:
    """Builds side by side as tables."""
    return stacks_html(comparison_payload(comparison))


def stacks_html(shown: Mapping[str, Any]) -> Markup:
    """The stack page as tables: sizes by build, the runtime's counters, the collections."""
    rows = shown.get("rows")
    if not rows:
        return tag("p", str(shown.get("failed") or _WAITING))
    sizes = sorted({size for row in rows for size, _ in row["steps"]})
    lasts = [dict(row["steps"]) for row in rows]
    steps = table(
        ("stack", *(f"{row['label']}, up to" for row in rows)),
        (
            (size_text(size), *(f"{one[size]:,}" if size in one else "" for one in lasts))
            for size in sizes
        ),
        caption=f"the largest argument of {shown['function']} for which a stack is enough",
        numeric=range(len(rows) + 1),
    )
    first = rows[0]
    growth = table(
        ("argument", "stack", "StackInuse", "HeapAlloc"),
        (
            (f"{one:,}", size_text(stack), f"{inuse:+,}", f"{heap:+,}")
            for one, stack, inuse, heap in first["growth"]
        ),
        caption="what runtime.MemStats counts more while the goroutine lives, in bytes",
        numeric=range(4),
    )
    shrinking = table(
        ("collections", "its stack", "all stacks", "a new goroutine's"),
        (
            (number, size_text(stack), f"{inuse:,}", size_text(new))
            for number, stack, inuse, new in first["shrinking"]
        ),
        caption="a large stack that is not needed any more, after each garbage collection",
        numeric=range(4),
    )
    told = join([tag("p", sentence(row)) for row in rows])
    return join([told, steps, details("the runtime's counters", growth), shrinking])


def stacks_text(shown: Mapping[str, Any]) -> str:
    """A line for each build."""
    rows = shown.get("rows")
    if not rows:
        return str(shown.get("failed") or _WAITING)
    return "\n".join(sentence(row) for row in rows)


def sentence(row: Mapping[str, Any]) -> str:
    """What was found of a build, in words."""
    name = f"{row['function']}, {row['label']} (go{row['go']}): "
    if not row["rate"]:
        why = f" ({row['ended']})" if row["ended"] else ""
        return f"{name}a larger argument was not seen to take a larger stack{why}."
    size, last = row["edge"]
    frame = f", in frames of {row['frame']} bytes" if row["frame"] else ""
    many = f" with {row['levels']} levels each" if row["levels"] > 1 else ""
    return (
        f"{name}{row['rate']:.1f} bytes a level{frame}{many}. A new stack has"
        f" {size_text(row['start'])}; the limit of {row['limit']:,} bytes allows"
        f" {size_text(size)}: by this law enough up to {last:,}."
        + (f" Stopped early: {row['ended']}." if row["ended"] else "")
    )


def overflow_html(overflow: StackOverflow) -> Markup:
    """The last argument that fits, the first that does not, and the runs that found them."""
    lowered = " (lowered by debug.SetMaxStack)" if overflow.lowered else ""
    told = (
        f"With a limit of {overflow.limit:,} bytes{lowered}, {overflow.function}"
        f"({overflow.fits:,}) still fits into {size_text(overflow.usable)};"
        f" {overflow.function}({overflow.overflows:,}) ends the program."
    )
    rows = (
        (f"{one.argument:,}", "came back" if one.fits else "overflowed", size_text(one.stack))
        for one in overflow.tries
    )
    runs = table(("argument", "the run", "its stack"), rows, numeric=(0, 2))
    return join([tag("p", told), tag("p", code(overflow.message)), details("the runs", runs)])


def copies_html(copies: StackCopies) -> Markup:
    """Every move of a stack."""
    rows = (
        (one.goroutine, size_text(one.old), size_text(one.new), code(one.function))
        for one in copies.rows[: MAX_ROWS + 1]
    )
    heads = ("goroutine", "from", "to", "for")
    return table(heads, rows, caption="the stacks that moved, in order", numeric=(0, 1, 2))


def size_text(size: int) -> str:
    """A size as it is spoken of: 2 KiB, 16 MiB; other numbers as bytes."""
    for unit, name in _UNITS:
        if size >= unit and size % unit == 0:
            return f"{size // unit:,} {name}"
    return f"{size:,} bytes"
