"""The start of a program, by whatever this machine allows."""

from __future__ import annotations

from typing import Any, Literal

from golifelab.errors import FeatureUnavailable
from golifelab.link.executable import Executable, link
from golifelab.load.hold.start import runs_here
from golifelab.run.boot.recorded import boot_content, recorded_boot
from golifelab.run.boot.stage import Boot
from golifelab.run.boot.traced import traced_boot
from golifelab.source import Source
from golifelab.target import Target

BootTier = Literal["auto", "ptrace", "recording"]


def boot(source: Source, target: Target, *, tier: BootTier = "auto", timeout: float = 10.0) -> Boot:
    """Run a program and look at its start: milestones, system calls and inits.

    By ptrace; where that is refused, the recorded start of a small program takes its place. A
    program that goes on for longer than `timeout` seconds is ended, and what was seen is kept.
    FeatureUnavailable when `tier` demands what is not possible.
    """
    if tier == "recording":
        return recorded_boot()
    try:
        return boot_of(link(source, target), timeout=timeout)
    except FeatureUnavailable:
        if tier == "ptrace":
            raise
        return recorded_boot()


def boot_of(executable: Executable, *, timeout: float = 10.0) -> Boot:
    """The start of any Go executable, by ptrace. FeatureUnavailable where that is not possible."""
    runs_here(executable)
    return traced_boot(executable, timeout)


def recording_of(source: Source, target: Target) -> Any:
    """What is recorded of a start."""
    return boot_content(boot(source, target, tier="ptrace"))
