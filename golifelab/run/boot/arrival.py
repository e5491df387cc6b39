"""One arrival at a function of the start: what is kept of it at once, and what it says later.

While an arrival is looked at the process stands still, so only bytes are copied then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from golifelab.errors import GolifelabError
from golifelab.link.executable import Executable
from golifelab.load.hold.architecture import Architecture
from golifelab.load.runtime.chain import chain
from golifelab.load.runtime.structures import Structures
from golifelab.run.boot.places import INIT
from golifelab.run.boot.stage import Milestone, StackKind

_STACK = 4096  # bytes of a stack that are kept: enough to tell who called
# Where the current goroutine is noted, and the register that compiled code keeps it in.
_REGISTER = {"amd64": "r14", "arm64": "x28"}
_ARGUMENT = {"amd64": "rax", "arm64": "x0"}


class Stopped(Protocol):
    """A thread that stands still."""

    @property
    def address(self) -> int:
        """The link-time address it is about to execute."""

    @property
    def thread(self) -> int:
        """The system's id of it."""

    @property
    def registers(self) -> Mapping[str, int]:
        """Its general registers."""

    @property
    def at_ns(self) -> int:
        """When it stopped, by time.monotonic_ns."""

    @property
    def sp(self) -> int:
        """Its stack pointer."""

    def memory(self, address: int, count: int) -> bytes:
        """Bytes of the process."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is kept of an arrival. `g` is the current goroutine's address, 0 for none.

    `goid`, `m`, `lo`, `hi` and `kind` were read from it. `task` is the init task's address, for
    an arrival at doInit1.
    """

    name: str
    address: int
    at_ns: int
    thread: int
    registers: Mapping[str, int]
    sp: int
    stack: bytes
    bias: int
    g: int = 0
    goid: int = 0
    m: int = 0
    lo: int = 0
    hi: int = 0
    kind: StackKind = "system"
    task: int = 0

    def again(self, before: Arrival | None) -> bool:
        """Whether it is the same call as an arrival before.

        A function that finds its goroutine's stack too small, or its time used up, begins again
        when that is put right: as far from the stack's end as it was, with the same address to
        return to and the same argument. On a system stack there is none of that.
        """
        return (
            before is not None
            and self.kind == "goroutine"
            and self.goid == before.goid
            and self.hi - self.sp == before.hi - before.sp
            and self.stack[:8] == before.stack[:8]
            and self.task == before.task
        )

    def word(self, address: int) -> int:
        """A word of the stack, GolifelabError for one that was not kept."""
        offset = address - self.sp
        if not 0 <= offset <= len(self.stack) - 8:
            raise GolifelabError("this part of the stack was not kept")
        return int.from_bytes(self.stack[offset : offset + 8], "little")


class Words:
    """Reads what the runtime knows of the thread that stands still."""

    def __init__(self, known: Structures, machine: Architecture) -> None:
        self.machine = machine
        self.frames: dict[int, tuple[int, str]] = {}  # see `chain`
        self._g = {
            path: known.offset("runtime.g", path) for path in ("stack.lo", "stack.hi", "m", "goid")
        }
        self._m = {path: known.offset("runtime.m", path) for path in ("g0", "gsignal", "curg")}
        self._g_size = max(self._g.values()) + 8
        self._m_size = max(self._m.values()) + 8

    def arrival(self, name: str, stop: Stopped, bias: int) -> Arrival:
        """Keep what is to be known of a stop."""
        sp = stop.sp
        registers = stop.registers
        task = registers[_ARGUMENT[self.machine.name]] if name == INIT else 0
        g, told = self._current(stop)
        return Arrival(
            name,
            stop.address,
            stop.at_ns,
            stop.thread,
            registers,
            sp,
            _memory(stop, sp, _STACK),
            bias,
            g,
            *told,
            task,
        )

    def _current(self, stop: Stopped) -> tuple[int, tuple[int, int, int, int, StackKind]]:
        """The current goroutine: its address, number, m, stack's bounds, and its stack's kind."""
        for g in self._candidates(stop):
            block = _memory(stop, g, self._g_size) if g else b""
            if len(block) < self._g_size:
                continue
            m = _number(block, self._g["m"])
            thread = _memory(stop, m, self._m_size) if m else b""
            if len(thread) < self._m_size:
                continue
            owners = {_number(thread, offset): path for path, offset in self._m.items()}
            if g not in owners:
                continue
            kinds: dict[str, StackKind] = {"g0": "system", "gsignal": "signal", "curg": "goroutine"}
            return g, (
                _number(block, self._g["goid"]),
                m,
                _number(block, self._g["stack.lo"]),
                _number(block, self._g["stack.hi"]),
                kinds[owners[g]],
            )
        return 0, (0, 0, 0, 0, "system")

    def _candidates(self, stop: Stopped) -> tuple[int, ...]:
        """What may be the address of the current goroutine, the surest first."""
        register = stop.registers[_REGISTER[self.machine.name]]
        base = stop.registers.get("fs_base", 0)
        # The runtime's own note is in the thread's storage, which the linker ends with it.
        noted = _number(_memory(stop, base - 8, 8), 0) if base else 0
        return (noted, register) if self.machine.name == "amd64" else (register,)


def milestone(
    one: Arrival, words: Words, executable: Executable, thread: int, began_ns: int
) -> Milestone:
    """What an arrival says. `thread` is its thread's number, `began_ns` when time began."""
    machine = words.machine
    registers = {**one.registers, machine.pc: one.address + one.bias}
    found = chain(executable.pclntab, machine, registers, one.word, one.bias, words.frames)
    frames = [name for _, name in found]
    function = frames[0] if frames else one.name
    # A wrapper, for calls from assembly, has the name of what it wraps.
    callers = [name for name, above in zip(frames[1:], frames, strict=False) if name != above]
    return Milestone(
        name=one.name,
        function=function,
        at_microseconds=round((one.at_ns - began_ns) / 1000, 1),
        thread=thread,
        sp=one.sp,
        stack=one.kind,
        g=one.g,
        goid=one.goid,
        m=one.m,
        register=registers[_REGISTER[machine.name]],
        lo=one.lo,
        hi=one.hi,
        chain=tuple(callers),
    )


def _memory(stop: Stopped, address: int, count: int) -> bytes:
    """As much as there is."""
    try:
        return stop.memory(address, count)
    except (OSError, GolifelabError, OverflowError, ValueError):
        return b""


def _number(block: bytes, offset: int) -> int:
    return int.from_bytes(block[offset : offset + 8], "little")
