"""A folder in which the go command finds a program."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.go import Go, find_go

# Neither a package of std nor a name that a reader's own module is likely to have.
MODULE = "golifelab.test/program"


@dataclass(frozen=True, slots=True)
class Folder:
    """Where to call go (`path`), with which further words, and where what it makes may go."""

    go: Go
    path: Path
    words: tuple[str, ...]
    output: Path


@contextlib.contextmanager
def folder(source: Source, target: Target) -> Iterator[Folder]:
    """The source as the main package of a module, for as long as the block lasts.

    A program that imports more than std is built where it came from, so that its module finds the
    rest; its files are then the source's, whatever is on disk.
    """
    go = find_go(target.go)
    with scratch() as made:
        names = source.write(made)
        if source.directory is not None and _leads_outside(source):
            replaced = {str(source.directory / name): str(made / name) for name in names}
            overlay = made / "overlay.json"
            overlay.write_text(json.dumps({"Replace": replaced}))
            yield Folder(go, source.directory, (f"-overlay={overlay}",), made)
            return
        major, minor = go.release
        (made / "go.mod").write_text(f"module {MODULE}\n\ngo {major}.{minor}\n")
        yield Folder(go, made, (), made)


def _leads_outside(source: Source) -> bool:
    # The first part of a path outside std has a dot in it, or the module has no name for others.
    return any("." in path.partition("/")[0] for path in source.imports())
