"""What a reader should know of the tier that answered."""

from __future__ import annotations

from golifelab.program import Program
from golifelab.toolchain.helper import build


def tier_note(program: Program, without: str) -> str:
    """How the pictures of a program are made while the helper is missing; else nothing.

    `without` says what that means for the reader, such as "positions by line".
    """
    if program.tokens.tier != "fallback":
        return ""
    now = build.status(program.target)
    if now.state == "building":
        return f"the observed compiler is being built ({now.seconds:.0f} s): {without}"
    if now.state == "failed":
        return f"the observed compiler could not be built: {without}"
    return f"without the observed compiler: {without}"
