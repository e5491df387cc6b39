"""Profiles as Go writes them (pprof's protocol buffer, gzipped): stacks, each with its values.

The format is in $GOROOT/src/cmd/vendor/github.com/google/pprof/proto/profile.proto.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from golifelab.errors import LimitExceeded, ParseError
from golifelab.run.heap.wire import Value, fields, inside, number, numbers, signed

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_TOOL = "pprof profile"
_MAX_BYTES = 256 << 20
# On all stacks together: a few bytes can name a location, and a location many frames.
_MAX_FRAMES = 1 << 21
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Frame:
    """A function on a stack, and the line in it. `inlined`: it has no frame of its own."""

    function: str
    file: str
    line: int
    start_line: int
    inlined: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """Stacks with values.

    `types` are what is counted, with its unit: ("inuse_space", "bytes") … . `stacks` hold indices
    into `frames`, the innermost first; `values` has a row for each stack and a column for each
    type. One sample stands for `period` units on average (bytes, in a heap profile).
    """

    types: tuple[tuple[str, str], ...]
    frames: tuple[Frame, ...]
    stacks: tuple[tuple[int, ...], ...]
    values: np.ndarray = field(repr=False, compare=False)
    period: int = 0

    def __len__(self) -> int:
        return len(self.stacks)

    def column(self, kind: str) -> int:
        """The column of a type ("alloc_space"); KeyError when it is not counted."""
        for index, (name, _) in enumerate(self.types):
            if name == kind:
                return index
        raise KeyError(kind)

    def total(self, kind: str) -> int:
        """The sum of a type over all stacks."""
        return int(self.values[:, self.column(kind)].sum())

    def kept(self, keep: Callable[[Sequence[Frame]], bool]) -> Profile:
        """The profile without the stacks that `keep` does not want."""
        return self.rows(
            [
                row
                for row, stack in enumerate(self.stacks)
                if keep([self.frames[index] for index in stack])
            ]
        )

    def rows(self, rows: Sequence[int]) -> Profile:
        """The profile with some of its stacks only."""
        stacks = tuple(self.stacks[row] for row in rows)
        return replace(self, stacks=stacks, values=self.values[list(rows)])

    def without(self, gone: Callable[[Frame], bool]) -> Profile:
        """The profile without some frames; their stacks stay."""
        left = {row for row, one in enumerate(self.frames) if not gone(one)}
        stacks = tuple(tuple(row for row in stack if row in left) for stack in self.stacks)
        return replace(self, stacks=stacks)

    def mapped(self, change: Callable[[Frame], Frame]) -> Profile:
        """The profile with every frame changed."""
        return replace(self, frames=tuple(map(change, self.frames)))

    def renamed(self, names: Mapping[str, str]) -> Profile:
        """The profile with some of its types only, under other names."""
        columns = [self.column(name) for name in names]
        types = tuple((name, self.types[self.column(old)][1]) for old, name in names.items())
        return replace(self, types=types, values=self.values[:, columns])

    def pruned(self) -> Profile:
        """The profile without frames that are on no stack."""
        used = sorted({index for stack in self.stacks for index in stack})
        place = {index: number for number, index in enumerate(used)}
        stacks = tuple(tuple(place[index] for index in stack) for stack in self.stacks)
        return replace(self, frames=tuple(self.frames[index] for index in used), stacks=stacks)

    def functions(self, kind: str) -> pd.DataFrame:
        """One row a function: flat (in itself), cumulative (with what it calls), the most first."""
        import pandas as pd

        column = self.values[:, self.column(kind)]
        flat: dict[str, int] = {}
        cumulative: dict[str, int] = {}
        for stack, value in zip(self.stacks, column.tolist(), strict=True):
            names = [self.frames[index].function for index in stack]
            if names:
                flat[names[0]] = flat.get(names[0], 0) + value
            for name in set(names):
                cumulative[name] = cumulative.get(name, 0) + value
        rows = [(name, flat.get(name, 0), total) for name, total in cumulative.items()]
        made = pd.DataFrame(rows, columns=["function", "flat", "cumulative"])
        order = ["flat", "cumulative", "function"]
        return made.sort_values(order, ascending=[False, False, True], ignore_index=True)

    def frame(self) -> pd.DataFrame:
        """One row a stack: its functions from the outermost, and a column for each type."""
        import pandas as pd

        paths = [
            " > ".join(self.frames[index].function for index in reversed(stack))
            for stack in self.stacks
        ]
        columns = {name: self.values[:, index] for index, (name, _) in enumerate(self.types)}
        return pd.DataFrame({"stack": paths} | columns)

    def to_json(self) -> dict[str, Any]:
        """Types, frames, stacks and values, as lists."""
        return {
            "types": [list(one) for one in self.types],
            "frames": [
                [one.function, one.file, one.line, one.start_line, int(one.inlined)]
                for one in self.frames
            ],
            "stacks": [list(stack) for stack in self.stacks],
            "values": self.values.tolist(),
            "period": self.period,
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Profile:
        """The profile that `to_json` wrote down."""
        import numpy as np

        types = tuple((name, unit) for name, unit in content["types"])
        return cls(
            types=types,
            frames=tuple(
                Frame(function, file, line, start, bool(inlined))
                for function, file, line, start, inlined in content["frames"]
            ),
            stacks=tuple(tuple(stack) for stack in content["stacks"]),
            values=np.array(content["values"], np.int64).reshape(-1, len(types)),
            period=content["period"],
        )


def read_profile(raw: bytes) -> Profile:
    """The profile in a file, gzipped or not; ParseError when it is damaged."""
    import numpy as np

    read = _Reader()
    for key, value in fields(memoryview(_plain(raw))):
        read.take(key, value)
    types = tuple((read.text(name), read.text(unit)) for name, unit in read.types)
    if not types:
        raise ParseError(_TOOL, "it does not say what it counts")
    frames, places = read.frames()
    stacks, rows, room = [], [], _MAX_FRAMES
    for locations, values in read.samples:
        if len(values) != len(types):
            raise ParseError(_TOOL, f"a sample has {len(values)} values for {len(types)} types")
        try:
            stack = [places[one] for one in locations]
        except KeyError as error:
            raise ParseError(_TOOL, f"there is no location {error}") from error
        room -= sum(map(len, stack))
        if room < 0:
            raise ParseError(_TOOL, f"it has more than {_MAX_FRAMES:,} frames")
        stacks.append(tuple(index for part in stack for index in part))
        rows.append(values)
    table = np.array(rows, np.int64).reshape(-1, len(types))
    return Profile(types, frames, tuple(stacks), table, read.period)


def _plain(raw: bytes) -> bytes:
    if not raw.startswith(_GZIP):
        return raw
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(raw, _MAX_BYTES)
    except zlib.error as error:
        raise ParseError(_TOOL, f"it is not gzipped as it says: {error}") from error
    if unpacker.unconsumed_tail:
        raise LimitExceeded("an unpacked profile", f"{_MAX_BYTES >> 20} MiB")
    if not unpacker.eof:
        raise ParseError(_TOOL, "it is cut off")
    return plain


class _Reader:
    """What the messages of a profile say, before the names are looked up."""

    def __init__(self) -> None:
        self.types: list[tuple[int, int]] = []
        self.samples: list[tuple[list[int], list[int]]] = []
        self.period = 0
        self._strings: list[str] = []
        self._locations: dict[int, list[tuple[int, int]]] = {}
        self._functions: dict[int, tuple[int, int, int]] = {}

    def take(self, key: int, value: Value) -> None:
        if key == 1:
            kind = _plain_fields(value, 2)
            self.types.append((kind[1], kind[2]))
        elif key == 2:
            self.samples.append(_sample(value))
        elif key == 4:
            self._location(value)
        elif key == 5:
            one = _plain_fields(value, 5)
            self._functions[one[1]] = one[2], one[4], one[5]
        elif key == 6:
            self._strings.append(bytes(inside(value)).decode("utf-8", "replace"))
        elif key == 12:
            self.period = signed(number(value))

    def text(self, index: int) -> str:
        if index >= len(self._strings):
            raise ParseError(_TOOL, f"there is no string {index}")
        return self._strings[index]

    def frames(self) -> tuple[tuple[Frame, ...], dict[int, list[int]]]:
        """All frames, and which of them each location is, the innermost first."""
        known: dict[Frame, int] = {}
        places: dict[int, list[int]] = {}
        for location, lines in self._locations.items():
            found = places[location] = []
            for depth, (function, line) in enumerate(lines):
                name, file, start = self._functions.get(function, (0, 0, 0))
                inlined = depth < len(lines) - 1
                one = Frame(self.text(name), self.text(file), line, start, inlined)
                found.append(known.setdefault(one, len(known)))
        return tuple(known), places

    def _location(self, value: Value) -> None:
        which, lines = 0, []
        for key, part in fields(inside(value)):
            if key == 1:
                which = number(part)
            elif key == 4:
                line = _plain_fields(part, 2)
                lines.append((line[1], line[2]))
        self._locations[which] = lines


def _plain_fields(value: Value, most: int) -> list[int]:
    """The numbers of a message by field number, 0 where one is missing."""
    found = [0] * (most + 1)
    for key, part in fields(inside(value)):
        if key <= most and isinstance(part, int):
            found[key] = part
    return found


def _sample(value: Value) -> tuple[list[int], list[int]]:
    locations: list[int] = []
    values: list[int] = []
    for key, part in fields(inside(value)):
        if key == 1:
            locations += numbers(part)
        elif key == 2:
            values += map(signed, numbers(part))
    return locations, values


def merged(parts: Sequence[Profile]) -> Profile:
    """Profiles in one: a stack that several have is one row, the columns stand side by side."""
    import numpy as np

    known: dict[Frame, int] = {}
    rows: dict[tuple[int, ...], int] = {}
    columns: list[np.ndarray] = []
    places: list[list[int]] = []
    for part in parts:
        numbered = [known.setdefault(one, len(known)) for one in part.frames]
        stacks = (tuple(numbered[index] for index in stack) for stack in part.stacks)
        places.append([rows.setdefault(stack, len(rows)) for stack in stacks])
    for part, place in zip(parts, places, strict=True):
        block = np.zeros((len(rows), len(part.types)), np.int64)
        np.add.at(block, place, part.values)
        columns.append(block)
    types = tuple(kind for part in parts for kind in part.types)
    period = parts[0].period if parts else 0
    return Profile(types, tuple(known), tuple(rows), np.hstack(columns), period)
