"""The back end's part of a thread: IR, SSA values through the passes, instructions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from golifelab.compile.ir import ir
from golifelab.compile.machine.stage import Instruction, machine
from golifelab.compile.ssa.stage import SSA, Function, Value, functions, ssa
from golifelab.compile.syntax import Node
from golifelab.errors import CompileFailed
from golifelab.position import Position
from golifelab.source import Source
from golifelab.target import Target
from golifelab.thread.front import anchors
from golifelab.thread.model import Kind, Link

# Functions of the package that are looked into when the position's own function has no trace of it.
_MAX_FUNCTIONS = 40
_MAX_FACTS = 12


@dataclass(frozen=True, slots=True)
class Code:
    """Where a position arrives in machine code: a function's symbol and instructions there."""

    function: Function
    instructions: tuple[Instruction, ...]


def back_links(
    source: Source, target: Target, position: Position
) -> tuple[list[Link], Code | None]:
    """The links in the stages ir, ssa and machine, and the code they lead to."""
    nodes = anchors(source, target, position)
    try:
        candidates = _nearest_first(functions(source, target), position)
    except CompileFailed as failed:
        reason = f"the program does not compile: {failed.diagnostics[0]}"
        return [Link("ir", "no code", "end", reason)], None
    for node in nodes:
        for function in candidates:
            history = _history(ssa(source, target, function.symbol), node.position)
            if history:
                kind: Kind = "exact" if node is nodes[0] else "contains"
                return _links(source, target, function, node, kind, history)
    label = nodes[0].kind if nodes else "this place"
    reason = f"no SSA value carries the position of {label}: it was folded or needs no code"
    return [Link("ssa", "no value", "end", reason)], None


def _links(
    source: Source,
    target: Target,
    function: Function,
    node: Node,
    kind: Kind,
    history: list[tuple[str, tuple[Value, ...]]],
) -> tuple[list[Link], Code | None]:
    around = "" if kind == "exact" else f"; part of the {node.kind} at {node.position}"
    links = _ir_links(source, target, function, node.position, kind, around)
    links.append(_ssa_link(function, history, kind, around, ssa(source, target, function.symbol)))
    code = machine(source, target, function.symbol)
    instructions = code.at(node.position)
    if not instructions:
        reason = "no instruction carries this position: another one does its work" + around
        links.append(Link("machine", "no instruction", "end", reason))
        return links, Code(function, ())
    facts = [
        (f"{at.pc:#06x}", f"{at.text}   {at.bytes.hex(' ')}   {_origin(at)}")
        for at in instructions[:_MAX_FACTS]
    ]
    links.append(
        Link(
            "machine",
            instructions[0].text,
            kind,
            f"the assembler's position of {_count(instructions, 'instruction')}{around}",
            (("function", function.symbol), *facts),
        )
    )
    return links, Code(function, instructions)


def _ir_links(
    source: Source, target: Target, function: Function, place: Position, kind: Kind, around: str
) -> list[Link]:
    tree = ir(source, target, function.symbol)
    nodes = tree.at(place)
    if not nodes:
        return []
    facts = tuple((node.op, node.type) for node in nodes[:_MAX_FACTS])
    evidence = f"the compiler's IR of {function.name}, after walk{around}"
    return [Link("ir", nodes[0].op, kind, evidence, facts)]


def _history(body: SSA, place: Position) -> list[tuple[str, tuple[Value, ...]]]:
    """(pass, values at the place) for every pass that has any."""
    found = ((step.name, body.at(place, step.name)) for step in body.passes)
    return [(name, values) for name, values in found if values]


def _ssa_link(
    function: Function,
    history: list[tuple[str, tuple[Value, ...]]],
    kind: Kind,
    around: str,
    body: SSA,
) -> Link:
    facts: list[tuple[str, str]] = []
    before = ""
    for name, values in history:
        words = ", ".join(value.text for value in values)
        if words != before:
            facts.append((name, words))
            before = words
    last, values = history[-1]
    survived = last == body.passes[-1].name
    label = _operations(_main_value(history), history)
    evidence = f"values of {function.name} at this position{around}"
    if survived:
        return Link("ssa", label, kind, evidence, tuple(facts))
    gone = body.passes[[step.name for step in body.passes].index(last) + 1].name
    return Link("ssa", label, "absorbed", f"{evidence}; gone in pass {gone}", tuple(facts))


def _main_value(history: list[tuple[str, tuple[Value, ...]]]) -> Value:
    """The value a position is named after: of those at the end, one that was there at the start.

    Later passes put helpers of their own at a position, such as the registers of arguments; and
    the last built of several is the operation itself, the others are its operands.
    """
    first = {value.id for value in history[0][1]}
    last = history[-1][1]
    return next((value for value in reversed(last) if value.id in first), last[-1])


def _operations(value: Value, history: list[tuple[str, tuple[Value, ...]]]) -> str:
    """A value's name and what it computed on its way: "v13 Add64 → ADDQ"."""
    operations = [one.op for _, values in history for one in values if one.id == value.id]
    return f"{value.name} {' → '.join(dict.fromkeys(operations))}"


def _origin(at: Instruction) -> str:
    if at.origin == "value":
        return f"from v{at.origin_id}"
    if at.origin == "block":
        return f"ends b{at.origin_id}"
    return at.origin


def _nearest_first(found: Iterable[Function], position: Position) -> list[Function]:
    """The functions that start at or before the position, the nearest first; then the others."""

    def distance(function: Function) -> tuple[bool, int]:
        place = function.position
        if place is None or place.file != position.file:
            return True, 1 << 30
        return place.line > position.line, abs(position.line - place.line)

    return sorted(found, key=distance)[:_MAX_FUNCTIONS]


def _count(things: tuple[object, ...], word: str) -> str:
    return f"{len(things)} {word}" + ("" if len(things) == 1 else "s")
