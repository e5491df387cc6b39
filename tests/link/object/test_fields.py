"""The explained bytes of object files: every byte in one leaf, whatever the file."""

from __future__ import annotations

import random

import pytest

from golifelab.errors import GolifelabError, ParseError
from golifelab.link.object.file import object_file, read_object
from golifelab.toolchain.exports import export_files
from golifelab.toolchain.go import find_go

# What is left of names that no record uses, and bytes that bring others to their place.
SPARE = ("string.unused", "padding")


def covered(file):
    """The leaves in order; a gap or an overlap is an error."""
    place, found = 0, {}
    for number, field in enumerate(file.fields):
        assert field.index == number
        assert field.size > 0
        assert field.meaning, field
        if not field.parts:
            assert field.offset == place, field
            place = field.end
            found[field.kind] = found.get(field.kind, 0) + field.size
    assert place == file.size
    assert number + 1 == len(file.fields)
    return found


@pytest.fixture(scope="module")
def made(hello, target):
    return object_file(hello, target)


def test_every_byte_is_in_one_leaf(made):
    kinds = covered(made)
    assert kinds["relocation.kind"] == 2 * made.relocation_count
    assert kinds["symbol.abi"] == 2 * sum(len(part.symbols) for part in made.parts)
    assert sum(kinds.get(kind, 0) for kind in SPARE) < 100
    assert not [kind for kind in kinds if kind in ("rest", "data.unused", "foreign")]


def test_other_processors(hello, target):
    covered(object_file(hello, target.with_(goarch="arm64")))


def test_fields_down_to_a_depth(made):
    for depth in (0, 2, 3):
        wanted = [field for field in made.fields if field.depth <= depth]
        assert list(made.fields.down_to(depth)) == wanted


@pytest.mark.parametrize("package", ["errors", "internal/bytealg"])
def test_archives_of_std_are_explained(package, target):
    file = read_object(export_files(target)[package].read_bytes(), find_go(target.go).root)
    kinds = covered(file)
    assert sum(kinds.get(kind, 0) for kind in SPARE) < file.size / 20


@pytest.mark.slow
@pytest.mark.parametrize("package", ["fmt", "reflect", "internal/abi", "sync/atomic", "math/big"])
def test_large_archives_of_std_are_explained(package, target):
    file = read_object(export_files(target)[package].read_bytes(), find_go(target.go).root)
    covered(file)


def test_a_field_is_found_by_its_byte_and_by_its_number(made):
    chosen = random.Random(5)
    fields = made.fields
    for _ in range(200):
        field = fields[chosen.randrange(len(fields))]
        assert fields[field.index] == field
        for part in fields.parts(field):
            assert (part.parent, part.depth) == (field.index, field.depth + 1)
            assert field.offset <= part.offset < part.end <= field.end
        leaf = made.field_at(chosen.randrange(made.size))
        assert leaf.parts == 0
        assert fields.path(leaf.offset)[-1] == leaf == fields[leaf.index]
    assert fields[-1].end == made.size
    for outside in (-1, made.size):
        with pytest.raises(GolifelabError, match="bytes, none at"):
            made.field_at(outside)


def test_fields_say_what_the_reader_reads(made):
    main = made.symbol("main.main")
    call = next(r for r in main.relocations if r.kind == "R_CALL" and r.symbol == "main.add")
    hole = made.field_at(main.offset + call.offset)
    assert (hole.kind, hole.name, hole.value, hole.size) == ("hole", "R_CALL", "main.add", 4)
    assert "distance" in hole.meaning
    path = [field.name for field in made.fields.path(hole.offset)]
    assert path == ["archive", "_go_.o", "data", "main.main", "R_CALL"]
    blocks = {f.name: int(f.value, 16) for f in made.fields if f.kind == "header.block"}
    assert [start for start, _ in made.parts[0].blocks.values()] == list(blocks.values())[:-1]
    names = {f.value for f in made.fields if f.kind == "string"}
    assert {"main.main", "main.add", "fmt.Fprintln"} <= names


def test_tables_and_records_inside_the_data(made):
    info = made.symbol("main.main").function
    rows = [f for f in made.fields if f.kind == "table.row"]
    line = next(one for one in info.tables if one.kind == "Pcline").ranges[0]
    assert any(f"{line[2]} from {line[0]:#x} to {line[1]:#x}" == row.value for row in rows)
    starts = {f.value for f in made.fields if f.kind == "function.line"}
    assert str(info.start_line) in starts
    inlined = [f.value for f in made.fields if f.kind == "inlined"]
    assert any(value.startswith("main.twice, called at main.go:") for value in inlined)


def test_damaged_files_are_covered_too(made):
    chosen = random.Random(7)
    checked = 0
    for _ in range(40):
        content = bytearray(made.content)
        for _ in range(3):
            content[chosen.randrange(len(content))] = chosen.choice((0, 1, 0x7F, 0x80, 0xFF))
        try:
            covered(read_object(bytes(content)))
            checked += 1
        except ParseError:
            continue
    assert checked > 5
