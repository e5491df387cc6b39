"""The readers of Go's object files and of export data, asked for all they have."""

from __future__ import annotations

from functools import cache
from random import Random

from fuzz.reader import Seed
from golifelab.link.object.enumerations import enumerations
from golifelab.link.object.export import export_header
from golifelab.link.object.file import ObjectFile, object_file, read_object
from golifelab.link.placement.columns import object_columns
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.exports import export_files
from golifelab.toolchain.go import find_go

_EMPTY = Source.from_text("package main\n\nfunc main() { println(1) }\n")
_LARGER = Source.from_text(
    "package main\n\ntype pair[T any] struct{ a, b T }\n\n"
    "func (p *pair[T]) swap() { p.a, p.b = p.b, p.a }\n\n"
    'func main() {\n\tp := &pair[string]{"one", "two"}\n\tp.swap()\n'
    "\tdefer func() { println(recover() != nil) }()\n\tprintln(p.a, []int{1, 2, 3}[len(p.b)])\n}\n"
)


def read_object_whole(content: bytes) -> None:
    """Every symbol of an object with all it has, and its explained bytes."""
    objects = read_object(content)
    for symbol in objects.symbols:
        assert len(symbol.data) <= len(content)
        assert len(symbol.relocations) + len(symbol.auxiliaries) <= len(content)
        assert symbol.id is not None
        for relocation in symbol.relocations:
            assert relocation.target is None or relocation.target.how
        if symbol.is_function and symbol.function is not None:
            assert len(symbol.function.tables) <= len(content)
    assert objects.files is not None
    assert objects.packages is not None
    assert objects.references is not None
    assert objects.export is None or objects.export.elements <= len(content)


def read_fields_whole(content: bytes) -> None:
    """What each byte of an object is: some bytes, and some fields."""
    objects: ObjectFile = read_object(content)
    chosen = Random(3)
    for _ in range(40):
        offset = chosen.randrange(len(content))
        field = objects.field_at(offset)
        assert field.offset <= offset < field.end
        assert objects.fields[chosen.randrange(len(objects.fields))].size <= len(content)


def read_columns_whole(content: bytes) -> None:
    """The same object as columns, which placement reads for all of a program at once."""
    for part in object_columns(content, "main"):
        assert len(part.names) == len(part.keys) == len(part.symbols)
        assert len(part.types) <= part.definitions <= len(content)
        assert len(part.relocation_index) == part.definitions + 1
        assert len(part.packages) + len(part.imports) <= len(content)


def read_export_whole(content: bytes) -> None:
    """The head and the names of a package's export data."""
    header = export_header(content, enumerations(find_go().root).export_sections)
    assert header.elements <= len(content)
    assert len(header.strings(content)) <= len(content)


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
def export_seeds() -> tuple[Seed, ...]:
    """The export data of small packages of std; the spots are its tables."""
    found = []
    for name in ("errors", "unicode/utf8", "sort"):
        objects = read_object(export_files(Target())[name].read_bytes())
        member = next(one for one in objects.members if one.kind == "export data")
        content = objects.content[member.offset : member.offset + member.size]
        start = content.index(b"$$B\n") + 4
        found.append(Seed(name, content, ((start, start + 60), (start, start + 2000))))
    return tuple(found)
