"""The stack-map page's payload: a function's instructions, its frame's cells, and the bitmaps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from golifelab.compile.live import LiveVariables
from golifelab.errors import ParseError
from golifelab.link.elf.image import Image
from golifelab.link.metadata.findfunc import BUCKET, BUCKET_SIZE, SUBBUCKETS
from golifelab.link.metadata.moduledata import module_data
from golifelab.link.metadata.stackmaps import Bitmaps, StackMaps, bit_text
from golifelab.link.metadata.words import Words

# What a page holds at most. The rest is counted; the whole is in the stage's frame.
MAX_INSTRUCTIONS = 20_000
MAX_CELLS = 400
MAX_MAPS = 4_000
MAX_TEXT = 200
_MAX_BUCKETS = 260  # a megabyte of code
_MAX_NEIGHBOURS = 300  # functions of the index that are sent with it
_MAX_BYTES = 1 << 16  # of a function's bitmaps

Payload = dict[str, Any]


def stackmaps_payload(maps: StackMaps, live: LiveVariables | None = None) -> Payload:
    """A function's stack maps for the browser.

    - `function`, `architecture`, `entry`, `end`, `frame_size`, `word`; `file` of its first line
    - `instructions`: equally long lists: address, size, text, line, column (0 where unknown),
      index (of the bitmaps), stop ("call", "growth", ""), unsafe (1 where it may not be stopped),
      names (what the compiler's own -live says, null where it says nothing)
    - `maps`: by index {arguments, locals}: bits as text, word 0 first
    - `cells`: {area, word, offset, name, ever}, the highest address first; `ever` tells whether any
      bitmap calls it a pointer
    - `fixed`: [kind, offset] of the words between both areas
    - `arguments`, `locals`: see `_bitmaps_payload`
    - `lookup`: what findfunc reads on its way to this function, see `_lookup`; null without it
    - `hidden`: instructions, cells and bitmaps that are not sent
    """
    shown = maps.instructions[:MAX_INSTRUCTIONS]
    count = min(len(maps), MAX_MAPS)
    bits = [
        {
            "arguments": bit_text(maps.arguments.pointers(index)),
            "locals": bit_text(maps.locals.pointers(index)),
        }
        for index in range(count)
    ]
    cells = sorted(maps.cells, key=lambda cell: -cell.offset)
    image = maps.executable.image
    return {
        "function": maps.function.name,
        "file": maps.function.file,
        "architecture": maps.architecture,
        "entry": maps.function.entry,
        "end": maps.function.end,
        "frame_size": maps.frame_size,
        "word": maps.word,
        "instructions": {
            "address": [one.address for one in shown],
            "size": [one.size for one in shown],
            "text": [one.text[:MAX_TEXT] for one in shown],
            "line": [one.position.line if one.position else 0 for one in shown],
            "column": [one.position.column if one.position else 0 for one in shown],
            "own": [
                int(one.position is not None and one.position.file == maps.function.file)
                for one in shown
            ],
            "index": [maps.index(one.address) for one in shown],
            "stop": [maps.stop(one) for one in shown],
            "unsafe": [int(maps.unsafe_at(one.address)) for one in shown],
            "names": [_names(live, maps, number) for number in range(len(shown))],
        },
        "maps": bits,
        "cells": [
            {
                "area": cell.area,
                "word": cell.word,
                "offset": cell.offset,
                "name": cell.name,
                "ever": any(one[cell.area][cell.word : cell.word + 1] == "1" for one in bits),
            }
            for cell in cells[:MAX_CELLS]
        ],
        "fixed": list(_fixed(maps)),
        "arguments": _bitmaps_payload(maps.arguments, image),
        "locals": _bitmaps_payload(maps.locals, image),
        "lookup": _lookup(maps),
        "hidden": {
            "instructions": len(maps.instructions) - len(shown),
            "cells": max(len(cells) - MAX_CELLS, 0),
            "maps": len(maps) - count,
        },
    }


def _names(live: LiveVariables | None, maps: StackMaps, number: int) -> list[str] | None:
    """What the compiler says is alive at a call; None where it was not asked, or more than one.

    It says nothing at all of a call with nothing alive.
    """
    one = maps.instructions[number]
    if live is None or maps.stop(one) != "call":
        return None
    told = {
        found.names
        for found in live.at(one.outermost)
        if found.kind != "entry" and (not found.name or found.name.split("[")[0] in one.text)
    }
    return None if len(told) > 1 else [name for names in told for name in names]


def _fixed(maps: StackMaps) -> Iterator[tuple[str, int]]:
    """The words of a frame that no bitmap speaks of, and that every frame has."""
    size, word = maps.frame_size, maps.word
    if maps.architecture in ("amd64", "386"):
        yield "return address", size
        if maps.architecture == "amd64" and size:
            yield "saved frame pointer", size - word
    elif maps.architecture == "arm64":
        yield "caller’s return address", size
        if size:
            yield "caller’s frame pointer", size - word
            yield "return address", 0


def _bitmaps_payload(one: Bitmaps, image: Image) -> Payload | None:
    """The bitmaps of an area; None where the function has none.

    `address`, `offset` in the file, `section`, `count`, `bits`, `stride`; `header`, `data` (hex).
    """
    if one.address is None:
        return None
    return {
        "address": one.address,
        "offset": image.offset_of(one.address),
        "section": one.section,
        "count": one.count,
        "bits": one.bits,
        "stride": one.stride,
        "header": one.header.hex(),
        "data": one.data[:_MAX_BYTES].hex(),
    }


def _lookup(maps: StackMaps) -> Payload | None:
    """What findfunc needs for the function's addresses.

    - `low`, `high`: the addresses of the program's code; `table`, `index`: of functab, findfunctab
    - `buckets`: {number, first, shares}: a function's number, and what each subbucket adds
    - `functions`: [number, entry, name] from the first that a walk can begin at
    """
    image, table = maps.executable.image, maps.executable.pclntab
    try:
        module = module_data(image)
    except ParseError:
        return None
    words = Words(image)
    low, high = module.range("minpc", "maxpc")
    index = module["findfunctab"]
    first = (maps.function.entry - low) // BUCKET
    last = min((maps.function.end - 1 - low) // BUCKET, first + _MAX_BUCKETS)
    buckets: list[Payload] = []
    for number in range(first, last + 1):
        raw = image.bytes_at(index + number * BUCKET_SIZE, BUCKET_SIZE)
        shares = list(raw[4 : 4 + SUBBUCKETS])
        buckets.append({"number": number, "first": words.number(raw[:4]), "shares": shares})
    end = maps.function.index + 2
    start = max(min([buckets[0]["first"], end]), end - _MAX_NEIGHBOURS, 0)
    entries = table.tables.entries
    return {
        "low": low,
        "high": high,
        "table": table.tables.address + table.tables.starts.functions,
        "index": index,
        "buckets": buckets,
        "functions": [
            [
                number,
                table.text + entries[number],
                table[number].name if number < len(table) else "",
            ]
            for number in range(start, min(end, len(entries)))
        ],
    }
