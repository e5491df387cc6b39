"""The start of a program, by whatever this machine allows."""

from __future__ import annotations

from typing import Any, Literal

from golifelab.errors import FeatureUnavailable, PatchFailed
from golifelab.link.executable import Executable, link
from golifelab.load.hold.overlay.building import overlay_ready
from golifelab.load.hold.start import runs_here
from golifelab.load.hold.tracer import PtraceRefused
from golifelab.run.boot.overlaid import overlaid_boot
from golifelab.run.boot.recorded import boot_content, recorded_boot
from golifelab.run.boot.stage import Boot
from golifelab.run.boot.traced import looped_boot, traced_boot
from golifelab.source import Source
from golifelab.target import Target

BootTier = Literal["auto", "ptrace", "loop", "overlay", "recording"]


def boot(source: Source, target: Target, *, tier: BootTier = "auto", timeout: float = 10.0) -> Boot:
    """Run a program and look at its start: milestones, system calls and inits.

    By ptrace; where that is refused, by what is written into its code, which sees the system calls
    of a static program. Where that is refused, too, by a copy of the runtime that tells by itself,
    once it is built (`tier="overlay"` waits for that, which takes seconds the first time); until
    then the recorded start of a small program takes its place. A program that goes on for longer
    than `timeout` seconds is ended, and what was seen is kept. FeatureUnavailable when `tier`
    demands what is not possible.
    """
    if tier == "recording":
        return recorded_boot()
    if tier == "overlay":
        return overlaid_boot(source, target, timeout)
    executable = link(source, target)
    try:
        return boot_of(executable, tier=tier, timeout=timeout)
    except FeatureUnavailable as error:
        if tier != "auto":
            raise
        told = _told(source, target, timeout) if isinstance(error, PtraceRefused) else None
        return told or recorded_boot()


def boot_of(
    executable: Executable,
    *,
    tier: Literal["auto", "ptrace", "loop"] = "auto",
    timeout: float = 10.0,
) -> Boot:
    """The start of any Go executable, by ptrace or else by what is written into its code.

    FeatureUnavailable where neither is possible.
    """
    runs_here(executable)
    if tier == "loop":
        return looped_boot(executable, timeout)
    try:
        return traced_boot(executable, timeout)
    except PtraceRefused as refused:
        if tier == "ptrace":
            raise
        try:
            return looped_boot(executable, timeout)
        except FeatureUnavailable as error:
            raise refused from error


def recording_of(source: Source, target: Target) -> Any:
    """What is recorded of a start."""
    return boot_content(boot(source, target, tier="ptrace"))


def _told(source: Source, target: Target, timeout: float) -> Boot | None:
    """What the changed runtime tells, if it is built; if not, that is begun."""
    try:
        return overlaid_boot(source, target, timeout) if overlay_ready(source, target) else None
    except (FeatureUnavailable, PatchFailed):
        return None
