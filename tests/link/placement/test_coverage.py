"""What each byte of a section is: nothing twice, nothing left over."""

from __future__ import annotations

import contextlib
import random
from dataclasses import replace
from itertools import pairwise

import pytest

from golifelab.errors import GolifelabError, ParseError
from golifelab.link.elf.image import Image
from golifelab.link.executable import executable
from golifelab.link.object.file import read_object
from golifelab.link.placement.coverage import coverage
from golifelab.link.placement.filemap import file_parts
from golifelab.link.placement.stage import Placement, placement
from golifelab.target import Target
from golifelab.toolchain.exports import export_files
from golifelab.toolchain.go import find_go
from tests.link.placement.test_placement import SERVER, VERSIONS

ATTRIBUTED = (".text", ".rodata", ".data")


def loaded(placed: Placement) -> list[str]:
    return [s.name for s in placed.executable.sections if s.loaded and s.size]


def whole(placed: Placement, *, unknown: int = 0) -> None:
    """Every section from end to end; at most `unknown` bytes of all that nobody can name."""
    left = 0
    for name in loaded(placed):
        spans = coverage(placed.executable, name, placed)
        section = placed.executable.image.section(name)
        assert spans[0].start == section.address
        assert spans[-1].end == section.address + section.size
        assert all(a.end == b.start for a, b in pairwise(spans)), name
        assert all(span.size > 0 and span.name and span.evidence for span in spans), name
        left += spans.bytes("unknown")
        kinds = ("symbol", "linker", "padding", "unknown")
        assert sum(spans.bytes(kind) for kind in kinds) == section.size
    assert left <= unknown


def test_no_byte_is_left_over(placed):
    whole(placed)


def test_other_ways_of_linking(kind):
    # Without a symbol table some of the linker's own data has no name, and C code has padding.
    bare = not kind.executable.symbols
    whole(kind, unknown=4500 if bare else 600 if kind.executable.linker == "external" else 0)


def test_code_and_data_are_symbols(placed):
    """The rest is padding: code starts at multiples of 32, data at those of its own alignment."""
    for name in ATTRIBUTED:
        spans = coverage(placed.executable, name, placed)
        assert spans.share("symbol") + spans.share("linker") > 0.93, name
        assert spans.share("unknown") == 0, name


def test_padding_is_shorter_than_the_alignment_after_it(placed):
    for name in loaded(placed):
        spans = coverage(placed.executable, name, placed)
        for one, after in pairwise(spans):
            if one.kind == "padding":
                fill = set(placed.executable.bytes_at(one.start, one.size))
                assert fill <= {0} or fill == {0xCC}
                assert one.size < 64
                assert after.start % 2 == 0


def test_inline_trees_are_as_long_as_the_objects_say(placed, target):
    """16 bytes for each inlined call that the compiler noted in the function's FuncInfo."""
    content = export_files(target)["fmt"].read_bytes()
    functions = {
        one.name: one.function
        for one in read_object(content, find_go(target.go).root).symbols
        if one.is_function
    }
    trees = {
        span.name.removeprefix("inline tree of "): span.size
        for name in (".rodata", ".gopclntab")
        for span in coverage(placed.executable, name, placed)
        if span.name.startswith("inline tree of ")
    }
    shared = [name for name in trees if name in functions]
    assert len(shared) > 20
    for name in shared:
        assert trees[name] == 16 * len(functions[name].inline_tree), name


def test_a_file_alone_is_covered_too(placed):
    """Without the objects: functions, the linker's tables and what the symbol table names."""
    opened = executable(placed.executable.path)
    for name in loaded(placed):
        spans = coverage(opened, name)
        assert all(a.end == b.start for a, b in pairwise(spans)), name
    text = coverage(opened, ".text")
    assert text.share("symbol") > 0.93
    table = next(name for name in loaded(placed) if name.endswith("gopclntab"))
    assert coverage(opened, table).share("unknown") == 0


def test_a_section_that_is_not_loaded(placed):
    with pytest.raises(GolifelabError, match="no section"):
        coverage(placed.executable, ".symtab", placed)


def test_the_parts_of_the_file(placed):
    parts = file_parts(placed.executable.image)
    assert parts[0].name == "ELF header"
    assert (parts[0].start, parts[-1].end) == (0, placed.executable.size)
    assert all(a.end == b.start for a, b in pairwise(parts))
    names = {part.name for part in parts if part.kind == "section"}
    filed = {s.name for s in placed.executable.sections if s.file_size}
    assert names == filed
    assert {"program headers", "section headers"} <= {part.name for part in parts}


@pytest.mark.slow
@pytest.mark.parametrize("goarch", ["amd64", "arm64"])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_server_on_every_version(version, goarch):
    whole(placement(SERVER.source, Target(go=version, goarch=goarch)))


def test_damaged_files_are_told_and_nothing_else(placed):
    """Headers and tables overwritten in many ways, with a fixed seed."""
    chance = random.Random(7)
    whole = placed.executable.image.data
    table = next(s for s in placed.executable.sections if s.name.endswith("gopclntab"))
    spots = [(0, 400), (len(whole) - 1600, len(whole)), (table.offset, table.offset + 400)]
    for _ in range(25):
        content = bytearray(whole)
        first, last = chance.choice(spots)
        at = chance.randrange(first, last - 8)
        content[at : at + 8] = chance.choice([bytes(8), b"\xff" * 8, chance.randbytes(8)])
        with contextlib.suppress(ParseError):
            image = Image("damaged", bytes(content))
            opened = replace(placed.executable, image=image)
            file_parts(image)
            for section in image.sections:
                if section.loaded and section.size < 1 << 24:
                    coverage.__wrapped__(opened, section.name)
