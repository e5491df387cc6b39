"""The static twin of a frame layout: the areas of the stack and the places in them."""

from __future__ import annotations

from golifelab.compile.machine.frame import FrameLayout
from golifelab.views.html import Markup, code, join, table


def frame_layout_html(layout: FrameLayout) -> Markup:
    """The areas from the highest address down, as stacks are drawn, and the places in them."""
    areas = table(
        ("from", "to", "area"),
        [(_at(area.start), _at(area.end), area.kind) for area in reversed(layout.areas)],
        caption=f"{layout.function.symbol}: a frame of {layout.frame_size} bytes, and above it",
    )
    places = table(
        ("place", "bytes", "area", "name", "spilled there"),
        [
            (
                _at(slot.offset),
                slot.room,
                slot.area,
                code(slot.name) if slot.name else "argument of a call",
                code(", ".join(slot.spills)) if slot.spills else "",
            )
            for slot in reversed(layout.slots)
        ],
        caption="" if layout.slots else "No instruction uses the frame.",
        numeric=(1,),
    )
    return join([areas, places])


def _at(offset: int) -> Markup:
    return code(f"SP{offset:+d}" if offset else "SP")
