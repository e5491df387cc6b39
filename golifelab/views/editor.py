"""What the editor draws on a text: the scanner's tokens as colours, the errors as squiggles.

Go counts bytes, the browser counts UTF-16 code units; the translation is made here, once.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from golifelab.compile.text import SourceText
from golifelab.compile.tokens import Tokens
from golifelab.position import Diagnostic
from golifelab.program import Program
from golifelab.views.lanes import compiler_lane


class Units:
    """Byte offsets and (line, column) of a text, as offsets in UTF-16 code units."""

    def __init__(self, text: str) -> None:
        self._source = SourceText(text)
        self._table = None if text.isascii() else _unit_table(text)

    def at(self, offset: int) -> int:
        """The UTF-16 offset of a byte offset, held within the text."""
        return self.all((offset,))[0]

    def all(self, offsets: Iterable[int]) -> list[int]:
        """The same for many byte offsets."""
        table, end = self._table, len(self._source.content)
        held = [0 if offset < 0 else min(offset, end) for offset in offsets]
        return held if table is None else [table[offset] for offset in held]

    def place(self, line: int, column: int) -> int:
        """The UTF-16 offset of a 1-based line and byte column; the end for one outside."""
        offset = self._source.offset(line, column)
        return self.at(offset if offset >= 0 else len(self._source.content))


def editor_part(program: Program, file: str) -> dict[str, Any]:
    """What an editor draws on one file: `tokens` (see `marks`) and `squiggles`."""
    text = program.source.text(file)
    return {
        "tokens": marks(program.tokens, text, file),
        "squiggles": squiggles(program.errors, text, file),
    }


def marks(tokens: Tokens, text: str, file: str) -> dict[str, Any]:
    """The tokens of one file as three equally long lists: from, to (UTF-16 units), class."""
    units = Units(text)
    lane = compiler_lane(tokens)
    sizes, starts = lane.sizes(), tokens.table["start"]
    ends = {number for number, made in enumerate(lane.classes) if made["kind"] == "EOF"}
    rows = [row for row in tokens.rows_of(file) if lane.numbers[row] not in ends]
    styles = [made["style"] for made in lane.classes]
    return {
        "from": units.all(starts[row] for row in rows),
        "to": units.all(starts[row] + sizes[row] for row in rows),
        "class": [styles[lane.numbers[row]] for row in rows],
    }


def squiggles(errors: Sequence[Diagnostic], text: str, file: str) -> list[dict[str, Any]]:
    """The errors of one file with their extent: the word or sign at their position."""
    units = Units(text)
    found = []
    for error in errors:
        if error.position.file != file:
            continue
        start = units.place(error.position.line, error.position.column)
        found.append(
            {
                "from": start,
                "to": _word_end(text, start),
                "message": error.message,
                "code": error.code,
                "phase": error.phase,
                "line": error.position.line,
                "column": error.position.column,
            }
        )
    return found


def _word_end(text: str, start: int) -> int:
    raw = text.encode("utf-16-le", "surrogatepass")
    end = start
    while 2 * end < len(raw):
        char = chr(raw[2 * end] | raw[2 * end + 1] << 8)
        if not (char.isalnum() or char == "_"):
            break
        end += 1
    return max(end, start + 1)


def _unit_table(text: str) -> array[int]:
    table = array("i")
    unit = 0
    for char in text:
        width = len(char.encode("utf-8", "surrogateescape"))
        table.extend([unit] * width)
        unit += 2 if ord(char) > 0xFFFF else 1
    table.append(unit)
    return table
