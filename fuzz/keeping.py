"""The readers of what the linker keeps, and of whose every byte of an executable is."""

from __future__ import annotations

from pathlib import Path

from golifelab.link.deadcode.edges import EdgeReader
from golifelab.link.deadcode.flood import flood
from golifelab.link.deadcode.steps import Ways
from golifelab.link.deadcode.world import World, parts_of
from golifelab.link.elf.image import Image
from golifelab.link.executable import Executable
from golifelab.link.object.enumerations import enumerations
from golifelab.link.sizes import sizes
from golifelab.toolchain.go import find_go


def read_sizes_whole(content: bytes) -> None:
    """Every byte of an executable, by symbol."""
    opened = Executable(
        path=Path("damaged"),
        image=Image("damaged", content),
        command="",
        tier="tool",
        precision="line",
    )
    made = sizes(opened)
    for what in ("package", "section", "kind", "symbol"):
        assert sum(one.file for one in made.by(what)) == made.file
    assert all(row.file >= 0 and row.memory >= 0 for row in made.rows)


def read_reach_whole(content: bytes) -> None:
    """What follows from every function of an object, and the ways to it."""
    world = World(enumerations(find_go().root)).add(parts_of(content, "main"))
    reader = EdgeReader(world)
    for number in range(len(world.place)):
        edges = reader.of(number)
        assert len(edges.plain) + len(edges.methods) <= len(content)
    found = flood(reader, "main.main")
    ways = Ways(reader, found)
    for number in found.parent:
        assert len(ways.steps(number)) <= len(found.parent) + 1
