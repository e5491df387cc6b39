from __future__ import annotations

import pytest

from golifelab.compile.live import live_variables
from golifelab.course.exercise import State, exercise
from golifelab.course.exercises_metadata import (
    ADDRESSES,
    CALLS,
    THREE,
    argument_maps,
    find_tables,
    functions_at,
    live_words,
    random_addresses,
    record,
    record_maps,
)
from golifelab.course.trials import program_of
from golifelab.program import sample


def find(pc, tables):
    """The runtime's way, as exercise 3.2d asks for."""
    offset = pc - tables.low
    first, shares = tables.buckets[offset // 4096]
    number = first + shares[offset % 4096 // 256]
    while number + 1 < len(tables.starts) and tables.starts[number + 1] <= pc:
        number += 1
    return number


def test_3_2a_reads_the_bits_of_a_real_record():
    data, truth = record().data, record_maps()
    assert (data[0], data[4], len(data)) == (3, 5, 11)
    by_hand = ["".join(str(byte >> bit & 1) for bit in range(5)) for byte in data[8:]]
    assert truth == by_hand
    assert len(set(truth)) == 3
    one = exercise("3.2a")
    assert one.check(truth).state is State.CORRECT
    assert "lowest bit" in one.check([bits[::-1] for bits in truth]).message
    assert "how many bitmaps" in one.check(truth[:2]).message
    assert "has not 8 bits" in one.check(["00000000", *truth[1:]]).message
    assert "bitmap 2 again" in one.check([*truth[:2], truth[0]]).message
    assert one.check("00000").state is State.INCORRECT


def test_3_2b_agrees_with_what_the_compiler_says_is_live():
    truth = live_words()
    said = {
        live.position.line: live.names
        for live in live_variables(THREE.source, THREE.target).entries
        if live.name == "leaf"
    }
    lines = {call: THREE.text[: THREE.text.index(call)].count("\n") + 1 for call in CALLS}
    for call, (_, bits) in truth.items():
        by_bits = {name for name, bit in zip("abc", bits, strict=True) if bit == "1"}
        assert by_bits == set(said.get(lines[call], ()))
    assert len({index for index, _ in truth.values()}) == len(CALLS)
    one = exercise("3.2b")
    assert one.check({call: list(pair) for call, pair in truth.items()}).state is State.CORRECT
    assert "look again at leaf(b)" in one.check(truth | {"leaf(b)": (0, "111")}).message
    assert one.check(dict.fromkeys(CALLS, (..., ...))).state is State.NOT_ATTEMPTED


@pytest.mark.parametrize("tier", ["helper", "fallback"])
def test_3_2c_reads_the_maps_of_the_learners_function(tier, monkeypatch):
    if tier == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    one = exercise("3.2c")
    right = "func f(a, b, c *int) int {\n\treturn *a + *b\n}"
    assert argument_maps(program_of(right, "f"))[0] == "110"
    assert one.check(right).state is State.CORRECT
    assert one.check(f"package main\n\n{right}\n\nfunc main() {{}}\n").state is State.CORRECT
    # A number behind the last pointer has no bit.
    assert "is 11," in one.check("func f(a, b *int, n int) int { return *a + *b + n }").message
    assert "no pointers" in one.check("func f(n int) int { return n }").message
    assert "there is no function f" in one.check("func g() {}").message
    assert "Go says" in one.check("func f( {").message


def test_3_2d_tries_a_learners_lookup_on_random_addresses():
    one = exercise("3.2d")
    assert one.check(find).state is State.CORRECT
    short = one.check(lambda pc, tables: tables.buckets[(pc - tables.low) // 4096][0])
    assert "addr2line says" in short.message
    assert "no number of a function" in one.check(lambda *_: -1).message
    assert "IndexError" in one.check(lambda pc, tables: tables.starts[pc]).message
    assert "give a function" in one.check(3).message


def test_the_tables_lead_to_every_function_and_addr2line_agrees():
    binary = sample("hello").link()
    tables = find_tables(binary)
    for number, function in enumerate(binary.pclntab):
        assert find(function.entry, tables) == number
        assert find(function.end - 1, tables) == number
    addresses = random_addresses(binary)
    assert len(addresses) == ADDRESSES
    named = functions_at(binary, addresses)
    for pc in addresses:
        assert binary.pclntab.find(pc).name.removesuffix(".abi0") == named[pc]
