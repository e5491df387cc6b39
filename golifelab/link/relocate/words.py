"""What became of a relocation, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golifelab.link.object.meaning import relocation_words

if TYPE_CHECKING:
    from golifelab.link.relocate.applied import AppliedRelocation


def outcome_words(row: AppliedRelocation) -> str:
    """A sentence or two for a reader who sees the bytes beside them."""
    symbol = row.symbol or "a constant"
    if row.outcome == "patched":
        return relocation_words(row.kind)
    if row.outcome == "redirected" and row.is_call:
        return (
            f"{symbol} is not in the program: nothing uses the map that it fills, and a weak call"
            f" keeps nobody alive. The call leads to {row.redirected} instead, which only returns."
        )
    if row.outcome == "redirected":
        return (
            f"{symbol} is not in the program: nothing can call it. Its place holds the address of"
            f" {row.redirected}, which throws if it is ever called."
        )
    if row.outcome == "no method":
        return (
            f"{symbol} is not in the program: no interface and no reflection can call the method."
            " -1 says so to the runtime."
        )
    if row.outcome == "left alone":
        return f"{symbol} is not in the program, and a weak reference may stay zero."
    if row.outcome == "note":
        return relocation_words(row.kind) or "It has no bytes: it is a note for the linker."
    if row.outcome == "another copy":
        return f"Several packages define {row.owner}; the linker took another one's."
    if row.outcome == "not in the program":
        return f"{row.owner} is not in the program: nothing needs it."
    if row.target_address is not None:
        return f"How {row.kind} is reckoned is not known here."
    return f"Where {symbol} is could not be found."
