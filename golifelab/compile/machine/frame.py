"""The stack frame of a function: its areas, and the slots that its instructions name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from golifelab.compile.dump import Code, function_of
from golifelab.compile.functions import Function
from golifelab.compile.machine.code import Instruction, MachineCode
from golifelab.errors import FeatureUnavailable
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.shell import compile_line

if TYPE_CHECKING:
    import pandas as pd

_WORD = 8
_NAMED = re.compile(r"(?P<name>[^\s,()$]*\.[^\s,()$]+?)(?P<offset>[+-]\d+)?\((?P<base>SP|FP)\)")
_PLAIN = re.compile(r"(?:^|[\s,])(?P<offset>\d+)?\((?:SP|RSP)\)")


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the stack that a function knows: `start` up to, not including, `end`.

    Both count bytes from where the stack pointer stands after the prologue. `kind` is "locals"
    (variables, spills, and arguments of calls), "return address", "saved frame pointer",
    "caller's frame pointer", "caller's return address", or "arguments" (parameters and results on
    the stack, and room to save those in registers). What lies at frame_size and above belongs to
    the caller.
    """

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the frame that instructions use.

    `offset` counts from the stack pointer; `room` are the bytes up to the next place, or to the end
    of the area `area`. `name` is the variable's, ".autotmp_4" for one that the compiler made, ""
    for an argument of a call. `spills` is what the register allocator saves there, as it names it
    ("xs+8[int]"). `instructions` are indices in the function's code.
    """

    offset: int
    room: int
    area: str
    name: str
    spills: tuple[str, ...]
    instructions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameLayout(Stage):
    """The stack frame of a function. `areas` and `slots` ascend.

    `frame_size` is how far the prologue moves the stack pointer, `arguments_size` the bytes of the
    argument area, as the compiler counts both. Of one place with two names, variables that are
    never alive together share it. Where the compiler was not observed, `spills` are empty and
    arguments of calls are not among the slots.
    """

    function: Function
    architecture: str
    frame_size: int
    arguments_size: int
    areas: tuple[Area, ...]
    slots: tuple[Slot, ...]

    def area_at(self, offset: int) -> Area | None:
        """The area that holds a byte; None outside."""
        return next((area for area in self.areas if area.start <= offset < area.end), None)

    def frame(self) -> pd.DataFrame:
        """One row a slot: offset, room, area, name, spills, instructions (how many)."""
        import pandas as pd

        rows = [
            {
                "offset": slot.offset,
                "room": slot.room,
                "area": slot.area,
                "name": slot.name,
                "spills": ", ".join(slot.spills),
                "instructions": len(slot.instructions),
            }
            for slot in self.slots
        ]
        columns = ["offset", "room", "area", "name", "spills", "instructions"]
        return pd.DataFrame(rows, columns=columns)

    def to_json(self) -> dict[str, Any]:
        """Sizes, `areas`, `slots`."""
        return self.header() | {
            "function": self.function.symbol,
            "architecture": self.architecture,
            "frame_size": self.frame_size,
            "arguments_size": self.arguments_size,
            "areas": [asdict(area) for area in self.areas],
            "slots": [asdict(slot) for slot in self.slots],
        }


def frame_layout(source: Source, target: Target, function: str) -> FrameLayout:
    """The stack frame of a function.

    CompileFailed and GolifelabError as for `ssa`; FeatureUnavailable for processors other than
    amd64 and arm64.
    """
    if target.goarch not in ("amd64", "arm64"):
        raise FeatureUnavailable("frame layout", f"it is not read for {target.goarch}")
    code, found = function_of(source, target, function)
    made = code.machine(found)
    areas = tuple(_areas(made, target.goarch))
    uses: dict[tuple[int, str], list[int]] = {}
    for one in made.instructions:
        for offset, name in _places(one, made.frame_size, target.goarch):
            uses.setdefault((offset, name.removeprefix(f"{source.package}.")), []).append(one.index)
    spilled = _spilled(code, found, made)
    return FrameLayout(
        command=compile_line(source, target, ("-S",)),
        tier=code.tier,
        precision=code.precision,
        seconds=code.seconds,
        function=found,
        architecture=target.goarch,
        frame_size=made.frame_size,
        arguments_size=made.arguments_size,
        areas=areas,
        slots=tuple(_slots(uses, areas, spilled)),
    )


def _areas(made: MachineCode, architecture: str) -> Iterator[Area]:
    size = made.frame_size
    if architecture == "amd64":
        saved = _WORD if any(one.text == "PUSHQ BP" for one in made.instructions) else 0
        spans = [
            ("locals", size - saved),
            ("saved frame pointer", size),
            ("return address", size + _WORD),
        ]
        start = 0
    else:
        # A callee's frame pointer is saved just below its own frame, so the caller's is the top
        # word of this one.
        spans = [("caller's return address", _WORD)]
        start = 0
        if size:
            spans = [
                ("saved frame pointer", 0),
                ("return address", _WORD),
                ("locals", size - _WORD),
                ("caller's frame pointer", size),
                ("caller's return address", size + _WORD),
            ]
            start = -_WORD
    for kind, end in (*spans, ("arguments", size + _WORD + made.arguments_size)):
        if end > start:
            yield Area(kind, start, end)
        start = end


def _places(one: Instruction, size: int, architecture: str) -> Iterator[tuple[int, str]]:
    """The places in the frame that an instruction names: offset from the stack pointer, name."""
    for match in _NAMED.finditer(one.text):
        offset = int(match["offset"] or 0)
        if architecture == "arm64":
            # There Go's names for a place count from its ends, not from the stack pointer.
            offset += size + _WORD if match["base"] == "FP" else size - _WORD
        yield offset, match["name"]
    if one.origin == "value":  # in prologue and tail the stack pointer stands elsewhere
        for match in _PLAIN.finditer(one.text):
            yield int(match["offset"] or 0), ""


def _spilled(code: Code, function: Function, made: MachineCode) -> dict[int, str]:
    """By instruction, the slot that it saves a value to or brings it back from."""
    last = code.passes(function)[-1]
    found: dict[int, str] = {}
    for one in made.instructions:
        value = last.value(one.origin_id) if one.origin == "value" else None
        if value and value.op == "LoadReg":
            value = last.value(value.args[0])
        if value and value.op in ("StoreReg", "Arg"):
            found[one.index] = value.location
    return found


def _slots(
    uses: dict[tuple[int, str], list[int]], areas: tuple[Area, ...], spilled: dict[int, str]
) -> Iterator[Slot]:
    starts = sorted({offset for offset, _ in uses})
    for (offset, name), instructions in sorted(uses.items()):
        area = next((a for a in areas if a.start <= offset < a.end), None)
        end = area.end if area else offset
        following = next((start for start in starts if start > offset), end)
        saved = (spilled[index] for index in instructions if index in spilled)
        yield Slot(
            offset,
            max(min(end, following) - offset, 0),
            area.kind if area else "",
            name,
            tuple(dict.fromkeys(saved)),
            tuple(dict.fromkeys(instructions)),
        )
