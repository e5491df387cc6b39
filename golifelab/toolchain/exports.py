"""Export data: what the compiler and linker must know about imported packages.

One importcfg that names all of std is made per target and kept: with it a program that imports
only std is compiled without asking the go command anything. Imports outside std cost a `go list`
each time.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path

from golifelab.errors import CompileFailed, GolifelabError
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import cache, digest, disk_trouble
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.run import run

FORMAT = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}"
# A cold cache compiles all of std: a minute or two on a slow machine.
_TIMEOUT = 900.0
_lock = threading.Lock()


def importcfg(target: Target) -> Path:
    """The importcfg that names every package of std for a target. Built on first use."""
    go = find_go(target.go)
    with _lock:
        return _std_importcfg(go, _relevant(target))


def export_files(target: Target) -> dict[str, Path]:
    """Import path → archive with export data and object code, for every package of std."""
    return read_importcfg(importcfg(target))


def importcfg_for(source: Source, target: Target) -> Path:
    """The importcfg a source needs: the std-wide one, or one with its other imports added."""
    std = importcfg(target)
    known = _known_packages(std)
    outside = [
        path for path in source.imports() if path not in known and path not in ("unsafe", "C")
    ]
    if not outside:
        return std
    if source.directory is None:
        raise CompileFailed(
            [
                Diagnostic(
                    Position(source.names[0], 0),
                    f"package {path} is not in std, and the program has no module to find it in",
                    phase="compile",
                )
                for path in outside
            ]
        )
    return _module_importcfg(std, source.directory, tuple(outside), target)


def read_importcfg(path: Path) -> dict[str, Path]:
    """The packagefile lines of an importcfg."""
    pairs = (
        line.removeprefix("packagefile ").split("=", 1)
        for line in path.read_text().splitlines()
        if line.startswith("packagefile ")
    )
    return {name: Path(file) for name, file in pairs}


def _relevant(target: Target) -> Target:
    """The target without what does not change std: gcflags are for the reader's own package."""
    return target.with_(gcflags=())


@lru_cache(maxsize=64)
def _known_packages(path: Path) -> frozenset[str]:
    return frozenset(read_importcfg(path))


@lru_cache(maxsize=64)
def _std_importcfg(go: Go, target: Target) -> Path:
    key = digest("importcfg", go.version, str(go.root), target.key())
    path = cache().directory("importcfg") / key[:24]
    if path.exists() and _complete(path):
        return path
    text = _list(go, target, ["std"], go.root)
    return cache().write(path, text.encode())


def _complete(path: Path) -> bool:
    """Whether every file an importcfg names still exists: the build cache may have been trimmed."""
    files = read_importcfg(path)
    return bool(files) and all(file.exists() for file in files.values())


def _module_importcfg(std: Path, directory: Path, outside: tuple[str, ...], target: Target) -> Path:
    text = _list(find_go(target.go), target, ["-deps", *outside], directory)
    merged = {**read_importcfg(std), **_parse(text)}
    lines = "".join(f"packagefile {name}={file}\n" for name, file in merged.items())
    path = cache().directory("importcfg") / digest("module", lines)[:24]
    return path if path.exists() else cache().write(path, lines.encode())


def _parse(text: str) -> dict[str, Path]:
    lines = [line for line in text.splitlines() if line.startswith("packagefile ")]
    pairs = (line.removeprefix("packagefile ").split("=", 1) for line in lines)
    return {name: Path(file) for name, file in pairs}


def _list(go: Go, target: Target, words: list[str], directory: Path) -> str:
    done = run(
        [go.command, "list", "-export", "-f", FORMAT, *words],
        env=go.environment(target),
        cwd=directory,
        timeout=_TIMEOUT,
    )
    if done.returncode:
        raise _failure(done.error_text, target)
    return "".join(f"{line}\n" for line in done.text.splitlines() if line)


def _failure(output: str, target: Target) -> GolifelabError:
    """What a failed go list means. On a full disk it says many things, but not always that."""
    if trouble := disk_trouble("compiling the imported packages", output):
        return trouble
    lines = output.strip().splitlines()
    more = f"\n… and {len(lines) - 5} more lines" if len(lines) > 5 else ""
    return GolifelabError(
        f"go list could not prepare the imported packages for {target.platform}:\n"
        + "\n".join(lines[:5])
        + more
    )
