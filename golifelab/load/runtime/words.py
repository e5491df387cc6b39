"""What the runtime's numbers for states and reasons mean, in its own words."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from golifelab.link.executable import Executable
from golifelab.link.metadata.layout import goroot_of
from golifelab.load.runtime.structures import Reading

if TYPE_CHECKING:
    from golifelab.link.elf.image import Image

SCANNING = 0x1000  # _Gscan
# runtime2.go: _Gidle, _Grunnable …; the last two since Go 1.25 and 1.26.
_STATES = {
    0: "idle",
    1: "runnable",
    2: "running",
    3: "in a system call",
    4: "waiting",
    6: "dead",
    8: "copying its stack",
    9: "preempted",
    10: "leaked",
    11: "dead, extra",
}
PROCESSOR_STATES = {
    0: "idle",
    1: "running",
    2: "in a system call",
    3: "stopped by the collector",
    4: "dead",
}
_REASON = re.compile(r'^\t(waitReason\w+):\s+"([^"]*)",$', re.MULTILINE)
# The numbers: one block of constants, which counts up from zero.
_NUMBERED = re.compile(r"^\t(waitReason\w+)(?:\s+waitReason = iota)?\s*(?://.*)?$", re.MULTILINE)
_MAX_REASONS = 256


def goroutine_state(word: int) -> str:
    """A goroutine's status in words."""
    return _STATES.get(word, f"status {word}")


def wait_reasons(executable: Executable, process: Reading) -> tuple[str, ...]:
    """The words for what a goroutine waits for, by number, as this program would print them.

    From the program itself; where it does not say, from the source of the Go that wrote it; else
    none.
    """
    symbol = executable.symbol("runtime.waitReasonStrings")
    if symbol is None or not 0 < symbol.size <= 16 * _MAX_REASONS:
        return _declared(executable.image)
    block = process.memory(symbol.address + process.bias, symbol.size)
    pairs = [int.from_bytes(block[i : i + 8], "little") for i in range(0, len(block), 8)]
    return tuple(
        process.memory(address, min(length, 200)).decode("utf-8", "replace") if length else ""
        for address, length in zip(pairs[::2], pairs[1::2], strict=True)
    )


@lru_cache(maxsize=8)
def _declared(image: Image) -> tuple[str, ...]:
    root = goroot_of(image)
    try:
        text = (root or Path("/")).joinpath("src/runtime/runtime2.go").read_text(encoding="utf-8")
    except OSError:
        return ()
    words = dict(_REASON.findall(text))
    return tuple(words.get(name, "") for name in _NUMBERED.findall(text))
