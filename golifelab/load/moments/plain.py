"""A moment as plain data, and back: for `--json` and for recordings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, astuple
from itertools import groupby
from typing import Any

from golifelab.errors import ParseError
from golifelab.load.memory.maps import Mapping as Row
from golifelab.load.memory.smaps import Smap
from golifelab.load.moments.regions import Region
from golifelab.load.moments.spans import Span
from golifelab.load.moments.stage import Moment, Moments
from golifelab.stage import Recording

# A letter for each state of a page, in the order of `residency.STATES`.
_LETTERS = "afpzs"
_RUN = re.compile(r"(\d+)([afpzs])")
_MAX_PAGES = 1 << 24


def moment_json(moment: Moment) -> dict[str, Any]:
    """A moment as plain data. `pages` has runs of pages in one state: "154f" or "6a201f".

    The letters: a absent, f the file's, p private, z the page of zeroes, s swapped.
    """
    return {
        "name": moment.name,
        "held_at": moment.held_at,
        "how": moment.how,
        "bias": moment.bias,
        "note": moment.note,
        "totals": asdict(moment.totals),
        "mappings": [
            {
                "start": row.start,
                "end": row.end,
                "permissions": row.permissions,
                "offset": row.offset,
                "path": _path(row),
                "file": row.file,
                "kind": row.kind,
                "name": row.name,
                "why": row.why,
                "sections": list(row.sections),
                "pages": runs(moment.states.get(row.start, b"")),
                "kernel": {
                    name: value
                    for name, value in asdict(smap).items()
                    if name not in ("start", "end", "flags")
                }
                | {"flags": " ".join(smap.flags)},
            }
            for row, smap in zip(moment.rows, moment.smaps, strict=True)
        ],
        "regions": [list(astuple(region)) for region in moment.regions],
        "spans": [list(astuple(span)) for span in moment.spans],
        "stacks": [list(astuple(stack)) for stack in moment.stacks],
    }


def _path(row: Row) -> str:
    """A path that tells nothing of where this machine keeps its files."""
    if not row.file:
        return row.path
    return row.name if row.kind == "library" else "program"


def runs(pages: bytes) -> str:
    """States of pages as runs."""
    return "".join(f"{len(list(same))}{_LETTERS[state]}" for state, same in groupby(pages))


def states(text: str) -> bytes:
    """The states of runs; ParseError for anything else."""
    parts = _RUN.findall(text)
    if "".join(f"{count}{letter}" for count, letter in parts) != text:
        raise ParseError("a recording", f"not runs of pages: {text[:40]!r}")
    if sum(int(count) for count, _ in parts) > _MAX_PAGES:
        raise ParseError("a recording", "it has too many pages")
    return b"".join(bytes((_LETTERS.index(letter),)) * int(count) for count, letter in parts)


def moments_from(content: Mapping[str, Any], recording: Recording | None) -> Moments:
    """The moments of plain data, as `Moments.to_json` gives them; ParseError if it is not."""
    try:
        return Moments(
            moments=tuple(_moment(one, recording) for one in content["moments"]),
            how="recording" if recording else str(content["how"]),
            program=str(content["program"]),
            notes=tuple(str(note) for note in content["notes"]),
            command=str(content["command"]),
            recorded=recording,
            tier="tool",
            precision="line",
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ParseError("a recording", f"not moments: {error}") from error


def _moment(one: Mapping[str, Any], recording: Recording | None) -> Moment:
    rows = tuple(_row(data) for data in one["mappings"])
    found = {
        row.start: states(str(data["pages"]))
        for row, data in zip(rows, one["mappings"], strict=True)
    }
    return Moment(
        name=str(one["name"]),
        held_at=str(one["held_at"]),
        how="recording" if recording else str(one["how"]),
        bias=int(one["bias"]),
        rows=rows,
        smaps=tuple(
            _smap(row, data["kernel"]) for row, data in zip(rows, one["mappings"], strict=True)
        ),
        states={start: pages for start, pages in found.items() if pages},
        regions=tuple(Region(*region) for region in one["regions"]),
        spans=tuple(Span(*span) for span in one["spans"]),
        stacks=tuple(Region(*stack) for stack in one["stacks"]),
        note=str(one["note"]),
    )


def _row(data: Mapping[str, Any]) -> Row:
    return Row(
        int(data["start"]),
        int(data["end"]),
        str(data["permissions"]),
        int(data["offset"]),
        "00:01" if data["file"] else "00:00",
        1 if data["file"] else 0,
        str(data["path"]),
        str(data["name"]),
        tuple(map(str, data["sections"])),
        str(data["kind"]),
        str(data["why"]),
    )


def _smap(row: Row, figures: Mapping[str, Any]) -> Smap:
    numbers: dict[str, int] = {
        name: int(value) for name, value in figures.items() if name != "flags"
    }
    return Smap(row.start, row.end, flags=tuple(str(figures["flags"]).split()), **numbers)
