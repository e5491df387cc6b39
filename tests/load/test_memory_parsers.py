"""What the kernel accounts for, and runs of pages: pure functions."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings, strategies as st

from golifelab.errors import ParseError
from golifelab.load.memory.residency import (
    ABSENT,
    FILE,
    PRIVATE,
    SWAPPED,
    ZERO,
    clusters,
    residency,
)
from golifelab.load.memory.smaps import parse_smaps
from golifelab.load.moments.plain import runs, states

SMAPS = b"""\
00400000-00402000 r-xp 00000000 08:01 1234   /tmp/a Rss:  4 kB
Size:                  8 kB
Rss:                   4 kB
Anonymous:             0 kB
THPeligible:           0
ProtectionKey:         0
VmFlags: rd ex mr
7fff0000-7fff1000 ---s 00000000 00:00 0
Rss:                   0 kB
"""


def test_lines_of_smaps():
    rows, accounts = parse_smaps(SMAPS)
    assert [row.path for row in rows] == ["/tmp/a Rss:  4 kB", ""]
    assert (accounts[0].start, accounts[0].size, accounts[0].rss) == (0x400000, 8192, 4096)
    assert accounts[0].flags == ("rd", "ex", "mr")
    assert accounts[1].flags == ()
    assert accounts[1].rss == accounts[1].size == 0
    assert parse_smaps(b"") == ((), ())


@pytest.mark.parametrize("text", [b"Rss: 4 kB\n", b"x\n", b"10-20 r-xp 0 00:00 1\nRss: much kB\n"])
def test_what_is_no_smaps(text):
    with pytest.raises(ParseError):
        parse_smaps(text)


def test_states_of_pages():
    def entry(*bits):
        return sum(1 << bit for bit in bits).to_bytes(8, "little")

    block = entry() + entry(63, 61) + entry(63, 56) + entry(63) + entry(62)
    assert list(residency(block)) == [ABSENT, FILE, PRIVATE, ZERO, SWAPPED]
    with pytest.raises(ParseError):
        residency(block[:-1])
    pages = bytes([1, 1, 0, 1])
    assert clusters(pages, 0x1000) == ((0x1000, 2), (0x4000, 1))
    assert clusters(b"", 0) == ()


@given(st.binary(max_size=60).map(lambda raw: bytes(byte % 5 for byte in raw)))
def test_runs_and_back(pages):
    assert states(runs(pages)) == pages


@pytest.mark.parametrize("text", ["5", "a", "3x", "1a 2f", "99999999999a"])
def test_what_are_no_runs(text):
    with pytest.raises(ParseError):
        states(text)


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_nothing_else_escapes(raw):
    for parse in (parse_smaps, residency):
        with contextlib.suppress(ParseError):
            parse(raw)
