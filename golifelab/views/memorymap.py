"""The memory map's payload: all mappings and pages of a process at each of its moments."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.executable import Executable
from golifelab.load.memory.maps import PAGE, Mapping
from golifelab.load.memory.residency import FAULT_AROUND, MEANING, STATES
from golifelab.load.moments.plain import runs
from golifelab.load.moments.regions import KINDS, Region
from golifelab.load.moments.stage import MEANING as MOMENT_MEANING, Moment, Moments
from golifelab.load.moments.taking import held_anywhere, moments_of
from golifelab.program import Program
from golifelab.views.texts import Texts

Payload = dict[str, Any]

# What goes to the browser at most; the whole is in the stage.
MAX_ROWS = 4_000
MAX_SYMBOLS = 20_000
MAX_STACKS = 2_000
MAX_PAGES = 1 << 20  # of all mappings that have any in memory


def moments_in_turn(program: Program) -> Iterator[Moments]:
    """The memory of a program's process: what can be had at once, then all of it.

    Where it cannot be held at any place, all four moments need a changed runtime, which may have
    to be built first. Raises CompileFailed, LinkFailed, and what a live process may raise.
    """
    from golifelab.load.hold.overlay.building import overlay_ready

    opened = program.link()
    if not held_anywhere(opened) and not overlay_ready(program.source, program.target):
        with contextlib.suppress(FeatureUnavailable):
            yield moments_of(opened, tier="pipe")
    yield program.moments


def memory_payload(moments: Moments) -> Payload:
    """A process's memory for the browser. Addresses are run-time addresses, sizes are bytes.

    - `name`, `how`, `notes`, `recorded`; `page`, `window` (pages that may come with one fault)
    - `states`: [word, meaning] of a page; `kinds`: what a mapping's kind means
    - `moments`: see `_moment`
    - `sections`: {name, start, end, file} of the executable, where they are in the process
    - `symbols`: equally long lists by address: start, size, name (in `texts`)
    - `lines`: name of a function of the program's own package → [file, line]
    """
    texts = Texts()
    opened = moments.executable
    bias = moments[0].bias if len(moments) else 0
    return {
        "name": moments.program,
        "how": moments.how,
        "notes": list(moments.notes),
        "recorded": "" if moments.recorded is None else str(moments.recorded),
        "page": PAGE,
        "window": FAULT_AROUND,
        "states": [[state, MEANING[state]] for state in STATES],
        "kinds": KINDS,
        "moments": [_moment(one) for one in moments],
        "sections": [] if opened is None else _sections(opened, bias),
        "symbols": _symbols(opened, bias, texts),
        "lines": {} if opened is None else _lines(opened),
        "texts": texts.texts,
    }


def _moment(one: Moment) -> Payload:
    """A moment: what it is, its totals, its mappings with their pages as runs, and its stacks.

    `rows`: {start, end, permissions, kind, name, why, path, sections, resident, private, pages,
    parts}; `parts` and `stacks` are [start, end, kind, name, why]; `spans` [start, end, words].
    """
    budget = MAX_PAGES
    rows = []
    for row, smap in list(zip(one.rows, one.smaps, strict=True))[:MAX_ROWS]:
        pages = one.states.get(row.start, b"")
        budget -= len(pages)
        parts = one.parts(row)
        rows.append(
            {
                "start": row.start,
                "end": row.end,
                "permissions": row.permissions,
                "kind": row.kind,
                "name": row.name,
                "why": row.why,
                "path": _path(row),
                "sections": list(row.sections),
                "resident": smap.rss,
                "private": smap.anonymous,
                "pages": runs(pages) if budget >= 0 else "",
                "parts": [_region(part) for part in parts] if len(parts) > 1 else [],
            }
        )
    return {
        "name": one.name,
        "meaning": MOMENT_MEANING.get(one.name, ""),
        "held_at": one.held_at,
        "how": one.how,
        "totals": {
            name: getattr(one.totals, name)
            for name in ("mapped", "reserved", "committed", "resident", "file", "private")
        },
        "permissions": [[words, *figures] for words, figures in one.permissions.items()],
        "writable_code": len(one.writable_code),
        "rows": rows,
        "hidden": max(len(one.rows) - MAX_ROWS, 0),
        "stacks": [_region(stack) for stack in one.stacks[:MAX_STACKS]],
        "spans": [
            [span.start, span.end, _span_words(span.kind, span.element, span.used, span.slots)]
            for span in one.spans[:MAX_ROWS]
        ],
    }


def _region(one: Region) -> list[Any]:
    return [one.start, one.end, one.kind, one.name, one.why]


def _span_words(kind: str, element: int, used: int, slots: int) -> str:
    if kind != "objects":
        return kind
    if slots == 1:
        return f"one object of {element:,} bytes"
    return f"objects of up to {element:,} bytes, {used} of {slots} slots handed out"


def _path(row: Mapping) -> str:
    """A path as far as it tells something: where the cache keeps an executable does not."""
    if not row.file:
        return row.path
    return "the program" if row.kind != "library" else row.path


def _sections(opened: Executable, bias: int) -> list[Payload]:
    return [
        {
            "name": section.name,
            "start": section.address + bias,
            "end": section.address + bias + section.size,
            "file": section.file_size > 0,
        }
        for section in opened.sections
        if section.loaded and section.size and section.covers(section.address)
    ]


def _symbols(opened: Executable | None, bias: int, texts: Texts) -> Payload:
    found: dict[int, tuple[int, str]] = {}
    if opened is not None:
        writable = {s.name for s in opened.sections if s.loaded and "W" in s.flags}
        symbols: Iterable[Any] = opened.symbols
        for symbol in symbols:
            if symbol.section in writable and symbol.size:
                found[symbol.address + bias] = (symbol.size, symbol.name)
        with contextlib.suppress(GolifelabError):
            for function in opened.functions:
                found[function.address + bias] = (function.size, function.name)
    kept = sorted(found)[:MAX_SYMBOLS]
    return {
        "start": kept,
        "size": [found[start][0] for start in kept],
        "name": [texts.number(found[start][1]) for start in kept],
    }


def _lines(opened: Executable) -> dict[str, list[Any]]:
    """Where each function of package main begins."""
    found = {}
    with contextlib.suppress(GolifelabError):
        for function in opened.pclntab:
            if function.name.startswith("main.") and function.start_line > 0:
                found[function.name] = [Path(function.file).name, function.start_line]
    return found
