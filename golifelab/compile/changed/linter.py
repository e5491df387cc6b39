"""The rule outside the compiler: a linter over go/types, and a check for `go vet`.

Both are built from the same files, which say the rule once; the linter by a plain `go build` of
standard packages, the check on the analysis framework that Go's own vet brings along.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from golifelab.compile.changed.checked import Checked, module, tool_diagnostics
from golifelab.compile.changed.laundering import DEFAULT_TEXT, RULE
from golifelab.compile.changed.words import clean
from golifelab.errors import GolifelabError
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.background import BackgroundBuild
from golifelab.toolchain.cache import cache, digest, scratch
from golifelab.toolchain.exports import importcfg_for
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.overlay import build_overlaid
from golifelab.toolchain.run import Completed, run

_LINTER = ("never.go", "find.go", "linter.go")
_CHECK = ("never.go", "find.go", "vetcheck.go")
_PACKAGE = "cmd/vet"
_BUILD_SECONDS = 300.0
_GO_VET = re.compile(r"^#.*\n?", re.MULTILINE)


def lint(source: Source, target: Target | None = None, *, text: str = DEFAULT_TEXT) -> Checked:
    """The linter's answer. Its tool is built on first use, which takes seconds."""
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
    line = shlex.join([str(tool), *words, *names])
    return _checked("linter", done, f"GOROOT={shlex.quote(str(go.root))} {line}")


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
            timeout=_BUILD_SECONDS,
        )
    return _checked(name, done, shlex.join(["go", "vet", *words, "."]))


def _checked(name: str, done: Completed, command: str) -> Checked:
    output = done.text + _GO_VET.sub("", done.error_text)
    return Checked(
        tool=name,
        diagnostics=tool_diagnostics(output, name),
        accepted=not done.returncode,
        output=output,
        command=command,
        seconds=done.seconds,
        tier="tool",
    )


def _sources(names: tuple[str, ...]) -> dict[str, str]:
    return {name: (RULE / name).read_text() for name in names}


@lru_cache(maxsize=16)
def _linter(go: Go, root: Path) -> BackgroundBuild:
    files = _sources(_LINTER)

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

    return _tool(go, root, "linter", files, make)


@lru_cache(maxsize=16)
def _check(go: Go, root: Path) -> BackgroundBuild:
    files = _sources(_CHECK)
    # In the place of vet's own main: a folder of our own would be unknown to Go 1.24 and 1.25.
    laid = {
        f"{_PACKAGE}/{'main.go' if name == _CHECK[-1] else f'golifelab_{name}'}": text
        for name, text in files.items()
    }

    def make(folder: Path, made: Path) -> None:
        build_overlaid(go, laid, _PACKAGE, folder, made)

    return _tool(go, root, "vetcheck", files, make)


def _tool(
    go: Go, root: Path, name: str, files: dict[str, str], make: Callable[[Path, Path], None]
) -> BackgroundBuild:
    key = digest(go.version, str(go.root), *(part for pair in files.items() for part in pair))
    folder = root / "changed" / f"{name}-go{go.version}-{key[:16]}"
    return BackgroundBuild(
        folder / (f"{name}.exe" if os.name == "nt" else name),
        lambda made: make(folder, made),
        what=f"the {name} with go{go.version}",
        feature=f"the {name}",
        remedy="golifelab doctor shows what this Go installation lacks",
        heavy=False,
    )
