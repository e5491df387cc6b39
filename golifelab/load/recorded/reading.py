"""Recorded processes, for machines that cannot hold a live one."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

from golifelab.data import data_directory
from golifelab.errors import FeatureUnavailable, ParseError
from golifelab.load.hold.process import Process
from golifelab.load.memory.maps import Mapping, Mappings
from golifelab.load.memory.pages import Pages, page_range, parse_pagemap
from golifelab.stage import Recording

PROCESS = "process-hello.json"


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
        rows = tuple(
            Mapping(**row | {"sections": tuple(row["sections"])}) for row in self._moment["maps"]
        )
        return Mappings(
            rows=rows,
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
            for page in parse_pagemap(b64decode(block["entries"]), block["start"])
            if first * 4096 <= page.address < last * 4096
        ]
        return Pages(
            rows=tuple(rows),
            command=f"sudo page-types --pid {self.pid} --list-each --addr {first}-{last}",
            recorded=self.recorded,
            tier="tool",
            precision="line",
        )

    def memory(self, address: int, count: int) -> bytes:
        """Not recorded: FeatureUnavailable."""
        raise FeatureUnavailable(f"reading {count} bytes at {address:#x}", "this is a recording")

    def registers(self) -> dict[str, int]:
        """The registers at that moment."""
        return {name: int(value) for name, value in self._moment["registers"].items()}

    def close(self) -> None:
        """Nothing to release."""

    kill = close


def recorded_process(hold: str | int) -> RecordedProcess:
    """The recorded process at "exec", "first init" or, for all else, main.main."""
    content = read_recording(PROCESS)
    moments = content["moments"]
    return RecordedProcess(
        Recording(**content["recording"]), moments.get(hold, moments["main.main"])
    )


def read_recording(name: str) -> dict[str, Any]:
    """A recording that comes with the project; FeatureUnavailable when it is missing."""
    path = data_directory() / "recordings" / name
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
    except OSError as error:
        raise FeatureUnavailable("a recording", f"there is no {name}") from error
    except ValueError as error:
        raise ParseError("a recording", f"{name}: {error}") from error
    return content
