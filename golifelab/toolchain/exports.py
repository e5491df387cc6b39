"""Export data: what the compiler and linker must know about imported packages.

One importcfg that names all of std is made per target and kept: with it a program that imports
only std is compiled without asking the go command anything. Imports outside std cost a `go list`
each time. For the higher levels of GOAMD64 and with cgo, which few programs are compiled for, it
names what the program needs: much of std would have to be compiled anew.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path

from golifelab.errors import CompileFailed, GolifelabError
from golifelab.position import Diagnostic
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
    # There are the same packages.
    plain = target.with_(goamd64="v1", cgo=False)
    known = _known_packages(importcfg(plain))
    imports = [path for path in source.imports() if path not in ("unsafe", "C")]
    outside = [path for path in imports if path not in known]
    if not outside and _relevant(target) != _relevant(plain):
        needed = frozenset({"runtime", *imports, *(["runtime/cgo"] if target.cgo else [])})
        with _lock:
            return _std_importcfg(find_go(target.go), _relevant(target), needed)
    std = importcfg(target)
    if not outside:
        return std
    if source.directory is None:
        missing = [
            Diagnostic(
                source.import_position(path),
                f"package {path} is not in std, and the program has no module to find it in",
                phase="compile",
            )
            for path in outside
        ]
        raise CompileFailed(
            sorted(missing, key=lambda one: one.position), sources=dict(source.files)
        )
    return _module_importcfg(std, source.directory, tuple(outside), target)


def read_importcfg(path: Path) -> dict[str, Path]:
    """The packagefile lines of an importcfg."""
    return packages_in(path.read_text())


def packages_in(text: str) -> dict[str, Path]:
    """Import path → file by the packagefile lines of a text, in their order."""
    lines = [line for line in text.splitlines() if line.startswith("packagefile ")]
    pairs = (line.removeprefix("packagefile ").split("=", 1) for line in lines)
    return {name: Path(file) for name, file in pairs}


def _relevant(target: Target) -> Target:
    """The target without what does not change std: gcflags are for the reader's own package."""
    return target.with_(gcflags=())


@lru_cache(maxsize=64)
def _known_packages(path: Path) -> frozenset[str]:
    return frozenset(read_importcfg(path))


@lru_cache(maxsize=64)
def _std_importcfg(go: Go, target: Target, needed: frozenset[str] = frozenset()) -> Path:
    """The importcfg of all of std, or of these packages with what they import."""
    words = ["-deps", *sorted(needed)] if needed else ["std"]
    key = digest("importcfg", go.version, str(go.root), target.key(), *words[1:])
    path = cache().directory("importcfg") / key[:24]
    if path.exists() and _complete(path):
        return path
    text = _list(go, target, words, go.root)
    return cache().write(path, text.encode())


def _complete(path: Path) -> bool:
    """Whether every file an importcfg names still exists: the build cache may have been trimmed."""
    files = read_importcfg(path)
    return bool(files) and all(file.exists() for file in files.values())


def _module_importcfg(std: Path, directory: Path, outside: tuple[str, ...], target: Target) -> Path:
    text = _list(find_go(target.go), target, ["-deps", *outside], directory)
    merged = {**read_importcfg(std), **packages_in(text)}
    lines = "".join(f"packagefile {name}={file}\n" for name, file in merged.items())
    path = cache().directory("importcfg") / digest("module", lines)[:24]
    return path if path.exists() else cache().write(path, lines.encode())


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
