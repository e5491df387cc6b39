"""Whether a running program waits for ever, seen from outside: nothing of it is stopped or changed.

The runtime reports a deadlock when no goroutine can run and no timer is set. What watches a program
has goroutines and a timer of its own, and under it the program would just wait.
$GOROOT/src/runtime/proc.go, checkdead
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from golifelab.errors import GolifelabError
from golifelab.link.executable import Executable
from golifelab.load.memory.maps import load_bias, parse_maps
from golifelab.load.runtime.structures import Structures, structures
from golifelab.load.runtime.words import SCANNING, goroutine_state, wait_reasons

# Reasons that only another goroutine can end: no timer, no file, and not the collector.
_FOR_EVER = frozenset(
    (
        "chan receive",
        "chan receive (nil chan)",
        "chan send",
        "chan send (nil chan)",
        "coroutine",
        "select",
        "select (no cases)",
        "semacquire",
        "sync.Cond.Wait",
        "sync.Mutex.Lock",
        "sync.RWMutex.Lock",
        "sync.RWMutex.RLock",
        "sync.WaitGroup.Wait",
    )
)
_GONE = frozenset(("idle", "dead", "dead, extra"))
# Timers of the runtime that wake none of the program's goroutines: those of a trace, and of what
# gives memory back.
_RUNTIMES_OWN = ("runtime.newWakeableSleep.", "runtime.(*scavengerState).")
_SLEEP = "runtime.goroutineReady"
_ASLEEP = "all goroutines are asleep - deadlock!"
_NONE = "no goroutines (main called runtime.Goexit) - deadlock!"
_MAX_GOROUTINES = 100_000
_MAX_TIMERS = 10_000
# What reading may raise: the process has ended, or nobody may look into it.
_ENDED = (GolifelabError, OSError, ValueError, OverflowError)
# Looking may take this part of the time.
_SHARE = 0.1


class ForEver:
    """Looks at a process again and again; `program` is what it runs.

    `added` says of the function that a goroutine began with whether it is none of the program's.
    """

    def __init__(self, program: Executable, added: Callable[[str], bool]) -> None:
        self._program = program
        self._added = added
        self._ticks = -1
        self._not_before = 0.0

    def __call__(self, pid: int) -> str:
        """What the runtime says of a process whose goroutines all wait for each other.

        "" where they do not, or where nobody may look.

        It looks only at a process that has used no processor time since the last call.
        """
        ticks, self._ticks = self._ticks, _ticks(pid)
        now = time.monotonic()
        if ticks != self._ticks or now < self._not_before:
            return ""
        found = ""
        with suppress(*_ENDED), _Memory(pid, self._program) as memory:
            found = _Look(memory, structures(self._program), self._added).for_ever()
        ended = time.monotonic()
        self._not_before = ended + (ended - now) / _SHARE
        return found


class _Memory:
    """The memory of a running process: its parent may read it, as a debugger may."""

    def __init__(self, pid: int, program: Executable) -> None:
        self.program = program
        rows = parse_maps(Path(f"/proc/{pid}/maps").read_bytes())
        self.bias = load_bias(rows, program.image, os.path.realpath(program.path))
        self._file = os.open(f"/proc/{pid}/mem", os.O_RDONLY | os.O_CLOEXEC)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def memory(self, address: int, count: int) -> bytes:
        return os.pread(self._file, count, address)

    def word(self, address: int) -> int:
        return int.from_bytes(self.memory(address, 8), "little")

    def function(self, code: int) -> str:
        found = self.program.function_at(code - self.bias) if code else None
        return found.name if found else ""


class _Look:
    """One look at the goroutines and timers of a process that goes on meanwhile."""

    def __init__(self, memory: _Memory, known: Structures, added: Callable[[str], bool]) -> None:
        self.memory, self.known, self.added = memory, known, added
        self.reasons = wait_reasons(memory.program, memory)
        self.size = known.layout("runtime.g").size
        names = ("atomicstatus", "waitreason", "startpc", "goid", "trackingSeq")
        self.places = {name: known.offset("runtime.g", name) for name in names}
        self.ours: set[int] = set()  # the addresses of goroutines that are not the program's

    def for_ever(self) -> str:
        """What the runtime says when no goroutine can go on; "" when one can.

        A goroutine that runs in between is counted by the runtime (trackingSeq) when it stops
        again. So, where two rounds give the same, all waited at the moment between them.
        """
        before = self._waiting()
        if before is None or any(self._timers()) or before != self._waiting():
            return ""
        return _ASLEEP if before else _NONE

    def _waiting(self) -> dict[int, tuple[int, int]] | None:
        """The program's goroutines with their marks; None when one of them is not waiting."""
        listed = self._global("runtime.allgs")
        if not 0 < listed["len"] <= _MAX_GOROUTINES:
            return None
        found = {}
        for address in self._pointers(listed):
            g = self.memory.memory(address, self.size)
            state = goroutine_state(self._of(g, "atomicstatus", 4) & ~SCANNING)
            start = self.memory.function(self._of(g, "startpc", 8))
            if state in _GONE:
                continue
            if self.added(start) or start.startswith("runtime/trace."):
                self.ours.add(address)
                continue
            reason = self._of(g, "waitreason", 1)
            word = self.reasons[reason] if reason < len(self.reasons) else ""
            system = start.startswith("runtime.") and start != "runtime.main"
            if state != "waiting" or not (system or word in _FOR_EVER):
                return None
            if not system:
                found[address] = self._of(g, "goid", 8), self._of(g, "trackingSeq", 1)
        return found

    def _timers(self) -> Iterator[str]:
        """The functions of timers that are set and may wake the program."""
        heap = self.known.offset("runtime.p", "timers.heap")
        step = self.known.layout("runtime.timerWhen").size
        of = {name: self.known.offset("runtime.timer", name) for name in ("f", "arg")}
        for p in self._pointers(self._global("runtime.allp")):
            array, count = self.memory.word(p + heap), self.memory.word(p + heap + 8)
            if count > _MAX_TIMERS:
                yield "too many"
                return
            for row in range(count):
                timer = self.memory.word(array + row * step)
                code = self.memory.word(self.memory.word(timer + of["f"])) if timer else 0
                name = self.memory.function(code)
                sleeper = self.memory.word(timer + of["arg"] + 8) if name == _SLEEP else 0
                if not name.startswith(_RUNTIMES_OWN) and sleeper not in self.ours:
                    yield name

    def _global(self, name: str) -> Any:
        return self.known.global_(self.memory, name)

    def _pointers(self, listed: Any) -> Iterator[int]:
        block = self.memory.memory(listed["array"], 8 * listed["len"])
        for at in range(0, len(block), 8):
            yield int.from_bytes(block[at : at + 8], "little")

    def _of(self, g: bytes, name: str, size: int) -> int:
        place = self.places[name]
        return int.from_bytes(g[place : place + size], "little")


def _ticks(pid: int) -> int:
    """The processor time that a process has used, in the kernel's ticks; -2 when it is gone."""
    with suppress(OSError):
        words = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b") ")[2].split()
        return int(words[11]) + int(words[12])
    return -2
