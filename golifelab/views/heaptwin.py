"""The static twin of a run's heap: who allocates, the collections, memory, the arenas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from golifelab.run.heap.heap import Heap
from golifelab.views.heap import heap_payload
from golifelab.views.html import Markup, code, details, join, table, tag

_WAITING = "The program is at work; run the cell again to see its heap."
_ROWS = 25
_MOMENTS = {
    "begin": "as main begins",
    "most": "when most was alive",
    "last": "when main has returned",
    "end": "after two more collections",
}


def heap_html(heap: Heap) -> Markup:
    """A run's heap as tables."""
    return page_html(heap_payload(heap))


def page_html(shown: Mapping[str, Any]) -> Markup:
    """The heap page as tables."""
    if not shown.get("samples"):
        return tag("p", str(shown.get("failed") or _WAITING))
    who = [_who(shown)] if shown["types"] else []
    return join([tag("p", headline(shown)), *who, _collections(shown), _arenas(shown)])


def page_text(shown: Mapping[str, Any]) -> str:
    """What there is in a sentence, and who allocates most."""
    if not shown.get("samples"):
        return str(shown.get("failed") or _WAITING)
    lines = [headline(shown)]
    names = [name for name, _ in shown["types"]]
    if names:
        at = names.index("alloc_space")
        lines += [f"{flat[at]:>15,} bytes  {name}" for name, flat, _ in functions(shown)[:10]]
    return "\n".join(lines)


def headline(shown: Mapping[str, Any]) -> str:
    """What was allocated, and how often it was collected, in a sentence."""
    names = [name for name, _ in shown["types"]]
    totals = {name: sum(shown["own"][at]) for at, name in enumerate(names)}
    said = (
        f"{totals['alloc_objects']:,} objects of {totals['alloc_space']:,} bytes were allocated"
        f" ({_sampled(shown['rate'])}), at most {totals['inuse_space']:,} bytes were"
        f" alive, {totals['left_space']:,} are left at the end; "
        if names
        else ""
    )
    count = len(shown["collections"])
    ended = f" The run: {shown['ended']}." if shown["ended"] else ""
    return f"{said}{count} collection{'' if count == 1 else 's'} while main ran.{ended}"


def _sampled(rate: int) -> str:
    return "each of them counted" if rate == 1 else f"one sample for {rate:,} bytes"


def functions(shown: Mapping[str, Any]) -> list[tuple[str, list[int], list[int]]]:
    """By function: what it allocates itself, and with what it calls; the most first."""
    nodes, own = shown["nodes"], shown["own"]
    width = len(own)
    flat: dict[str, list[int]] = {}
    total: dict[str, list[int]] = {}
    for row, name_at in enumerate(nodes["name"]):
        values = [column[row] for column in own]
        name = shown["names"][name_at]
        _add(flat.setdefault(name, [0] * width), values)
        way: set[str] = set()
        at = row
        while at >= 0:
            way.add(shown["names"][nodes["name"][at]])
            at = nodes["parent"][at]
        for one in way:
            _add(total.setdefault(one, [0] * width), values)
    names = [name for name, _ in shown["types"]]
    by = names.index("alloc_space")
    rows = [(name, flat.get(name, [0] * width), total[name]) for name in total if name != "all"]
    return sorted(rows, key=lambda row: (-row[1][by], -row[2][by], row[0]))


def _add(into: list[int], values: list[int]) -> None:
    for index, value in enumerate(values):
        into[index] += value


def _who(shown: Mapping[str, Any]) -> Markup:
    names = [name for name, _ in shown["types"]]
    space = [names.index(one) for one in ("alloc_space", "inuse_space", "left_space")]
    heads = ("function", "in itself", "with what it calls", "alive at most", "left at the end")
    rows = (
        (code(name), f"{flat[space[0]]:,}", *(f"{total[one]:,}" for one in space))
        for name, flat, total in functions(shown)[:_ROWS]
    )
    return table(heads, rows, caption="who allocated, in bytes", numeric=range(1, 5))


def _collections(shown: Mapping[str, Any]) -> Markup:
    heads = ("gc", "at", "time in it", "stop, mark, stop (ms)", "heap (MB)", "goal", "stacks", "P")
    rows = (
        (
            number,
            f"{at:.3f} s",
            f"{share} %",
            " + ".join(f"{one:g}" for one in clock),
            f"{start} → {end} → {live}",
            goal,
            stacks,
            procs,
        )
        for number, at, share, clock, start, end, live, goal, stacks, _, procs, _ in shown[
            "collections"
        ]
    )
    return details("the collections", table(heads, rows, numeric=(0, 1, 2, 5, 6, 7)))


def _arenas(shown: Mapping[str, Any]) -> Markup:
    rows = (
        (_MOMENTS.get(moment, moment), code(f"{start:#x}"), reserved >> 20, committed >> 20)
        for moment, found in shown["arenas"]
        for start, reserved, committed in found
    )
    heads = ("moment", "arena", "reserved (MiB)", "of it committed (MiB)")
    return details("the heap's arenas", table(heads, rows, numeric=(2, 3)))
