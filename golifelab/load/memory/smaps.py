"""What the kernel accounts for each mapping of a process: /proc/PID/smaps as values."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from golifelab.errors import ParseError
from golifelab.load.memory.maps import MAX_MAPPINGS, Mapping, parse_maps

_FIELD = re.compile(rb"^([A-Z]\w*): +(\d+) kB$")
_FLAGS = b"VmFlags:"
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Smap:
    """A mapping's memory, in bytes. proc_pid_smaps(5) has the meaning of each figure.

    `size` is of its addresses, `rss` of its pages in memory. Those are divided into `shared_clean`,
    `shared_dirty`, `private_clean` and `private_dirty`; `anonymous` are the ones that belong to no
    file (a file's page that was written to is one). `flags` are the kernel's two-letter words.
    """

    start: int
    end: int
    size: int = 0
    rss: int = 0
    pss: int = 0
    shared_clean: int = 0
    shared_dirty: int = 0
    private_clean: int = 0
    private_dirty: int = 0
    referenced: int = 0
    anonymous: int = 0
    swap: int = 0
    flags: tuple[str, ...] = ()


_NAMES = {name.encode(): name for name in (field.name for field in fields(Smap))}


def parse_smaps(text: bytes) -> tuple[tuple[Mapping, ...], tuple[Smap, ...]]:
    """The mappings of a smaps file, which are those of maps, and each one's memory.

    Figures that a kernel does not tell are 0. ParseError for anything that is not smaps.
    """
    heads: list[bytes] = []
    figures: list[dict[str, int]] = []
    flags: list[tuple[str, ...]] = []
    for number, line in enumerate(text.splitlines(), 1):
        found = _FIELD.match(line)
        if not line:
            raise ParseError("/proc/PID/smaps", "an empty line", line=number)
        if found is None and not line.startswith(_FLAGS) and not _known_other(line):
            heads.append(line)
            figures.append({})
            flags.append(())
            if len(heads) > MAX_MAPPINGS:
                raise ParseError("/proc/PID/smaps", "it has too many mappings")
        elif not heads:
            raise ParseError("/proc/PID/smaps", f"it begins with {line[:40]!r}", line=number)
        elif found is not None:
            name = _NAMES.get(found[1].lower())
            if name is not None:
                figures[-1][name] = int(found[2]) * _KIB
        elif line.startswith(_FLAGS):
            flags[-1] = tuple(line[len(_FLAGS) :].decode("ascii", "replace").split())
    rows = parse_maps(b"\n".join(heads))
    return rows, tuple(
        Smap(row.start, row.end, flags=flag, **figure)
        for row, figure, flag in zip(rows, figures, flags, strict=True)
    )


def _known_other(line: bytes) -> bool:
    """Lines with no figure in kB: "THPeligible:    0", "ProtectionKey:         0"."""
    return re.match(rb"^[A-Z]\w*: +\d+$", line) is not None
