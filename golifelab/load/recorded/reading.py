"""Recorded processes, for machines that cannot hold a live one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from golifelab.errors import FeatureUnavailable
from golifelab.load.hold.process import Process
from golifelab.load.memory.maps import Mapping, Mappings
from golifelab.load.memory.pages import Pages, page_range, parse_pagemap
from golifelab.load.memory.smaps import Smap
from golifelab.load.recorded.envelope import recorded
from golifelab.stage import Recording

PROCESS = "process-hello"


class RecordedProcess(Process):
    """What a process showed at one moment, once. It is another program's than the reader's."""

    how = "recording"

    def __init__(self, recording: Recording, moment: dict[str, Any]) -> None:
        self.recorded = recording
        self.held_at = str(moment["held_at"])
        self._moment = moment

    def __repr__(self) -> str:
        return f"<Process held at {self.held_at}, {self.recorded}>"

    @property
    def pid(self) -> int:
        """The process id it had."""
        return int(self._moment["pid"])

    @property
    def alive(self) -> bool:
        """A recording lasts."""
        return True

    @property
    def bias(self) -> int:
        """Run-time address minus link-time address."""
        return int(self._moment["bias"])

    @property
    def maps(self) -> Mappings:
        """The mappings at that moment."""
        rows = []
        for *place, device, inode, path, name, sections in self._moment["maps"]:
            start, end, permissions, offset = place
            mapping = Mapping(start, end, permissions, offset, device, inode, path)
            rows.append(replace(mapping, name=name, sections=tuple(sections)))
        return Mappings(
            rows=tuple(rows),
            held_at=self.held_at,
            command=f"cat /proc/{self.pid}/maps",
            recorded=self.recorded,
            tier="tool",
            precision="line",
        )

    def pages(self, start: int, end: int) -> Pages:
        """The recorded pages of [start, end): those of the program's segments."""
        first, last = page_range(start, end)
        rows = [
            page
            for block in self._moment["pages"]
            for page in parse_pagemap(_pagemap(block["pages"]), block["start"])
            if first * 4096 <= page.address < last * 4096
        ]
        return Pages(
            rows=tuple(rows),
            command=f"sudo page-types --pid {self.pid} --list-each --addr {first}-{last}",
            recorded=self.recorded,
            tier="tool",
            precision="line",
        )

    @property
    def smaps(self) -> tuple[Smap, ...]:
        """Not recorded here: FeatureUnavailable. The four moments' recording has them."""
        raise FeatureUnavailable("smaps of the process", "this is a recording")

    def pagemap(self, start: int, end: int) -> bytes:
        """Not recorded as bytes: FeatureUnavailable. `pages` has what is known."""
        raise FeatureUnavailable(f"pagemap of {start:#x} to {end:#x}", "this is a recording")

    def memory(self, address: int, count: int) -> bytes:
        """Not recorded: FeatureUnavailable."""
        raise FeatureUnavailable(f"reading {count} bytes at {address:#x}", "this is a recording")

    def registers(self) -> dict[str, int]:
        """The registers at that moment."""
        return {name: int(value) for name, value in self._moment["registers"].items()}

    def close(self) -> None:
        """Nothing to release."""

    kill = close


def _pagemap(digits: str) -> bytes:
    """Entries of a pagemap out of a digit a page: present, swapped, of the file, soft-dirty."""
    entries = bytearray()
    for digit in digits:
        bits = int(digit, 16)
        entry = (bits >> 1) << 61 | (bits & 1) << 55
        entries += entry.to_bytes(8, "little")
    return bytes(entries)


def recorded_process(hold: str | int) -> RecordedProcess:
    """The recorded process at "exec", "first init" or, for all else, main.main."""
    found = recorded(PROCESS)
    moments = found.content
    return RecordedProcess(found.recording, moments.get(hold, moments["main.main"]))
