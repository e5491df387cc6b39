"""Processes held and watched at their start, beside a bare start and beside gdb."""

from __future__ import annotations

import subprocess
from functools import partial

from benchmarks.measure import Timing, in_turns
from benchmarks.programs import hello
from golifelab.load.gdb import gdb_path
from golifelab.load.hold.entering import entrance
from golifelab.load.hold.overlay.building import overlaid
from golifelab.load.hold.start import Tier, start
from golifelab.run.boot.boot import boot_of
from golifelab.run.boot.overlaid import overlaid_boot
from golifelab.toolchain.run import run

# Where gdb is told to stop: what the boot's milestones are, and what most of them cost.
_BREAKPOINTS = (
    "runtime.rt0_go",
    "runtime.check",
    "runtime.args",
    "runtime.osinit",
    "runtime.schedinit",
    "runtime.newproc",
    "runtime.mstart",
    "runtime.mstart0",
    "runtime.mstart1",
    "runtime.schedule",
    "runtime.execute",
    "runtime.gogo",
    "runtime.main",
    "runtime.newm",
    "runtime.doInit1",
    "runtime.gcenable",
    "main.main",
)


def holding() -> list[Timing]:
    """A process held and let go of in each way; beside it the same program started and killed."""
    entrance(wait=True)
    program = hello().link()
    waits = overlaid(hello().source, hello().target)

    def bare() -> object:
        child = subprocess.Popen(
            [program.path],
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        child.kill()
        return child.wait()

    def held(hold: str, tier: Tier) -> None:
        start(waits if tier == "overlay" else program, hold=hold, tier=tier).close()

    return in_turns(
        {
            "bare fork and exec": bare,
            "held at exec": partial(held, "exec", "ptrace"),
            "held at main.main": partial(held, "main.main", "ptrace"),
            "at the first init, by a pipe": partial(held, "exec", "pipe"),
            "at schedinit, by the runtime": partial(held, "exec", "overlay"),
        },
        rounds=200,
    )


def booting() -> list[Timing]:
    """All of a start as values; beside it gdb, which stops once at each milestone and prints."""
    program = hello().link()
    contestants = {
        "the whole boot": partial(boot_of, program),
        "told by the runtime": partial(overlaid_boot, hello().source, hello().target, 10.0),
    }
    words = [gdb_path(), "-nx", "-batch", "-ex", "set debuginfod enabled off"]
    for place in _BREAKPOINTS:
        words += ["-ex", f"tbreak {place}"]
    words += ["-ex", "run > /dev/null"]
    words += ["-ex", "backtrace", "-ex", "continue"] * len(_BREAKPOINTS)

    def gdb() -> object:
        return run([*words, program.path], env={"LC_ALL": "C", "HOME": "/nonexistent"})

    return in_turns({"gdb": gdb, **contestants}, rounds=15)
