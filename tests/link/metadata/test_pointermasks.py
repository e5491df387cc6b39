"""Pointer masks, judged by the runtime that runs the same programs at start-up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from golifelab.errors import ParseError
from golifelab.link.executable import link
from golifelab.link.metadata.pointermasks import pointer_masks, run_program
from golifelab.toolchain.link import Mode


def test_both_masks_are_the_runtimes(dumping, dump):
    masks = pointer_masks(dumping)
    for mask, (start, offsets) in ((masks.data, dump.data), (masks.bss, dump.bss)):
        assert mask.start == start
        assert (mask.pointers.nonzero()[0] * mask.word).tolist() == offsets
        assert len(offsets) > 1000


def test_the_bits_of_a_variable(dumping):
    masks = pointer_masks(dumping)
    assert masks.symbol("main.head").pointers == (True, True, True, False, False, False, True)
    assert masks.symbol("main.table").pointers == (False, True, False, True) * 40
    assert masks.symbol("main.empty").pointers == (True,) * 9
    assert masks.symbol("main.words").mask == ".data"
    assert masks.symbol("main.nobody") is None
    head = dumping.symbol("main.head")
    assert masks.is_pointer(head.address)
    assert masks.is_pointer(head.address + 24) is False
    assert masks.is_pointer(0) is None
    row = masks.frame().set_index("name").loc["main.head"]
    assert (row["words"], row["pointers"], row["bits"]) == (7, 4, "1110001")


def test_a_stripped_file_tells_the_same(hello, target):
    full = pointer_masks(link(hello, target))
    stripped = pointer_masks(link(hello, target, Mode(flags=("-s", "-w"))))
    for ours, theirs in zip(full.masks, stripped.masks, strict=True):
        assert ours.program == theirs.program
        assert (ours.pointers == theirs.pointers).all()
    assert stripped.symbols == ()


@pytest.mark.parametrize(
    ("code", "words", "bits"),
    [
        (b"\x03\x05\x00", 3, "101"),
        (b"\x02\x01\x82\x03\x00", 8, "10101010"),
        (b"\x01\x01\x80\x01\x09\x00", 10, "1111111111"),
        (b"\x09\xff\x01\x00", 9, "111111111"),
        (b"\x00", 4, "0000"),
    ],
)
def test_the_language(code, words, bits):
    made, used = run_program(code, words)
    assert "".join("01"[int(bit)] for bit in made) == bits
    assert used == len(code)


@pytest.mark.parametrize(
    "code", [b"", b"\x03", b"\x81\x01\x00", b"\x01\x01\x81\xff\xff\x03\x00", b"\x02\x03"]
)
def test_what_is_no_program(code):
    with pytest.raises(ParseError):
        run_program(code, 4)


def test_too_large():
    with pytest.raises(ParseError, match="covers"):
        run_program(b"\x00", 1 << 40)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(code=st.binary(max_size=40), words=st.integers(0, 200))
def test_noise(code, words):
    try:
        made, used = run_program(code, words)
    except ParseError:
        return
    assert len(made) == words
    assert used <= len(code)
