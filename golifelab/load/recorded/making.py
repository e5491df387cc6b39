"""Make the recordings of processes: `python -m golifelab.load.recorded.making`.

They stand in for live processes on machines that cannot hold one, and say so.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

from golifelab.data import data_directory
from golifelab.link.executable import Executable, link
from golifelab.load.backtrace import RECORDING, println_chain
from golifelab.load.hold.process import Process
from golifelab.load.hold.start import start
from golifelab.load.recorded.reading import PROCESS
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.go import find_go

HELLO = """package main

import "fmt"

func main() {
	fmt.Println("hello")
}
"""
MOMENTS = ("exec", "first init", "main.main")


def record(source: Source, target: Target) -> dict[str, dict[str, Any]]:
    """Recordings of a program by file name: a process at each moment, a chain. Needs ptrace."""
    program = link(source, target)
    head = {
        "recording": {
            "go": find_go(target.go).version,
            "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
            "command": "python -m golifelab.load.recorded.making",
            "note": f"a program of {len(source.text().splitlines())} lines that prints hello, "
            f"for {target.platform}",
        },
        "source": source.text(),
    }
    return {
        PROCESS: head | {"moments": {name: _moment(program, name) for name in MOMENTS}},
        RECORDING: head | {"frames": _frames(program, str(find_go(target.go).root))},
    }


def _frames(program: Executable, root: str) -> list[dict[str, Any]]:
    frames: list[dict[str, Any]] = println_chain(program).to_json()["frames"]
    for frame in frames:
        frame["file"] = frame["file"].replace(root, "$GOROOT")
    return frames


def _moment(program: Executable, name: str) -> dict[str, Any]:
    with start(program, hold=name, tier="ptrace") as process:
        maps = process.maps.to_json()["mappings"]
        for row in maps:
            if row["inode"]:
                # Where this machine keeps the file is nobody's business.
                row["path"] = "/program"
                row["inode"], row["device"] = 1, "00:01"
        return {
            "pid": process.pid,
            "held_at": process.held_at,
            "bias": process.bias,
            "maps": maps,
            "pages": _pages(process),
            "registers": process.registers(),
        }


def _pages(process: Process) -> list[dict[str, Any]]:
    blocks = []
    for row in process.maps:
        if row.sections:
            # pagemap's frame numbers are dropped: they are zero for all but root.
            entries = [
                (p.present << 63) | (p.swapped << 62) | (p.file << 61) | (p.soft_dirty << 55)
                for p in process.pages(row.start, row.end)
            ]
            raw = b"".join(entry.to_bytes(8, "little") for entry in entries)
            blocks.append({"start": row.start, "entries": b64encode(raw).decode()})
    return blocks


def main(arguments: list[str]) -> int:
    """Write the recording into the folder given, or where the course looks for it."""
    folder = Path(arguments[0]) if arguments else data_directory() / "recordings"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in record(Source.from_text(HELLO), Target()).items():
        (folder / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
