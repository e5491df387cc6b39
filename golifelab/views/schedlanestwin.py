"""The static twin of a traced run: who did what for how long, and what happened to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import Any

from golifelab.run.scheduler.stage import Scheduling
from golifelab.views.html import Markup, details, join, table, tag
from golifelab.views.schedlanes import scheduling_payload

_WAITING = "The program runs under runtime/trace; run the cell again to see what it did."
_STATES = ("Running", "Runnable", "Waiting", "Syscall")
_MAX_EVENTS = 200
_TOLD = ("goroutine", "state", "length", "reason", "call")


def scheduling_html(value: Scheduling) -> Markup:
    """A traced run as tables."""
    return page_html(scheduling_payload(value))


def scheduling_text(value: Scheduling) -> str:
    """A traced run as a few lines."""
    return page_text(scheduling_payload(value))


def page_html(shown: Mapping[str, Any]) -> Markup:
    """The scheduler page as tables: goroutines, Ps, and the spans of the program's goroutines."""
    if not shown.get("spans"):
        return tag("p", str(shown.get("failed") or _WAITING))
    return join(
        [
            tag("p", headline(shown)),
            _goroutines(shown, system=False),
            _processors(shown),
            details("goroutines of the runtime", _goroutines(shown, system=True)),
            details("what happened, in order", _events(shown)),
        ]
    )


def page_text(shown: Mapping[str, Any]) -> str:
    """One line for each goroutine of the program."""
    if not shown.get("spans"):
        return str(shown.get("failed") or _WAITING)
    lines = [headline(shown)]
    for one in shown["goroutines"]:
        if not one["system"]:
            took = ", ".join(
                f"{state.lower()} {duration(one['spent'][state])}"
                for state in _STATES
                if one["spent"].get(state)
            )
            lines.append(f"  G{one['id']} {one['name']}: {took}")
    return "\n".join(lines)


def headline(shown: Mapping[str, Any]) -> str:
    """What was seen, in a sentence or two."""
    sent = sum(not one["system"] for one in shown["goroutines"])
    many = f" ({sent:,} of them are shown)" if sent < shown["own"] else ""
    forced = [
        f"{shown[key]} by {what}"
        for key, what in (("signals", "SIGURG"), ("checks", "a stack check"))
        if shown[key]
    ]
    took = duration(shown["nanoseconds"])
    places = f"{counted(shown['processors'], 'P')} and {counted(len(shown['threads']), 'thread')}"
    parts = [
        f"{took} on {places}",
        f"{counted(shown['own'], 'goroutine')} of the program{many}, {shown['events']:,} events",
        f"preempted: {', '.join(forced)}" if forced else "nobody was preempted",
    ]
    if shown["collections"]:
        parts.append(counted(len(shown["collections"]), "collection"))
    text = "; ".join(parts) + "."
    if shown["ended"] != "finished":
        text += f" The run was stopped: {shown['ended']}."
    if shown["said"]:
        text += f" The program ended: {shown['said']}"
    if shown["cut"]:
        text += f" The trace ends early: {shown['cut']}."
    return text


def counted(count: int, thing: str) -> str:
    """So many of a thing: "1 thread", "2 threads"."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def duration(nanoseconds: int) -> str:
    """A length of time in a unit that suits it."""
    for size, unit in ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs")):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds} ns"


def _goroutines(shown: Mapping[str, Any], *, system: bool) -> Markup:
    rows = (one for one in shown["goroutines"] if one["system"] == system)
    return table(
        ("goroutine", "begins in", *(state.lower() for state in _STATES), "preempted"),
        (
            (
                f"G{one['id']}",
                one["name"],
                *(duration(one["spent"].get(state, 0)) for state in _STATES),
                one["preempted"],
            )
            for one in rows
        ),
        caption="how long each goroutine was in which state",
        numeric=range(2, 7),
    )


def _processors(shown: Mapping[str, Any]) -> Markup:
    import numpy as np

    running = shown["states"].index("Running")
    busy: Counter[int] = Counter()
    turns: Counter[int] = Counter()
    for processor, state, length in shown["spans"].pieces("processor", "state", "length"):
        on = (state == running) & (processor >= 0)
        numbers, places = np.unique(processor[on], return_inverse=True)
        took = np.bincount(places, length[on])
        busy.update(dict(zip(numbers.tolist(), map(int, took.tolist()), strict=True)))
        turns.update(dict(zip(numbers.tolist(), np.bincount(places).tolist(), strict=True)))
    whole = max(shown["nanoseconds"], 1)
    return table(
        ("P", "ran goroutines for", "of the time", "turns"),
        (
            (f"P{number}", duration(busy[number]), f"{busy[number] / whole:.0%}", turns[number])
            for number in sorted(busy)
        ),
        caption="what each P had to do",
        numeric=(1, 2, 3),
    )


def _events(shown: Mapping[str, Any]) -> Markup:
    return table(
        ("at", "goroutine", "is", "for", "why", "where"),
        _rows(shown),
        caption="goroutines of the program, from state to state",
        numeric=(0, 3),
        limit=_MAX_EVENTS,
    )


def _rows(shown: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """What the program's goroutines did; of what is only counted, nothing."""
    import numpy as np

    own = np.array([not one["system"] for one in shown["goroutines"]])
    before = told = 0
    for start, *columns in shown["spans"].pieces("start", *_TOLD):
        at = before + np.cumsum(start)
        before = int(at[-1])
        mine = np.flatnonzero(own[columns[0]])
        some = mine[: _MAX_EVENTS - told]
        cells = (column[some].tolist() for column in (at, *columns))
        for row in zip(*cells, strict=True):
            yield _told(shown, *row)
        told += len(some)
        yield from repeat((), len(mine) - len(some))


def _told(
    shown: Mapping[str, Any], at: int, who: int, state: int, length: int, reason: int, call: int
) -> tuple[str, ...]:
    function, file, line = shown["calls"][call] if call >= 0 else ("", "", 0)
    return (
        duration(at),
        f"G{shown['goroutines'][who]['id']}",
        shown["states"][state].lower(),
        duration(length),
        shown["strings"][reason],
        f"{function} {file.rpartition('/')[2]}:{line}" if function else "",
    )
