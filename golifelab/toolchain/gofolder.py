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
    """Where to call go (`path`), with which further flags, and what the program is called there.

    What go makes may go into `output`.
    """

    go: Go
    path: Path
    flags: tuple[str, ...]
    program: tuple[str, ...]
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
        if source.directory is not None and leads_outside(source, target):
            replaced = {str(source.directory / name): str(made / name) for name in names}
            overlay = made / "overlay.json"
            overlay.write_text(json.dumps({"Replace": replaced}))
            yield Folder(go, source.directory, (f"-overlay={overlay}",), tuple(names), made)
            return
        major, minor = go.release
        (made / "go.mod").write_text(f"module {MODULE}\n\ngo {major}.{minor}\n")
        yield Folder(go, made, (), (".",), made)


def leads_outside(source: Source, target: Target) -> bool:
    """Whether a program imports more than std: then what it is made of may change on disk."""
    library = find_go(target.go).root / "src"
    return any(
        path not in ("C", "unsafe") and not (library / path).is_dir() for path in source.imports()
    )
