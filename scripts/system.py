"""The programs that no Python package brings: found, installed unasked, or named.

Nothing here is needed to follow the course: each program's absence costs something, and the one
line that names it says what.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from steps import attempt, digest, is_done, mark_done, say

if TYPE_CHECKING:
    # Any of these programs on PATH: the Debian packages that bring one, what is lost without it.
    Programs = dict[tuple[str, ...], tuple[str, str]]

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

LESSONS: Programs = {
    ("dot",): ("graphviz", "no drawn trees and graphs"),
    ("gdb",): ("gdb", "no debugger to compare with"),
    ("strace",): ("strace", "no list of system calls"),
    ("gcc",): ("gcc libc6-dev", "no builds with cgo or an external linker"),
}
TESTS: Programs = {CHROMIUM: ("chromium", "the browser tests cannot run")}


def ensure(*, tests: bool = False, again: bool = False) -> None:
    """Install what is missing with apt when nobody has to be asked; name the rest in one line."""
    wanted = {**LESSONS, **(TESTS if tests else {})}
    missing = absent(wanted)
    if missing and (again or not is_done("system", tried(missing))):
        install(missing)
        missing = absent(wanted)
        mark_done("system", tried(missing))
    if not missing:
        say("system", f"up to date: {', '.join(programs[0] for programs in wanted)}")
        return
    losses = "; ".join(f"{programs[0]} ({loss})" for programs, (_, loss) in missing.items())
    packages = " ".join(package for package, _ in missing.values())
    hint = f"sudo apt-get install {packages}" if shutil.which("apt-get") else f"install {packages}"
    say("system", f"missing, and the course runs without: {losses}. To have them: {hint}")


def absent(wanted: Programs) -> Programs:
    """Return the wanted programs that PATH does not have."""
    return {
        programs: facts
        for programs, facts in wanted.items()
        if not any(shutil.which(program) for program in programs)
    }


def tried(missing: Programs) -> str:
    """Name a set of programs that could not be installed, so as not to try at every start."""
    return digest(*(programs[0] for programs in missing))


def install(missing: Programs) -> None:
    """Ask apt for the missing programs, one package set at a time so that one failure costs one."""
    prefix = administrator()
    if prefix is None or not shutil.which("apt-get"):
        return
    packages = [package for package, _ in missing.values()]
    say("system", f"installing {' '.join(packages)} with apt-get …")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-q"]
    options = ["-o", "DPkg::Lock::Timeout=120", "--no-install-recommends"]
    attempt([*apt, "update"], timeout=300)
    if not attempt([*apt, *options, "install", *" ".join(packages).split()], timeout=900):
        for package in packages:
            attempt([*apt, *options, "install", *package.split()], timeout=900)


def administrator() -> list[str] | None:
    """Return how to become root without a question: nothing, sudo, or None when that cannot be."""
    if sys.platform != "linux":
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if not sudo:
        return None
    probe = subprocess.run([sudo, "-n", "true"], check=False, capture_output=True, timeout=20)
    return [sudo, "-n"] if probe.returncode == 0 else None
