"""Build a changed compiler, in the background, into the cache.

The first one of a Go version compiles all of the compiler; another text or another condition
compiles what depends on the changed files, which takes seconds.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from golifelab.compile.changed.laundering import CONDITION_FILE
from golifelab.compile.changed.patch import FEATURE, Patch
from golifelab.errors import CompileFailed, FeatureUnavailable, GolifelabError
from golifelab.position import Diagnostic, Position
from golifelab.target import Target
from golifelab.toolchain.background import (
    TIMEOUT,
    BackgroundBuild,
    BuildStatus,
    Listener,
    forget_unused,
)
from golifelab.toolchain.cache import cache, digest, mark_used
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.overlay import build_overlaid, overlay_line
from golifelab.toolchain.run import run

_PACKAGE = "cmd/compile"
_KEPT = 6
_UNUSED_SECONDS = 900.0
_IN_CONDITION = re.compile(
    rf"(?:^|/){re.escape(CONDITION_FILE)}:(\d+)(?::(\d+))?: (.*)$", re.MULTILINE
)
_TOOLEXEC = """\
#!/bin/sh
# go build -toolexec=THIS runs this for every tool; only the compiler is another one.
tool=$1
shift
case "$tool" in
*/compile) tool={compiler} ;;
esac
exec "$tool" "$@"
"""


@dataclass(frozen=True, slots=True)
class ChangedCompiler:
    """A compiler with a patch, ready to run.

    `seconds` is how long its build took and `packages` how many packages had to be compiled for it;
    `command` repeats the build in a terminal; `toolexec` is the script for `go build -toolexec=`.
    """

    path: Path
    target: Target
    seconds: float
    packages: int
    command: str
    patch: Patch = field(repr=False)

    def __str__(self) -> str:
        return (
            f"a Go compiler with the patch “{self.patch.name}”, built in {self.seconds:.1f} s:"
            f" {self.packages} packages had to be compiled, the others came from the cache"
        )

    @property
    def toolexec(self) -> Path:
        """The script that puts this compiler in the place of Go's own."""
        return self.path.parent / "toolexec.sh"


def status(patch: Patch, target: Target | None = None) -> BuildStatus:
    """How the build of a changed compiler is doing. Starts nothing.

    Here and below, PatchFailed where the reader's Go has not the patch's anchors, and
    FeatureUnavailable where it came without sources.
    """
    return _builder(patch, target).status()


def start(
    patch: Patch, target: Target | None = None, on_change: Listener | None = None
) -> BuildStatus:
    """Begin the build in the background unless it is done, under way or known to fail."""
    return _builder(patch, target).start(on_change)


def cancel(patch: Patch, target: Target | None = None) -> None:
    """Stop the build if one is under way in this process."""
    _builder(patch, target).cancel()


def ready(patch: Patch, target: Target | None = None) -> ChangedCompiler | None:
    """The compiler, or None: then its build was begun."""
    path = start(patch, target).path
    return _compiler(patch, target, path) if path else None


def wait(
    patch: Patch,
    target: Target | None = None,
    *,
    on_change: Listener | None = None,
    timeout: float = TIMEOUT,
) -> ChangedCompiler:
    """The compiler, built now if need be.

    CompileFailed when the reader's own condition does not compile, FeatureUnavailable with go's
    words for any other failure.
    """
    try:
        path = _builder(patch, target).wait(on_change=on_change, timeout=timeout)
    except FeatureUnavailable as error:
        found = _in_condition(error.reason)
        if found:
            raise CompileFailed(found) from None
        raise
    return _compiler(patch, target, path)


def _in_condition(reason: str) -> list[Diagnostic]:
    return [
        Diagnostic(Position(CONDITION_FILE, int(line), int(column or 0)), text, phase="compile")
        for line, column, text in _IN_CONDITION.findall(reason)
    ]


def _compiler(patch: Patch, target: Target | None, path: Path) -> ChangedCompiler:
    mark_used(path)
    try:
        facts = json.loads((path.parent / "build.json").read_text())
        seconds, packages = float(facts["seconds"]), int(facts["packages"])
    except (OSError, ValueError, KeyError, TypeError):
        seconds, packages = 0.0, 0
    target = target or Target()
    line = overlay_line(find_go(target.go), _PACKAGE, path.parent, path.name)
    return ChangedCompiler(path, target, seconds, packages, line, patch)


def _builder(patch: Patch, target: Target | None) -> BackgroundBuild:
    go = find_go(target.go if target else "")
    files = tuple(patch.files(go).items())
    return _builder_at(go, files, cache().root)


@lru_cache(maxsize=64)
def _builder_at(go: Go, files: tuple[tuple[str, str], ...], root: Path) -> BackgroundBuild:
    key = digest(go.version, str(go.root), *(part for pair in files for part in pair))
    folder = root / "changed" / f"go{go.version}-{key[:16]}"
    program = folder / ("compile.exe" if os.name == "nt" else "compile")

    def make(made: Path) -> None:
        started = time.perf_counter()
        compiled = build_overlaid(go, dict(files), _PACKAGE, folder, made)
        check = run([made, "-V=full"], env=go.host_environment(), timeout=30)
        if f"go{go.version}" not in check.text:
            # A patch can compile and still be a compiler that does not start.
            said = (check.text.strip() or check.error_text.strip() or "nothing").splitlines()[0]
            raise GolifelabError(f"asked for its version, it says: {said}")
        facts = {"seconds": time.perf_counter() - started, "packages": len(compiled)}
        cache().write(folder / "build.json", json.dumps(facts).encode())
        script = _TOOLEXEC.format(compiler=shlex.quote(str(program)))
        cache().write(folder / "toolexec.sh", script.encode(), executable=True)
        forget_unused(folder, f"go{go.version}-*", seconds=_UNUSED_SECONDS, keep=_KEPT)

    return BackgroundBuild(
        program,
        make,
        what=f"the changed compiler of go{go.version}",
        feature=FEATURE,
        remedy="look at what go build says, change the patch, and build again",
    )
