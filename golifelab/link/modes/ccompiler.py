"""The C compiler that Go calls: where it is, and what it takes to have one."""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from golifelab.errors import FeatureUnavailable
from golifelab.target import Target

NAMES = ("gcc", "clang", "cc")
REMEDY = (
    "install gcc and the C library's headers: apt install gcc libc6-dev, dnf install gcc, or"
    " apk add gcc musl-dev; all that needs no C works without"
)
STATIC_REMEDY = (
    "install the static C library: libc6-dev has it on Debian, glibc-static elsewhere; or link"
    " without C"
)
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True, slots=True)
class CCompiler:
    """A C compiler for a target: its `name` ("gcc") and where it is."""

    name: str
    path: Path

    @property
    def identity(self) -> str:
        """What changes when another compiler takes its place."""
        real = self.path.resolve()
        status = real.stat()
        return f"{real}|{status.st_size}|{status.st_mtime_ns}"


def machine() -> str:
    """This machine's processor in Go's words; "" where it is one that is not known here."""
    return _MACHINES.get(platform.machine().lower(), "")


def native(target: Target) -> bool:
    """Whether what is built for a target runs on this machine."""
    return (sys.platform, machine()) == (target.goos, target.goarch)


def c_compiler(target: Target) -> CCompiler:
    """This machine's C compiler; FeatureUnavailable, with what to install, when there is none.

    A C compiler makes code for the machine it is on; one for another target is seldom there, and
    not looked for.
    """
    if not native(target):
        raise FeatureUnavailable(
            f"building for {target.platform} with C",
            f"the C compiler of this machine makes programs for {sys.platform}/{machine()}",
            remedy="look at it on such a machine; without C any target can be built anywhere",
        )
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return CCompiler(name, Path(found))
    reason = "there is no C compiler: gcc is not installed"
    raise FeatureUnavailable("building with C", reason, remedy=REMEDY)
