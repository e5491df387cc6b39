"""moduledata and the places of metadata, judged by the symbol table and by Go's own source."""

from __future__ import annotations

import itertools
import shlex

import pytest

from golifelab.errors import ParseError
from golifelab.link.elf.image import Image
from golifelab.link.executable import link
from golifelab.link.metadata import places as places_module
from golifelab.link.metadata.layout import declared_fields, goroot_of, known_fields, release_of
from golifelab.link.metadata.moduledata import SYMBOL, module_data
from golifelab.link.metadata.parts import pclntab_parts, record_sizes
from golifelab.link.metadata.places import metadata_places
from golifelab.toolchain.go import find_go
from golifelab.toolchain.link import Mode
from golifelab.toolchain.run import run

# Fields that have a symbol of their own.
SYMBOLS = {
    "pcHeader": "runtime.pclntab",
    "findfunctab": "runtime.findfunctab",
    "text": "runtime.text",
    "etext": "runtime.etext",
    "noptrdata": "runtime.noptrdata",
    "data": "runtime.data",
    "edata": "runtime.edata",
    "bss": "runtime.bss",
    "ebss": "runtime.ebss",
    "end": "runtime.end",
    "gcdata": "runtime.gcdata",
    "gcbss": "runtime.gcbss",
    "gofunc": "go:func.*",
}


def test_its_fields_are_where_the_symbols_are(program):
    module = module_data(program.image)
    if program.image.stripped:
        return  # it tells the same as the unstripped file, see below
    symbol = program.symbol(SYMBOL)
    assert (module.address, module.size) == (symbol.address, symbol.size)
    for field, name in SYMBOLS.items():
        assert module[field] == program.symbol(name).address, field
    assert module.slice("ftab")[1] == len(program.pclntab) + 1
    assert module["hasmain"] == 1


def test_a_stripped_file_tells_the_same(hello, target):
    for kind in ("exe", "pie"):
        full = module_data(link(hello, target, Mode(kind)).image)
        stripped = module_data(link(hello, target, Mode(kind, flags=("-s", "-w"))).image)
        assert full.fields == stripped.fields
        assert full.address == stripped.address


def test_the_layout_is_that_of_gos_source(hello, target):
    go = find_go(target.go)
    image = link(hello, target).image
    assert release_of(image) == go.release
    assert goroot_of(image) is not None
    # The list that serves where that Go is not installed.
    written = [(name, kind.split("[")[0]) for name, kind in known_fields(go.release)]
    declared = [(name, kind.split("[")[0]) for name, kind in declared_fields(go.root)]
    assert written == declared


def test_its_face(hello, target):
    module = module_data(link(hello, target).image)
    frame = module.frame().set_index("name")
    assert frame.loc["gcdata", "section"] == ".rodata"
    assert frame.loc["minpc", "section"] == ".text"
    assert frame.loc["hasmain", "value"] == "0x1"
    assert module.to_json()["address"] == module.address
    assert "gofunc" in module
    assert "nothing" not in module
    with pytest.raises(KeyError):
        module["nothing"]
    # What its command shows begins with its first word, and has all of its bytes.
    shown = run(shlex.split(module.command)).text.split("Contents of section", 1)[1]
    rows = [line.split()[:5] for line in shown.splitlines()[1:]]
    assert int(rows[0][0], 16) == module.address
    assert rows[0][1] == module["pcHeader"].to_bytes(8, "little")[:4].hex()
    assert int(rows[-1][0], 16) < module.address + module.size <= int(rows[-1][0], 16) + 16


def test_no_moduledata(hello, target):
    # The bytes that lead to it, gone: the header's address occurs there and nowhere else.
    program = link(hello, target)
    module = module_data(program.image)
    content = bytearray(program.image.data)
    place = program.offset_of(module.address)
    content[place : place + 8] = bytes(8)
    with pytest.raises(ParseError, match="has no moduledata"):
        module_data(Image("damaged", bytes(content)))


def test_where_things_are(hello, target):
    program = link(hello, target)
    places = metadata_places(program)
    release = find_go(target.go).release
    assert places.release == release
    data = places["go:func.*"]
    assert data.section == (".gopclntab" if release >= (1, 26) else ".rodata")
    assert not data.writable
    assert data.file_bytes == data.size > 50_000
    # The data of every function lies in it.
    tables = program.pclntab.tables
    offsets = [tables.function(i).funcdata for i in range(len(tables.records))]
    furthest = max(one for row in offsets for one in row if one != 0xFFFFFFFF)
    assert 0 < furthest < data.size < furthest + 8192
    module = places[SYMBOL]
    assert module.section == (".go.module" if release >= (1, 26) else ".noptrdata")
    for name in ("runtime.m0", "runtime.g0"):
        place, symbol = places[name], program.symbol(name)
        assert (place.address, place.size) == (symbol.address, symbol.size)
        assert (place.section, place.writable, place.file_bytes) == (".bss", True, 0)
    for name in ("runtime.gcdata", "runtime.gcbss"):
        assert places[name].file_bytes == places[name].size > 0
    symbol = program.symbol("runtime.findfunctab")
    if symbol.size:
        assert places["findfunctab"].size == symbol.size
    assert list(places.frame()["what"]) == [place.what for place in places.places]


@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
@pytest.mark.parametrize("kind", ["exe", "pie"])
def test_a_stripped_file_still_tells_where_m0_and_g0_are(hello, target, architecture, kind):
    target = target.with_(goarch=architecture)
    full = metadata_places(link(hello, target, Mode(kind)))
    stripped = metadata_places(link(hello, target, Mode(kind, flags=("-s", "-w"))))
    for place in full.places:
        other = stripped[place.what]
        assert (other.address, other.section) == (place.address, place.section), place.what
        assert (other.in_file, other.writable) == (place.in_file, place.writable)
    assert "rt0_go" in stripped["runtime.m0"].how


def test_where_nothing_tells_m0_and_g0(hello, target, monkeypatch):
    monkeypatch.setattr(places_module, "boot_variables", lambda _: None)
    places = metadata_places(link(hello, target, Mode(flags=("-s", "-w"))))
    assert [one.what for one in places.places if one.address is None] == [
        "runtime.m0",
        "runtime.g0",
    ]


def test_the_parts_of_the_function_table(program):
    parts = pclntab_parts(program.image)
    section = next(s for s in program.sections if s.name.endswith("gopclntab"))
    assert parts[0].name == "pcHeader"
    assert sum(part.size for part in parts) == section.size
    for part, following in itertools.pairwise(parts):
        assert part.end == following.address
    for part in parts:
        if part.name == "padding":
            assert not any(program.bytes_at(part.address, part.size))
            assert part.size < 64
    found = {part.name: part for part in parts}
    assert found["functab"].count == len(program.pclntab)
    for part, name in (("funcnametab", "runtime.funcnametab"), ("pctab", "runtime.pctab")):
        symbol = program.symbol(name)
        if symbol is not None and symbol.size:
            assert (found[part].address, found[part].size) == (symbol.address, symbol.size)
    starts, sizes = record_sizes(program.pclntab.tables)
    records = found["function records"]
    assert starts.min() >= records.address
    assert (starts + sizes).max() == records.end
    assert sizes.sum() <= records.size
