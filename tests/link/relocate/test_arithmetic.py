"""The linker's arithmetic by hand: known instructions, limits, and what is not known."""

from __future__ import annotations

import pytest

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.relocate.arithmetic import apply, arithmetic

ZERO = bytes(4)


def test_a_call_counts_from_the_next_instruction():
    # call at 0x1000 (hole at 0x1001): the next instruction is at 0x1005.
    assert apply("R_CALL", ZERO, S=0x1005, P=0x1001) == bytes(4)
    assert apply("R_CALL", ZERO, S=0x1000, P=0x1001) == (-5).to_bytes(4, "little", signed=True)
    how = arithmetic("R_CALL", ZERO, S=0x2000, A=8, P=0x1001)
    assert {term.name: term.value for term in how.terms} == {
        "S": 0x2000,
        "A": 8,
        "P": 0x1001,
        "n": 4,
    }
    assert how.result == 0x2000 + 8 - 0x1005


def test_addresses_and_offsets():
    assert apply("R_ADDR", bytes(8), S=0x401000, A=2) == (0x401002).to_bytes(8, "little")
    assert apply("R_ADDROFF", ZERO, S=0x401010, base=0x401000) == b"\x10\0\0\0"
    assert apply("R_METHODOFF", ZERO, S=0, A=-1) == b"\xff" * 4
    assert apply("R_TLS_LE", ZERO, S=0) == (-8).to_bytes(4, "little", signed=True)


def test_bl_keeps_its_opcode():
    # BL +8: 0x94000002; BL -4: 0x97ffffff.
    opcode = (0x94000000).to_bytes(4, "little")
    assert apply("R_CALLARM64", opcode, S=0x1008, P=0x1000) == (0x94000002).to_bytes(4, "little")
    back = arithmetic("R_CALLARM64", opcode, S=0xFFC, P=0x1000)
    assert back.after == (0x97FFFFFF).to_bytes(4, "little")
    (field,) = back.fields
    assert (field.name, field.high, field.low, field.value) == ("imm26", 25, 0, 0x3FFFFFF)


def test_adrp_and_add():
    # ADRP X0; ADD X0, X0: to 0x12345678 from a place in page 0x400.
    words = (0x90000000).to_bytes(4, "little") + (0x91000000).to_bytes(4, "little")
    how = arithmetic("R_ADDRARM64", words, S=0x12345678, P=0x400ABC)
    first, second = (int.from_bytes(how.after[i : i + 4], "little") for i in (0, 4))
    pages = (first >> 5 & 0x7FFFF) << 2 | first >> 29 & 3
    assert (0x400 + pages) << 12 | second >> 10 & 0xFFF == 0x12345678
    assert [(f.word, f.name) for f in how.fields] == [(0, "immlo"), (0, "immhi"), (1, "imm12")]
    load = arithmetic("R_ARM64_PCREL_LDST64", words, S=0x12345678, P=0x400ABC)
    assert load.fields[2].value == 0x678 // 8


@pytest.mark.parametrize(
    ("kind", "before", "numbers"),
    [
        ("R_CALL", ZERO, {"S": 1 << 33}),
        ("R_CALL", ZERO, {"S": 0, "P": 1 << 33}),
        ("R_ADDR", ZERO, {"S": 1 << 32}),
        ("R_CALLARM64", ZERO, {"S": 1 << 27}),
        ("R_CALLARM64", bytes(8), {"S": 4}),
        ("R_ADDRARM64", bytes(8), {"S": 1 << 33}),
        ("R_ADDRARM64", ZERO, {"S": 4}),
        ("R_ARM64_PCREL_LDST64", bytes(8), {"S": 4}),
        ("R_ARM64_TLS_LE", ZERO, {"S": 1 << 20}),
    ],
)
def test_what_has_no_room_is_refused(kind, before, numbers):
    with pytest.raises(GolifelabError):
        apply(kind, before, **numbers)


def test_other_processors_are_named_not_guessed():
    with pytest.raises(FeatureUnavailable, match="R_CALLPOWER"):
        apply("R_CALLPOWER", ZERO, S=0)
