"""What every stage value has in common."""

from __future__ import annotations

import abc
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Tier = Literal["helper", "fallback", "tool"]
Precision = Literal["column", "line"]


@dataclass(frozen=True, slots=True)
class Recording:
    """Where a recorded value comes from: the Go version, the date, the command and a note.

    `program` says whose it is, `platform` and `kernel` on what it ran. The sums are SHA-256: of the
    executable that ran, and of what was recorded.
    """

    go: str
    date: str
    command: str
    note: str = ""
    name: str = ""
    program: str = ""
    platform: str = ""
    kernel: str = ""
    program_sha256: str = ""
    sha256: str = ""

    def __str__(self) -> str:
        whose = f", of the program {self.program}" if self.program else ""
        return f"recorded with go{self.go} on {self.date}{whose}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(abc.ABC):
    """A stage of a program's life, as a value.

    `command` is a shell line that reproduces the data in a terminal. `recorded` is None for live
    data. `tier` says what the data was read from: the "helper" (the real compiler, observed), the
    "fallback" (Go's standard packages and text dumps) or a "tool" as it ships. `precision` says
    whether positions have columns or lines only. `seconds` is how long Go took; it does not count
    for equality. `interrupted`: the reader ended the run that it tells of before it was over; what
    was gathered until then is there, and asking again runs it again.
    """

    command: str
    recorded: Recording | None = None
    tier: Tier = "helper"
    precision: Precision = "column"
    seconds: float = field(default=0.0, compare=False)
    interrupted: bool = field(default=False, compare=False)

    @abc.abstractmethod
    def frame(self) -> pd.DataFrame:
        """The stage as a pandas frame, one row a thing."""

    @abc.abstractmethod
    def to_json(self) -> dict[str, Any]:
        """The stage as plain data for `golifelab show --json`; names and shapes are stable."""

    def header(self) -> dict[str, Any]:
        """The fields every stage's JSON starts with."""
        return {
            "stage": type(self).__name__.lower(),
            "command": self.command,
            "tier": self.tier,
            "precision": self.precision,
            "recorded": None if self.recorded is None else str(self.recorded),
            "milliseconds": round(self.seconds * 1000, 3),
        }
