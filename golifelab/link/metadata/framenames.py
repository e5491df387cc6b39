"""Names for the words of a frame, from what the compiler did: an executable has none."""

from __future__ import annotations

from collections.abc import Iterator

from golifelab.compile.machine.abi import abi
from golifelab.compile.machine.frame import FrameLayout, frame_layout
from golifelab.errors import GolifelabError, Superseded
from golifelab.source import Source
from golifelab.target import Target

_WORD = 8  # on the processors whose frames are read


def frame_names(source: Source, target: Target, function: str) -> dict[int, str]:
    """The variables of a function's frame, by their offset from the stack pointer.

    A further word of one variable is named by its distance ("s+8"). Words that no instruction
    names, and that are no parameter's, are not among them. Empty for processors whose frames are
    not read.
    """
    try:
        layout = frame_layout(source, target, function)
    except Superseded:
        raise
    except GolifelabError:
        return {}
    found = dict(_slots(layout))
    return dict(_parameters(source, target, function, layout)) | found


def _slots(layout: FrameLayout) -> Iterator[tuple[int, str]]:
    first: dict[str, int] = {}
    for slot in layout.slots:  # they ascend
        if slot.name:
            start = first.setdefault(slot.name, slot.offset)
            more = slot.offset - start
            yield slot.offset, f"{slot.name}+{more}" if more else slot.name


def _parameters(
    source: Source, target: Target, function: str, layout: FrameLayout
) -> Iterator[tuple[int, str]]:
    """Parameters and results, where the calling convention puts them or lets them be saved."""
    try:
        found = abi(source, target, function)
    except Superseded:
        raise
    except GolifelabError:
        return  # a closure, a generic function: its signature is in no one's words
    base = layout.frame_size + _WORD
    for one in found.assignments:
        if one.offset >= 0:
            yield base + one.offset, one.name or one.role
        for piece in one.pieces if one.spill >= 0 else ():
            more = f"+{piece.offset}" if piece.offset else ""
            yield base + one.spill + piece.offset, f"{one.name or one.role}{more}"
