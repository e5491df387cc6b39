"""Build the helper: Go's compiler with the files of `overlay/` added to its own packages.

`go build -overlay` takes the added files as if they lay in GOROOT; not one file of Go is copied or
changed. It happens once per Go version, some 20 to 60 seconds, in a background thread at first use;
the result serves every GOARCH. Two processes build once between them.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.target import Target
from golifelab.toolchain.background import (
    TIMEOUT,
    BackgroundBuild,
    BuildStatus as HelperStatus,
    Listener,
    forget_unused,
)
from golifelab.toolchain.cache import cache, digest
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.overlay import build_overlaid
from golifelab.toolchain.run import run

__all__ = ["HelperStatus", "overlay_files", "ready", "require", "start", "status", "wait"]

_OVERLAY = Path(__file__).parent / "overlay"
_PACKAGES = {
    "base": "cmd/compile/internal/base",
    "main": "cmd/compile",
    "noder": "cmd/compile/internal/noder",
    "ssa": "cmd/compile/internal/ssa",
    "syntax": "cmd/compile/internal/syntax",
}
_STANDARD_TYPES = ('types "cmd/compile/internal/types2"', '"go/types"')
_UNUSED_SECONDS = 7 * 24 * 3600.0
_FEATURE = "the helper (Go's compiler with observers)"
_OFF = "GOLIFELAB_HELPER=off"


def status(target: Target | None = None) -> HelperStatus:
    """How things stand. Starts nothing."""
    if switched_off():
        return HelperStatus("off", message=_OFF)
    return _builder(find_go(target.go if target else "")).status()


def start(target: Target | None = None, on_change: Listener | None = None) -> HelperStatus:
    """Begin the build in the background unless it is done, under way or known to fail.

    `on_change` is called from another thread at every change, and about once a second meanwhile.
    """
    if switched_off():
        return status(target)
    return _builder(find_go(target.go if target else "")).start(on_change)


def ready(target: Target | None = None) -> Path | None:
    """The helper, or None: then its build was begun, and the data must come another way."""
    return start(target).path


def require(target: Target | None = None) -> Path:
    """The helper; FeatureUnavailable when it is not ready at this moment."""
    return _wanted(target).require()


def wait(
    target: Target | None = None, *, on_change: Listener | None = None, timeout: float = TIMEOUT
) -> Path:
    """The helper, built now if need be, after an earlier failure too; else FeatureUnavailable."""
    return _wanted(target).wait(on_change=on_change, timeout=timeout)


def switched_off() -> bool:
    """Whether GOLIFELAB_HELPER=off asks for the fallback."""
    return os.environ.get("GOLIFELAB_HELPER", "").lower() in ("off", "0", "no")


def overlay_files() -> dict[str, str]:
    """Path below GOROOT/src → Go source, for every file that joins the compiler."""
    return {
        f"{package}/{path.name}": path.read_text()
        for folder, package in _PACKAGES.items()
        for path in sorted((_OVERLAY / folder).glob("*.go"))
    }


def standard_files() -> dict[str, str]:
    """Name → source of those files that know nothing of the compiler but the type checker.

    They are made for go/types, so that the server without the compiler is built with them too.
    """
    return {
        name: (_OVERLAY / "main" / name).read_text().replace(*_STANDARD_TYPES)
        for name in ("golifelab_import.go", "golifelab_methods.go", "golifelab_watch.go")
    }


def _wanted(target: Target | None) -> BackgroundBuild:
    if switched_off():
        raise FeatureUnavailable(_FEATURE, _OFF, remedy="unset GOLIFELAB_HELPER")
    return _builder(find_go(target.go if target else ""))


def _builder(go: Go) -> BackgroundBuild:
    return _builder_at(go, cache().root)


@lru_cache(maxsize=32)
def _builder_at(go: Go, root: Path) -> BackgroundBuild:
    files = overlay_files()
    key = digest(go.version, str(go.root), *(part for pair in files.items() for part in pair))
    folder = root / "helper" / f"go{go.version}-{key[:16]}"

    def make(made: Path) -> None:
        build_overlaid(go, files, "cmd/compile", folder, made)
        check = run([made, "-V"], env=go.host_environment(), timeout=30)
        if f"go{go.version}" not in check.text:
            raise GolifelabError(f"it calls itself {check.text.strip()!r}")
        forget_unused(folder, f"go{go.version}-*", seconds=_UNUSED_SECONDS)

    return BackgroundBuild(
        folder / ("compile.exe" if os.name == "nt" else "compile"),
        make,
        what=f"the compiler of go{go.version} with observers",
        feature=_FEATURE,
        remedy="run: golifelab warm",
    )
