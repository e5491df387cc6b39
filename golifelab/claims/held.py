"""A program that an experiment holds still, to look into its memory."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from golifelab.claims.images import built
from golifelab.claims.workbench import Lab
from golifelab.errors import FeatureUnavailable, LimitExceeded
from golifelab.load.hold.process import Process
from golifelab.load.hold.start import start

_KIB = re.compile(r"^(Vm\w+):\s+(\d+) kB$", re.MULTILINE)
_MOST = 4096  # pointers that are read of a slice


def held(lab: Lab, build: str, where: str) -> Process | None:
    """A build held at a function, or at "exec"; None, with a note, where nothing can be held.

    Use it in a `with` block: the process ends with it.
    """
    try:
        return start(built(lab, build), hold=where, tier="exact")
    except (FeatureUnavailable, LimitExceeded) as error:
        stop = "starti" if where == "exec" else f"break {where}' -ex 'run"
        lab.note(f"gdb -ex '{stop}' {build}", error.message)
        return None


def held_anyhow(lab: Lab, build: str, where: str) -> Process | None:
    """As `held`; where that is refused, by a full pipe: then at its first write, or nearly so."""
    try:
        process = start(built(lab, build), hold=where)
    except (FeatureUnavailable, LimitExceeded) as error:
        lab.note(f"./{build} & cat /proc/$!/maps", error.message)
        return None
    if process.how == "recording":
        process.close()
        lab.note(f"./{build} & cat /proc/$!/maps", "no process can be held here")
        return None
    return process


def status(process: Process) -> dict[str, int]:
    """What the kernel says a process takes: {"VmSize": …, "VmRSS": …}, in bytes."""
    text = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii", errors="replace")
    return {name: int(kib) << 10 for name, kib in _KIB.findall(text)}


def words(process: Process, address: int, count: int) -> list[int]:
    """Pointer-sized words of a process's memory."""
    image = process.executable.image
    size = image.bits // 8
    raw = process.memory(address, count * size)
    order: Literal["little", "big"] = "little" if image.byte_order == "little" else "big"
    return [int.from_bytes(raw[at : at + size], order) for at in range(0, len(raw), size)]


def words_of(process: Process, variable: str, count: int) -> list[int]:
    """The first words of a variable, by its symbol; none where the program does not have it."""
    symbol = process.executable.symbol(variable)
    return words(process, symbol.address + process.bias, count) if symbol else []


def pointers(process: Process, variable: str) -> list[int]:
    """What is in a slice of pointers that is a variable."""
    first, count, *_ = (*words_of(process, variable, 2), 0, 0)
    return words(process, first, min(count, _MOST)) if count else []
