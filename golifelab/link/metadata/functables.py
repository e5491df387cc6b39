"""Everything the runtime knows of one function: its record, its tables by pc, its data."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.errors import GolifelabError, NoSuchName
from golifelab.link.executable import Executable
from golifelab.link.metadata.moduledata import table_section
from golifelab.link.metadata.numbers import (
    INLINE_INDEX,
    NO_DATA,
    TableNames,
    table_names,
)
from golifelab.link.metadata.pclntab import FunctionTable, InlinedCall, TableFunction
from golifelab.link.metadata.pctables import RECORD_SIZE
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table by pc: `value` holds from the address `start` up to `end`, not included."""

    start: int
    end: int
    value: int


@dataclass(frozen=True, slots=True)
class PcTable:
    """A table that gives each address of a function a number.

    `number` is its PCDATA number, -1 for the three that have a field of their own. `offset` is
    where it begins in pctab, 0 for one without rows.
    """

    number: int
    name: str
    offset: int
    rows: tuple[Row, ...]

    def at(self, address: int) -> int:
        """The value at an address; -1 where the table says nothing."""
        return next((row.value for row in self.rows if row.start <= address < row.end), -1)


@dataclass(frozen=True, slots=True)
class FuncData:
    """Data of a function that does not depend on the pc; `address` is None when it has none."""

    number: int
    name: str
    address: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionTables(Stage):
    """The tables of one function. `record` is where its _func stands, with that many bytes."""

    function: TableFunction
    record: int
    record_size: int
    tables: tuple[PcTable, ...]
    data: tuple[FuncData, ...]
    inlined: tuple[InlinedCall, ...]

    def table(self, name: str) -> PcTable:
        """A table by its name ("pcsp", "PCDATA_StackMapIndex"); NoSuchName when there is none."""
        for one in self.tables:
            if one.name == name:
                return one
        raise NoSuchName("table", name, (one.name for one in self.tables))

    def frame(self) -> pd.DataFrame:
        """One row a row of a table: table, start, end, value."""
        import pandas as pd

        return pd.DataFrame(self._rows(), columns=["table", "start", "end", "value"])

    def to_json(self) -> dict[str, Any]:
        """The record's place, `rows` as in `frame`, `data`, `inlined`."""
        return self.header() | {
            "function": self.function.name,
            "record": self.record,
            "record_size": self.record_size,
            "rows": self._rows(),
            "data": [{"name": one.name, "address": one.address} for one in self.data],
            "inlined": [
                {
                    "function": one.function,
                    "parent_pc": one.parent_pc,
                    "start_line": one.start_line,
                }
                for one in self.inlined
            ],
        }

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {"table": table.name, "start": row.start, "end": row.end, "value": row.value}
            for table in self.tables
            for row in table.rows
        ]


def function_tables(executable: Executable, function: str | int) -> FunctionTables:
    """The tables of a function by its name ("main.walk") or an address in it.

    GolifelabError when there is none.
    """
    table = executable.pclntab
    found = table_function(table, function)
    return _read(executable, table, found)


def _read(executable: Executable, table: FunctionTable, function: TableFunction) -> FunctionTables:
    raw, tables = function.raw, table.tables
    names = table_names(executable.image)
    path = shlex.quote(str(executable.path))
    made = tuple(_tables(table, function, names))
    return FunctionTables(
        command=f"readelf --hex-dump={table_section(executable.image).name} {path}",
        tier="tool",
        precision="line",
        function=function,
        record=tables.address + tables.starts.functions + tables.records[function.index],
        record_size=RECORD_SIZE + 4 * (len(raw.pcdata) + len(raw.funcdata)),
        tables=made,
        data=tuple(_data(table, function, names)),
        inlined=tuple(_inlined(table, function, made)),
    )


def table_function(table: FunctionTable, wanted: str | int) -> TableFunction:
    """A function by its name ("main.walk", or "walk" in main) or an address in it.

    GolifelabError when there is none.
    """
    if isinstance(wanted, int):
        found = table.find(wanted)
        if found is None:
            raise GolifelabError(f"the program has no function at {wanted:#x}")
        return found
    found = table.named(wanted) or table.named(f"main.{wanted}")
    if found is None:
        raise GolifelabError(
            f"the program has no function {wanted!r}",
            remedy="it may have been inlined everywhere, or left out because nothing calls it",
        )
    return found


def _tables(table: FunctionTable, function: TableFunction, names: TableNames) -> Iterator[PcTable]:
    raw = function.raw
    numbered = [(-1, "pcsp", raw.pcsp), (-1, "pcfile", raw.pcfile), (-1, "pcln", raw.pcline)]
    numbered += [
        (number, names.pcdata.get(number, f"PCDATA #{number}"), offset)
        for number, offset in enumerate(raw.pcdata)
    ]
    for number, name, offset in numbered:
        rows = (
            Row(function.entry + start, function.entry + end, value)
            for start, end, value in table.tables.values(offset)
        )
        yield PcTable(number, name, offset, tuple(rows))


def _data(table: FunctionTable, function: TableFunction, names: TableNames) -> Iterator[FuncData]:
    base = table.tables.gofunc
    for number, offset in enumerate(function.raw.funcdata):
        name = names.funcdata.get(number, f"FUNCDATA #{number}")
        known = base is not None and offset != NO_DATA
        yield FuncData(number, name, (base or 0) + offset if known else None)


def _inlined(
    table: FunctionTable, function: TableFunction, tables: tuple[PcTable, ...]
) -> Iterator[InlinedCall]:
    rows = (row for one in tables if one.number == INLINE_INDEX for row in one.rows)
    for index in range(max((row.value for row in rows), default=-1) + 1):
        found = table.inlined(function, index)
        if found is None:
            return
        yield found
