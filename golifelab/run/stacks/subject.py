"""Which function's stack is measured, and the program that measures it.

The program's own files stay as they are. Two more join it: `probe.go`, and a line that calls the
function. They measure while the package is initialised and then leave, so main never runs.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from golifelab.compile.types import types
from golifelab.errors import CompileFailed, GolifelabError, NoSuchName
from golifelab.link.executable import Executable, link
from golifelab.position import Position
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.link import Mode

_TYPE = re.compile(r"^func\((?:[\w·]+ )?(?P<parameter>u?int(?:8|16|32|64)?|uintptr|byte)\)")
_LARGEST = {"int8": 7, "uint8": 8, "byte": 8, "int16": 15, "uint16": 16, "int32": 31, "uint32": 32}
# Arguments above this are not tried: nothing that takes so many levels has an end here.
_MOST_BITS = 40
_FILES = ("golifelab_probe.go", "golifelab_call.go")


@dataclass(frozen=True, slots=True)
class Subject:
    """A function of package main with one integer parameter: its name, that type, its place.

    `recursive` tells whether its own body names it.
    """

    name: str
    parameter: str
    position: Position
    recursive: bool

    @property
    def most(self) -> int:
        """The largest argument that is tried."""
        return (1 << _LARGEST.get(self.parameter, _MOST_BITS)) - 1


def subjects(source: Source, target: Target) -> tuple[Subject, ...]:
    """The functions whose stack can be measured, those that call themselves first."""
    found = tuple(_subjects(source, target))
    return tuple(sorted(found, key=lambda one: not one.recursive))


def subject(source: Source, target: Target, function: str = "") -> Subject:
    """The function of a name, or the first that calls itself.

    CompileFailed for a program with errors, NoSuchName or GolifelabError where there is none.
    """
    known = subjects(source, target)
    for one in known:
        if one.name == function.removeprefix("main.") or (not function and one.recursive):
            return one
    checked = types(source, target)
    if checked.errors:
        raise CompileFailed(checked.errors, sources=dict(source.files))
    if function and known:
        raise NoSuchName("function of one integer", function, (one.name for one in known))
    raise GolifelabError(
        "the program has no function whose stack can be measured",
        remedy="write one that calls itself and has one integer parameter: func deep(n int) int",
    )


def _subjects(source: Source, target: Target) -> Iterator[Subject]:
    lines = {name: text.split("\n") for name, text in source.files}
    for item in types(source, target).objects:
        match = _TYPE.match(item.type)
        at = item.position
        if item.kind != "Func" or match is None or at is None or at.file not in lines:
            continue
        before = lines[at.file][at.line - 1].encode(errors="replace")[: at.column - 1]
        # What stands there before a method's name is its receiver.
        if before.strip() == b"func" and re.fullmatch(r"\w+", item.name):
            recursive = _calls(lines[at.file][at.line - 1 :], item.name)
            yield Subject(item.name, match["parameter"], at, recursive)


def _calls(lines: list[str], name: str) -> bool:
    """Whether a function that begins in the first of these lines names itself in its body."""
    end = next((number for number, line in enumerate(lines) if line.startswith("}")), 0)
    body = "\n".join(lines[: end + 1])
    return len(re.findall(rf"\b{re.escape(name)}\(", body)) > 1


@cache
def _probe() -> str:
    return (Path(__file__).parent / "probe.go").read_text(encoding="utf-8")


def measuring(source: Source, target: Target, one: Subject) -> Executable:
    """The program that measures the function; CompileFailed or LinkFailed where Go refuses."""
    files = (*source.files, *zip(_FILES, (_probe(), _call(one)), strict=True))
    # The linker guards the runtime's variables from programs; this one only looks at them.
    return link(Source(files), target, Mode(flags=("-checklinkname=0",)))


def _call(one: Subject) -> str:
    return (
        "package main\n\n"
        # Called through a variable, nothing of it is inlined into its caller.
        f"var golifelabFunction = {one.name}\n\n"
        f"const golifelabMost uint64 = {one.most}\n\n"
        f"func golifelabCall(n uint64) {{ golifelabFunction({one.parameter}(n)) }}\n"
    )


def measuring_line(source: Source, target: Target, one: Subject, settings: str) -> str:
    """The shell line that measures in a terminal, in the folder where the program's files are."""
    where = "import golifelab.run.stacks as s; print(s.__path__[0])"
    probe, call = _FILES
    version = f"GOTOOLCHAIN=go{target.go} " if target.go else ""
    flags = f" -gcflags={shlex.quote(' '.join(target.gcflags))}" if target.gcflags else ""
    return (
        f'cp "$(python -c {shlex.quote(where)})/probe.go" {probe}'
        f" && printf %s {shlex.quote(_call(one))} > {call}"
        f" && {version}go build -ldflags=-checklinkname=0{flags} -o measuring"
        f" {shlex.join(source.names)} {probe} {call}"
        f" && GOLIFELAB_OUT=/dev/stdout {settings} ./measuring"
    )


def without_inlining(source: Source, one: Subject) -> Source:
    """The program with //go:noinline before the function."""
    lines = source.text(one.position.file).split("\n")
    lines.insert(one.position.line - 1, "//go:noinline")
    return source.with_text("\n".join(lines), one.position.file)
