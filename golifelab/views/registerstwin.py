"""The static twin of a register grid: a table of steps and registers, and one of the spills."""

from __future__ import annotations

from golifelab.compile.machine.registers import RegisterGrid
from golifelab.views.html import Markup, code, join, table, tag


def registers_html(grid: RegisterGrid) -> Markup:
    """What each register holds after every step, and what is saved on the stack."""
    used = grid.used
    rows = (
        (f"b{step.block}", code(grid.text(step)), *(grid.cell(step, name) for name in used))
        for step in grid
    )
    most = max(grid.pressure, default=0)
    caption = (
        f"{grid.function.symbol}: {len(grid)} steps; at most {most} of"
        f" {len(grid.registers.general)} general registers hold something that is needed"
    )
    shown = table(("block", "step", *used), rows, caption=caption)
    key = tag("p", "+v: put there by this step; -v: read here for the last time; else: kept")
    return join([shown, key, _spills(grid)])


def _spills(grid: RegisterGrid) -> Markup:
    if not grid.spills:
        return tag("p", "No value is spilled.")
    rows = (
        (
            f"v{spill.value}",
            spill.register,
            code(spill.slot),
            f"b{spill.block}",
            ", ".join(f"v{number}" for number in spill.restores),
        )
        for spill in grid.spills
    )
    heads = ("value", "from", "to the slot", "in", "restored by")
    count = f"{len(grid.spills)} value{'s' if len(grid.spills) > 1 else ''} spilled"
    return table(heads, rows, caption=count)
