"""The compiler's tree of a function at every moment at which the compiler can print it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.compile.front import Recent
from golifelab.compile.functions import Function, find
from golifelab.compile.ir import IR
from golifelab.compile.irtext import read
from golifelab.errors import GolifelabError
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.compile import Compiled, compile_object, require_object

if TYPE_CHECKING:
    import pandas as pd

# -c=1: functions that are compiled at the same time would print into each other.
_FLAGS = ("-c=1", "-W=2")
_HEADING = re.compile(r"^(?P<heading>(?:before|after) \S+) (?P<function>.+?)(?P<empty> <nil>)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class IRTrees(Stage):
    """One function from the type-checked tree to the one that enters SSA. A sequence of IR.

    `stages` come in the order in which the compiler printed them. Which moments there are, and
    their names, is the business of the Go version.
    """

    function: Function
    stages: tuple[IR, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """The names of the moments: "before escape", "after walk" and so on."""
        return tuple(stage.heading for stage in self.stages)

    def __len__(self) -> int:
        return len(self.stages)

    def __iter__(self) -> Iterator[IR]:
        return iter(self.stages)

    def __getitem__(self, key: int | str) -> IR:
        """The tree at a moment, by its place or its heading; GolifelabError lists the headings."""
        if isinstance(key, int):
            return self.stages[key]
        for stage in self.stages:
            if stage.heading == key:
                return stage
        raise GolifelabError(
            f"there is no tree {key!r} of {self.function.name}",
            remedy="this Go prints them " + ", ".join(self.headings),
        )

    def frame(self) -> pd.DataFrame:
        """One row a node of each tree: heading, then as the rows of IR."""
        import pandas as pd

        return pd.DataFrame(
            [{"heading": stage.heading} | row for stage in self for row in stage.rows()]
        )

    def to_json(self) -> dict[str, Any]:
        """`function`; `stages`: heading and nodes of each."""
        stages = [{"heading": stage.heading, "nodes": stage.rows()} for stage in self]
        return self.header() | {"function": self.function.symbol, "stages": stages}


@dataclass(frozen=True, slots=True)
class Section:
    """One printed tree: the compiler's word for the moment, the function's name, the text."""

    heading: str
    function: str
    text: str


def split(output: str) -> tuple[Section, ...]:
    """The trees of all functions in the output of -W, in its order."""
    found: list[Section] = []
    heading: re.Match[str] | None = None
    lines: list[str] = []

    def close() -> None:
        if heading is not None:
            found.append(Section(heading["heading"], heading["function"], "\n".join(lines)))
        lines.clear()

    for line in output.split("\n"):
        # A tree is indented; whatever is not, and no heading, is a message of the compiler.
        start = _HEADING.match(line)
        if start:
            close()
            heading = start
        elif line.startswith("."):
            lines.append(line)
    close()
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Printed:
    """The output of one run, cut into the functions' parts."""

    compiled: Compiled
    sections: dict[str, tuple[Section, ...]]


_recent: Recent[_Printed] = Recent(4)


def _printed(source: Source, target: Target) -> _Printed:
    def make() -> _Printed:
        compiled = compile_object(source, target, extra=_FLAGS)
        require_object(compiled, source)
        by_name: dict[str, dict[str, Section]] = {}
        for section in split(compiled.stdout):
            # Instances of two packages' generics can share a name: the first is shown.
            by_name.setdefault(section.function, {}).setdefault(section.heading, section)
        return _Printed(compiled, {name: tuple(s.values()) for name, s in by_name.items()})

    return _recent.get((source, target), make)


def tree_functions(source: Source, target: Target) -> tuple[Function, ...]:
    """The functions that the compiler prints trees of; CompileFailed for a refused program."""
    names = _printed(source, target).sections
    return tuple(Function(name, f"{source.package}.{name}") for name in names)


def ir_trees(source: Source, target: Target, function: str) -> IRTrees:
    """All printed trees of a function.

    The compiler can only print the trees of all functions, which takes several times as long as to
    compile them: a program is printed once and kept.

    CompileFailed for a program that Go refuses; GolifelabError for an unknown name lists what there
    is, LimitExceeded when the package is too large to be printed whole.
    """
    printed = _printed(source, target)
    found = find(tree_functions(source, target), function)
    command = printed.compiled.command
    seconds = printed.compiled.seconds
    stages = tuple(
        IR(
            command=command,
            tier="tool",
            seconds=seconds,
            function=found,
            nodes=read(section.text),
            text=section.text,
            heading=section.heading,
        )
        for section in printed.sections[found.name]
    )
    return IRTrees(command=command, tier="tool", seconds=seconds, function=found, stages=stages)
