"""One program, linked and started in every way: the same `main`, and other system calls before it.

Who starts a program is decided when it is linked. A static one is entered by the kernel itself; for
one that names a dynamic loader, that loader runs first, and what it loads.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.executable import executable
from golifelab.link.modes.build import executable_built
from golifelab.link.modes.ccompiler import c_compiler
from golifelab.link.modes.way import Way
from golifelab.load.recorded.envelope import recorded
from golifelab.load.syscalls.kept import calls_content, calls_from, plain_calls
from golifelab.load.syscalls.stage import SystemCalls, system_calls
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.cache import cache, digest, scratch
from golifelab.toolchain.gofolder import folder
from golifelab.toolchain.run import run

if TYPE_CHECKING:
    import pandas as pd

C_HELLO = '#include <stdio.h>\n\nint main(void) { puts("hello, lab"); return 0; }\n'


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of program: how Go builds it (None for a program of C), and what to call that."""

    way: Way | None
    label: str
    command: str


_STATIC = '-extldflags "-static"'
KINDS: dict[str, Kind] = {
    "static": Kind(Way(), "Go, linked by Go alone", "CGO_ENABLED=0 go build"),
    "pie": Kind(
        Way(buildmode="pie"), "Go, position-independent", "CGO_ENABLED=0 go build -buildmode=pie"
    ),
    "dynamic": Kind(
        Way(cgo=True, linkmode="external"),
        "Go with the C library, loaded at start",
        "CGO_ENABLED=1 go build -ldflags=-linkmode=external",
    ),
    "static-c": Kind(
        Way(cgo=True, linkmode="external", extldflags="-static"),
        "Go with the C library, inside the file",
        f"CGO_ENABLED=1 go build -ldflags='-linkmode=external {_STATIC}'",
    ),
    "c": Kind(None, "C, without any Go", f"gcc -x c - <<< {shlex.quote(C_HELLO)}"),
}


@dataclass(frozen=True, slots=True)
class Start:
    """One kind of program, and its calls; None where it could not be made or traced: `reason`."""

    kind: str
    label: str
    command: str
    calls: SystemCalls | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartComparison(Stage):
    """The starts of one program side by side."""

    rows: tuple[Start, ...] = field(repr=False)

    def __getitem__(self, kind: str) -> Start:
        """The start of one kind; GolifelabError when there is none."""
        for row in self.rows:
            if row.kind == kind:
                return row
        raise GolifelabError(f"there is no kind {kind!r}", remedy=f"there are {', '.join(KINDS)}")

    def frame(self) -> pd.DataFrame:
        """One row a kind, with figures of its calls."""
        import pandas as pd

        return pd.DataFrame([{"kind": row.kind, **figures(row.calls)} for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """One entry a kind."""
        return self.header() | {
            "starts": [
                {
                    "kind": row.kind,
                    "label": row.label,
                    "build": row.command,
                    "reason": row.reason,
                    "figures": figures(row.calls),
                    "calls": [call.to_json() for call in row.calls.rows] if row.calls else [],
                }
                for row in self.rows
            ]
        }


def figures(calls: SystemCalls | None) -> dict[str, int | None]:
    """What is counted of a start, by name; every figure is None where there are no calls."""
    mapped = calls.named("mmap") if calls else ()
    opened = calls.named("openat", "open") if calls else ()
    found = {
        "calls": len(calls.rows) if calls else 0,
        "threads": len(calls.threads) if calls else 0,
        "mmap": len(mapped),
        "mmap of a file": sum(row.number(4) >= 0 for row in mapped),
        "mprotect": len(calls.named("mprotect")) if calls else 0,
        "brk": len(calls.named("brk")) if calls else 0,
        "clone": len(calls.named("clone", "clone3")) if calls else 0,
        "libraries opened": sum(".so" in row.text(1) and not row.error for row in opened),
        "signal handlers": sum("sa_handler=0x" in row.arguments for row in calls.rows)
        if calls
        else 0,
        "bytes reserved": calls.space.reserved if calls else 0,
        "bytes committed": calls.space.committed if calls else 0,
    }
    return dict.fromkeys(found) if calls is None else dict(found)


def start_comparison(
    source: Source, target: Target, kinds: tuple[str, ...] = tuple(KINDS)
) -> StartComparison:
    """Build a program in every way, run each, and see its system calls.

    What cannot be made here (there may be no C compiler) says why. Where nobody may trace, the
    calls are recorded ones, of a program that prints hello.
    """
    rows = tuple(_started(source, target, kind) for kind in kinds)
    live = [row.calls for row in rows if row.calls]
    kept = next((calls.recorded for calls in live if calls.recorded), None)
    return StartComparison(
        rows=rows,
        recorded=kept,
        command="\n".join(
            f"{_built(row.kind, source, target)} && strace -f -c ./program" for row in rows
        ),
        seconds=sum(calls.seconds for calls in live),
        tier="tool",
        precision="line",
    )


def _started(source: Source, target: Target, kind: str) -> Start:
    known = KINDS[kind]
    head = (kind, known.label, known.command)
    try:
        path = program_of(kind, source, target)
    except GolifelabError as error:
        return Start(*head, _recorded(kind), error.message)
    try:
        seen = system_calls(path)
    except FeatureUnavailable as error:
        return Start(*head, _recorded(kind), error.reason)
    shown = f"{_built(kind, source, target)} && strace -f -ttt -i ./program"
    return Start(*head, replace(plain_calls(seen, "program"), command=shown))


def _built(kind: str, source: Source, target: Target) -> str:
    """The line for a shell that makes the program of a kind in the folder where it stands."""
    known = KINDS[kind]
    if known.way is None:
        return f"{known.command} -o program"
    with folder(source, target) as place:
        there = shlex.quote(str(place.path))
    return f'(cd {there} && {known.command} -o "$OLDPWD/program")'


def _recorded(kind: str) -> SystemCalls | None:
    try:
        return calls_from(recorded(f"syscalls-{kind}"))
    except FeatureUnavailable:
        return None


def program_of(kind: str, source: Source, target: Target) -> Path:
    """The executable of a kind. FeatureUnavailable where it cannot be made."""
    way = KINDS[kind].way
    if way is not None:
        return executable_built(source, target, way)
    compiler = c_compiler(target.with_(cgo=True))
    key = digest("hello in c", compiler.identity, C_HELLO)
    path = cache().directory("executables") / key[:2] / key
    if not path.exists():
        with scratch() as made:
            (made / "hello.c").write_text(C_HELLO)
            done = run([compiler.name, "-o", "made", "hello.c"], cwd=made, timeout=60)
            if done.returncode:
                raise FeatureUnavailable("a program of C", done.error_text.strip()[:300])
            cache().write(path, (made / "made").read_bytes(), executable=True)
    return path


def content_of(kind: str, source: Source, target: Target) -> dict[str, Any]:
    """What is recorded of a kind's start. FeatureUnavailable where it can't be made or traced."""
    calls = system_calls(executable(program_of(kind, source, target)), asked=True)
    return calls_content(replace(calls, program="program"))
