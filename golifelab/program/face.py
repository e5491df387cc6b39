"""A Go program and its whole life: every stage hangs off it as a lazy, cached property."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from golifelab.data import data_directory
from golifelab.errors import GolifelabError
from golifelab.position import Position
from golifelab.program.compiled import Compiled
from golifelab.program.running import Running
from golifelab.source import Source
from golifelab.target import Target

if TYPE_CHECKING:
    from golifelab.thread import Thread


@dataclass(frozen=True)
class Program(Compiled, Running):
    """One Go package and the target it is built for. Frozen; equal by content and target.

    The properties `tokens`, `syntax`, `types` and `remarks` are values even for a broken program:
    their `.errors` hold what Go says, with positions. `ssa`, `machine`, `object` and `link` need a
    program that compiles and raise CompileFailed for one that does not.
    """

    @classmethod
    def from_text(
        cls, text: str, *, name: str = "main.go", target: Target | None = None
    ) -> Program:
        """A program of one file, given as text."""
        return cls(Source.from_text(text, name=name), target or Target())

    @classmethod
    def from_file(cls, path: str | Path, *, target: Target | None = None) -> Program:
        """A program of one file on disk."""
        return cls(Source.from_file(path), target or Target())

    @classmethod
    def from_directory(cls, path: str | Path, *, target: Target | None = None) -> Program:
        """A package of several files: all Go files of a folder but its tests."""
        return cls(Source.from_directory(path), target or Target())

    def edit(self, old: str, new: str, *, file: str = "") -> Program:
        """This program with `old` replaced by `new` once; GolifelabError unless it occurs once."""
        text = self.source.text(file)
        count = text.count(old)
        if count != 1:
            raise GolifelabError(
                f"{old!r} occurs {count} times in {file or self.source.names[0]}",
                remedy="give a piece of text that occurs exactly once",
            )
        return self.with_text(text.replace(old, new), file=file)

    def with_text(self, text: str, *, file: str = "") -> Program:
        """This program with the whole text of a file replaced (the first one by default)."""
        return Program(self.source.with_text(text, file), self.target)

    def for_target(self, **changes: object) -> Program:
        """This program for another target, such as `p.for_target(goarch="arm64")`."""
        return Program(self.source, self.target.with_(**changes))

    @property
    def text(self) -> str:
        """The text of the first file."""
        return self.source.text()

    def thread(self, position: str | Position, *, process: bool = True) -> Thread:
        """One position followed through every stage.

        `position` is "main.go:6:11", or "6:11" in the first file. With `process` the chain goes on
        into a live process, held at its first instruction.
        """
        from golifelab.thread import thread

        return thread(self.source, self.target, self.locate(position), process=process)

    def locate(self, position: str | Position) -> Position:
        """The Position that "main.go:6:11" or "6:11" means; GolifelabError when it is none.

        A path is accepted where its last part is one of the program's files.
        """
        found = position if isinstance(position, Position) else self._parse(position)
        name = Path(found.file).name
        if name not in self.source.names:
            raise GolifelabError(
                f"the program has no file {found.file}",
                remedy="its files are " + ", ".join(self.source.names),
            )
        return Position(name, found.line, found.column)

    def _parse(self, text: str) -> Position:
        text = text.strip()
        if text[:1].isdigit():
            text = f"{self.source.names[0]}:{text}"
        try:
            return Position.parse(text)
        except ValueError as error:
            raise GolifelabError(str(error)) from error


def sample(name: str, *, target: Target | None = None) -> Program:
    """One of the course's programs, by name; GolifelabError lists the names when there is none."""
    root = data_directory() / "programs"
    known = sorted(path.name for path in root.iterdir() if any(path.glob("*.go")))
    if name not in known:
        raise GolifelabError(
            f"there is no sample program {name!r}", remedy="the samples are " + ", ".join(known)
        )
    return Program.from_directory(root / name, target=target)
