"""The mappings of a process: /proc/PID/maps as values, joined with the executable's segments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from golifelab.errors import ParseError
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

    from golifelab.link.elf.image import Image
    from golifelab.link.elf.structure import Section, Segment

PAGE = 4096
MAX_MAPPINGS = 1 << 17  # the kernel's own default limit is half of this
# proc_pid_maps(5): start-end permissions offset major:minor inode path
_LINE = re.compile(
    rb"^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ([r-][w-][x-][ps]) ([0-9a-f]{1,16}) "
    rb"([0-9a-f]+:[0-9a-f]+) (\d+)(?: +(.*))?$"
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A range of a process's addresses with one origin and one set of permissions.

    `path` is the file, or the kernel's word such as "[stack]" or "[anon: Go: heap]" (with kernels
    that keep Go's notes), or "". `name` says in words what it is, as far as that is known for
    certain. `sections` are the executable's sections that lie in it. Where Go's runtime was asked,
    `kind` is one of a few words for what the memory is for, and `why` tells how that is known.
    """

    start: int
    end: int
    permissions: str
    offset: int
    device: str
    inode: int
    path: str
    name: str = ""
    sections: tuple[str, ...] = ()
    kind: str = ""
    why: str = ""

    @property
    def size(self) -> int:
        """Bytes."""
        return self.end - self.start

    @property
    def page_count(self) -> int:
        """Pages of 4 KiB."""
        return self.size // PAGE

    @property
    def file(self) -> bool:
        """Whether its pages come from a file."""
        return self.inode != 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mappings(Stage, Sequence[Mapping]):
    """All mappings of a process, by address, at one moment. `held_at` says which."""

    rows: tuple[Mapping, ...] = field(repr=False)
    held_at: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __iter__(self) -> Iterator[Mapping]:
        return iter(self.rows)

    def at(self, address: int) -> Mapping | None:
        """The mapping that covers an address."""
        return next((row for row in self.rows if row.start <= address < row.end), None)

    def named(self, name: str) -> Mapping | None:
        """The first mapping with a name."""
        return next((row for row in self.rows if row.name == name), None)

    def frame(self) -> pd.DataFrame:
        """One row a mapping."""
        import pandas as pd

        return pd.DataFrame([_json(row) for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """One entry a mapping."""
        return self.header() | {
            "held_at": self.held_at,
            "mappings": [_json(row) for row in self.rows],
        }


def parse_maps(text: bytes) -> tuple[Mapping, ...]:
    """The lines of a maps file; ParseError for anything else."""
    lines = text.splitlines()
    if len(lines) > MAX_MAPPINGS:
        raise ParseError("/proc/PID/maps", f"it has {len(lines)} lines")
    found: list[Mapping] = []
    for number, line in enumerate(lines, 1):
        match = _LINE.match(line)
        if match is None:
            raise ParseError("/proc/PID/maps", f"not a mapping: {line[:80]!r}", line=number)
        start, end, permissions, offset, device, inode, path = match.groups()
        mapping = Mapping(
            int(start, 16),
            int(end, 16),
            permissions.decode(),
            int(offset, 16),
            device.decode(),
            int(inode),
            (path or b"").decode("utf-8", "surrogateescape"),
        )
        if mapping.start >= mapping.end or (found and mapping.start < found[-1].end):
            raise ParseError("/proc/PID/maps", "the ranges are not in order", line=number)
        found.append(mapping)
    return tuple(found)


def load_bias(rows: Sequence[Mapping], image: Image, path: str) -> int:
    """How far the program was moved: run-time address minus link-time address (0 unless PIE)."""
    first = next((s for s in image.segments if s.type == "LOAD"), None)
    place = next((row.start for row in rows if row.path == path), None)
    if image.type != "DYN" or first is None or place is None:
        return 0
    return place - first.address // PAGE * PAGE


def describe(rows: Sequence[Mapping], image: Image, path: str, bias: int) -> tuple[Mapping, ...]:
    """The mappings with name and sections filled in."""
    segments = [segment for segment in image.segments if segment.type == "LOAD"]
    return tuple(_described(row, segments, image.sections, path, bias) for row in rows)


def _described(
    row: Mapping, segments: list[Segment], sections: Sequence[Section], path: str, bias: int
) -> Mapping:
    if row.path and row.path != path:
        return replace(row, name=_other(row.path))
    start, end = row.start - bias, row.end - bias
    # The kernel joins neighbours that have the same file, permissions and adjoining offsets.
    covered = [s for s in segments if start < _end(s) and _start(s) < end]
    inside = covered and _start(covered[0]) <= start and end <= _end(covered[-1])
    if not inside:
        return replace(row, name="" if row.path else "anonymous memory")
    within = tuple(
        section.name
        for section in sections
        if section.loaded and "T" not in section.flags and section.size
        # A section and a mapping share bytes.
        if section.address < end and start < section.address + section.size
    )
    name = " and ".join(f"segment {segment.permissions}" for segment in covered)
    if not row.path:
        name += ", zeroed data"
    elif all(segment.permissions != row.permissions[:3] for segment in covered):
        name += f", now {row.permissions[:3]}"  # made read-only once the loader had relocated it
    return replace(row, name=name, sections=within)


def _start(segment: Segment) -> int:
    return segment.address // PAGE * PAGE


def _end(segment: Segment) -> int:
    return -(-(segment.address + segment.memory_size) // PAGE) * PAGE


def _other(path: str) -> str:
    if path.startswith("[anon:"):
        return path[6:-1].strip()
    if path.startswith("["):
        return path[1:-1]
    return path.rsplit("/", 1)[-1]


def _json(row: Mapping) -> dict[str, Any]:
    known = {"kind": row.kind, "why": row.why} if row.kind else {}
    return known | {
        "start": row.start,
        "end": row.end,
        "permissions": row.permissions,
        "offset": row.offset,
        "device": row.device,
        "inode": row.inode,
        "path": row.path,
        "name": row.name,
        "sections": list(row.sections),
    }
