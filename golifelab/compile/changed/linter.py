"""The rule as a linter: a small program over go/parser and go/types, made by a plain `go build`."""

from __future__ import annotations

import shlex
from functools import lru_cache
from pathlib import Path

from golifelab.compile.changed.checked import Checked
from golifelab.compile.changed.laundering import DEFAULT_TEXT
from golifelab.compile.changed.ruletool import answer, rule_files, rule_tool
from golifelab.compile.changed.words import clean
from golifelab.errors import GolifelabError
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.background import BackgroundBuild
from golifelab.toolchain.cache import cache, scratch
from golifelab.toolchain.exports import importcfg_for
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.run import run

_BUILD_SECONDS = 300.0


def lint(source: Source, target: Target | None = None, *, text: str = DEFAULT_TEXT) -> Checked:
    """The linter's answer. It is built on first use, which takes seconds."""
    target = target or Target()
    go = find_go(target.go)
    tool = _linter(go, cache().root).wait()
    words = ["-text", clean(text), "-p", source.package, "-goarch", target.goarch]
    config = importcfg_for(source, target)
    with scratch() as folder:
        names = source.write(folder)
        done = run(
            [tool, *words, "-importcfg", config, *names], env=go.environment(target), cwd=folder
        )
    # In a terminal it reads imported packages from their sources, which needs no importcfg.
    line = shlex.join([str(tool), *words, *names])
    return answer("linter", done, f"GOROOT={shlex.quote(str(go.root))} {line}")


@lru_cache(maxsize=16)
def _linter(go: Go, root: Path) -> BackgroundBuild:
    files = rule_files("never.go", "find.go", "linter.go")

    def make(folder: Path, made: Path) -> None:
        for name, text in files.items():
            cache().write(folder / "src" / name, text.encode())
        done = run(
            [go.command, "build", "-o", made, *files],
            env=go.host_environment() | {"GO111MODULE": "off"},
            cwd=folder / "src",
            timeout=_BUILD_SECONDS,
        )
        if done.returncode:
            raise GolifelabError(f"go build failed: {done.error_text.strip()[:1000]}")

    return rule_tool(go, root, "linter", files, make)
