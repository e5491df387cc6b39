"""The tables of a function, judged by what the compiler lists with -S."""

from __future__ import annotations

import re

import pytest

from golifelab.errors import GolifelabError
from golifelab.link.executable import link
from golifelab.link.metadata.functables import function_tables
from golifelab.source import Source
from golifelab.toolchain.compile import compile_object
from tests.link.metadata.heapdump import PROGRAM

_FUNCTION = re.compile(r"^(\S.*?) STEXT.* size=(\d+) ")
_MARK = re.compile(r"^\t0x[0-9a-f]+ (\d+) \(.*?\)\t(PCDATA|FUNCDATA)\t\$(\d+), (.*)$")
FUNCTIONS = ("main.main", "main.fill", "main.all", "main.all.func4", "main.all.func6")


@pytest.fixture(scope="module")
def listing(target):
    """By function: its size, its PCDATA as (table, pc, value), the numbers of its FUNCDATA."""
    made = compile_object(Source.from_text(PROGRAM), target, extra=("-S",))
    found = {}
    now = None
    for line in made.stdout.splitlines():
        if start := _FUNCTION.match(line):
            now = found[start[1]] = (int(start[2]), [], set())
        elif now and (mark := _MARK.match(line)):
            if mark[2] == "PCDATA":
                now[1].append((int(mark[3]), int(mark[1]), int(mark[4].lstrip("$"))))
            else:
                now[2].add(int(mark[3]))
    return found


@pytest.mark.parametrize("name", FUNCTIONS)
def test_tables_by_pc_are_those_of_the_compiler(dumping, listing, name):
    size, marks, data = listing[name]
    found = function_tables(dumping, name)
    entry = found.function.entry
    compared = 0
    for table in found.tables:
        mine = {pc: table.at(entry + pc) for pc in range(size)}
        theirs = [(pc, value) for number, pc, value in marks if number == table.number]
        if not theirs or table.name == "PCDATA_InlTreeIndex":
            continue  # the linker numbers inlined calls
        # A mark that another follows at once says nothing of any instruction.
        changes = [-1, *(mine[pc] for pc in range(size))]
        changed = [pc for pc in range(size) if changes[pc] != changes[pc + 1]]
        at = dict(theirs)
        assert set(changed) <= set(at), table.name
        assert all(mine[pc] == value for pc, value in at.items() if pc in mine), table.name
        compared += 1
    assert compared >= 2
    known = {one.number for one in found.data if one.address is not None}
    # The inline tree is not listed: the linker writes it.
    assert data <= known <= data | {3}


def test_names_inlined_calls_and_place(dumping):
    found = function_tables(dumping, "main.main")
    assert found.table("PCDATA_StackMapIndex").number == 1
    with pytest.raises(KeyError):
        found.table("PCDATA_Nothing")
    names = [one.name for one in found.data]
    assert names[:4] == [
        "FUNCDATA_ArgsPointerMaps",
        "FUNCDATA_LocalsPointerMaps",
        "FUNCDATA_StackObjects",
        "FUNCDATA_InlTree",
    ]
    raw = dumping.bytes_at(found.record, found.record_size)
    assert int.from_bytes(raw[:4], "little") + dumping.pclntab.text == found.function.entry
    assert raw[43] == len(found.data)
    inlined = {one.function for one in found.inlined}
    table = dumping.pclntab
    calls = {
        frame.function
        for row in found.table("PCDATA_InlTreeIndex").rows
        for frame in table.calls(row.start)[1:]
    }
    assert calls <= inlined
    assert len(inlined) > 1
    frame = found.frame()
    assert set(frame.table) >= {"pcsp", "pcfile", "pcln", "PCDATA_StackMapIndex"}
    assert found.to_json()["record"] == found.record
    with pytest.raises(GolifelabError):
        function_tables(dumping, "main.nobody")


def test_the_stack_pointer_and_lines(dumping):
    found = function_tables(dumping, "main.fill")
    table = dumping.pclntab
    for name, at in (("pcsp", table.frame_size), ("pcln", lambda pc: table.position(pc).line)):
        for row in found.table(name).rows:
            assert at(row.start) == at(row.end - 1) == row.value


def test_a_function_of_an_assembler(hello, target):
    found = function_tables(link(hello, target), "runtime.memmove")
    assert all(not one.rows for one in found.tables if one.number == 1)
    assert found.inlined == ()
