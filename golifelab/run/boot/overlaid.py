"""The start of a program told by its own runtime: no ptrace, and hardly any time lost.

The runtime's copy tells at fewer places than ptrace can look at, and knows no system calls. What it
does tell means the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from golifelab.errors import LimitExceeded
from golifelab.link.executable import Executable
from golifelab.load.hold.overlay.building import overlaid
from golifelab.load.hold.overlay.milestones import MILESTONES, Passed
from golifelab.load.hold.overlay.process import OverlaidProcess
from golifelab.load.hold.start import CALM
from golifelab.run.boot.places import AFTERWARDS, COUNTED, INIT, MAIN, cut_short
from golifelab.run.boot.stage import Boot, BootInit, Milestone
from golifelab.run.inits.tasks import init_tasks
from golifelab.source import Source
from golifelab.target import Target


def overlaid_boot(source: Source, target: Target, timeout: float) -> Boot:
    """Build a program with the runtime that tells, run it, and read what it told.

    PatchFailed where the reader's Go has not the anchors.
    """
    executable = overlaid(source, target)
    code: int | None = None
    cut, interrupted = "", False
    with OverlaidProcess(executable, (), CALM, timeout) as process:
        bias, first = process.bias, process.pid
        try:
            if process.run_to(MAIN, timeout):
                code = process.resume(min(timeout, AFTERWARDS)).returncode
            else:
                code = process.resume().returncode
        except LimitExceeded:
            cut = cut_short(timeout, {one.name for one in process.passed})
        except KeyboardInterrupt:
            cut, interrupted = "it was interrupted", True
        told = process.passed
    counts = Counter(dict.fromkeys((name for name in COUNTED if name in MILESTONES), 0))
    counts.update(one.name for one in told if one.name in counts)
    threads = {first: 0}
    began = told[0].at_ns if told else 0
    info = executable.image.build_info
    return Boot(
        stops=tuple(
            _milestone(one, executable, bias, threads.setdefault(one.thread, len(threads)), began)
            for one in told
        ),
        calls=(),
        inits=_inits(told, executable, began),
        counts=dict(counts),
        how="overlay",
        exit_code=code,
        cut=cut,
        interrupted=interrupted,
        release=info.go_version.split(" ")[0] if info else "",
        command="go build -overlay overlay.json && ./program",
        tier="tool",
        precision="line",
    )


def _milestone(
    one: Passed, executable: Executable, bias: int, thread: int, began: int
) -> Milestone:
    function = executable.function_at(one.caller - 1 - bias)
    caller = function.name.removesuffix(".abi0") if function else ""
    # A call from assembly comes through a wrapper of the same name, and the wrapper's caller is
    # not told.
    return Milestone(
        name=one.name,
        function=one.name,
        at_microseconds=round((one.at_ns - began) / 1000, 1),
        thread=thread,
        sp=one.sp,
        stack="system" if one.on_system_stack else "goroutine",
        g=one.g,
        goid=one.goid,
        m=one.m,
        register=one.g,
        lo=one.lo,
        hi=one.hi,
        chain=(caller,) if caller and caller != one.name else (),
    )


def _inits(told: Iterable[Passed], executable: Executable, began: int) -> tuple[BootInit, ...]:
    """The packages: doInit1 goes through both lists in order, and passes over what is done."""
    tasks = init_tasks(executable)
    early = len(tasks.runtime)
    found: dict[str, BootInit] = {}
    arrivals = [one for one in told if one.name == INIT]
    for index, (one, task) in enumerate(zip(arrivals, (*tasks.runtime, *tasks.main), strict=False)):
        at = round((one.at_ns - began) / 1000, 1)
        found.setdefault(task.package, BootInit(task.package, at, one.goid, index < early))
    return tuple(found.values())
