"""The image map's payload: where everything lies in an executable's file, and in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from golifelab.binary import Binary
from golifelab.link.elf.structure import Section
from golifelab.link.executable import Executable
from golifelab.link.placement.coverage import Coverage, Span, coverage
from golifelab.link.placement.filemap import file_parts
from golifelab.link.placement.stage import Placement
from golifelab.program import Program
from golifelab.views.texts import Texts

Payload = dict[str, Any]

# Spans that go to the browser. Of a program of more, the sections of most spans are left closed.
MAX_SPANS = 80_000
MAX_POINTERS = 5
PAGE = 4096
KINDS = ("symbol", "linker", "padding", "unknown")


def image_payloads(program: Program) -> Iterator[Payload]:
    """The map of a program's executable: at first down to sections, then down to symbols.

    Raises CompileFailed or LinkFailed.
    """
    binary = program.link()
    outline = outline_payload(binary)
    yield outline
    yield outline | spans_payload(binary, binary.placement)


def image_payload(opened: Executable) -> Payload:
    """The whole map of one executable, with the objects' symbols where they are known."""
    known = isinstance(opened, Binary) and opened.source is not None
    placed = opened.placement if known and isinstance(opened, Binary) else None
    return outline_payload(opened) | spans_payload(opened, placed)


def outline_payload(opened: Executable) -> Payload:
    """Headers, segments, sections and the parts of the file. Addresses and sizes are numbers.

    - `facts`: (name, value) of the ELF header
    - `parts`: {name, kind: header | section | gap, start, end} of the file, without a gap
    - `sections`: {name, type, flags, address, offset, size, file_size, loaded, alignment, segment}
      where `segment` is the place of its LOAD segment in `segments`, -1 for none
    - `segments`: {type, permissions, offset, address, file_size, memory_size, alignment}
    """
    image = opened.image
    loads = [s for s in opened.segments if s.type == "LOAD"]
    places = {id(segment): place for place, segment in enumerate(opened.segments)}

    def segment_of(section: Section) -> int:
        # Thread-local room has an address but takes no place there.
        if not section.covers(section.address):
            return -1
        found = (s for s in loads if s.covers(section.address))
        return next((places[id(s)] for s in found), -1)

    return {
        "name": opened.name,
        "size": opened.size,
        "page": PAGE,
        "entry": opened.entry,
        "facts": [
            ["file", f"ELF {image.bits}-bit, {image.byte_order} endian, type {image.type}"],
            ["processor", image.machine],
            ["entry", f"{opened.entry:#x} {opened.entry_symbol}"],
            ["linked by", f"the {opened.linker} linker"],
            ["dynamic loader", opened.interpreter or "none: the kernel starts it directly"],
            ["libraries", ", ".join(opened.needed) or "none"],
        ],
        "parts": [
            {"name": p.name, "kind": p.kind, "start": p.start, "end": p.end, "why": p.evidence}
            for p in file_parts(image)
        ],
        "sections": [
            {
                "name": section.name,
                "type": section.type,
                "flags": section.flags,
                "address": section.address,
                "offset": section.offset,
                "size": section.size,
                "file_size": section.file_size,
                "loaded": section.loaded and segment_of(section) >= 0,
                "alignment": section.alignment,
                "segment": segment_of(section),
            }
            for section in opened.sections
            if section.name
        ],
        "segments": [
            {
                "type": segment.type,
                "permissions": segment.permissions,
                "offset": segment.offset,
                "address": segment.address,
                "file_size": segment.file_size,
                "memory_size": segment.memory_size,
                "alignment": segment.alignment,
            }
            for segment in opened.segments
        ],
    }


def spans_payload(opened: Executable, placed: Placement | None) -> Payload:
    """What each byte of the loaded sections is.

    - `spans`: by section, equally long lists `size`, `kind` (a place in `kinds`), `name`, `why`,
      `package` (places in `texts`) and `number` (of the placed symbol, -1 for none). The first span
      starts at the section's address, each other where the one before ends
    - `closed`: names of sections whose spans were too many
    - `pointers`: by placed symbol's number a list `count` of all that point to it, and the first of
      them one after the other: `shown` how many, `source` (number), `offset`, `kind` (in `texts`)
    - `lines`: number of a function of the program's own package → [file, line]
    """
    texts = Texts()
    made = [coverage(opened, s.name, placed) for s in opened.sections if _divided(opened, s)]
    made.sort(key=len)
    spans, closed, total = {}, [], 0
    for one in made:
        total += len(one)
        if total > MAX_SPANS:
            closed.append(one.section.name)
        else:
            spans[one.section.name] = _columns(one, texts)
    payload: Payload = {"kinds": list(KINDS), "spans": spans, "closed": closed}
    if placed is not None:
        payload["pointers"] = _pointers(placed, texts) if not closed else None
        payload["lines"] = _lines(opened, (span for one in made for span in one))
        payload["counts"] = {
            "objects": placed.objects,
            "definitions": placed.definitions,
            "placed": len(placed),
        }
    return payload | {"texts": texts.texts}


def _divided(opened: Executable, section: Section) -> bool:
    return section.loaded and section.size > 0 and opened.section_at(section.address) == section


def _columns(one: Coverage, texts: Texts) -> Payload:
    return {
        "size": [span.size for span in one],
        "kind": [KINDS.index(span.kind) for span in one],
        "name": [texts.number(span.name) for span in one],
        "why": [texts.number(span.evidence) for span in one],
        "package": [texts.number(span.package) for span in one],
        "number": [span.number for span in one],
    }


def _pointers(placed: Placement, texts: Texts) -> Payload:
    columns = placed.pointer_columns(MAX_POINTERS)
    names = placed.relocation_kinds
    kinds = {kind: texts.number(names[kind]) for kind in set(columns["kind"])}
    return columns | {"kind": [kinds[kind] for kind in columns["kind"]]}


def _lines(opened: Executable, spans: Iterable[Span]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for span in spans:
        if span.package == "main":
            function = opened.pclntab.find(span.start)
            if function is not None and function.start_line > 0:
                found[str(span.number)] = [Path(function.file).name, function.start_line]
    return found
