"""The program that every held process is at first: it asks for what holding needs, then execs.

It is a few dozen instructions of assembly, put together once by the reader's own Go (see the
folder entrance). Until it is there, or where it can't be built, a Python interpreter does the same
in some 20 ms.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.load.hold.architecture import host
from golifelab.target import Target
from golifelab.toolchain.background import BackgroundBuild, BuildStatus
from golifelab.toolchain.cache import cache, digest
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.run import run

# Exit codes when the program was not reached, far from a program's usual ones.
REFUSED, NOT_STARTED = 213, 214
_SOURCES = Path(__file__).parent / "entrance"
_FEATURE = "starting held processes quickly"

# argv: trace, stop or hold, the parent's id, how many variables, the variables, the path, its argv.
_SLOWLY = f"""
import ctypes, os, sys
how, parent, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
env = dict(pair.split("=", 1) for pair in sys.argv[4:4 + count])
path, argv = sys.argv[4 + count], sys.argv[5 + count:]
library = ctypes.CDLL(None)
library.prctl(1, 9, 0, 0, 0)
if os.getppid() != parent:
    os._exit({NOT_STARTED})
if how == "stop":
    os.kill(os.getpid(), 19)
if how == "trace" and library.ptrace(0, 0, 0, 0):
    os._exit({REFUSED})
try:
    os.execve(path, argv, env)
finally:
    os._exit({NOT_STARTED})
"""


def entering(
    how: str, path: Path, argv: Sequence[str], environment: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """The words, and their environment, that start a program held.

    `how` is "trace", "stop" (it stops itself before that) or "hold"; `argv` and `environment` are
    the program's own.
    """
    built = _built()
    if built is not None:
        return [str(built), how, str(os.getpid()), str(path), *argv], dict(environment)
    variables = [f"{name}={value}" for name, value in environment.items()]
    words = [how, str(os.getpid()), str(len(variables)), *variables, str(path), *argv]
    # The interpreter would obey some variables, and add one of its own to others.
    return [sys.executable or "python3", "-I", "-S", "-c", _SLOWLY, *words], {}


def entrance(*, wait: bool = False) -> BuildStatus:
    """How the build of the quick entrance is doing; it is begun if need be."""
    builder = _builder(find_go(), cache().root)
    if wait:
        builder.wait()
    return builder.start()


def _built() -> Path | None:
    try:
        return entrance().path
    except (GolifelabError, OSError):  # no Go, or no place to keep it
        return None


@lru_cache(maxsize=8)
def _builder(go: Go, root: Path) -> BackgroundBuild:
    machine = host().name
    files = {file.name: file.read_bytes() for file in sorted(_SOURCES.iterdir())}
    key = digest(go.version, str(go.root), machine, *files, *files.values())
    folder = root / "entrance" / key[:16]

    def make(made: Path) -> None:
        for name, content in files.items():
            cache().write(folder / "src" / name, content)
        done = run(
            [go.command, "build", "-ldflags=-s -w -E main.enter", "-o", made, "."],
            env=go.environment(Target(goarch=machine)),
            cwd=folder / "src",
        )
        if done.returncode:
            raise GolifelabError(f"go{go.version} could not build it: {done.error_text.strip()}")
        # What does not run here must not take the slow entrance's place.
        tried = run([made, "hold", "0", "/"], timeout=10)
        if tried.returncode != NOT_STARTED:
            raise FeatureUnavailable(_FEATURE, f"it ended with status {tried.returncode}")

    return BackgroundBuild(
        folder / "enter",
        make,
        what="the entrance of held processes",
        feature=_FEATURE,
        remedy="nothing needs to be done: another one, slower by 20 ms, serves in its place",
        heavy=False,
    )
