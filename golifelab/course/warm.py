"""Make ready what the lessons would otherwise build while a reader waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from golifelab.compile.changed.compiler import wait
from golifelab.compile.changed.laundering import laundering
from golifelab.compile.gotokens import go_tokens
from golifelab.errors import GolifelabError
from golifelab.run.notices import who_notices
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.warm import ARCHITECTURES, warm as warm_toolchain


def warm(
    go: str = "",
    architectures: Sequence[str] = ARCHITECTURES,
    *,
    say: Callable[[str], None] = print,
) -> None:
    """Prepare a Go version: the toolchain first, then what single lessons build of it.

    Each step tells what it did and how long it took. What can't be had is told and skipped: the
    lessons say so in their turn.
    """
    warm_toolchain(go, architectures, say=say)
    target = Target(go=go)
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("Go's library as a server", lambda: go_tokens(Source.from_text("package main\n"), target)),
        ("the compiler, changed", lambda: wait(laundering(), target)),
        ("its rule as linter and as vet check", lambda: who_notices(target=target)),
    )
    for name, make in steps:
        started = time.perf_counter()
        try:
            make()
            say(f"{name}: ready ({time.perf_counter() - started:.1f} s)")
        except GolifelabError as error:
            say(f"{name}: not available: {error.message}")
