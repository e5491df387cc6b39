"""What a listing of the compiler is made of: machine instructions, SSA values, trees."""

from __future__ import annotations

import re

_INSTRUCTION = re.compile(r"^\t0x\w+ \d+ \(([^)]*)\)\t(?!PCDATA|FUNCDATA)", re.MULTILINE)
_SSA_VALUE = re.compile(r"\bv\d+ = \w+|= Phi\b")
_TREE = re.compile(r"^(?:\.\s+)+[A-Z]\w*", re.MULTILINE)


def instructions(text: str) -> list[str]:
    """The annotation of every machine instruction in a listing of `-S`, such as "main.go:5"."""
    return [place.rsplit("/", 1)[-1] for place in _INSTRUCTION.findall(text)]


def ssa_values(text: str) -> int:
    """How many definitions of SSA values are in a text."""
    return len(_SSA_VALUE.findall(text))


def tree_lines(text: str) -> int:
    """How many nodes of a printed tree are in a text, as `-W` prints them."""
    return len(_TREE.findall(text))
