"""ELF files, judged by readelf."""

from __future__ import annotations

import re
import shutil
import sys

import pytest

from golifelab.errors import GolifelabError, ParseError
from golifelab.link.elf.image import Image
from golifelab.link.executable import executable
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

readelf = pytest.mark.skipif(shutil.which("readelf") is None, reason="readelf is not installed")
_SECTION = re.compile(
    r"^\s+\[ *(\d+)\] (\S*)\s+([A-Z_0-9]+)\s+([0-9a-f]{8,16}) ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) "
    r"+([A-Za-z]*) +(\d+) +(\d+) +(\d+)$"
)
_SEGMENT = re.compile(
    r"^  ([A-Z_]+)\s+" + r"(0x[0-9a-f]+) " * 5 + r"([R ])([W ])([E ]) (0x[0-9a-f]+|0)$"
)
_SYMBOL = re.compile(r"^\s+\d+: ([0-9a-f]+) +(\d+|0x[0-9a-f]+) (\w+) +(\w+) +\w+ +(\w+) (.*)$")


def ask(flags: str, path) -> str:
    return run(["readelf", flags, "-W", path], env={"LC_ALL": "C"}, timeout=60).text


@readelf
def test_header(program):
    text = ask("-h", program.path)
    assert int(re.search(r"Entry point address:\s+(0x[0-9a-f]+)", text)[1], 16) == program.entry
    assert f"Type:                              {program.image.type} " in text
    assert f"Number of section headers:         {len(program.sections)}\n" in text
    machine = {"amd64": "X86-64", "arm64": "AArch64"}[program.image.machine]
    assert machine in text


@readelf
def test_sections(program):
    theirs = []
    for line in ask("-S", program.path).splitlines():
        if match := _SECTION.match(line):
            index, name, kind, *rest = match.groups()
            place = [int(word, 16) for word in rest[:4]]
            theirs.append((int(index), name, kind, *place, rest[4]))
    ours = [
        (s.index, s.name, s.type, s.address, s.offset, s.size, s.entry_size, s.flags)
        for s in program.sections
    ]
    known = {index: row for index, *_ in theirs for row in theirs if row[0] == index}
    assert len(known) >= len(ours) - 1
    for row in ours:
        if row[0] in known:
            # readelf shortens the names of some types ("GNU_HASH"); numbers must agree exactly.
            assert (row[1], *row[3:7]) == (known[row[0]][1], *known[row[0]][3:7])
            assert sorted(row[7]) == sorted(known[row[0]][7])


@readelf
def test_segments(program):
    theirs = []
    for line in ask("-l", program.path).splitlines():
        if match := _SEGMENT.match(line):
            kind, offset, address, _, file_size, memory_size, r, w, x, _ = match.groups()
            numbers = [int(word, 16) for word in (offset, address, file_size, memory_size)]
            permissions = (r + w + x).replace(" ", "-").lower().replace("e", "x")
            theirs.append((kind, *numbers, permissions))
    ours = [
        (s.type, s.offset, s.address, s.file_size, s.memory_size, s.permissions)
        for s in program.segments
    ]
    assert theirs == ours


@readelf
def test_symbols(program):
    theirs = set()
    block = re.split(r"\nSymbol table '(\S+)' contains", ask("-s", program.path))
    for name, text in zip(block[1::2], block[2::2], strict=True):
        if name == ".symtab":
            for line in text.splitlines():
                if (match := _SYMBOL.match(line)) and match[6]:
                    value, size, kind, binding, _, symbol = match.groups()
                    theirs.add((symbol, int(value, 16), int(size, 0), kind, binding))
    ours = {(s.name, s.address, s.size, s.type, s.binding) for s in program.symbols}
    assert {row[1:] for row in theirs} == {row[1:] for row in ours}
    plain = {row for row in theirs if "[...]" not in row[0]}
    assert not plain - ours
    assert bool(ours) != program.image.stripped


@readelf
def test_loader_and_libraries(program):
    text = ask("-ld", program.path)
    interpreter = re.search(r"Requesting program interpreter: (.*)\]", text)
    assert program.interpreter == (interpreter[1] if interpreter else "")
    assert list(program.needed) == re.findall(r"\(NEEDED\).*\[(.*)\]", text)
    assert program.static == (interpreter is None)


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
