"""Damaged files: readers answer with a ParseError or with a value, quickly, and never otherwise.

A fixed sample of what `make fuzz` does at length, for every reader in its table.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from fuzz.campaign import input_of
from fuzz.damage import inputs
from fuzz.reader import Broken, Reader, Seed, judge
from fuzz.readers import READERS
from golifelab.errors import ParseError

every_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)


@every_reader
def test_whole_files_are_read(reader):
    for number, seed in enumerate(reader.seeds()):
        assert not judge(reader, seed.content, memory=not number).refused, seed.name
        assert all(0 <= start < end <= len(seed.content) for start, end in seed.spots), seed.name


@every_reader
def test_mutated_files(reader):
    outcomes = [
        judge(reader, input_of(reader, "fixed", number), memory=number % 12 == 0)
        for number in range(reader.sample)
    ]
    # Both happen, or the damage does not damage or the reader refuses everything.
    assert {outcome.refused for outcome in outcomes} == {True, False}


@every_reader
def test_inputs_of_hypothesis(reader):
    @settings(max_examples=reader.sample // 2, deadline=None, derandomize=True, database=None)
    @given(content=inputs(reader))
    def survives(content):
        judge(reader, content, memory=False)

    survives()


@every_reader
@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(
    noise=st.binary(max_size=400), head=st.sampled_from([b"", b"\x7fELF\x02\x01\x01", b"!<arch>\n"])
)
def test_noise(reader, noise, head):
    judge(reader, head + noise)


def seeds():
    return (Seed("one", b"1234"),)


def test_the_rule_is_held():
    def hungry(_):
        assert bytearray(80 << 20)

    def wrong(content):
        raise KeyError(content)

    def endless(_):
        while True:
            pass

    def refusing(_):
        raise ParseError("test", "always")

    assert judge(Reader("refusing", refusing, seeds), b"").refused
    assert not judge(Reader("fine", len, seeds), b"").refused
    for read in (hungry, wrong, endless):
        with pytest.raises(Broken, match="broken"):
            judge(Reader("broken", read, seeds, seconds=0.2), b"1234")
