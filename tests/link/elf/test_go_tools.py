"""Symbols and build information, judged by nm, go tool nm, objdump and go version -m."""

from __future__ import annotations

import re
import shutil
from random import Random

import pytest

from golifelab.link.elf.foreign import foreign_file
from golifelab.link.elf.image import Image
from golifelab.link.metadata.pclntab import FunctionTable
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

_NM = re.compile(r"^(?:([0-9a-f]+)| +) (\S) (.*)$")
_GO_NM = re.compile(r"^ *([0-9a-f]*) +(\d*) (\S) (.*)$")
_STUB = re.compile(r"^0*([0-9a-f]+) <(.*)@plt>:$", re.MULTILINE)


def tool(name):
    return pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")


def ask(*words):
    return run([*words], env={"LC_ALL": "C"}, timeout=120, max_output=1 << 28).text


def nm_rows(path):
    matches = map(_NM.match, ask("nm", path).splitlines())
    return sorted((m[3].partition("@")[0], int(m[1] or "0", 16)) for m in matches if m)


def go_nm_rows(go, path):
    done = run(
        [go.command, "tool", "nm", "-size", "-sort", "address", path],
        env=go.environment(),
        timeout=120,
        max_output=1 << 28,
    )
    matches = list(filter(None, map(_GO_NM.match, done.text.splitlines())))
    return done, sorted((m[4], int(m[1] or "0", 16), int(m[2] or "0"), m[3]) for m in matches)


def letter(image, symbol):
    """go tool nm's letter: by the section's flags, small for local symbols."""
    section = image.section(symbol.section)
    code = "?"
    if symbol.section in ("", "COMMON"):
        code = "U" if symbol.section == "" else "B"
    elif section is not None and section.loaded:
        writable = "B" if section.type == "NOBITS" else "D"
        code = "T" if "X" in section.flags else writable if "W" in section.flags else "R"
        code = "?" if {"W", "X"} <= set(section.flags) else code
    return chr(ord(code) + 32) if symbol.binding == "LOCAL" else code


def check_go_nm(go, image, path):
    done, theirs = go_nm_rows(go, path)
    if image.stripped:
        assert "no symbol" in done.error_text
        return
    ours = sorted(
        (one.name, one.address if one.section else 0, one.size, letter(image, one))
        for one in image.symbols
    )
    # It shows what has no name, too; and old versions call zeroed data D, not B.
    theirs = [row for row in theirs if row[0]]
    zeroed = {row[3] for row in theirs} & {"B", "b"}
    older = str.maketrans({} if zeroed else {"B": "D", "b": "d"})
    assert theirs == [(*row[:3], row[3].translate(older)) for row in ours]


def check_nm(image, path):
    # nm leaves out what is for debuggers: the names of files and sections.
    ours = sorted(
        (one.name.partition("@")[0], one.address)
        for one in image.symbols
        if one.type not in ("SECTION", "FILE")
    )
    assert nm_rows(path) == ours


@tool("nm")
def test_nm(program):
    check_nm(program.image, program.path)


def test_go_nm(program, target):
    check_go_nm(find_go(target.go), program.image, program.path)


def test_go_nm_of_programs_that_call_c(with_c, newest):
    check_go_nm(find_go(newest.go), Image(with_c), with_c)


def test_go_nm_of_other_processors(for_processor, newest):
    check_go_nm(find_go(newest.go), Image(for_processor), for_processor)


@pytest.mark.parametrize("name", ["go", "compile"])
def test_the_tools_themselves(name, newest):
    go = find_go(newest.go)
    path = go.command if name == "go" else go.tool(name)
    image = Image(path)
    check_go_nm(go, image, path)
    assert len(image.functions) > 10_000
    check_build_info(go, image.build_info, path)


@tool("objdump")
def test_stubs(with_c):
    image = Image(with_c)
    sections = [flag for name in {one.section for one in image.plt} for flag in ("-j", name)]
    theirs = _STUB.findall(ask("objdump", "-d", *sections, with_c))
    ours = {(entry.address, entry.symbol) for entry in image.plt if entry.symbol}
    assert {(int(address, 16), name.partition("@")[0]) for address, name in theirs} == ours
    slots = {entry.address: entry for entry in image.got}
    for entry in image.plt:
        assert slots[entry.slot].symbol == entry.symbol


def check_build_info(go, info, path):
    said = run([go.command, "version", "-m", path], env=go.environment(), timeout=60).text
    first, _, rest = said.partition("\n")
    assert first.rpartition(": ")[2].split()[0] == f"go{info.go_version}"
    assert [line[1:] for line in rest.splitlines()] == info.text.splitlines()


def test_build_information(with_c, newest):
    image = Image(with_c)
    check_build_info(find_go(newest.go), image.build_info, with_c)
    assert image.build_info.settings["CGO_ENABLED"] == "1"
    assert image.build_info.module.path == "example.com/built"
    assert image.build_info.dependencies == ()
    # It is found without the section's name, too.
    bare = Image(with_c, without_section_headers(image))
    assert bare.sections == ()
    assert bare.build_info == image.build_info
    assert bare.needed == image.needed
    assert bare.dynamic == image.dynamic


def test_functions_and_lines_of_other_processors(for_processor, newest):
    go = find_go(newest.go)
    table = FunctionTable(Image(for_processor))
    chosen = Random(4)
    functions = [table[chosen.randrange(len(table))] for _ in range(300)]
    addresses = [chosen.randrange(one.entry, one.end) for one in functions]
    done = run(
        [go.command, "tool", "addr2line", for_processor],
        env=go.environment(),
        input="".join(f"{address:#x}\n" for address in addresses).encode(),
        timeout=60,
    )
    lines = done.text.splitlines()
    assert len(lines) == 2 * len(addresses), done.error_text
    told = 0
    for function, address, name, place in zip(
        functions, addresses, lines[0::2], lines[1::2], strict=True
    ):
        assert function.name == name
        # Padding behind a function has no line.
        if place != "?:0" and not place.startswith(":-"):
            assert place == str(table.position(address)), hex(address)
            told += 1
    assert told > 200


def without_section_headers(image):
    """The file with zeroes where its header tells of sections."""
    data = bytearray(image.data)
    place, counts = (40, 60) if image.bits == 64 else (32, 48)
    data[place : place + image.bits // 8] = bytes(image.bits // 8)
    data[counts : counts + 4] = bytes(4)
    return bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize("goos", ["darwin", "windows"])
@pytest.mark.parametrize("goarch", ["amd64", "arm64"])
def test_build_information_of_other_systems(goos, goarch, built, newest):
    source = "package main\n\nfunc main() { println(1) }\n"
    path = built(source, newest.with_(goos=goos, goarch=goarch))
    image = foreign_file(path)
    check_build_info(find_go(newest.go), image.build_info, path)
    assert image.machine == image.build_info.settings["GOARCH"] == goarch
    assert image.format == {"darwin": "Mach-O", "windows": "PE"}[goos]
    assert image.libraries
    text = image.section("__text" if goos == "darwin" else ".text")
    assert text.address <= image.entry < text.address + text.memory_size
    assert len(image.frame()) == len(image.sections)
