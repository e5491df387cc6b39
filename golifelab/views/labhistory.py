"""The edits of a lab: what each did to the function that is looked at, and the way back to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from golifelab.compile.machine.stage import Machine
from golifelab.compile.ssa.stage import SSA
from golifelab.program import Program

# Edits kept, and characters of text in all of them: they travel to the browser with every edit.
MOST = 40
MOST_TEXT = 200_000
# Seconds within which edits of one line count as one: a word that is still being typed.
_TYPING = 1.5
_WORDS = 60


@dataclass(frozen=True, slots=True)
class Figures:
    """How large a function is: values and blocks after the last pass, instructions, bytes."""

    function: str
    values: int
    blocks: int
    instructions: int
    bytes: int

    @classmethod
    def of(cls, body: SSA, machine: Machine) -> Figures:
        """The figures of a function."""
        blocks, values = body.passes[-1].statistics
        return cls(body.function.symbol, values, blocks, len(machine), len(machine.code))

    def to_json(self) -> dict[str, Any]:
        """All fields."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Edit:
    """One text that compiled. `line` is the first that differs from the edit before, 0 in none."""

    number: int
    program: Program
    figures: Figures
    line: int = 0
    words: str = ""
    made: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """`number`, `line`, `words` (that line's text), `text`, `figures`."""
        return {
            "number": self.number,
            "line": self.line,
            "words": self.words,
            "text": self.program.text,
            "figures": self.figures.to_json(),
        }


@dataclass
class History:
    """The edits in their order. A text that does not compile is none."""

    edits: list[Edit] = field(default_factory=list)
    _count: int = 0

    def add(self, program: Program, figures: Figures, now: float) -> None:
        """Note what is in the editor at `now` (seconds); nothing happens for the same text."""
        last = self.edits[-1] if self.edits else None
        if last is not None and last.program.text == program.text:
            self.edits[-1] = replace(last, program=program, figures=figures)
            return
        line, words = _first_change(last.program.text, program.text) if last else (0, "")
        made = Edit(self._count, program, figures, line, words, now)
        before = self.edits[-2] if len(self.edits) > 1 else None
        if last and before and last.line == line and now - last.made < _TYPING:
            # Still the same word: it replaces what it was a moment ago.
            line, words = _first_change(before.program.text, program.text)
            self.edits[-1] = replace(made, number=last.number, line=line, words=words)
        else:
            self.edits.append(made)
            self._count += 1
        self._bound()

    def before(self, program: Program) -> Edit | None:
        """The newest edit with another text than the program has; None when there is none."""
        return next((one for one in reversed(self.edits) if one.program.text != program.text), None)

    def to_json(self) -> list[dict[str, Any]]:
        """All edits, the oldest first."""
        return [edit.to_json() for edit in self.edits]

    def _bound(self) -> None:
        # The text that the reader began with stays: the way back to it is the most wanted one.
        while len(self.edits) > 2 and (len(self.edits) > MOST or _length(self.edits) > MOST_TEXT):
            del self.edits[1]


def _length(edits: Sequence[Edit]) -> int:
    return sum(len(edit.program.text) for edit in edits)


def _first_change(before: str, after: str) -> tuple[int, str]:
    """The first line that differs, and its text now."""
    old, new = before.split("\n"), after.split("\n")
    for number, line in enumerate(new, start=1):
        if number > len(old) or old[number - 1] != line:
            return number, line.strip()[:_WORDS]
    return len(new), ""
