"""Call the compiler directly: one source in, one object file out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from golifelab.errors import CompileFailed
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.ahead import ahead
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.exports import importcfg_for
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import finish, run, superseding
from golifelab.toolchain.shell import compile_line

_DIAGNOSTIC = re.compile(
    # With -L the real place stands behind the one that a //line directive makes of it.
    r"^(?:[^\s\[]*:\d+\[(?=.*?\]))?"
    r"(?P<file>[^\s:][^:]*?\.\w+):(?P<line>\d+)(?::(?P<column>\d+))?\]?: (?P<text>.*)$"
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """What one run of the compiler gave.

    `object` is the archive (empty when the program is refused); `side` are further files the run
    wrote, by name relative to the folder it ran in.
    """

    object: bytes
    stdout: str
    stderr: str
    returncode: int
    seconds: float
    command: str
    side: dict[str, bytes] = field(default_factory=dict)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The compiler's messages with their positions."""
        return parse_diagnostics(self.stdout + "\n" + self.stderr)


def compile_object(
    source: Source,
    target: Target,
    *,
    compiler: Path | None = None,
    extra: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
    collect: tuple[str, ...] = (),
    timeout: float = 120.0,
) -> Compiled:
    """Compile a package.

    `compiler` replaces the toolchain's own; `extra` are more compiler flags, in which "{dir}"
    stands for the folder the compiler runs in; `collect` are glob patterns of side files to keep.
    A refused program is a value, not an error: see `Compiled.diagnostics`.
    """
    go = find_go(target.go)
    config = importcfg_for(source, target)

    def call(directory: Path) -> tuple[list[str], dict[str, str]]:
        where = str(directory)
        words = [
            str(compiler or go.tool("compile")),
            *("-p", source.package),
            *("-importcfg", str(config)),
            *("-trimpath", f"{where}=>"),
            *("-o", "golifelab.o"),
            *target.gcflags,
            *(flag.replace("{dir}", where) for flag in extra),
            *source.names,
        ]
        variables = go.environment(target) | (environment or {})
        return words, {name: value.replace("{dir}", where) for name, value in variables.items()}

    with ExitStack() as stack:
        begun = stack.enter_context(ahead.taken(call, source)) if superseding() else None
        if begun is not None:
            directory = begun.directory
            text = source.text().encode(errors="surrogateescape")
            done = finish(begun.child, input=text, timeout=timeout)
        else:
            directory = stack.enter_context(scratch())
            source.write(directory)
            words, variables = call(directory)
            done = run(words, env=variables, cwd=directory, timeout=timeout)
        output = directory / "golifelab.o"
        made = output.read_bytes() if not done.returncode and output.exists() else b""
        side = {
            str(path.relative_to(directory)): path.read_bytes()
            for pattern in collect
            for path in directory.glob(pattern)
            if path.is_file()
        }
        hidden = f"{directory}/"
        return Compiled(
            made,
            done.text.replace(hidden, ""),
            done.error_text.replace(hidden, ""),
            done.returncode,
            done.seconds,
            compile_line(source, target, extra),
            side,
        )


def parse_diagnostics(text: str, phase: str = "compile") -> tuple[Diagnostic, ...]:
    """The `file:line:column: message` lines of a Go tool; an indented line continues a message."""
    found: list[Diagnostic] = []
    for line in text.splitlines():
        match = _DIAGNOSTIC.match(line)
        if match:
            place = Position(match["file"], int(match["line"]), int(match["column"] or 0))
            found.append(Diagnostic(place, match["text"], phase=phase))
        elif found and line.startswith("\t"):
            last = found[-1]
            found[-1] = Diagnostic(last.position, f"{last.message}\n{line}", phase=phase)
    return tuple(found)


def require_object(compiled: Compiled, source: Source) -> bytes:
    """The object file; CompileFailed when the compiler refused the program."""
    if compiled.object:
        return compiled.object
    messages = compiled.diagnostics or (
        Diagnostic(
            Position(source.names[0], 0),
            (compiled.stderr or compiled.stdout).strip()[:2000]
            or f"the compiler ended with status {compiled.returncode} and said nothing",
        ),
    )
    raise refusal(messages, source)


def refusal(messages: Sequence[Diagnostic], source: Source) -> CompileFailed:
    """The error for a program that the compiler refused."""
    # cgo makes Go of such files first, and a C compiler objects: only `go build` does all of it.
    whole = "a program with C in it is built whole: look at its modes and c_packages()"
    remedy = whole if "C" in source.imports() else ""
    return CompileFailed(messages, sources=dict(source.files), remedy=remedy)
