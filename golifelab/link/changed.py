"""A program linked with changed packages of Go's own library.

`go build -overlay` compiles the changed package and all that import it, once for each change; then
a program is built as quickly as ever. The reader's GOROOT is not touched.
"""

from __future__ import annotations

import json
import re
import shlex
import time
from collections.abc import Mapping
from pathlib import Path

from golifelab.compile.changed.patch import Patch
from golifelab.errors import CompileFailed, GolifelabError
from golifelab.link.executable import Executable, executable
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import cache, digest, disk_trouble
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.gofolder import Folder, folder, leads_outside
from golifelab.toolchain.run import run

# A change of the runtime compiles all that a program is made of.
TIMEOUT = 600.0
_MIN_FREE = 200 << 20
_MESSAGE = re.compile(
    r"^(?P<file>\S[^:]*\.(?:go|s)):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<text>.*)"
)


def linked_changed(
    source: Source, target: Target, patch: Patch, *, timeout: float = TIMEOUT
) -> Executable:
    """Build a program with a patch of std; the executable is kept in the cache.

    Raises PatchFailed where the reader's Go has not the patch's anchors, CompileFailed with
    positions in the changed files or in the program, and LimitExceeded after `timeout` seconds.
    """
    if source.package != "main":
        raise GolifelabError(f"package {source.package} is not a program")
    go = find_go(target.go)
    files = patch.files(go)
    parts = [part for pair in files.items() for part in pair]
    key = digest("changed", go.version, str(go.root), target.key(), source.digest, *parts)
    path = cache().directory("executables") / key[:2] / key
    place = cache().directory("changed-std") / digest(go.version, str(go.root), *parts)[:24]
    command = _command(patch, target)
    if path.exists() and not leads_outside(source, target):
        return executable(path, command=command)
    if trouble := disk_trouble("changing Go's own library", least=_MIN_FREE):
        raise trouble
    started = time.perf_counter()
    replaced = _laid_over(go, files, place)
    with folder(source, target) as where:
        done = run(
            [go.command, "build", *_flags(where, target, replaced), *where.program],
            env=go.environment(target),
            cwd=where.path,
            timeout=timeout,
        )
        if done.returncode:
            raise _refusal(done.error_text, source, {**dict(source.files), **files}, replaced)
        cache().write(path, (where.output / "program").read_bytes(), executable=True)
    return executable(path, command=command, seconds=time.perf_counter() - started)


def _laid_over(go: Go, files: Mapping[str, str], place: Path) -> dict[str, str]:
    """Keep the changed files at a place; the file of GOROOT → the one that takes its place."""
    replaced = {}
    for name, text in files.items():
        path = place / name
        if not path.exists():
            cache().write(path, text.encode(errors="surrogateescape"))
        replaced[str(go.root / "src" / name)] = str(path)
    return replaced


def _flags(where: Folder, target: Target, replaced: Mapping[str, str]) -> list[str]:
    """The flags of go build, with the overlay of a program outside std joined to ours."""
    flags = []
    merged = dict(replaced)
    for flag in where.flags:
        if flag.startswith("-overlay="):
            merged |= json.loads(Path(flag.removeprefix("-overlay=")).read_text())["Replace"]
        else:
            flags.append(flag)
    overlay = where.output / "changed.json"
    overlay.write_text(json.dumps({"Replace": merged}))
    if target.gcflags:
        flags.append(f"-gcflags={shlex.join(target.gcflags)}")
    program = str(where.output / "program")
    return [*flags, f"-overlay={overlay}", "-buildvcs=false", "-pgo=off", "-o", program]


def _command(patch: Patch, target: Target) -> str:
    """What to type, with the changed files beside the program."""
    names = sorted({edit.file for edit in patch.edits} | {name for name, _ in patch.added})
    replace = {f"$GOROOT/src/{name}": f"./{name}" for name in names}
    overlay = json.dumps({"Replace": replace}).replace('"', '\\"')
    platform = f"GOOS={target.goos} GOARCH={target.goarch}"
    return f'echo "{overlay}" > overlay.json && {platform} go build -overlay overlay.json'


def _refusal(
    output: str, source: Source, texts: dict[str, str], replaced: Mapping[str, str]
) -> GolifelabError:
    """What go build's messages mean, with short names for the changed files."""
    if trouble := disk_trouble("changing Go's own library", output):
        return trouble
    names = {}
    for original, copy in replaced.items():
        short = original.partition("/src/")[2]
        # It names the copy by a path from where it was called.
        names[Path(copy).name] = names[original] = names[copy] = short
    found: list[Diagnostic] = []
    for line in output.splitlines():
        match = _MESSAGE.match(line)
        if match:
            file = match["file"]
            name = names.get(file) or _own(file, source) or names.get(Path(file).name, file)
            place = Position(name, int(match["line"]), int(match["column"] or 0))
            found.append(Diagnostic(place, match["text"], phase="compile"))
    if found:
        return CompileFailed(found, sources=texts)
    return GolifelabError(f"go build could not make it:\n{output.strip()[-2000:]}")


def _own(file: str, source: Source) -> str:
    """The name of the program's own file that go build means, or ""."""
    return next((name for name in source.names if file in (name, f"./{name}")), "")
