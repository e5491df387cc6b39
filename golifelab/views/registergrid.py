"""The register grid's payload: steps, registers, and who lives where from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from golifelab.compile.dump import code_of
from golifelab.compile.functions import Function, find
from golifelab.compile.machine.frame import FrameLayout
from golifelab.compile.machine.registers import RegisterGrid, Step
from golifelab.compile.ssa.passes import Value
from golifelab.errors import FeatureUnavailable, GolifelabError, Superseded
from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.residences import in_register, on_stack

# Steps of one grid, stack slots beside the registers, and functions of a picker. What is cut off is
# counted; the whole is in the stage's frame.
MAX_STEPS = 20_000
MAX_SLOTS = 200
MAX_FUNCTIONS = 2_000
MAX_TEXT = 200
# The processors whose grids stand side by side.
PROCESSORS = ("amd64", "arm64")
# Operations that only bring a value elsewhere: what they give is the same value again.
_SAME = ("Copy", "LoadReg", "StoreReg")

Payload = dict[str, Any]


def registers_payloads(program: Program, function: str = "") -> Iterator[Payload]:
    """What the grid shows of a program: first its own processor's, then the other's beside it.

    - `functions`: {symbol, name, line} of those that have code, in the order of the text
    - `function`: the symbol of the one that is shown: by default the first
    - `native`: the program's own processor, whose values the program's other views name
    - `grids`: one a processor: see `grid_payload`; or {architecture, failure} where that is refused
    - `errors`: how many errors keep the program from being compiled; `grids` is then empty
    """
    found = program.errors
    native = program.target.goarch
    head: Payload = {
        "functions": [],
        "function": function,
        "native": native,
        "grids": [],
        "errors": len(found),
    }
    if found:
        yield head
        return
    functions = _functions(program)
    if not functions:
        yield head
        return
    shown = find(functions, function) if function else functions[0]
    head |= {
        "functions": [
            {"symbol": one.symbol, "name": one.name, "line": _line(one.position)}
            for one in functions[:MAX_FUNCTIONS]
        ],
        "function": shown.symbol,
    }
    own = _one(program, shown.symbol)
    yield head | {"grids": [own]}
    grids = [
        own if one == native else _one(program.for_target(goarch=one), shown.symbol)
        for one in (PROCESSORS if native in PROCESSORS else (native, *PROCESSORS))
    ]
    yield head | {"grids": grids}


def _functions(program: Program) -> list[Function]:
    """The functions with code that the reader wrote, in the order of the text."""
    file = program.source.names[0]
    found = [
        one
        for one in code_of(program.source, program.target).functions
        if one.abi != "ABI0" and one.position is not None
    ]
    files = {name: at for at, name in enumerate((file, *program.source.names[1:]))}
    return sorted(
        found, key=lambda one: (files.get(_file(one.position), len(files)), _line(one.position))
    )


def _file(position: Position | None) -> str:
    return position.file if position else ""


def _line(position: Position | None) -> int:
    return position.line if position else 0


def _one(program: Program, function: str) -> Payload:
    """The grid of one processor, or why there is none."""
    try:
        grid = program.registers(function)
        try:
            layout = program.frame_layout(function)
        except FeatureUnavailable:
            layout = None
        return grid_payload(grid, layout)
    except Superseded:
        raise
    except GolifelabError as error:
        return {"architecture": program.target.goarch, "failure": error.message}


def grid_payload(grid: RegisterGrid, layout: FrameLayout | None = None) -> Payload:
    """A grid for the browser, with the frame beside it where its layout is given.

    - `architecture`, `function`; `registers`: {general, floating}, how many of each there are
    - `file`; `steps`: equally long lists: kind, block, text, pc (-1 for none), line, column,
      pressure, values (lists of ids), mark (where the step is one "spill", "reload", or "argument":
      the load of one that the caller put on the stack)
    - `columns`: {name, kind, title} of the registers that are used ("general", "floating") and of
      the stack slots ("spill", "argument")
    - `bars`: [column, value, start, end], in half steps (see `residences`); `reads`: [column, step,
      value]
    - `values`: by id {text, line, column, names, origin}; `origin` is the value that it is a copy,
      a spill or a reload of, itself for any other
    - `spills`: {value, store, register, slot, block, step, restores (values), steps (of those)}
    - `most`: how many general registers are needed at once; `hidden`: steps and slots not sent
    - `frame`: see `frame_payload`, or null
    """
    steps = grid.steps[:MAX_STEPS]
    used = grid.used
    slots = on_stack(grid)
    general = frozenset(grid.registers.general)
    columns = [
        {"name": name, "kind": "general" if name in general else "floating", "title": name}
        for name in used
    ]
    columns += [
        {"name": _short(slot.name), "kind": slot.kind, "title": slot.name}
        for slot in slots[:MAX_SLOTS]
    ]
    limit = 2 * len(steps)
    bars: list[list[int]] = []
    reads: list[list[int]] = []
    for at, name in enumerate(used):
        bars += ([at, one.value, one.start, one.end] for one in in_register(grid, name))
        reads += ([at, step.index, step.reads[name]] for step in steps if name in step.reads)
    for at, slot in enumerate(slots[:MAX_SLOTS], len(used)):
        bars += ([at, one.value, one.start, one.end] for one in slot.residences)
        reads += ([at, step, value] for step, value in slot.reads if step < len(steps))
    return {
        "architecture": grid.architecture,
        "function": grid.function.symbol,
        "registers": {
            "general": len(grid.registers.general),
            "floating": len(grid.registers.floating),
        },
        "file": next((at.file for at in map(_place, steps) if at), ""),
        "steps": _steps(grid, steps),
        "columns": columns,
        "bars": [
            [at, value, start, min(end, limit)] for at, value, start, end in bars if start < limit
        ],
        "reads": reads,
        "values": _values(grid),
        "spills": _spills(grid),
        "most": max(grid.pressure, default=0),
        "hidden": {
            "steps": len(grid) - len(steps),
            "slots": max(len(slots) - MAX_SLOTS, 0),
        },
        "frame": frame_payload(layout, grid) if layout else None,
    }


def frame_payload(layout: FrameLayout, grid: RegisterGrid | None = None) -> Payload:
    """A stack frame for the browser.

    `frame_size`, `arguments_size`, `areas` and `slots` are those of the stage, from the lowest
    address up. An instruction of a slot is an index in the function's code; with the grid, `code`
    says of each {text, pc, line, column, step (-1 for none)}.
    """
    wanted = sorted({index for slot in layout.slots for index in slot.instructions})
    told: dict[str, Payload] = {}
    if grid is not None:
        owners = {index: step.index for step in grid for index in step.instructions}
        for index in wanted:
            one = grid.instructions[index]
            told[str(index)] = {
                "text": one.text,
                "pc": one.pc,
                "line": _line(one.position),
                "column": one.position.column if one.position else 0,
                "step": owners.get(index, -1),
            }
    return {
        "architecture": layout.architecture,
        "function": layout.function.symbol,
        "frame_size": layout.frame_size,
        "arguments_size": layout.arguments_size,
        "areas": [[area.kind, area.start, area.end] for area in layout.areas],
        "slots": [
            {
                "offset": slot.offset,
                "room": slot.room,
                "area": slot.area,
                "name": slot.name,
                "spills": list(slot.spills),
                "instructions": list(slot.instructions),
            }
            for slot in layout.slots
        ],
        "code": told,
    }


def _steps(grid: RegisterGrid, steps: Iterable[Step]) -> Payload:
    places = [_place(step) for step in steps]
    given = {value.id for _, value in grid.stacked if value.op == "Arg"}
    return {
        "kind": [step.kind for step in steps],
        "block": [step.block for step in steps],
        "text": [grid.text(step)[:MAX_TEXT] for step in steps],
        "pc": [
            grid.instructions[step.instructions[0]].pc if step.instructions else -1
            for step in steps
        ],
        "line": [at.line if at else 0 for at in places],
        "column": [at.column if at else 0 for at in places],
        "pressure": list(grid.pressure[: len(places)]),
        "mark": [_mark(step, given) for step in steps],
        "values": [[value.id for value in step.values] for step in steps],
    }


def _place(step: Step) -> Position | None:
    return next((at.position for at in step.values if at.position), None)


def _mark(step: Step, given: set[int]) -> str:
    for value in step.values:
        if value.op == "StoreReg":
            return "spill"
        if value.op == "LoadReg":
            return "argument" if value.args[0] in given else "reload"
    return ""


def _values(grid: RegisterGrid) -> Payload:
    known = {value.id: value for _, value in grid.stacked}
    known |= {value.id: value for step in grid.steps[:MAX_STEPS] for value in step.values}
    return {
        str(number): {
            "text": value.text[:MAX_TEXT],
            "line": _line(value.position),
            "column": value.position.column if value.position else 0,
            "names": [_short(name) for name in value.names],
            "origin": _origin(number, known),
        }
        for number, value in known.items()
    }


def _origin(number: int, known: dict[int, Value]) -> int:
    value = known[number]
    while value.op in _SAME and value.args and value.args[0] in known:
        value = known[value.args[0]]
    return value.id


def _spills(grid: RegisterGrid) -> list[Payload]:
    made = {value.id: step.index for step in grid for value in step.values}
    return [
        {
            "value": spill.value,
            "store": spill.store,
            "register": spill.register,
            "slot": spill.slot,
            "block": spill.block,
            "step": made.get(spill.store, -1),
            "restores": list(spill.restores),
            "steps": [made.get(number, -1) for number in spill.restores],
        }
        for spill in grid.spills
    ]


def _short(name: str) -> str:
    """A variable's name without its type."""
    return name.partition("[")[0]
