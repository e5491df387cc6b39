"""Static twins of the back end's stages: IR, SSA, machine code."""

from __future__ import annotations

from golifelab.compile.ir import IR
from golifelab.compile.machine import Instruction, Machine
from golifelab.compile.ssa import SSA
from golifelab.views.html import Markup, block, code, details, join, table

_SHOWN_OPEN = ("start", "lower")


def ir_html(tree: IR) -> Markup:
    """The IR in the compiler's own notation."""
    return block(tree.text)


def ssa_html(body: SSA) -> Markup:
    """Every pass that changed something, each to open; the counts of all in a table."""
    rows, parts, before = [], [], ""
    for step in body.passes:
        blocks, values = step.statistics
        rows.append((step.name, f"{step.ns / 1000:.1f}", blocks, values))
        text = body.text(step.name)
        if text != before:
            summary = f"after {step.name}: {blocks} blocks, {values} values"
            parts.append(details(summary, block(text), opened=step.name in _SHOWN_OPEN))
        before = text
    heads = ("pass", "µs", "blocks", "values")
    counts = table(
        heads, rows, caption=f"{body.function.symbol}: {len(rows)} passes", numeric=(1, 2, 3)
    )
    return join([details(f"all {len(rows)} passes in figures", counts), *parts])


def machine_html(machine: Machine) -> Markup:
    """The instructions with their bytes, positions and origins."""
    rows = [
        (
            f"{at.pc:#06x}",
            code(at.bytes.hex(" ")),
            code(at.text),
            str(at.position or ""),
            origin(at),
        )
        for at in machine
    ]
    caption = f"{machine.function.symbol}: {len(rows)} instructions, {len(machine.code)} bytes"
    return table(("offset", "bytes", "instruction", "position", "origin"), rows, caption=caption)


def origin(at: Instruction) -> str:
    """Where an instruction comes from, in words."""
    if at.origin == "value":
        return f"value v{at.origin_id}"
    if at.origin == "block":
        return f"end of block b{at.origin_id}"
    return at.origin
