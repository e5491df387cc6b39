"""Places in Go source, and what is said about them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_POSITION = re.compile(r"^(?P<file>.+?):(?P<line>\d+)(?::(?P<column>\d+))?$")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a source file, counted as Go counts.

    `line` and `column` start at 1; `column` counts bytes, not characters. 0 means unknown: several
    of Go's own outputs carry lines but no columns.
    """

    file: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file or "?"
        return f"{self.file}:{self.line}" + (f":{self.column}" if self.column else "")

    @classmethod
    def parse(cls, text: str) -> Position:
        """Read "main.go:6:11" or "main.go:6"; ValueError for anything else."""
        match = _POSITION.match(text.strip())
        if match is None:
            raise ValueError(f"not a position: {text!r} (expected FILE:LINE:COLUMN)")
        return cls(match["file"], int(match["line"]), int(match["column"] or 0))


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message of a Go tool about the source.

    `severity` is "error" or "note"; `code` is the compiler's own name of the error
    ("MismatchedTypes"), empty when the tool gives none; `phase` says who noticed: "scan", "parse",
    "types", "compile", "link".
    """

    position: Position
    message: str
    severity: str = "error"
    code: str = ""
    phase: str = ""

    def __str__(self) -> str:
        return f"{self.position}: {self.message}"

    def to_json(self) -> dict[str, str | int]:
        """The message as plain data."""
        return {
            "file": self.position.file,
            "line": self.position.line,
            "column": self.position.column,
            "message": self.message,
            "severity": self.severity,
            "code": self.code,
            "phase": self.phase,
        }

    def with_caret(self, sources: dict[str, str]) -> str:
        """The message, the source line, and a caret under the place, where the source is known."""
        text = sources.get(self.position.file)
        if text is None or not self.position.line:
            return str(self)
        lines = text.split("\n")
        if self.position.line > len(lines):
            return str(self)
        line = lines[self.position.line - 1]
        if not self.position.column:
            return f"{self}\n    {line}"
        before = line.encode(errors="replace")[: self.position.column - 1].decode(errors="replace")
        # Tabs are kept so that the caret stands under its column at any tab width.
        indent = "".join("\t" if char == "\t" else " " for char in before)
        return f"{self}\n    {line}\n    {indent}^"
