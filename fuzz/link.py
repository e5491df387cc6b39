"""The readers of objects and of the runtime's tables, asked for all they have."""

from __future__ import annotations

from functools import cache
from random import Random

from fuzz.reader import Seed
from golifelab.link.elf.image import Image
from golifelab.link.executable import link
from golifelab.link.metadata.pclntab import FunctionTable
from golifelab.link.object.file import object_file, read_object
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.link import Mode

_EMPTY = Source.from_text("package main\n\nfunc main() { println(1) }\n")
_LARGER = Source.from_text(
    "package main\n\ntype pair[T any] struct{ a, b T }\n\n"
    "func (p *pair[T]) swap() { p.a, p.b = p.b, p.a }\n\n"
    'func main() {\n\tp := &pair[string]{"one", "two"}\n\tp.swap()\n'
    "\tdefer func() { println(recover() != nil) }()\n\tprintln(p.a, []int{1, 2, 3}[len(p.b)])\n}\n"
)


def read_object_whole(content: bytes) -> None:
    """Every symbol of an object with all it has."""
    objects = read_object(content)
    for symbol in objects.symbols:
        assert len(symbol.data) <= len(content)
        assert len(symbol.relocations) + len(symbol.auxiliary) <= len(content)
    assert objects.files is not None
    assert objects.packages is not None
    assert objects.references is not None


def read_table_whole(content: bytes) -> None:
    """Functions of a function table, chosen at random, with their lines and inlined calls."""
    table = FunctionTable(Image("damaged", content))
    chosen = Random(1)
    for _ in range(60 if len(table) else 0):
        function = table[chosen.randrange(len(table))]
        table.lines(function)
        for address in (function.entry, (function.entry + function.end) // 2):
            table.calls(address)
            table.frame_size(address)


@cache
def object_seeds() -> tuple[Seed, ...]:
    """Objects of small programs; the spots are the header with its block offsets."""
    found = []
    for name, source in (("empty", _EMPTY), ("larger", _LARGER)):
        content = object_file(source, Target()).content
        start = content.index(b"\x00go120ld")
        found.append(Seed(name, content, ((start + 8, start + 100), (start + 100, start + 600))))
    return tuple(found)


@cache
def table_seeds() -> tuple[Seed, ...]:
    """A stripped executable; the spots are parts of its function table."""
    image = link(_EMPTY, Target(), Mode(flags=("-s", "-w"))).image
    section = image.section(".gopclntab")
    assert section is not None
    start, end = section.offset, section.offset + section.size
    spots = ((start, start + 80), (start, end), (start + section.size // 2, end))
    return (Seed("stripped", image.data, spots),)
