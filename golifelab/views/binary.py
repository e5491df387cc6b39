"""Static twins of what the linker made and the kernel mapped: executables and processes."""

from __future__ import annotations

from pathlib import Path

from golifelab.link.executable import Executable
from golifelab.link.modes import StaticMatrix
from golifelab.load.backtrace import CallChain
from golifelab.load.memory.maps import Mappings
from golifelab.views.html import Markup, code, details, hexadecimal, join, table
from golifelab.views.linkage import linkage_html


def executable_html(made: Executable) -> Markup:
    """What kind of file it is, then its segments and sections."""
    facts = [
        ("kind", f"{made.image.flavour} for {made.image.machine}, {made.image.bits} bits"),
        ("entry", join([hexadecimal(made.entry), " ", code(made.entry_symbol)])),
        ("linked by", made.linker),
        ("interpreter", made.interpreter or "none: the kernel starts it directly"),
        ("libraries", ", ".join(made.needed) or "none"),
        ("size", f"{made.size:,} bytes"),
    ]
    segments = [
        (
            one.type,
            one.permissions,
            hexadecimal(one.address),
            hexadecimal(one.offset),
            f"{one.file_size:,}",
            f"{one.memory_size:,}",
        )
        for one in made.segments
    ]
    sections = [
        (
            code(one.name),
            one.type,
            one.flags,
            hexadecimal(one.address),
            hexadecimal(one.offset),
            f"{one.size:,}",
        )
        for one in made.sections
        if one.name
    ]
    heads = ("segment", "permissions", "address", "offset", "bytes in file", "bytes in memory")
    return join(
        [
            table(("fact", "value"), facts),
            table(heads, segments, numeric=(2, 3, 4, 5)),
            details(
                f"{len(sections)} sections",
                table(
                    ("section", "type", "flags", "address", "offset", "bytes"),
                    sections,
                    numeric=(3, 4, 5),
                ),
                opened=True,
            ),
            linkage_html(made.image),
        ]
    )


def mappings_html(maps: Mappings) -> Markup:
    """The process's address space, a row a mapping."""
    rows = [
        (
            hexadecimal(one.start, 12),
            hexadecimal(one.end, 12),
            code(one.permissions),
            f"{(one.end - one.start) // 1024:,}",
            one.name or Path(one.path).name,
            " ".join(one.sections),
        )
        for one in maps
    ]
    caption = f"{len(rows)} mappings, the process held at {maps.held_at}"
    heads = ("from", "to", "permissions", "KiB", "what it is", "sections in it")
    return table(heads, rows, caption=caption, numeric=(3,))


def chain_html(chain: CallChain) -> Markup:
    """The calls on the stack, the innermost first."""
    rows = [
        (
            code(one.function),
            f"{Path(one.position.file).name}:{one.position.line}",
            hexadecimal(one.address),
            "inlined" if one.inlined else "",
        )
        for one in chain.frames
    ]
    caption = f"{len(rows)} calls, the innermost first, read by {chain.how}"
    return table(("function", "line", "address", ""), rows, caption=caption)


def matrix_html(matrix: StaticMatrix) -> Markup:
    """Who linked each build, and whether another program has to start it."""
    rows = [
        (
            one.name,
            one.linker,
            code(one.interpreter) if one.interpreter else "none",
            ", ".join(one.needed) or "none",
            code(one.entry_symbol),
            f"{one.size:,}",
        )
        if one.available
        else (one.name, join([f"not here: {one.reason}"]), "", "", "", "")
        for one in matrix.rows
    ]
    heads = ("build", "linked by", "interpreter", "libraries", "entry", "bytes")
    return table(heads, rows, numeric=(5,))
