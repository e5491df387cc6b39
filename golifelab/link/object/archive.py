"""The pieces of an archive: its members, their headers and lines of text, and export data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from golifelab.errors import ParseError
from golifelab.link.object.export import ExportHeader, export_header
from golifelab.link.object.pieces import object_pieces
from golifelab.link.object.tree import Piece, Records, filled

if TYPE_CHECKING:
    from golifelab.link.object.file import Member, ObjectFile

_HEAD = 60
# A member's header, in columns of text: ar(5).
_COLUMNS = (
    ("name", 16),
    ("date", 12),
    ("owner", 6),
    ("group", 6),
    ("mode", 8),
    ("size", 10),
    ("end", 2),
)
# Characters of a value: what follows is in the bytes.
_SHOWN = 200


def archive_piece(file: ObjectFile) -> Piece:
    """The whole file."""
    words = f"{file.size:,} bytes, {len(file.members)} members"
    return Piece(0, file.size, "archive", "archive", words, lambda: _archive(file))


def _archive(file: ObjectFile) -> list[Piece]:
    magic = Piece(0, 8, "archive.magic", "magic", lambda: repr(file.content[:8].decode()))
    number = -1
    members = []
    for member in file.members:
        number += member.kind == "go object"
        members.append(_member(file, member, number))
    return filled(0, file.size, [magic, *members], "padding", "padding")


def _member(file: ObjectFile, member: Member, number: int) -> Piece:
    start, end = member.offset - _HEAD, member.offset + member.size
    end += end & 1 if end < file.size else 0

    def parts() -> list[Piece]:
        head = Piece(
            start, _HEAD, "member.head", "header", member.name, lambda: _head(file.content, start)
        )
        if member.kind == "go object":
            content = _object(file, member, number)
        elif member.kind == "export data":
            content = _export(file, member)
        else:
            content = [
                Piece(
                    member.offset, member.size, "foreign", "content", "no object of Go's compiler"
                )
            ]
        return filled(start, end, [head, *content], "padding", "padding")

    return Piece(start, end - start, "member", member.name, member.kind, parts)


def _head(content: bytes, start: int) -> list[Piece]:
    found = []
    for name, size in _COLUMNS:
        text = content[start : start + size].decode("ascii", "replace").strip()
        found.append(Piece(start, size, f"member.{name}", name, text))
        start += size
    return found


def _lines(content: bytes, start: int, end: int) -> Iterator[Piece]:
    """The text before an object or export data: a line a piece."""
    kind = "banner"
    while start < end:
        after = content.find(b"\n", start, end) + 1 or end
        line = content[start:after].decode("utf-8", "replace").strip()
        if line:
            kind = "border" if line in ("!", "$$B", "$$") else kind
            yield Piece(start, after - start, kind, kind, line[:_SHOWN])
        else:
            yield Piece(start, after - start, "blank", "empty line")
        kind = "note"
        start = after


def _object(file: ObjectFile, member: Member, number: int) -> list[Piece]:
    part = file.parts[number]
    end = member.offset + member.size
    text = list(_lines(file.content, member.offset, part.base))
    rest = part.base + part.end
    pieces = [*text, *object_pieces(file, number)]
    if rest < end:
        pieces.append(Piece(rest, end - rest, "rest", "rest", "nothing refers to it"))
    return pieces


def _export(file: ObjectFile, member: Member) -> list[Piece]:
    content = file.content[member.offset : member.offset + member.size]
    try:
        head = export_header(content, file.enumerations.export_sections)
    except ParseError as error:
        whole = Piece(member.offset, member.size, "export.damaged", "export data", error.detail)
        return [whole]
    return list(_export_pieces(content, member.offset, head))


def _export_pieces(content: bytes, base: int, head: ExportHeader) -> Iterator[Piece]:
    for line in _lines(content, 0, head.start):
        line.offset += base
        yield line
    names = [section.name for section in head.sections]
    table = head.data - 4 * head.elements
    first = table - 4 * len(names)
    start = base + head.start
    yield Piece(start, 1, "export.kind", "kind", "'u': unified IR")
    yield Piece(start + 1, 4, "export.version", "version", str(head.version))
    if first > head.start + 5:
        marks = "with sync markers" if head.sync_markers else "none set"
        yield Piece(start + 5, 4, "export.flags", "flags", marks)
    place, total = base + first, 0
    for section in head.sections:
        total += section.elements
        yield Piece(place, 4, "export.last", f"last {section.name}", str(total))
        place += 4
    if head.elements:
        ends = [end for section in head.sections for end in section.ends]
        yield Piece(
            base + table,
            4 * head.elements,
            "export.ends",
            "ends of the elements",
            f"{head.elements} numbers",
            lambda: Records(
                base + table,
                4,
                head.elements,
                1,
                lambda i, at: Piece(at, 4, "export.end", f"end {i}", str(ends[i] - head.data)),
            ),
        )
    for section in head.sections:
        if section.size:
            yield _section(content, base, section.name, section.offset, section.ends)
    tail = base + head.data + sum(section.size for section in head.sections)
    yield Piece(tail, 8, "export.fingerprint", "fingerprint", head.fingerprint.hex())
    yield from (
        Piece(base + line.offset, line.size, line.kind, line.name, line.value)
        for line in _lines(content, tail + 8 - base, len(content))
    )


def _section(content: bytes, base: int, name: str, start: int, ends: tuple[int, ...]) -> Piece:
    def elements() -> list[Piece]:
        texts = name == "String"
        kind = "export.string" if texts else "export.element"
        return [
            Piece(
                base + a,
                b - a,
                kind,
                f"{name} {number}",
                content[a:b][:_SHOWN].decode("utf-8", "replace") if texts else f"{b - a} bytes",
            )
            for number, (a, b) in enumerate(pairwise((start, *ends)))
            if b > a
        ]

    size = ends[-1] - start
    return Piece(base + start, size, f"export.{name}", name, f"{len(ends)} elements", elements)
