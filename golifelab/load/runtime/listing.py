"""The goroutines, threads and processors of a held process, from the runtime's own lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from golifelab.errors import GolifelabError
from golifelab.load.hold.process import Process
from golifelab.load.runtime.structures import Structures, structures
from golifelab.load.runtime.words import (
    PROCESSOR_STATES,
    SCANNING,
    goroutine_state,
    wait_reasons,
)

_MAX_GOROUTINES = 100_000
_MAX_THREADS = 20_000
_MAX_PROCESSORS = 1 << 12


@dataclass(frozen=True, slots=True)
class HeldGoroutine:
    """A goroutine. Addresses are run-time addresses.

    `status` is the runtime's word ("running", "runnable", "waiting", "dead"…), `status_word` its
    number; `scanning`: the collector holds it. `lo` and `hi` bound its stack, `sp` and `pc` are
    what was saved when it last gave up its thread: of a running one they are old. `function` is
    that of `pc`, `start` what it began with, `created_by` where the go statement is. `m` is the
    address of its thread's structure and `thread` the kernel's id, 0 while it runs on none.
    `system`: made by the runtime for itself.
    """

    goid: int
    address: int
    status: str
    status_word: int
    scanning: bool
    wait_reason: str
    lo: int
    hi: int
    sp: int
    pc: int
    function: str
    start: str
    created_by: str
    parent: int
    m: int
    thread: int
    system: bool

    @property
    def stack_size(self) -> int:
        """Bytes of its stack, 0 when it has none."""
        return self.hi - self.lo


@dataclass(frozen=True, slots=True)
class HeldThread:
    """A thread of the operating system, as the runtime knows it: an M.

    `id` is the runtime's number, `tid` the kernel's (0 before it is known). `g0` is the address of
    the goroutine of its system stack, between `lo` and `hi`; `signal_lo` and `signal_hi` bound the
    stack for signals. `current` is the address of the goroutine it runs, `goid` that one's number,
    0 for none; `p` the address of its processor. `start` is the function it was started for.
    """

    id: int
    address: int
    tid: int
    g0: int
    lo: int
    hi: int
    signal_lo: int
    signal_hi: int
    current: int
    goid: int
    p: int
    spinning: bool
    start: str


@dataclass(frozen=True, slots=True)
class HeldProcessor:
    """A processor of the scheduler: a P. `m` is the number of its thread, -1 for none.

    `queued` counts the goroutines in its queue, the one to run next included.
    """

    id: int
    address: int
    status: str
    m: int
    queued: int


def goroutines(process: Process) -> tuple[HeldGoroutine, ...]:
    """All goroutines that were ever made and whose structure is kept, dead ones too, by age.

    Empty before the scheduler is set up. FeatureUnavailable as `structures`.
    """
    known = structures(process.executable)
    reasons = wait_reasons(process.executable, process)
    threads = {thread.address: thread.tid for thread in threads_of(process, known)}
    listed = known.global_(process, "runtime.allgs")
    count = min(listed["len"], _MAX_GOROUTINES)
    block = process.memory(listed["array"], 8 * count) if count else b""
    addresses = [int.from_bytes(block[i : i + 8], "little") for i in range(0, len(block), 8)]
    return tuple(
        _goroutine(process, known, address, threads, reasons) for address in addresses if address
    )


def threads(process: Process) -> tuple[HeldThread, ...]:
    """All threads that the runtime knows, the first one first."""
    return threads_of(process, structures(process.executable))


def threads_of(process: Process, known: Structures) -> tuple[HeldThread, ...]:
    """As `threads`, with structures that are known already."""
    return tuple(sorted(_threads(process, known), key=lambda thread: thread.id))


def processors(process: Process) -> tuple[HeldProcessor, ...]:
    """The scheduler's processors, GOMAXPROCS of them; none before it is set up."""
    known = structures(process.executable)
    listed = known.global_(process, "runtime.allp")
    count = min(listed["len"], _MAX_PROCESSORS)
    block = process.memory(listed["array"], 8 * count) if count else b""
    found = []
    for index in range(0, len(block), 8):
        address = int.from_bytes(block[index : index + 8], "little")

        def of(path: str, address: int = address) -> Any:
            return known.field(process, "runtime.p", address, path)

        m = of("m")
        found.append(
            HeldProcessor(
                id=of("id"),
                address=address,
                status=PROCESSOR_STATES.get(of("status"), str(of("status"))),
                m=known.field(process, "runtime.m", m, "id") if m else -1,
                queued=(of("runqtail") - of("runqhead")) % (1 << 32) + bool(of("runnext")),
            )
        )
    return tuple(found)


def function_name(process: Process, address: int) -> str:
    """The function that a run-time address is in, "" for none."""
    found = process.executable.function_at(address - process.bias) if address else None
    return found.name.removesuffix(".abi0") if found else ""


def _goroutine(
    process: Process,
    known: Structures,
    address: int,
    threads: dict[int, int],
    reasons: tuple[str, ...],
) -> HeldGoroutine:
    g = known.read(process, "runtime.g", address)
    word = g["atomicstatus"] & ~SCANNING
    reason = g["waitreason"] if word == _WAITING else 0
    start = function_name(process, g["startpc"])
    return HeldGoroutine(
        goid=g["goid"],
        address=address,
        status=goroutine_state(word),
        status_word=g["atomicstatus"],
        scanning=bool(g["atomicstatus"] & SCANNING),
        wait_reason=reasons[reason] if reason < len(reasons) else str(reason or ""),
        lo=g["stack"]["lo"],
        hi=g["stack"]["hi"],
        sp=g["sched"]["sp"],
        pc=g["sched"]["pc"],
        function=function_name(process, g["sched"]["pc"]),
        start=start,
        # The address after the call, as in a traceback.
        created_by=function_name(process, g["gopc"] - 1 if g["gopc"] else 0),
        parent=g["parentGoid"],
        m=g["m"],
        thread=threads.get(g["m"], 0),
        # As the runtime's own isSystemGoroutine, but for those that change with what they do.
        system=start.startswith("runtime.")
        and start not in ("runtime.main", "runtime.handleAsyncEvent"),
    )


_WAITING = 4


def _threads(process: Process, known: Structures) -> Iterator[HeldThread]:
    address = known.global_(process, "runtime.allm")
    seen: set[int] = set()
    while address and address not in seen and len(seen) < _MAX_THREADS:
        seen.add(address)
        m = known.read(process, "runtime.m", address)
        g0, signals = (_stack(process, known, m[name]) for name in ("g0", "gsignal"))
        current = m["curg"]
        yield HeldThread(
            id=m["id"],
            address=address,
            tid=m["procid"],
            g0=m["g0"],
            lo=g0[0],
            hi=g0[1],
            signal_lo=signals[0],
            signal_hi=signals[1],
            current=current,
            goid=known.field(process, "runtime.g", current, "goid") if current else 0,
            p=m["p"],
            spinning=m["spinning"],
            start=_closure(process, m["mstartfn"]),
        )
        address = m["alllink"]


def _stack(process: Process, known: Structures, g: int) -> tuple[int, int]:
    if not g:
        return 0, 0
    stack = known.field(process, "runtime.g", g, "stack")
    return stack["lo"], stack["hi"]


def _closure(process: Process, value: int) -> str:
    """The function of a func value: it points to the address of the code."""
    try:
        code = int.from_bytes(process.memory(value, 8), "little") if value else 0
    except GolifelabError:
        return ""
    return function_name(process, code)
