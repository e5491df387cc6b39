"""Read what a rewriting pass prints at debug level 2: every change it makes, in order.

applyRewrite in cmd/compile/internal/ssa/rewrite.go prints a changed value up to three times, each
time from how it began: when a phi of one value went, when arguments that are mere copies were
skipped, and when a rule was applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["rule", "copies", "phi"]

_REWRITING = re.compile(r"rewriting (?P<before>.*?)  ->  (?P<after>.*)$")
_ITERATION = re.compile(r"(?P<pass>.+): iter (?P<number>\d+)$")
_CONSIDER = re.compile(r"(?P<pass>.+?): consider (?P<value>v\d+ = .*)$")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a value or block, as text.

    `iteration` counts the rounds over the whole function, -1 where Go does not print them (before
    1.26). `kind` is "rule", "copies" (arguments that are copies were skipped) or "phi" (all its
    arguments are one value).
    """

    iteration: int
    kind: Kind
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A value as it stands when the pass looks at it."""

    text: str


def read(lines: Iterable[str]) -> Iterator[Change | Seen]:
    """The changes and the values looked at, in order. Unknown lines are passed over."""
    iteration = -1
    group: list[tuple[str, str]] = []
    for line in lines:
        found = _REWRITING.match(line)
        if found:
            if group and group[0][0] != found["before"]:
                yield from _changes(group, iteration)
                group = []
            group.append((found["before"], found["after"]))
            continue
        yield from _changes(group, iteration)
        group = []
        if consider := _CONSIDER.match(line):
            yield Seen(consider["value"])
        elif start := _ITERATION.match(line):
            iteration = int(start["number"])
    yield from _changes(group, iteration)


def _changes(group: list[tuple[str, str]], iteration: int) -> Iterator[Change]:
    """The changes behind the lines about one value: each line repeats what was done before it."""
    kinds: tuple[Kind, ...] = ("phi", "copies", "rule")
    before = group[0][0] if group else ""
    for kind, (_, after) in zip(kinds[-len(group) :], group[-3:], strict=False):
        if after != before or len(group) == 1:
            yield Change(iteration, kind, before, after)
        before = after
