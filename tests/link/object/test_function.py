"""What an object says about its functions, judged by the linked program and by the compiler."""

from __future__ import annotations

import re

import pytest

from golifelab.errors import ParseError
from golifelab.link.executable import link
from golifelab.link.object.file import object_file, read_object
from golifelab.link.object.function import pc_values
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.exports import export_files
from golifelab.toolchain.go import find_go

# "main.add STEXT nosplit size=4 align=0x20 args=0x10 locals=0x0 funcid=0x0 leaf"
_HEAD = re.compile(r"^(?P<name>\S.*?) STEXT (?P<words>.*?)size=(?P<size>\d+) .*args=(?P<args>\S+) ")
_LOCALS = re.compile(r"locals=(0x[0-9a-f]+)")


@pytest.fixture(scope="module", params=["amd64", "arm64"])
def processor(request, target):
    return target.with_(goarch=request.param)


def test_frames_are_those_the_compiler_prints(hello, processor):
    compiled = compile_object(hello, processor, extra=("-S",))
    file = read_object(compiled.object, find_go(processor.go).root)
    printed = [
        (found["name"], int(found["args"], 16), int(_LOCALS.search(line)[1], 16))
        for line in compiled.stdout.splitlines()
        if (found := _HEAD.match(line))
    ]
    assert len(printed) > 4
    for name, arguments, frame in printed:
        infos = [s.function for s in file.functions if s.name == name]
        assert (arguments, frame) in [(info.arguments, info.locals) for info in infos], name


def test_tables_are_those_of_the_linked_program(hello, processor):
    file, binary = object_file(hello, processor), link(hello, processor)
    checked = 0
    for symbol in file.functions:
        info = symbol.function
        function = binary.function(symbol.name)
        if function is None or function.size < symbol.size:
            continue
        assert info.start_line == binary.pclntab.named(symbol.name).start_line
        assert info.arguments == binary.pclntab.named(symbol.name).arguments_size
        names = file.parts[0].files
        for pc in range(0, symbol.size, 4):
            told = info.at(pc)
            position = binary.pclntab.calls(function.address + pc)[-1].position
            assert told["Pcline"] == position.line
            assert names[told["Pcfile"]].rpartition("/")[2] == position.file.rpartition("/")[2]
            assert told["Pcsp"] == binary.pclntab.frame_size(function.address + pc)
            checked += 1
    assert checked > 60


def test_inlined_calls_are_a_tree(hello, processor):
    info = object_file(hello, processor).symbol("main.main").function
    called = {one.function: one for one in info.inline_tree}
    assert called["main.twice"].parent == -1
    assert called["main.twice"].file == "main.go"
    assert called["main.twice"].line == 20
    assert all(-1 <= one.parent < one.index for one in info.inline_tree)
    table = info.table("Pcinline")
    assert {value for _, _, value in table.ranges} <= {-1, *range(len(info.inline_tree))}


def test_funcdata_and_pcdata_have_the_names_of_go(hello, processor):
    file = object_file(hello, processor)
    info = file.symbol("main.main").function
    maps = {one.name: one for one in info.funcdata}
    assert {"ArgsPointerMaps", "LocalsPointerMaps"} <= set(maps)
    assert maps["LocalsPointerMaps"].symbol.startswith("gclocals·")
    # A stack map: how many, how many bits each, the bits.
    number, bits = (
        int.from_bytes(maps["LocalsPointerMaps"].data[i : i + 4], "little") for i in (0, 4)
    )
    indices = {value for _, _, value in info.pcdata(1).ranges}
    assert info.pcdata(1).name == "StackMapIndex"
    assert max(indices) < number
    assert len(maps["LocalsPointerMaps"].data) == 8 + number * -(-bits // 8)
    assert file.symbol("main.add").function.pcdata(7) is None


def test_assembly_says_less(target):
    file = read_object(
        export_files(target)["internal/bytealg"].read_bytes(), find_go(target.go).root
    )
    assembled = [s for s in file.functions if s.member > 0]
    assert len(assembled) > 5
    for symbol in assembled:
        info = symbol.function
        assert info is None or "Asm" in info.function_flags
    assert any(symbol.function for symbol in assembled)


@pytest.mark.parametrize("table", [b"\x80", b"\x02", b"\x02\x00", b"\x02" + b"\x80" * 12])
def test_a_damaged_table_is_refused(table):
    with pytest.raises(ParseError, match="pc table"):
        list(pc_values(table, 1))


def test_a_table_ends_with_a_change_of_nothing():
    assert list(pc_values(b"\x02\x04\x03\x01\x00rest", 4)) == [(0, 16, 0), (16, 20, -2)]
    assert list(pc_values(b"", 1)) == []
