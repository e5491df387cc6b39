"""A function as text, in the notation of the compiler's own dump."""

from __future__ import annotations

from collections.abc import Iterator

from golifelab.compile.ssa.passes import Block, Snapshot, Value


def lines(snapshot: Snapshot) -> Iterator[str]:
    """The lines of a function as GOSSAFUNC=f+ prints them, without the heading."""
    for block in snapshot.blocks:
        yield heading(block)
        yield from map(value_line, block.values)
        yield f"    {block.text}"
    for name, values in snapshot.names:
        yield f"name {name}: [{' '.join(f'v{value}' for value in values)}]"


def heading(block: Block) -> str:
    """The line that opens a block."""
    text = f"  b{block.id}:"
    if block.predecessors:
        text += " <-" + "".join(f" b{predecessor}" for predecessor in block.predecessors)
    return text + (" DEAD" if block.dead else "")


def value_line(value: Value) -> str:
    """The line of a value."""
    line = f"{value.stmt}{value.position.line}" if value.position else "?"
    return f"    ({line}) {value.text}"
