"""Static twins of the back end's stages: IR, SSA, machine code."""

from __future__ import annotations

from golifelab.compile.ir import IR
from golifelab.compile.irtrees import IRTrees
from golifelab.compile.machine.stage import Instruction, Machine
from golifelab.compile.ssa.biography import Biography, Difference
from golifelab.compile.ssa.stage import SSA
from golifelab.views.html import Markup, block, code, details, join, table

_SHOWN_OPEN = ("start", "lower")


def ir_html(tree: IR) -> Markup:
    """The IR in the compiler's own notation."""
    return block(tree.text)


def ir_trees_html(trees: IRTrees) -> Markup:
    """The tree at every moment, each to open; those that repeat the one before say so."""
    parts, before = [], ""
    for step in trees:
        same = ", as before" if step.text == before else ""
        parts.append(details(f"{step.heading}: {len(step)} nodes{same}", block(step.text)))
        before = step.text
    return join(parts)


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
    """The instructions with their bytes, in words, with their positions and origins."""
    rows = [
        (
            f"{at.pc:#06x}",
            code(at.bytes.hex(" ")),
            code(at.text),
            machine.explain(at.index),
            str(at.position or ""),
            origin(at),
        )
        for at in machine
    ]
    frame = f"a frame of {machine.frame_size} bytes" if machine.frame_size else "no frame"
    sizes = f"{len(rows)} instructions, {len(machine.code)} bytes, {frame}"
    caption = f"{machine.function.symbol}: {sizes}"
    heads = ("offset", "bytes", "instruction", "what it does", "position", "origin")
    return table(heads, rows, caption=caption)


def difference_html(found: Difference) -> Markup:
    """What a stretch of passes added, changed and removed, one row a value."""
    rows: list[tuple[str, str, str]] = []
    rows += [("added", "", code(value.text)) for value in found.added]
    rows += [("changed", code(old.text), code(new.text)) for old, new in found.changed]
    rows += [("removed", code(value.text), "") for value in found.removed]
    rows += [("added", "", code(f"b{block}")) for block in found.blocks_added]
    rows += [("removed", code(f"b{block}"), "") for block in found.blocks_removed]
    return table(("change", "before", "after"), rows, caption="" if rows else "nothing changed")


def biography_html(told: Biography) -> Markup:
    """What each pass did to a value, a row an event; a table for each value that had the number."""
    parts = []
    for life in told.lives:
        rows = [
            (
                event.pass_name,
                event.kind,
                event.note,
                code(event.value.text if event.value else ""),
            )
            for event in life.events
        ]
        caption = f"v{told.value} in {told.function}"
        if len(told.lives) > 1:
            caption += f", value {life.nth} of {len(told.lives)} that had this number"
        if life.absorbed_by is not None:
            caption += f"; its work is done by v{life.absorbed_by}"
        parts.append(table(("pass", "event", "what happened", "afterwards"), rows, caption=caption))
    return join(parts)


def origin(at: Instruction) -> str:
    """Where an instruction comes from, in words."""
    if at.origin == "value":
        return f"value v{at.origin_id}"
    if at.origin == "block":
        return f"end of block b{at.origin_id}"
    return at.origin
