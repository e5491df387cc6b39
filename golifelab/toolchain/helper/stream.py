"""The helper's bytes as tables. Pure functions; every length is checked before it is believed."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from golifelab.columns import Strings, Table, int32
from golifelab.errors import ParseError

PROTOCOL = 1

_HEAD, _STRINGS, _POSITIONS, _FUNCTION, _END = range(1, 6)
_POSITION_COLUMNS = (
    "file",
    "line",
    "column",
    "relative_file",
    "relative_line",
    "stmt",
    "parent",
    "function",
)
_POSITION_TEXTS = frozenset({"file", "relative_file", "function"})


class Words:
    """int32 values read from the front, never past the end."""

    __slots__ = ("_tool", "_values", "at")

    def __init__(self, blob: bytes | memoryview, tool: str, at: int = 0) -> None:
        self._tool = tool
        self._values = int32(blob)
        self.at = at

    def __len__(self) -> int:
        return len(self._values)

    def take(self, count: int) -> array[int]:
        """The next `count` values."""
        end = self.at + count
        if count < 0 or end > len(self._values):
            raise ParseError(self._tool, f"a list of {count} values does not fit", line=self.at * 4)
        values = self._values[self.at : end]
        self.at = end
        return values

    def one(self) -> int:
        """The next value."""
        return self.take(1)[0]

    def table(
        self, names: Sequence[str], rows: int, strings: Strings, texts: frozenset[str]
    ) -> Table:
        """The next `len(names)` columns of `rows` values; text cells must be rows of `strings`."""
        columns = {name: self.take(rows) for name in names}
        for name in texts:
            column = columns[name]
            if rows and (max(column) >= len(strings) or min(column) < -1):
                raise ParseError(self._tool, f"column {name} names a string that does not exist")
        return Table(columns, strings, texts)


def decode_reply(header: Mapping[str, Any], blob: memoryview) -> dict[str, Table]:
    """The tables of a front server's reply.

    Lengths are checked here. Whether a text cell names a string is checked when it is read: looking
    at every cell would take longer than the compiler takes to make them.
    """
    tool = "front reply"
    try:
        shapes = [
            (
                str(t["name"]),
                int(t["rows"]),
                list(map(str, t["columns"])),
                frozenset(t["text"] or ()),
            )
            for t in header["tables"]
        ]
        count, size = map(int, header["strings"])
    except (KeyError, TypeError, ValueError) as error:
        raise ParseError(tool, "the header is damaged") from error
    cells = sum(rows * len(columns) for _, rows, columns, _ in shapes)
    if min(count, size, cells) < 0 or 4 * (cells + count) + size != len(blob):
        raise ParseError(
            tool, f"{len(blob)} bytes where {4 * (cells + count) + size} are announced"
        )
    at = 4 * cells
    strings = Strings(int32(blob[at : at + 4 * count]), blob[at + 4 * count :])
    tables, at = {}, 0
    for name, rows, names, texts in shapes:
        columns = {}
        for column in names:
            columns[column] = int32(blob[at : at + 4 * rows])
            at += 4 * rows
        tables[name] = Table(columns, strings, texts)
    return tables


@dataclass(slots=True)
class RawDump:
    """A dump cut into its parts. `functions` are undecoded frames."""

    pass_names: tuple[str, ...]
    strings: Strings
    positions: Table
    functions: list[memoryview] = field(default_factory=list)
    truncated: bool = False


def split_dump(data: bytes) -> RawDump:
    """Cut a dump into frames and read its shared tables.

    A stream that ends early, as that of a compiler that was stopped, gives what it holds and says
    that it is truncated.
    """
    tool = "dump"
    view = memoryview(data)
    ends = array("i")
    texts: list[memoryview] = []
    size = at = 0
    columns = [array("i") for _ in _POSITION_COLUMNS]
    head: array[int] | None = None
    functions: list[memoryview] = []
    finished = truncated = False
    while at + 8 <= len(view) and not finished:
        kind = int.from_bytes(view[at : at + 4], "little")
        length = int.from_bytes(view[at + 4 : at + 8], "little")
        if length > len(view) - at - 8:
            break
        body = view[at + 8 : at + 8 + length]
        at += 8 + length
        if kind == _FUNCTION:
            functions.append(body)
        elif kind == _STRINGS:
            count = int.from_bytes(body[:4], "little")
            if 4 + 4 * count > length:
                raise ParseError(tool, "a string table does not fit its frame", line=at)
            new = int32(body[4 : 4 + 4 * count])
            if count and not 0 <= min(new) <= max(new) <= length - 4 - 4 * count:
                raise ParseError(tool, "strings lie outside their frame", line=at)
            texts.append(body[4 + 4 * count :][: new[-1] if count else 0])
            ends.extend(end + size for end in new)
            size += len(texts[-1])
        elif kind == _POSITIONS:
            words = Words(body, tool)
            rows = words.one()
            for column in columns:
                column.extend(words.take(rows))
        elif kind == _HEAD:
            head = int32(body)
        elif kind == _END:
            finished, truncated = True, any(int32(body))
        else:
            raise ParseError(tool, f"unknown frame {kind}", line=at)
    if head is None or not len(head) or head[0] != PROTOCOL:
        raise ParseError(tool, "this is no dump of this version of the helper")
    strings = Strings(ends, b"".join(texts))
    table = Table(dict(zip(_POSITION_COLUMNS, columns, strict=True)), strings, _POSITION_TEXTS)
    _check_positions(table)
    if any(not 0 <= row < len(strings) for row in head[1:]):
        raise ParseError(tool, "the pass table names strings that do not exist")
    names = tuple(strings[row] for row in head[1:])
    return RawDump(names, strings, table, functions, truncated or not finished)


def _check_positions(table: Table) -> None:
    """Rows refer to earlier rows only, so that no chain of calls can be endless."""
    for row, parent in enumerate(table["parent"]):
        if not -1 <= parent < row:
            raise ParseError("dump", f"position {row} was inlined at position {parent}")
    limit = len(table.strings)
    for name in _POSITION_TEXTS:
        if any(not -1 <= cell < limit for cell in table[name]):
            raise ParseError("dump", f"column {name} names a string that does not exist")
