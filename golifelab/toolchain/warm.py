"""Make ready what is otherwise made at first use: export data, the helper, on-demand tools."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from golifelab.errors import FeatureUnavailable, ToolchainNotFound
from golifelab.target import Target
from golifelab.toolchain.exports import export_files
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.helper import build
from golifelab.toolchain.install import install
from golifelab.toolchain.run import run

ARCHITECTURES = ("amd64", "arm64")

# Since Go 1.25 these are compiled when they are first called, which costs seconds each.
ON_DEMAND = ("nm", "objdump", "addr2line", "pprof", "trace", "buildid", "pack")


def warm(
    go: str = "",
    architectures: Sequence[str] = ARCHITECTURES,
    *,
    say: Callable[[str], None] = print,
) -> None:
    """Prepare a Go version for the course; each step tells what it did and how long it took.

    A version that is not installed is installed first. What can't be prepared (the helper, where
    the compiler can't be built) is told and skipped: the course then uses the fallback.
    """
    toolchain = _toolchain(go, say)
    target = Target(go=go)
    for architecture in architectures:
        started = time.perf_counter()
        packages = len(export_files(target.with_(goarch=architecture)))
        say(f"std for linux/{architecture}: {packages} packages ({_seconds(started)})")
    started = time.perf_counter()
    try:
        build.wait(target, on_change=None)
        say(f"the compiler, observed: ready ({_seconds(started)})")
    except FeatureUnavailable as error:
        say(f"the compiler, observed: not available, the fallback serves instead: {error.reason}")
    for name in ON_DEMAND:
        started = time.perf_counter()
        # Called without arguments a tool prints its usage and ends; by then it has been built.
        run(
            [toolchain.command, "tool", name, "-h"],
            env=toolchain.host_environment(),
            timeout=300,
        )
        say(f"go tool {name}: ready ({_seconds(started)})")


def _toolchain(version: str, say: Callable[[str], None]) -> Go:
    try:
        return find_go(version)
    except ToolchainNotFound:
        if not version:
            raise
        say(f"installing go{version}")
        install(version)
        return find_go(version)


def _seconds(started: float) -> str:
    return f"{time.perf_counter() - started:.1f} s"
