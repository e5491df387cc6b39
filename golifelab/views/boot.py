"""The boot page's payload: arrivals with their stacks, system calls and inits on one axis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from golifelab.load.syscalls.call import SystemCall
from golifelab.run.boot.stage import Boot, BootInit, Milestone
from golifelab.views.bootwords import STEPS, WRONG, words_for

# What a page holds at most. The rest is counted; the whole is in the stage.
MAX_STOPS = 600
MAX_CALLS = 800
MAX_INITS = 400
_MAX_TEXT = 160
# System calls of one kind in a row are one mark from this many on.
_RUN = 3

Payload = dict[str, Any]


def boot_payload(boot: Boot) -> Payload:
    """A program's start for the browser.

    - `release`, `how`, `exit_code`, `cut`, `recorded` (words, "" for live), `counts`,
      `limited` (whether they are too low: the program came to more than is looked at)
    - `names`: the functions that occur; all other places have their numbers
    - `stops`: equally long lists of the arrivals: name, first (1 for a function's first arrival),
      at (µs), thread, sp, stack ("system", "goroutine", "signal"), g, goid, m, register, lo, hi,
      base (where its stack begins, as drawn), chain (lists of names)
    - `calls`: lists: name, text, count (of a run of the same), at, thread, error
    - `inits`: lists: package, at, goid, runtime (1: of the runtime's own list)
    - `events`: [kind, number] in order: kind 0 a stop, 1 a call, 2 an init
    - `words`: name → what it is for; `steps` and `wrong`: of the exercise, those that were reached
    - `hidden`: arrivals, calls and inits that are not sent
    """
    stops, inits = boot.stops[:MAX_STOPS], boot.inits[:MAX_INITS]
    runs = list(_runs(boot.calls))
    calls = runs[:MAX_CALLS]
    names = list(dict.fromkeys(name for stop in boot.stops for name in (stop.name, *stop.chain)))
    number = {name: index for index, name in enumerate(names)}
    reached = set(boot.order)
    return {
        "release": boot.release,
        "how": boot.how,
        "exit_code": boot.exit_code,
        "cut": boot.cut,
        "recorded": "" if boot.recorded is None else str(boot.recorded),
        "counts": dict(boot.counts),
        "limited": boot.limited,
        "names": names,
        "stops": _stops(stops, number),
        "calls": {
            "name": [first.name for first, _ in calls],
            "text": [first.line()[:_MAX_TEXT] for first, _ in calls],
            "count": [count for _, count in calls],
            "at": [first.at for first, _ in calls],
            "thread": [first.thread for first, _ in calls],
            "error": [first.error for first, _ in calls],
        },
        "inits": {
            "package": [one.package for one in inits],
            "at": [one.at_microseconds for one in inits],
            "goid": [one.goid for one in inits],
            "runtime": [int(one.runtime) for one in inits],
        },
        "events": _events(stops, [first for first, _ in calls], inits),
        "words": {name: words_for(name) for name in boot.order if words_for(name)},
        "steps": [name for name in boot.order if name in STEPS],
        "wrong": [name for name in WRONG if name in reached],
        "hidden": {
            "stops": len(boot.stops) - len(stops),
            "calls": len(runs) - len(calls),
            "inits": len(boot.inits) - len(inits),
        },
    }


def _stops(stops: tuple[Milestone, ...], number: dict[str, int]) -> Payload:
    seen: set[str] = set()
    first = []
    for stop in stops:
        first.append(int(stop.name not in seen))
        seen.add(stop.name)
    # Before g0 has its bounds the kernel's stack has none: it begins where the program did.
    start = max(
        (stop.sp for stop in stops if stop.thread == 0 and stop.stack == "system"), default=0
    )
    return {
        "name": [number[stop.name] for stop in stops],
        "first": first,
        "at": [stop.at_microseconds for stop in stops],
        "thread": [stop.thread for stop in stops],
        "sp": [stop.sp for stop in stops],
        "stack": [stop.stack for stop in stops],
        "g": [stop.g for stop in stops],
        "goid": [stop.goid for stop in stops],
        "m": [stop.m for stop in stops],
        "register": [stop.register for stop in stops],
        "lo": [stop.lo for stop in stops],
        "hi": [stop.hi for stop in stops],
        "base": [
            start if stop.thread == 0 and stop.stack == "system" else stop.hi for stop in stops
        ],
        "chain": [[number[name] for name in stop.chain] for stop in stops],
    }


def _runs(calls: tuple[SystemCall, ...]) -> Iterator[tuple[SystemCall, int]]:
    """Calls by when they were, three or more of the same name in a row taken together."""
    ordered = sorted(calls, key=lambda call: call.at)
    index = 0
    while index < len(ordered):
        end = index + 1
        while end < len(ordered) and ordered[end].name == ordered[index].name:
            end += 1
        if end - index >= _RUN:
            yield ordered[index], end - index
        else:
            yield from ((call, 1) for call in ordered[index:end])
        index = end


def _events(
    stops: tuple[Milestone, ...], calls: list[SystemCall], inits: tuple[BootInit, ...]
) -> list[tuple[int, int]]:
    found = [(stop.at_microseconds, 0, index) for index, stop in enumerate(stops)]
    found += [(call.at, 1, index) for index, call in enumerate(calls)]
    # An init begins with the arrival that tells of it.
    found += [(one.at_microseconds, 2, index) for index, one in enumerate(inits)]
    return [(kind, index) for _, kind, index in sorted(found)]
