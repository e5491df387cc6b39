"""Read what the prove pass prints at debug level 3: facts, contradictions and proofs, in order.

The lines come from prove.go and loopbce.go in cmd/compile/internal/ssa; they differ a little from
version to version, and a line of an unknown form is kept as "other".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from golifelab.compile.ssa.passes import number_of
from golifelab.position import Position

Kind = Literal["relation", "limit", "contradiction", "induction", "proof", "other"]

_LINE = re.compile(r"(?P<file>[^\s:][^:]*):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<text>.*)$")
_PAIR = r"(?P<left>v\d+) (?P<right>v\d+) (?P<op>\S+)$"
_RELATION = re.compile(rf"parent=(?P<block>b\d+), update {_PAIR}")
_UNSAT = re.compile(rf"unsat {_PAIR}")
_LIMIT = re.compile(
    r"new limit (?P<value>v\d+) "
    r"(?:sm,SM=(?P<min>-?\d+),(?P<max>-?\d+) um,UM=(?P<umin>\d+),(?P<umax>\d+)"
    r"|sm,SM,um,UM=(?P<min2>-?\d+),(?P<max2>-?\d+),(?P<umin2>\d+),(?P<umax2>\d+))"
    r" unsat=(?P<unsat>true|false)$"
)
_INDUCTION = re.compile(r"Induction variable: limits .*?(?:\((?P<value>v\d+)\))?$")
_PROOF = re.compile(r"(?:Proved|Disproved|Rewrote) .+|Inverted loop iteration$")
_VALUE = re.compile(r"\bv\d+\b")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the pass's log.

    `kind` is "relation" (two values it is `about`, the `relation` between them, noted at `block`),
    "limit" (the value it is `about` lies in `signed` and in `unsigned`, both inclusive),
    "contradiction" (a relation or limit that can't hold together with what is known), "induction"
    (a loop variable), "proof" or "other". `block` is -1 where the line names none.
    """

    kind: Kind
    text: str
    position: Position | None = None
    about: tuple[int, ...] = ()
    relation: str = ""
    block: int = -1
    signed: tuple[int, int] | None = None
    unsigned: tuple[int, int] | None = None


def read(lines: Iterable[str]) -> Iterator[Fact]:
    """The facts in a log, line by line."""
    for line in lines:
        found = _LINE.match(line)
        if found is None:
            yield _fact(line, None)
        else:
            place = Position(found["file"], int(found["line"]), int(found["column"] or 0))
            yield _fact(found["text"], place)


def _fact(text: str, position: Position | None) -> Fact:
    if found := _RELATION.match(text):
        values = number_of(found["left"], "v"), number_of(found["right"], "v")
        block = number_of(found["block"], "b")
        return Fact("relation", text, position, values, found["op"], block)
    if found := _UNSAT.match(text):
        values = number_of(found["left"], "v"), number_of(found["right"], "v")
        return Fact("contradiction", text, position, values, found["op"])
    if found := _LIMIT.match(text):
        return _limit(found, text, position)
    named = tuple(dict.fromkeys(number_of(name, "v") for name in _VALUE.findall(text)))
    if found := _INDUCTION.match(text):
        own = found["value"]
        first = (number_of(own, "v"),) if own else ()
        return Fact("induction", text, position, tuple(dict.fromkeys((*first, *named))))
    return Fact("proof" if _PROOF.match(text) else "other", text, position, named)


def _limit(found: re.Match[str], text: str, position: Position | None) -> Fact:
    # Go 1.24 and 1.25 write the four numbers in one list.
    numbers = [int(found[name] or found[f"{name}2"]) for name in ("min", "max", "umin", "umax")]
    return Fact(
        "contradiction" if found["unsat"] == "true" else "limit",
        text,
        position,
        (number_of(found["value"], "v"),),
        signed=(numbers[0], numbers[1]),
        unsigned=(numbers[2], numbers[3]),
    )
