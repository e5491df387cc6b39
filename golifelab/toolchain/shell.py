"""Shell lines with which readers get the same from Go in a terminal of their own."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.exports import FORMAT


def compile_line(source: Source, target: Target, extra: tuple[str, ...] = ()) -> str:
    """A bash line that compiles these files, in the folder where they are, to main.o."""
    flags = [*target.gcflags, *(flag.replace("{dir}", ".") for flag in extra)]
    words = ["-o", "main.o", *flags, *source.names]
    # As it is compiled here: the folder's name would be in the tables, and move what follows them.
    names = '-trimpath "$PWD=>"'
    return _tool("compile", target, f"-p {shlex.quote(source.package)} {names}", words)


def link_line(target: Target, words: Iterable[str], output: str = "main") -> str:
    """A bash line that links what `compile_line` made."""
    return _tool("link", target, "", [*words, "-o", output, "main.o"])


def _tool(name: str, target: Target, first: str, words: Iterable[str]) -> str:
    """Both tools find packages in a file of names and places, which `go list` can print."""
    settings = _settings(target)
    packages = f"-importcfg <({settings} go list -export -f {shlex.quote(FORMAT)} std)"
    parts = (settings, f"go tool {name}", first, packages, shlex.join(words))
    return " ".join(part for part in parts if part)


def _settings(target: Target) -> str:
    settings = f"GOOS={target.goos} GOARCH={target.goarch}"
    if target.goarch == "amd64" and target.goamd64 != "v1":
        settings += f" GOAMD64={target.goamd64}"
    if target.go:
        settings = f"GOTOOLCHAIN=go{target.go} {settings}"
    return settings
