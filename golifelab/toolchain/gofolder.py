"""A folder in which the go command finds a program."""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import cache, digest, mark_used, scratch
from golifelab.toolchain.go import Go, find_go

# Neither a package of std nor a name that a reader's own module is likely to have.
MODULE = "golifelab.test/program"
_KEPT_SECONDS = 24 * 3600


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

    Equal sources stand in the same folder, whose path gets into what is built: so the same build
    gives the same file. A program that imports more than std is built where it came from, so that
    its module finds the rest; its files are then the source's, whatever is on disk.
    """
    go = find_go(target.go)
    with scratch() as made:
        if source.directory is not None and leads_outside(source, target):
            names = source.write(made)
            replaced = {str(source.directory / name): str(made / name) for name in names}
            overlay = made / "overlay.json"
            overlay.write_text(json.dumps({"Replace": replaced}))
            yield Folder(go, source.directory, (f"-overlay={overlay}",), tuple(names), made)
            return
        yield Folder(go, _module(source, go), (), (".",), made)


def _module(source: Source, go: Go) -> Path:
    """The folder of a source, which other builds of it may be using just now."""
    major, minor = go.release
    text = f"module {MODULE}\n\ngo {major}.{minor}\n"
    place = cache().directory("modules") / digest("module", text, source.digest)[:24]
    if (place / "go.mod").exists():
        mark_used(place)
        return place
    _sweep(place.parent)
    with scratch() as made:
        for name in source.write(made):
            cache().write(place / name, (made / name).read_bytes())
    # The last one: where it is, the folder is complete.
    cache().write(place / "go.mod", text.encode())
    return place


def _sweep(modules: Path) -> None:
    """Remove the folders that nobody has used for long: every edit makes one."""
    now = time.time()
    for place in modules.iterdir():
        with contextlib.suppress(OSError):
            if now - place.stat().st_mtime > _KEPT_SECONDS:
                shutil.rmtree(place, ignore_errors=True)


def leads_outside(source: Source, target: Target) -> bool:
    """Whether a program imports more than std: then what it is made of may change on disk."""
    library = find_go(target.go).root / "src"
    return any(
        path not in ("C", "unsafe") and not (library / path).is_dir() for path in source.imports()
    )
