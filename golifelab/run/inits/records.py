"""The initialisation record of a package, as its object file holds it.

The compiler writes one for every package that has something to initialise, or that imports one
that has: the functions to run, and a note to the linker for each such import (R_INITORDER).
$GOROOT/src/cmd/compile/internal/pkginit/init.go
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from golifelab.link.modes.archives import archives_with_c
from golifelab.link.modes.whole import with_c
from golifelab.link.object.file import ObjectFile, object_file, read_object
from golifelab.run.inits.order import package_named, task_symbol
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import cache, digest
from golifelab.toolchain.exports import importcfg_for, read_importcfg
from golifelab.toolchain.go import find_go

_RUNTIME = "runtime"


@dataclass(frozen=True, slots=True)
class Record:
    """A package's record: what it waits for, and what it runs.

    `imports` are the imported packages that have a record, in the object's order; `functions` the
    functions to run, in order ("os.init" sets variables, "os.init.0" is the first func init).
    """

    package: str
    imports: tuple[str, ...]
    functions: tuple[str, ...]


def records(source: Source, target: Target) -> Mapping[str, Record]:
    """The records of a program and of everything that it is made of, by package.

    Raises CompileFailed where the program is refused; one with C in it as `archives_with_c`.
    """
    found: dict[str, Record] = {}
    root = find_go(target.go).root
    if with_c(source):
        archives = archives_with_c(source, target)
        own = _of_archive(archives[source.package], source.package, root)
    else:
        archives = read_importcfg(importcfg_for(source, target))
        own = record_in(object_file(source, target), source.package)
    todo = [_RUNTIME]
    if own is not None:
        found[source.package] = own
        todo += own.imports
    while todo:
        package = todo.pop()
        if package in found or package not in archives:
            continue
        record = _of_archive(archives[package], package, root)
        if record is not None:
            found[package] = record
            todo += record.imports
    return found


def record_in(made: ObjectFile, package: str) -> Record | None:
    """The record in an object file; None where nothing has to be initialised."""
    for symbol in made.symbols.named(task_symbol(package)):
        related = symbol.relocations
        return Record(
            package,
            tuple(package_named(one.symbol) for one in related if one.kind == "R_INITORDER"),
            tuple(one.symbol for one in related if one.kind != "R_INITORDER"),
        )
    return None


@lru_cache(maxsize=1024)
def _of_archive(path: Path, package: str, root: Path) -> Record | None:
    """The record in a compiled package. Go's build cache names files by what is in them."""
    key = digest("init record", str(path), package)
    known = cache().get(key)
    if known is None:
        made = record_in(read_object(path.read_bytes(), root, package=package), package)
        content = None if made is None else [made.imports, made.functions]
        cache().put(key, json.dumps(content).encode())
        return made
    content = json.loads(known)
    return None if content is None else Record(package, *map(tuple, content))
