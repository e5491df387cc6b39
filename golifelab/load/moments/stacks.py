"""Whose stack lies where: each goroutine's and each thread's, in the heap or outside it."""

from __future__ import annotations

from golifelab.errors import GolifelabError
from golifelab.load.hold.process import Process
from golifelab.load.moments.regions import Region
from golifelab.load.runtime.listing import goroutines, threads_of
from golifelab.load.runtime.structures import Structures

_MOST = 1_000  # goroutines


def stacks(process: Process, known: Structures) -> tuple[Region, ...]:
    """All stacks that the runtime knows of, by address. None before it has begun.

    The first thread's is the part of the kernel's stack that the runtime uses: the top 64 KiB.
    """
    found: list[Region] = []
    try:
        for thread in threads_of(process, known):
            name = f"system stack of thread {thread.id} (g0)"
            found.append(Region(thread.lo, thread.hi, "thread stack", name, "m.g0.stack"))
            name = f"signal stack of thread {thread.id}"
            found.append(
                Region(thread.signal_lo, thread.signal_hi, "thread stack", name, "m.gsignal.stack")
            )
        if known.global_(process, "runtime.allgs", "len") <= _MOST:
            for one in goroutines(process):
                if one.status != "dead":
                    name = f"stack of goroutine {one.goid} ({one.start}), {one.status}"
                    found.append(Region(one.lo, one.hi, "goroutine stack", name, "g.stack"))
    except GolifelabError:
        return ()
    return tuple(sorted((r for r in found if r.start), key=lambda region: region.start))
