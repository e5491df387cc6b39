"""Reading files of programs, and the records that headers of foreign formats are read into."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from golifelab.errors import GolifelabError, LimitExceeded

MAX_FILE_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Part:
    """A segment or section: where it lies in memory and in the file.

    `address` is a link-time address; `segment` is the name of the segment a section lies in.
    """

    name: str
    permissions: str
    address: int
    memory_size: int
    offset: int
    file_size: int
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Headers:
    """What the headers of a file say, whatever the format. `entry` is None for no code to start."""

    format: str
    machine: str
    bits: int
    byte_order: str
    flavour: str
    entry: int | None
    segments: tuple[Part, ...]
    sections: tuple[Part, ...]
    libraries: tuple[str, ...]
    loader: str


def read_file(path: Path) -> bytes:
    """The bytes of a file; GolifelabError when it can't be read or is larger than any program."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise LimitExceeded(str(path), f"{MAX_FILE_BYTES >> 30} GiB")
        return path.read_bytes()
    except OSError as error:
        raise GolifelabError(f"cannot read {path}: {error.strerror or error}") from error
