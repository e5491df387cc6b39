"""The lives of all values of a function for the browser, as columns."""

from __future__ import annotations

from typing import Any

from golifelab.compile.ssa.biography import lives
from golifelab.compile.ssa.stage import SSA

# The largest functions of std have a tenth of it.
MAX_EVENTS = 100_000

KINDS = ("built", "changed", "moved", "placed", "gone", "needed")
HOWS = ("", "replaced", "taken over", "unused", "with its users")
_OF_LIVES = ("numbers", "nth", "counts", "swept", "how", "by")
_OF_EVENTS = ("passes", "events", "blocks", "notes")
# Names that a life gives of those that its work went to or that went with it.
_MAX_NAMES = 12


def lives_payload(body: SSA, *, limit: int = MAX_EVENTS) -> dict[str, Any]:
    """What became of every value, pass by pass.

    A row a life, by the value's number: `numbers`, `nth` (2 is the second value of this number),
    `counts` (how many events), `swept` (index of the pass that took it out, -1), `how` (index into
    `hows`) and `by` (names of values and blocks). A row an event, in the same order: `passes`
    (indices), `events` (indices into `kinds`), `blocks` (number, -1 once gone), `notes`. Lives over
    `limit` events are counted in `more` only.
    """
    made: dict[str, Any] = {
        "function": body.function.symbol,
        "kinds": KINDS,
        "hows": HOWS,
    }
    of_lives = ("numbers", "nth", "counts", "swept", "how", "by")
    of_events = ("passes", "events", "blocks", "notes")
    made |= {name: [] for name in of_lives + of_events}
    room, more = limit, 0
    for number, known in lives(body.passes).items():
        for life in known:
            room -= len(life.events)
            if room < 0:
                more += 1
                continue
            made["numbers"].append(number)
            made["nth"].append(life.nth)
            made["counts"].append(len(life.events))
            made["swept"].append(-1 if life.swept is None else life.swept)
            made["how"].append(HOWS.index(life.how))
            made["by"].append(list(life.by[:_MAX_NAMES]))
            for event in life.events:
                made["passes"].append(event.pass_index)
                made["events"].append(KINDS.index(event.kind))
                made["blocks"].append(event.block)
                made["notes"].append(event.note)
    return made | {"more": more}
