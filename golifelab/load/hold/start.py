"""Start a program so that it stands still where the reader wants to look."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from golifelab.errors import FeatureUnavailable, GolifelabError, PatchFailed
from golifelab.link.executable import Executable, executable
from golifelab.load.hold.architecture import host
from golifelab.load.hold.keeper import linux_only
from golifelab.load.hold.looped import LoopedProcess
from golifelab.load.hold.overlay.milestones import MILESTONES
from golifelab.load.hold.overlay.process import OverlaidProcess, waits_by_itself
from golifelab.load.hold.piped import PipedProcess
from golifelab.load.hold.process import Process, address_of, place_name
from golifelab.load.hold.traced import TracedProcess
from golifelab.load.hold.tracer import PtraceRefused
from golifelab.load.recorded.reading import recorded_process

Tier = Literal["auto", "exact", "ptrace", "loop", "overlay", "pipe", "recording"]
# The runtime's own function that runs one package's init, since Go 1.21.
_INIT = "runtime.doInit1"
# One processor and no asynchronous preemption: what is held stays where and what it was.
CALM = {"GOMAXPROCS": "1", "GODEBUG": "asyncpreemptoff=1"}


def start(
    program: Executable | str | Path,
    *,
    hold: str | int = "main.main",
    argv: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    changed: Callable[[], Executable] | None = None,
    tier: Tier = "auto",
    timeout: float = 10.0,
) -> Process:
    """Start a program and hold it.

    `hold` is "exec" (the kernel has mapped it, nothing has run), "first init" (about to run the
    first package's init), a function ("main.main") or a link-time address. `environment` replaces
    the default one, which makes the runtime calm (one processor, no asynchronous preemption).

    By default ptrace holds it. Where the system refuses ptrace, the kernel stops it at exec by a
    signal, and instructions of ours in its memory stop it anywhere else. Where its memory may not
    be written either, its own runtime holds it at its milestones: that of a program that was built
    so (see `load.hold.overlay.building`), or that `changed` gives. Else a full pipe does; `held_at`
    says how near to `hold` that is. Where no process can be held at all, a recording of another
    program takes its place. Raises FeatureUnavailable when `tier` demands what is not possible,
    GolifelabError for a `hold` that is not in the program or that the program does not reach,
    LimitExceeded when it is not reached in `timeout` seconds.
    """
    value = program if isinstance(program, Executable) else executable(program)
    settings = CALM if environment is None else environment
    words = tuple(argv)
    if tier == "recording":
        return recorded_process(hold)
    try:
        runs_here(value)
        refused: FeatureUnavailable | None = None
        if tier in ("auto", "exact", "ptrace"):
            try:
                return _held(TracedProcess(value, words, settings, timeout), hold, timeout)
            except PtraceRefused as error:
                if tier == "ptrace":
                    raise
                refused = error
        if tier in ("auto", "exact", "loop"):
            try:
                return _held(LoopedProcess(value, words, settings, timeout), hold, timeout)
            except FeatureUnavailable as error:
                if tier != "auto":
                    raise refused or error from error
        if tier == "overlay" or (tier == "auto" and hold in MILESTONES):
            try:
                waiting = value if waits_by_itself(value) or changed is None else changed()
                if tier == "overlay" or waits_by_itself(waiting):
                    return _overlaid(waiting, words, settings, hold, timeout)
            except (FeatureUnavailable, PatchFailed):
                if tier == "overlay":
                    raise
        return _piped(value, words, settings, hold, timeout)
    except FeatureUnavailable:
        if tier != "auto":
            raise
        return recorded_process(hold)


def _held(process: Process, hold: str | int, timeout: float) -> Process:
    """A process that stands at exec, run to where it is to be held."""
    place = _INIT if hold == "first init" else hold
    return _arrived(process, hold, lambda: hold == "exec" or process.run_to(place, timeout))


def _overlaid(
    value: Executable,
    argv: tuple[str, ...],
    environment: Mapping[str, str],
    hold: str | int,
    timeout: float,
) -> Process:
    process = OverlaidProcess(value, argv, environment, timeout)
    place = _INIT if hold == "first init" else hold
    # At exec there is no runtime yet: its first milestone is as near as it gets.
    there = ("exec", process.held_at)
    return _arrived(process, hold, lambda: place in there or process.run_to(place, timeout))


def _arrived(process: Process, hold: str | int, arrive: Callable[[], bool]) -> Process:
    """The process at the place where it is to be held; it is ended where it does not get there."""
    try:
        reached = arrive()
    except BaseException:
        process.close()
        raise
    if not reached:
        process.close()
        raise GolifelabError(f"the program ended without reaching {place_name(hold)}")
    if hold == "first init":
        process.held_at = "first init"
    return process


def _piped(
    value: Executable,
    argv: tuple[str, ...],
    environment: Mapping[str, str],
    hold: str | int,
    timeout: float,
) -> Process:
    early = hold in ("exec", "first init")
    if not early:
        address_of(value, hold)  # what is not in the program is an error, however it is held
    return PipedProcess(value, argv, environment, timeout, early=early)


def runs_here(value: Executable) -> None:
    """FeatureUnavailable when this machine cannot run a program, or look at it while it runs."""
    linux_only("a live process")
    machine = host().name
    if value.image.machine != machine:
        raise FeatureUnavailable(
            "a live process", f"the program is for {value.image.machine}, this machine is {machine}"
        )
    if not os.access("/proc/self/maps", os.R_OK):
        raise FeatureUnavailable("a live process", "there is no /proc to look at it")
