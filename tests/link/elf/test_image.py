"""ELF files as values: places, names, and what Go noted in them."""

from __future__ import annotations

import sys

import pytest

from golifelab.errors import GolifelabError, ParseError
from golifelab.link.elf.image import Image
from golifelab.link.executable import executable
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
