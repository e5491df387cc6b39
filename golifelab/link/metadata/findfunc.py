"""From an address to its function, as the runtime's findfunc goes: step by step, as a value.

The linker sorts the functions by address (functab) and lays an index over them (findfunctab). One
bucket serves 4096 bytes of code: it holds the number of a function, and for each of its 16
subbuckets of 256 bytes what to add. From there the runtime walks forward through functab, a few
entries at most. The numbers are those of $GOROOT/src/runtime/symtab.go, findfunc.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.link.executable import Executable
from golifelab.link.metadata.moduledata import module_data
from golifelab.link.metadata.pclntab import TableFunction
from golifelab.link.metadata.words import Words
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

BUCKET, SUBBUCKETS = 4096, 16
SUBBUCKET = BUCKET // SUBBUCKETS
BUCKET_SIZE = 4 + SUBBUCKETS
# Functions that start in one subbucket: as many as it has bytes, if the file is sound.
_MAX_WALK = SUBBUCKET + 2


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the lookup: what is computed or read (`expression`), and the `value` it gives.

    For what is read, `address` is where, and `bytes` are the bytes there; None and b"" otherwise.
    """

    name: str
    expression: str
    value: int
    address: int | None = None
    bytes: bytes = b""


@dataclass(frozen=True, slots=True)
class Compared:
    """An entry of functab that the walk looked at: a function's number and its entry address."""

    index: int
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Stage):
    """How the runtime finds the function of an address.

    `function` is None for an address outside the program's Go code; the lookup then ends with its
    first step. `bucket`, `subbucket` and `index` (the function number that the two tables give)
    are -1 then. `compared` are the entries of functab after `index` whose address was compared
    with `pc`: all but the last begin at or before it.
    """

    pc: int
    function: TableFunction | None
    bucket: int
    subbucket: int
    index: int
    compared: tuple[Compared, ...]
    steps: tuple[Step, ...]

    def frame(self) -> pd.DataFrame:
        """One row a step: name, expression, value, address, bytes (hex)."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """The function's name, the numbers, and `steps` as the rows of `frame`."""
        return self.header() | {
            "pc": self.pc,
            "function": self.function.name if self.function else "",
            "bucket": self.bucket,
            "subbucket": self.subbucket,
            "index": self.index,
            "compared": [[one.index, one.entry] for one in self.compared],
            "steps": self._rows(),
        }

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "name": one.name,
                "expression": one.expression,
                "value": one.value,
                "address": "" if one.address is None else f"{one.address:#x}",
                "bytes": one.bytes.hex(" "),
            }
            for one in self.steps
        ]


def find_function(executable: Executable, pc: int) -> Lookup:
    """Look an address up as the runtime does. ParseError when the program has no moduledata."""
    image, table = executable.image, executable.pclntab
    module = module_data(image)
    low, high = module.range("minpc", "maxpc")
    command = f"echo {pc:#x} | go tool addr2line {shlex.quote(str(executable.path))}"
    inside = low <= pc < high
    first = Step("module", f"minpc {low:#x} ≤ pc {pc:#x} < maxpc {high:#x}", int(inside))
    if not inside:
        return Lookup(
            command=command,
            tier="tool",
            precision="line",
            pc=pc,
            function=None,
            bucket=-1,
            subbucket=-1,
            index=-1,
            compared=(),
            steps=(first,),
        )
    words = Words(image)
    offset = pc - low
    bucket, subbucket = offset // BUCKET, offset % BUCKET // SUBBUCKET
    place = module["findfunctab"] + bucket * BUCKET_SIZE
    raw = image.bytes_at(place, BUCKET_SIZE)
    if len(raw) <= 4 + subbucket:
        raise table.tables.reader.error("findfunctab ends before its bucket", place)
    base, more = words.number(raw[:4]), raw[4 + subbucket]
    index = base + more
    compared = _walk(executable, index, pc)
    found = index + len(compared) - 1
    function = table[found]
    entry = table.tables.address + table.tables.starts.functions + 8 * found
    steps = (
        first,
        Step("offset", f"pc − minpc = {pc:#x} − {low:#x}", offset),
        Step("bucket", f"{offset:#x} / {BUCKET}", bucket),
        Step("subbucket", f"{offset:#x} % {BUCKET} / {SUBBUCKET}", subbucket),
        Step("bucket's function", f"findfunctab[{bucket}].idx", base, place, raw[:4]),
        Step(
            "subbucket's share",
            f"findfunctab[{bucket}].subbuckets[{subbucket}]",
            more,
            place + 4 + subbucket,
            raw[4 + subbucket : 5 + subbucket],
        ),
        Step("index", f"{base} + {more}", index),
        Step("walk", f"forward while the next entry is not after {pc:#x}", found - index),
        Step(
            "functab",
            f"ftab[{found}].entryoff + text",
            function.entry,
            entry,
            image.bytes_at(entry, 4),
        ),
        Step(
            "record",
            f"pclntable[ftab[{found}].funcoff]",
            table.tables.records[found],
            entry + 4,
            image.bytes_at(entry + 4, 4),
        ),
    )
    return Lookup(
        command=command,
        tier="tool",
        precision="line",
        pc=pc,
        function=function,
        bucket=bucket,
        subbucket=subbucket,
        index=index,
        compared=compared,
        steps=steps,
    )


def index_size(start: int, end: int) -> int:
    """The bytes of findfunctab over code between two addresses: its last bucket may be cut off."""
    return 4 * -(-(end - start) // BUCKET) - (start - end) // SUBBUCKET


def _walk(executable: Executable, index: int, pc: int) -> tuple[Compared, ...]:
    tables = executable.pclntab.tables
    compared = []
    for number in range(index + 1, index + 1 + _MAX_WALK):
        if number >= len(tables.entries):
            break
        one = Compared(number, tables.text + tables.entries[number])
        compared.append(one)
        if one.entry > pc:
            return tuple(compared)
    raise tables.reader.error(f"the walk from function {index} does not reach {pc:#x}")
