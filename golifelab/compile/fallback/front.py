"""The front end without the helper: a small server made of go/scanner, go/ast and go/types.

It needs nothing but `go build`, takes a few seconds to build once per Go version, and answers in
the helper's tables with the compiler's own words for tokens and nodes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from golifelab.columns import Table
from golifelab.errors import FeatureUnavailable
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import cache, digest, mark_used, scratch
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.helper import build
from golifelab.toolchain.helper.front import FrontReply, request
from golifelab.toolchain.helper.stream import decode_reply
from golifelab.toolchain.run import run
from golifelab.toolchain.server import Server

_SOURCES = Path(__file__).parent / "server"
_BUILD_SECONDS = 300.0
_lock = threading.Lock()


def standard_front(
    source: Source, target: Target, *, only: str = "", untyped: str = "", timeout: float = 20.0
) -> FrontReply:
    """What Go's standard packages know of a program, in the tables of `FrontReply`.

    With `untyped` the type checker is not asked; what it says is an error then, of phase
    "internal". FeatureUnavailable when the server can't be built, LimitExceeded when the program is
    too much.
    """
    go = find_go(target.go)
    started = time.perf_counter()
    header, blobs = request(source, target)
    header |= {"only": only, "untyped": untyped, "goroot": str(go.root)}
    header["lang"] = header["lang"] or "go{}.{}".format(*go.release)
    tables = _ask(go, header, blobs, timeout)
    return FrontReply(tables, source.names, "fallback", time.perf_counter() - started)


def standard_tables(
    only: str, target: Target, source: Source | None = None, *, timeout: float = 20.0
) -> Mapping[str, Table]:
    """What the server knows in the words of Go's own packages, as tables.

    `only` "go" asks for the tokens of go/scanner and the trees of go/ast of a source; "numbers" for
    the constants by which Go's scanners number their words.
    """
    go = find_go(target.go)
    files = [
        (name, text.encode("utf-8", "surrogateescape"))
        for name, text in (source.files if source else ())
    ]
    header: dict[str, object] = {
        "only": only,
        "goroot": str(go.root),
        "files": [{"name": name, "size": len(blob)} for name, blob in files],
    }
    return _ask(go, header, [blob for _, blob in files], timeout)


def _ask(
    go: Go, header: dict[str, object], blobs: list[bytes], timeout: float
) -> Mapping[str, Table]:
    server = _server(go, cache().root)
    if server.pid is None:
        # It may be started now, and another process may have pruned the cache since it last was.
        mark_used(_program(go, cache().root))
    reply, blob = server.request(header, blobs, timeout=timeout)
    return decode_reply(reply, blob)


@lru_cache(maxsize=16)
def _server(go: Go, root: Path) -> Server:
    # Before Go 1.27 aliases are types of their own only where the main module asks for it.
    environment = go.host_environment() | {"GOMEMLIMIT": "3GiB", "GODEBUG": "gotypesalias=1"}
    return Server([_program(go, root)], environment, name="Go's standard front end")


def _program(go: Go, root: Path) -> Path:
    """The built server in the cache below `root`; built now if it is missing."""
    files = {path.name: path.read_bytes() for path in sorted(_SOURCES.glob("*.go"))}
    files |= {name: text.encode() for name, text in build.standard_files().items()}
    key = digest(go.version, str(go.root), *(part for pair in files.items() for part in pair))
    name = f"server{go.command.suffix}"
    program = root / "executables" / key[:2] / f"{key}{go.command.suffix}"
    with _lock:
        if program.exists():
            return program
        with scratch() as directory:
            for file, text in files.items():
                (directory / file).write_bytes(text)
            environment = go.host_environment() | {"GO111MODULE": "off"}
            done = run(
                # As all of std was built already; with -trimpath it would be built once more.
                [go.command, "build", "-o", name, *files],
                env=environment,
                cwd=directory,
                timeout=_BUILD_SECONDS,
            )
            if done.returncode:
                raise FeatureUnavailable(
                    "reading Go source",
                    f"go build failed: {done.error_text.strip()[:1000]}",
                    remedy="golifelab doctor shows what this Go installation lacks",
                )
            built = (directory / name).read_bytes()
        return cache().write(program, built, executable=True)
