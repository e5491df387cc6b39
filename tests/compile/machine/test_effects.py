from __future__ import annotations

import pytest

from golifelab.compile.machine.effects import effects
from golifelab.errors import FeatureUnavailable
from golifelab.program import sample


def test_what_both_forms_of_imul_touch():
    two, one = effects("amd64", bytes.fromhex("480fafd9 48f7e9"))
    assert (two.text, two.mnemonic, two.operands) == ("imul rbx, rcx", "imul", 2)
    assert (two.reads, two.writes) == (("rbx", "rcx"), ("rbx", "rflags"))
    assert two.silent == ()
    assert (one.text, one.named) == ("imul rcx", ("rcx",))
    assert one.writes == ("rax", "rdx", "rflags")
    assert one.silent == ("rax", "rdx")


def test_the_registers_of_an_address_are_named():
    (one,) = effects("amd64", bytes.fromhex("488d0c5b"))
    assert one.text == "lea rcx, [rbx + rbx*2]"
    assert one.named == ("rcx", "rbx")
    assert (one.reads, one.writes) == (("rbx",), ("rcx",))


def test_a_jump_is_told_from_its_place():
    (one,) = effects("amd64", bytes.fromhex("eb02"), 0x10)
    assert one.text == "jmp 0x14"


def test_it_ends_at_what_is_no_instruction():
    assert [one.text for one in effects("amd64", b"\xc3\x06\xc3")] == ["ret"]
    assert effects("amd64", b"") == ()
    assert effects("arm64", b"\x00") == ()


def test_it_agrees_with_go_on_every_instruction_of_a_function(target):
    for goarch in ("amd64", "arm64"):
        program = sample("selection", target=target.with_(goarch=goarch))
        for name in ("mac", "div7", "sel"):
            machine = program.machine(name)
            for one in machine:
                parts = effects(goarch, one.bytes, one.pc)
                assert parts, one.text
                assert len(parts) == 1 or one.size > 4


def test_another_processor_is_unavailable():
    with pytest.raises(FeatureUnavailable, match="riscv64"):
        effects("riscv64", b"\x00")
