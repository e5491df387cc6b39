"""What the runtime prints of the collector (GODEBUG=gctrace=1) and the scavenger (scavtrace=1).

The forms are described in $GOROOT/src/runtime/extern.go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_COLLECTION = re.compile(
    r"^gc (?P<number>\d+) @(?P<at>[\d.]+)s (?P<share>\d+)%: "
    r"(?P<clock>[\d.]+(?:\+[\d.]+){2}) ms clock, (?P<cpu>[\d.+/]+) ms cpu, "
    r"(?P<start>\d+)->(?P<end>\d+)->(?P<live>\d+) MB, (?P<goal>\d+) MB goal, "
    r"(?P<stacks>\d+) MB stacks, (?P<globals>\d+) MB globals, (?P<procs>\d+) P"
    r"(?P<forced> \(forced\))?$",
    re.MULTILINE,
)
_SCAVENGE = re.compile(
    r"^scav (?P<background>\d+) KiB work \(bg\), (?P<eager>\d+) KiB work \(eager\), "
    r"(?P<now>\d+) KiB now, (?P<used>\d+)% util"
    r"(?P<forced> \(forced\))?(?: \[controller reset\])?$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Collection:
    """One garbage collection.

    `at_seconds` since the start; `share` of all time in collections so far, in per cent; `clock`
    the milliseconds of its three phases: stop and sweep's end, mark while the program runs, stop
    and mark's end. Heap in MB: as it began, as it ended, what was alive; `goal` is the size at
    which this one was to be done; `stacks` and `globals` were searched for pointers, too.
    """

    number: int
    at_seconds: float
    share: int
    clock: tuple[float, float, float]
    start: int
    end: int
    live: int
    goal: int
    stacks: int
    globals: int
    processors: int
    forced: bool


@dataclass(frozen=True, slots=True)
class Scavenge:
    """What was given back to the kernel: KiB in the background, KiB by need, KiB in all.

    `used` is the share of the memory that is used, in per cent.
    """

    background: int
    eager: int
    now: int
    used: int
    forced: bool


def parse_gctrace(text: str) -> tuple[Collection, ...]:
    """The collections in what a program wrote to standard error; other lines are passed over."""
    return tuple(map(_collection, _COLLECTION.finditer(text)))


def _collection(match: re.Match[str]) -> Collection:
    sweep, mark, termination = map(float, match["clock"].split("+"))
    return Collection(
        number=int(match["number"]),
        at_seconds=float(match["at"]),
        share=int(match["share"]),
        clock=(sweep, mark, termination),
        start=int(match["start"]),
        end=int(match["end"]),
        live=int(match["live"]),
        goal=int(match["goal"]),
        stacks=int(match["stacks"]),
        globals=int(match["globals"]),
        processors=int(match["procs"]),
        forced=match["forced"] is not None,
    )


def parse_scavtrace(text: str) -> tuple[Scavenge, ...]:
    """The scavenger's lines in what a program wrote to standard error."""
    return tuple(
        Scavenge(
            background=int(match["background"]),
            eager=int(match["eager"]),
            now=int(match["now"]),
            used=int(match["used"]),
            forced=match["forced"] is not None,
        )
        for match in _SCAVENGE.finditer(text)
    )
