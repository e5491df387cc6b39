"""Parsers of /proc files and of tools' output: pure functions."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from golifelab.errors import ParseError
from golifelab.load.gdb import parse_backtrace
from golifelab.load.hold.start import start
from golifelab.load.memory.maps import Mappings, parse_maps
from golifelab.load.memory.pages import Pages, parse_pagemap
from golifelab.load.syscalls.stage import system_calls
from golifelab.load.syscalls.strace import parse_strace, strace_path
from golifelab.toolchain.run import run

MAPS = b"""\
00400000-0049a000 r-xp 00000000 08:01 1234   /tmp/a program (deleted)
0056a000-00574000 rw-p 0016a000 08:01 1234   /tmp/a program (deleted)
2ba9f0000000-2ba9f4000000 rw-p 00000000 00:00 0   [anon: Go: heap]
7fff0000-7fff1000 ---s 00000000 00:00 0
"""


def test_lines_of_maps():
    sorted_lines = b"".join(sorted(MAPS.splitlines(keepends=True), key=len))
    with pytest.raises(ParseError, match="order"):
        parse_maps(MAPS)
    assert sorted_lines
    lines = MAPS.splitlines()
    rows = parse_maps(b"\n".join([lines[0], lines[1], lines[3], lines[2]]))
    assert rows[0].path == "/tmp/a program (deleted)"
    assert (rows[0].start, rows[0].end, rows[0].inode) == (0x400000, 0x49A000, 1234)
    assert rows[0].page_count == 0x9A
    assert rows[3].path == "[anon: Go: heap]"
    assert rows[2].path == ""
    assert not rows[2].file
    maps = Mappings(rows=rows, command="")
    assert maps.at(0x400000) == maps[0]
    assert maps.at(0x49A000) is None
    assert len(maps.frame()) == len(maps.to_json()["mappings"]) == len(maps) == 4


@pytest.mark.parametrize(
    "line", [b"x", b"1-0 r-xp 0 0:0 0", b"0-1 rwx 0 0:0 0", b"\xff", b"10-20 r-xp 0 00:00 x"]
)
def test_lines_that_are_no_mapping(line):
    with pytest.raises(ParseError):
        parse_maps(line)


def test_own_maps_and_pages():
    rows = parse_maps(Path("/proc/self/maps").read_bytes())
    assert len(rows) > 10
    text = next(row for row in rows if row.permissions == "r-xp")
    with Path("/proc/self/pagemap").open("rb") as file:
        file.seek(text.start // 4096 * 8)
        pages = Pages(rows=parse_pagemap(file.read(8 * text.page_count), text.start), command="")
    assert len(pages) == text.page_count
    assert 0 < pages.present <= len(pages)
    assert pages.at(text.end - 1) == pages[-1]
    assert pages.at(text.end) is None
    assert len(pages.frame()) == len(pages.to_json()["pages"]) == len(pages)


@given(st.binary(max_size=200))
@settings(deadline=None, derandomize=True, database=None)
def test_noise(noise):
    for parse in (parse_maps, lambda data: parse_pagemap(data, 0)):
        with contextlib.suppress(ParseError):
            parse(noise)
    parse_strace(noise.decode("latin-1"))
    parse_backtrace(noise.decode("latin-1"))


def test_strace_lines():
    text = (
        '7 execve("/p", ["/p"], 0x7ffd /* 1 var */) = 0\n'
        "8 futex(0x1, FUTEX_WAIT, 0, NULL <unfinished ...>\n"
        '7 openat(AT_FDCWD, "/x", O_RDONLY) = -1 ENOENT (No such file or directory)\n'
        "8 <... futex resumed>) = 0\n"
        '7 write(1, "a) = 5\\n", 7) = 7\n'
        "7 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0) = 0x7f0000001000\n"
        "7 exit_group(0) = ?\n"
        "7 +++ exited with 0 +++\n"
    )
    calls = parse_strace(text)
    assert [(c.thread, c.name, c.result, c.error) for c in calls] == [
        (7, "execve", 0, ""),
        (7, "openat", -1, "ENOENT"),
        (8, "futex", 0, ""),
        (7, "write", 7, ""),
        (7, "mmap", 0x7F0000001000, ""),
        (7, "exit_group", None, ""),
    ]
    assert calls[3].arguments == '1, "a) = 5\\n", 7'


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_system_calls_of_a_program(program):
    assert strace_path()
    calls = system_calls(program.path)
    written = [c for c in calls.named("write") if c.arguments.startswith("1,")]
    assert len(written) == 2
    assert calls.rows[0].name == "execve"
    assert calls.counts()["execve"] == 1
    assert len(calls.frame()) == len(calls.to_json()["calls"])


@pytest.mark.skipif(shutil.which("gdb") is None, reason="gdb is not installed")
def test_mappings_are_those_of_gdb(program):
    done = run(
        [
            "gdb",
            "-nx",
            "-batch",
            "-ex",
            "set debuginfod enabled off",
            "-ex",
            "starti",
            "-ex",
            "info proc mappings",
            "-ex",
            "kill",
            program.path,
        ],
        env={"HOME": "/nonexistent"},
    )
    theirs = {
        (int(words[0], 16), int(words[1], 16), int(words[3], 16))
        for line in done.text.splitlines()
        if str(program.path.resolve()) in line and len(words := line.split()) >= 5
    }
    with start(program, hold="exec", tier="ptrace") as process:
        ours = {
            (m.start, m.end, m.offset)
            for m in process.maps
            if m.path == str(program.path.resolve())
        }
    assert ours == theirs
