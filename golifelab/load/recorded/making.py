"""What is recorded of a process that is held: its maps, pages and registers, and a chain of calls.

They stand in for live processes on machines that cannot hold one, and say so.
"""

from __future__ import annotations

from typing import Any

from golifelab.link.executable import Executable, link
from golifelab.load.backtrace import println_chain
from golifelab.load.hold.process import Process
from golifelab.load.hold.start import start
from golifelab.load.recorded.envelope import scrubbed
from golifelab.source import Source
from golifelab.target import Target

MOMENTS = ("exec", "first init", "main.main")


def process_content(source: Source, target: Target) -> dict[str, Any]:
    """A process of a program at each moment. Needs ptrace."""
    program = link(source, target)
    return {name: _moment(program, name) for name in MOMENTS}


def chain_content(source: Source, target: Target) -> list[dict[str, Any]]:
    """The chain of calls of a program's first write to standard output. Needs ptrace."""
    frames: list[dict[str, Any]] = scrubbed(
        println_chain(link(source, target)).to_json()["frames"], target
    )
    return frames


def _moment(program: Executable, name: str) -> dict[str, Any]:
    with start(program, hold=name, tier="ptrace") as process:
        return {
            "pid": process.pid,
            "held_at": process.held_at,
            "bias": process.bias,
            "maps": [
                # Where this machine keeps the file is nobody's business.
                [row.start, row.end, row.permissions, row.offset]
                + (["00:01", 1, "/program"] if row.inode else [row.device, 0, row.path])
                + [row.name, list(row.sections)]
                for row in process.maps
            ],
            "pages": _pages(process),
            "registers": process.registers(),
        }


def _pages(process: Process) -> list[dict[str, Any]]:
    blocks = []
    for row in process.maps:
        if row.sections:
            # A digit a page; where the page is in the machine only root is told.
            digits = "".join(
                f"{p.present << 3 | p.swapped << 2 | p.file << 1 | p.soft_dirty:x}"
                for p in process.pages(row.start, row.end)
            )
            blocks.append({"start": row.start, "pages": digits})
    return blocks
