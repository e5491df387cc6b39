"""`go vet` as it ships, and the rule as a check for `go vet -vettool=`.

The check is built on the analysis framework that Go's own vet brings along, which only a program of
the distribution may import: so it takes the place of vet's main file, by overlay.
"""

from __future__ import annotations

import shlex
from functools import lru_cache
from pathlib import Path

from golifelab.compile.changed.checked import Checked, module
from golifelab.compile.changed.laundering import DEFAULT_TEXT
from golifelab.compile.changed.ruletool import answer, rule_files, rule_tool
from golifelab.compile.changed.words import clean
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.background import BackgroundBuild
from golifelab.toolchain.cache import cache
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.overlay import build_overlaid
from golifelab.toolchain.run import run

_PACKAGE = "cmd/vet"
_MAIN = "vetcheck.go"
# It may have to compile the imported packages first.
_VET_SECONDS = 300.0


def vet(source: Source, target: Target | None = None) -> Checked:
    """The answer of `go vet` as it ships."""
    return _vet("vet", source, target or Target(), [])


def vet_check(source: Source, target: Target | None = None, *, text: str = DEFAULT_TEXT) -> Checked:
    """The answer of `go vet -vettool=` with the rule as its only check.

    Its tool is built on first use, which takes seconds.
    """
    target = target or Target()
    tool = _check(find_go(target.go), cache().root).wait()
    words = [f"-vettool={tool}", f"-laundering.text={clean(text)}"]
    return _vet("vet check", source, target, words)


def _vet(name: str, source: Source, target: Target, words: list[str]) -> Checked:
    go = find_go(target.go)
    with module(source, go) as folder:
        done = run(
            [go.command, "vet", *words, "."],
            env=go.environment(target),
            cwd=folder,
            timeout=_VET_SECONDS,
        )
    return answer(name, done, shlex.join(["go", "vet", *words, "."]))


@lru_cache(maxsize=16)
def _check(go: Go, root: Path) -> BackgroundBuild:
    files = rule_files("never.go", "find.go", _MAIN)
    # A folder of our own below cmd would be unknown to Go 1.24 and 1.25.
    laid = {
        f"{_PACKAGE}/{'main.go' if name == _MAIN else f'golifelab_{name}'}": text
        for name, text in files.items()
    }

    def make(folder: Path, made: Path) -> None:
        build_overlaid(go, laid, _PACKAGE, folder, made)

    return rule_tool(go, root, "vetcheck", files, make)
