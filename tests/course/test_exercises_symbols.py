from __future__ import annotations

import shutil

import pytest

from golifelab.course.exercise import State, exercise
from golifelab.course.exercises_symbols import (
    asked_call,
    exported,
    filled,
    inlined_away,
    patchwork,
)
from golifelab.program import sample

needs_gcc = pytest.mark.skipif(not shutil.which("gcc"), reason="needs gcc")


def relocate(code, base, holes):
    """A linker of calls and addresses, as exercise 3.1d asks for."""
    code = bytearray(code)
    for hole in holes:
        end = hole.offset + hole.size
        value = hole.target + hole.addend - (base + end)
        code[hole.offset : end] = value.to_bytes(hole.size, "little", signed=True)
    return bytes(code)


def test_3_1a_wants_the_distance_from_the_next_instruction():
    one = exercise("3.1a")
    place, target = asked_call()
    binary = sample("walk").link()
    assert binary.symbol_at(target).name == "main.leaf"
    assert binary.function_at(place).name == "main.walk"
    distance = target - (place + 4)
    four = distance.to_bytes(4, "little", signed=True)
    for right in (four, four.hex(" "), "0x" + four.hex(), distance, distance + (1 << 32)):
        assert one.check(right).state is State.CORRECT
    assert "4 too far" in one.check(distance + 4).message
    assert "lowest byte" in one.check(four[::-1]).message
    assert "leads away" in one.check(-distance).message
    assert "minus the address" in one.check(target).message
    for nonsense in (b"12", "a text", 1 << 40, 1.5, True):
        assert one.check(nonsense).state is State.INCORRECT


def test_3_1b_knows_what_was_inlined_and_what_is_a_function():
    gone = inlined_away()
    assert "runtime.nanotime" in gone
    assert not gone & {function.name for function in sample("hello").link().functions}
    one = exercise("3.1b")
    three = ["runtime.nanotime", *sorted(gone - {"runtime.nanotime"})[:2]]
    assert one.check(three).state is State.CORRECT
    assert one.check([name.removeprefix("runtime.") for name in three]).state is State.CORRECT
    assert "is in hello as a function" in one.check([*three[:2], "runtime.main"]).message
    assert "copied nowhere" in one.check(["runtime.nobody"]).message
    assert "name more" in one.check([three[0]] * 3).message
    assert one.check("runtime.nanotime").state is State.INCORRECT


@needs_gcc
def test_3_1c_lists_what_netapp_defines_for_the_loader():
    truth = exported()
    assert "crosscall2" in truth
    one = exercise("3.1c")
    assert one.check(sorted(truth)).state is State.CORRECT
    assert "malloc is not among them" in one.check([*truth, "malloc"]).message
    assert "2 more" in one.check(["crosscall2"]).message


def test_3_1d_compares_a_learners_linker_with_gos():
    one = exercise("3.1d")
    assert one.check(relocate).state is State.CORRECT
    wrong = one.check(lambda code, base, holes: relocate(code, base + 4, holes))
    assert wrong.state is State.INCORRECT
    assert "you put in" in wrong.message
    assert "that are in no hole" in one.check(_spoils).message
    assert "bytes long, and is 2 now" in one.check(lambda *_: b"ab").message
    assert "not bytes" in one.check(lambda *_: None).message
    assert "ZeroDivisionError" in one.check(lambda *_: 1 // 0).message
    assert "give a function" in one.check(b"bytes").message
    assert one.check(...).state is State.NOT_ATTEMPTED


def _spoils(code, base, holes):
    made = bytearray(relocate(code, base, holes))
    made[0] ^= 1
    return bytes(made)


def test_a_function_with_its_holes_becomes_the_linkers_bytes():
    program = sample("hello")
    work = patchwork(program, "main.main")
    function = program.link().function("main.main")
    assert work.base == function.address
    assert all(work.code[hole.offset :][: hole.size] == bytes(hole.size) for hole in work.holes)
    assert filled(relocate, work) == program.link().bytes_at(function.address, function.size)
