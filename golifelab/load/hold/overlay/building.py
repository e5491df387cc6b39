"""Build programs with the runtime that waits at its milestones, ahead of time or when asked."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

from golifelab.link.changed import TIMEOUT, linked_changed
from golifelab.link.executable import Executable
from golifelab.load.hold.overlay.milestones import Passed, milestone_patch
from golifelab.load.hold.overlay.process import OverlaidProcess
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.background import BackgroundBuild
from golifelab.toolchain.cache import cache, digest
from golifelab.toolchain.go import Go, find_go


def overlaid(
    source: Source, target: Target | None = None, *, timeout: float = TIMEOUT
) -> Executable:
    """A program with the changed runtime.

    The first one for a Go, and for what it imports, takes seconds; another text then a fraction of
    one. Raises PatchFailed where the reader's Go has not the anchors, CompileFailed for a program
    that does not compile.
    """
    target = target or Target()
    made = linked_changed(source, target, milestone_patch(), timeout=timeout)
    _builder(find_go(target.go), target, source.imports(), cache().root).note()
    return made


def overlay_ready(source: Source, target: Target | None = None) -> bool:
    """Whether `overlaid` takes but a moment. If not, what it needs is begun in the background."""
    target = target or Target()
    builder = _builder(find_go(target.go), target, source.imports(), cache().root)
    return builder.start().state == "ready"


def milestones(
    source: Source, target: Target | None = None, *, timeout: float = 10.0
) -> tuple[Passed, ...]:
    """Run a program to its end with the changed runtime; what it passed, in order."""
    program = overlaid(source, target)
    with OverlaidProcess(program, (), {}, timeout) as process:
        process.resume(timeout)
        return process.passed


class _Builder(BackgroundBuild):
    """The build of all that programs with the same imports share. Its program is a mark only."""

    def note(self) -> None:
        """It was built by the way."""
        if not self.program.exists():
            cache().write(self.program, b"")


@lru_cache(maxsize=32)
def _builder(go: Go, target: Target, imports: tuple[str, ...], root: Path) -> _Builder:
    files = milestone_patch().files(go)
    parts = [part for pair in files.items() for part in pair]
    key = digest(go.version, str(go.root), target.key(), *parts, "", *imports)
    lines = "".join(f'import _ "{path}"\n' for path in imports if path not in ("C", "unsafe"))
    source = Source.from_text(f"package main\n\n{lines}\nfunc main() {{}}\n")

    def make(made: Path) -> None:
        linked_changed(source, target, milestone_patch())
        made.write_bytes(str(time.time()).encode())

    return _Builder(
        root / "changed-std" / "ready" / key[:24] / "ready",
        make,
        what=f"the runtime of go{go.version}, changed to wait at its milestones",
        feature="holding a process by its own runtime",
        remedy="look at what go build says",
    )
