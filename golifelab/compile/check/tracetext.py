"""The text of the type checker's trace, cut into its sections and lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from golifelab.columns import Table
from golifelab.position import Position

_HEADING = re.compile(r"^== (\w+) ==$")
# "main.go:6:11:\t.  -- expr a" in Go 1.24, "main.go:6:11 :  .  -- expr a" since; after a //line
# directive the position is "other.go:100:2[main.go:6:11]". No position is a word in types2's
# trace and a dash in go/types'.
_LINE = re.compile(
    r"^(?:(?P<file>.*?):(?P<line>\d+):(?P<column>\d+)|<unknown position>|-)"
    r"(?:\[(?P<real>[^\]]*):(?P<real_line>\d+):(?P<real_column>\d+)\])?"
    r"(?:\t| *:[ \t]+|:\t)(?P<depth>(?:\.  )*)(?P<text>.*)$"
)
# The checker names what it put off by its address, which is another one every time.
_ADDRESS = re.compile(r"^(-- delayed) 0x[0-9a-f]+$")
_UNKNOWN = Position("", 0)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One line: what the checker begins ("-- expr a + b") or has found ("=> …").

    `depth` counts what is begun and not ended. `position` has line 0 where the checker names none.
    `text` may hold newlines, as Go's strings may.
    """

    depth: int
    position: Position
    text: str


@dataclass(slots=True)
class Section:
    """What was traced in one step.

    `total` counts lines that were left out, too. `found` says for the number of an error how many
    lines came before it.
    """

    name: str
    lines: list[TraceLine] = field(default_factory=list)
    total: int = 0
    found: dict[int, int] = field(default_factory=dict)


def sections(
    trace: Table, steps: Mapping[str, bool], phases: Mapping[int, str], files: Collection[str]
) -> list[Section]:
    """The sections of a trace, in the order in which they ran.

    `trace` has the columns text, found and dropped. `steps` are the steps to be expected in their
    order, and whether a heading announces them; `phases` are the steps that found the errors, by
    number. Positions in other files than `files` are what //line claims: they are left out.
    """
    reader = _Reader(steps, files)
    headings = _headings(trace, steps)
    rows = zip(trace["text"], trace["found"], trace["dropped"], strict=True)
    for row, (text, found, dropped) in enumerate(rows):
        if row in headings:
            reader.made.append(Section(headings[row]))
        elif found >= 0:
            reader.error(found, phases.get(found, ""))
        elif dropped:
            reader.cut(dropped)
        elif text >= 0:
            reader.line(trace.strings[text])
    return reader.made


def _headings(trace: Table, steps: Mapping[str, bool]) -> dict[int, str]:
    """The rows that are headings, each with its step.

    A string of the program may look like one. But a step comes only once, in its order, and what
    prints the program's strings comes before the last of them: so a step's heading is the last of
    its name before the next step's.
    """
    seen: dict[str, list[int]] = {}
    for row, text in enumerate(trace["text"]):
        match = _HEADING.match(trace.strings[text]) if text >= 0 else None
        if match and steps.get(match[1]):
            seen.setdefault(match[1], []).append(row)
    found: dict[int, str] = {}
    end = len(trace)
    for name in reversed(list(steps)):
        before = [row for row in seen.get(name, ()) if row < end]
        if before:
            end = before[-1]
            found[end] = name
    return found


class _Reader:
    """The sections so far."""

    def __init__(self, steps: Mapping[str, bool], files: Collection[str]) -> None:
        self.made: list[Section] = []
        self._steps = steps
        self._places = {name: place for place, name in enumerate(steps)}
        self._files = files

    def line(self, text: str) -> None:
        if not self.made:
            return
        section = self.made[-1]
        match = _LINE.match(text)
        if match is None and section.lines:  # the rest of a text with newlines in it
            last = section.lines[-1]
            section.lines[-1] = TraceLine(last.depth, last.position, f"{last.text}\n{text}")
            return
        section.total += 1
        if match is None:
            section.lines.append(TraceLine(0, _UNKNOWN, text))
        else:
            said = _ADDRESS.sub(r"\1", match["text"].rstrip())
            section.lines.append(TraceLine(len(match["depth"]) // 3, self._position(match), said))

    def cut(self, lines: int) -> None:
        """So many lines were left out here."""
        if self.made:
            self.made[-1].total += lines

    def error(self, number: int, phase: str) -> None:
        """An error was found here: its own line is the last one."""
        if self._follows(phase) and not self._steps[phase]:
            # A step without a heading. The line that reports the error is the first of its own.
            before = self.made[-1] if self.made else Section("")
            section = Section(phase)
            if before.lines and before.lines[-1].text.startswith("ERROR"):
                section.lines.append(before.lines.pop())
                before.total -= 1
                section.total += 1
            self.made.append(section)
        if self.made and self.made[-1].name == phase:
            self.made[-1].found[number] = len(self.made[-1].lines)

    def _follows(self, name: str) -> bool:
        if name not in self._places:
            return False
        return not self.made or self._places[name] > self._places[self.made[-1].name]

    def _position(self, match: re.Match[str]) -> Position:
        real = "real_" if match["real_line"] else ""
        file = match["real"] if real else match["file"]
        if file not in self._files:
            return _UNKNOWN
        return Position(file, int(match[f"{real}line"]), int(match[f"{real}column"]))
