"""ELF files as values: places, names, and what Go noted in them."""

from __future__ import annotations

import sys
import tracemalloc

import numpy as np
import pytest

from golifelab.errors import GolifelabError, ParseError
from golifelab.link.elf.buildinfo import Module, read_build_info
from golifelab.link.elf.image import Image
from golifelab.link.elf.intervals import Intervals
from golifelab.link.executable import executable
from golifelab.link.metadata.pclntab import FunctionTable
from golifelab.toolchain.go import find_go


def test_places(program):
    image = program.image
    for name in (".text", ".rodata", ".data"):
        section = image.section(name)
        if section is None or not section.size:
            continue
        middle = section.address + section.size // 2
        assert image.section_at(middle) == section
        offset = image.offset_of(middle)
        assert offset == section.offset + section.size // 2
        assert image.section_at_offset(offset) == section
        assert image.address_of(offset) == middle
        assert image.bytes_at(middle, 8) == image.data[offset : offset + 8]
    assert image.segment_at(image.section(".text").address).permissions == "r-x"
    bss = image.section(".bss")
    assert image.offset_of(bss.address + bss.size - 1) is None
    assert image.section_at(1) is image.segment_at(1) is image.offset_of(1) is None
    assert image.address_of(len(image.data) + 1) is None


def test_functions(program):
    main = program.function("main.main")
    assert main in program.functions
    assert program.function_at(main.address) == main
    assert program.function_at(main.address + main.size - 1) == main
    assert program.function("main.nobody") is None
    if not program.image.stripped:
        assert program.symbol_at(main.address + 1).name == "main.main"
        assert program.symbol("main.main").section == ".text"


def test_entry_and_build(program, target):
    external = program.linker == "external"
    start = "_start" if external else f"_rt0_{program.image.machine}_linux"
    expected = {start} | ({""} if program.image.stripped else set())
    assert program.entry_symbol in expected
    assert program.image.build_info.go_version == find_go(target.go).version


def test_values(program):
    assert len(program.frame()) == len(program.sections)
    written = program.to_json()
    assert written["stage"] == "executable"
    assert written["entry"] == program.entry
    assert written["functions"] == len(program.functions) > 1000


def test_build_settings_of_the_go_command(newest):
    go = find_go(newest.go)
    info = Image(go.command).build_info
    assert info.path == "cmd/go"
    assert info.settings["GOARCH"]


def test_any_elf_file():
    image = Image(sys.executable)
    assert image.sections
    assert image.build_info is None
    with pytest.raises(ParseError):
        len(executable(sys.executable).pclntab)


def test_what_is_no_elf_file(tmp_path):
    path = tmp_path / "text"
    path.write_text("package main")
    with pytest.raises(ParseError):
        Image(path)
    with pytest.raises(GolifelabError):
        Image(tmp_path / "missing")


def test_memory(newest):
    path = find_go(newest.go).tool("compile")
    tracemalloc.start()
    image = Image(path)
    assert len(image.symbols.names.all) > len(image.functions.names) > 10_000
    assert len(FunctionTable(image).names) > 10_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * path.stat().st_size


def test_columns_and_objects(program):
    symbols = program.symbols
    rows = list(symbols)
    assert rows == [symbols[index] for index in range(len(symbols))] == symbols[:]
    assert [row.address for row in rows] == symbols.addresses.tolist()
    assert [row.name for row in rows] == list(symbols.names) == symbols.frame()["name"].tolist()
    functions = program.image.functions
    assert list(functions) == functions[:] == [functions[i] for i in range(len(functions))]
    assert [one.name for one in functions] == functions.names
    if rows:
        assert symbols[-1] == rows[-1]
        assert (symbols.frame()["section"] == [row.section for row in rows]).all()


def test_the_innermost_of_several_is_found(program):
    """Every function is found at each end, unless another begins within it: then that one."""
    functions = program.image.functions
    for one in functions[:: max(1, len(functions) // 400)]:
        for address in (one.address, one.end - 1):
            found = functions.at(address)
            assert found.address <= address < found.end
            assert found == one or one.address <= found.address or found.end <= one.end
            assert program.symbol_at(address).address == found.address


def test_ranges_within_ranges():
    starts = np.array([0, 10, 10, 40, (1 << 64) - 8], np.uint64)
    sizes = np.array([30, 5, 15, 10, 7], np.uint64)
    ranges = Intervals(starts, sizes)
    found = {0: 0, 9: 0, 10: 1, 14: 1, 15: 2, 24: 2, 25: 0, 29: 0, 30: -1, 40: 3, 49: 3, 50: -1}
    assert {address: ranges.innermost(address) for address in found} == found
    assert ranges.innermost((1 << 64) - 2) == 4
    assert (
        ranges.innermost((1 << 64) - 1) == ranges.innermost(-1) == ranges.innermost(1 << 64) == -1
    )
    assert Intervals(starts[:0], sizes[:0]).innermost(5) == -1


def test_addresses_that_are_none(program):
    for address in (-1, 1 << 64, 1 << 70):
        assert program.image.symbol_at(address) is program.image.function_at(address) is None


def test_pointers_that_the_loader_moves(program):
    image = program.image
    module = image.symbol("runtime.firstmoduledata")
    if module is None:
        assert image.stripped
        return
    table = image.section(".gopclntab") or image.section(".data.rel.ro.gopclntab")
    assert image.pointer_at(module.address) == table.address
    assert (module.address in image.relative) == (image.type == "DYN")
    assert image.pointer_at(8) == 0


def test_relocations_as_rows(program):
    relocations = program.image.relocations
    frame = relocations.frame()
    assert len(frame) == len(relocations)
    assert frame["kind"].tolist() == relocations.kind_names
    assert (frame["address"] == relocations.addresses.astype("object")).all()
    assert bool(len(relocations)) == bool(program.needed or program.image.type == "DYN")
    for one in relocations[:50]:
        assert relocations.at(one.address) == one


def test_flavours(program, request):
    kind = request.node.callspec.params["program"]
    pie = "pie" in kind
    expected = "position-independent executable" if pie else "executable"
    assert program.image.flavour == expected


def test_build_information_in_full():
    text = (
        "path\texample.com/a\nmod\texample.com/a\tv1.2.3\th1:x=\ndep\texample.com/b\tv0.1.0\th1:y=\n"
        "=>\t../b\t(devel)\t\nbuild\t-ldflags=\"-X 'a=b'\"\nbuild\tCGO_ENABLED=0\n"
    )
    noted = b"\0" * 16 + text.encode() + b"\0" * 16
    version = b"go1.27.3 X:nodwarf5,synctest"
    block = b"\xff Go buildinf:" + bytes([8, 2]) + bytes(16) + bytes([len(version)]) + version
    block += bytes([len(noted) & 0x7F | 0x80, len(noted) >> 7]) + noted
    info = read_build_info(block)
    assert info.go_version == "1.27.3"
    assert info.experiments == ("nodwarf5", "synctest")
    assert info.module == Module("example.com/a", "v1.2.3", "h1:x=")
    (dependency,) = info.dependencies
    assert dependency.replaced_by == Module("../b", "(devel)")
    assert info.settings == {"-ldflags": "-X 'a=b'", "CGO_ENABLED": "0"}
    assert info.text == text
    assert read_build_info(block, address=8) is None
