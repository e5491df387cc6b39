from __future__ import annotations

import pytest

from golifelab.course.exercise import State, exercise
from golifelab.course.exercises_machine import (
    FACTORS,
    MADD,
    MUL,
    arm64_text,
    costly_factors,
    factor_code,
    factor_program,
    fusing_targets,
    signature_registers,
    written_registers,
)
from golifelab.course.trials import fused_operations, printed
from golifelab.program import sample

LOOP = """func press(p *[16]int) int {
	sum, product := 0, 1
	for _, x := range p {
		sum += x
		product *= x
	}
	p[0] = sum
	return product
}"""


def test_2_5a_wants_no_spills_and_the_same_results():
    one = exercise("2.5a")
    assert one.check(LOOP).state is State.CORRECT
    assert "still spilled" in one.check(sample("pressure")).message
    # That there are more registers elsewhere is no answer.
    assert "still spilled" in one.check(sample("pressure").for_target(goarch="arm64")).message
    assert "another function now" in one.check(LOOP.replace("\tp[0] = sum\n", "")).message
    assert "another function now" in one.check(LOOP.replace("product *= x", "product += x")).message


def test_2_5b_compiles_every_factor():
    truth = costly_factors()
    program = factor_program()
    assert 14 in truth
    assert all("IMUL" in factor_code(program, factor) for factor in truth)
    assert set(truth) < set(FACTORS)
    one = exercise("2.5b")
    assert one.check(truth).state is State.CORRECT
    assert one.check(set(truth)).state is State.CORRECT
    assert "for 9 there is none: LEAQ" in one.check([*truth, 9]).message
    assert "1 more need one" in one.check(truth[:-1]).message
    assert "was not asked" in one.check([*truth, 99]).message
    assert one.check("14").state is State.INCORRECT


@pytest.mark.parametrize("goarch", ["amd64", "arm64"])
def test_2_5c_takes_registers_from_the_compiler(goarch):
    truth = signature_registers(goarch)
    assert [len(truth[name]) for name in ("a", "x", "s", "pair", "ok", "n", "err")] == [
        *(1, 1, 2, 0, 1, 1, 2)
    ]
    one = exercise("2.5c")
    expected = State.CORRECT if goarch == "amd64" else State.INCORRECT
    assert one.check(truth).state is expected
    assert one.check(truth | {"s": list(reversed(truth["s"]))}).state is State.INCORRECT


def test_2_5c_accepts_other_spellings():
    truth = signature_registers()
    spelled = truth | {"a": "ax", "s": tuple(name.lower() for name in truth["s"])}
    assert exercise("2.5c").check(spelled).state is State.CORRECT


def test_2_5d_reads_the_number():
    one = exercise("2.5d")
    word = MUL & ~(31 << 10)
    assert arm64_text(word) == MADD
    assert one.check(word).state is State.CORRECT
    assert "that is mul x3, x1, x2" in one.check(MUL).message
    assert one.check("0x9b").state is State.INCORRECT
    assert one.check(1 << 40).state is State.INCORRECT
    assert one.check(True).state is State.INCORRECT


def test_2_5e_is_graded_by_capstone():
    truth = written_registers()
    assert len(truth) == len("eight of")
    assert truth["imul rbx, rcx"] == ["rbx"]
    assert truth["imul rcx"] == ["rax", "rdx"]
    one = exercise("2.5e")
    assert one.check(truth).state is State.CORRECT
    wrong = one.check(truth | {"imul rcx": ["rcx"]})
    assert "7 of 8 are right; look again at imul rcx" in wrong.message
    # What writes flags only has an empty answer, which is an answer.
    assert one.check({"cmp rax, rbx": ["rax"]}).state is State.INCORRECT


def test_2_5f_wants_one_rounding_more_everywhere():
    one = exercise("2.5f")
    assert one.check("a + float64(b*c)").state is State.CORRECT
    assert one.check("return float64(b*c) + a").state is State.CORRECT
    for fused in ("b*c + a", "float64(a + b*c)"):
        assert "on arm64 it is still fused" in one.check(fused).message
    assert "another function now" in one.check("a + c").message
    assert "undefined: q" in one.check("a + q").message
    assert one.check(1.5).state is State.INCORRECT
    arm64 = next(target for target in fusing_targets() if target.goarch == "arm64")
    assert fused_operations(sample("fused"), "fused", arm64)


def test_a_call_that_panics_prints_nothing():
    assert printed(sample("dot"), ["dot([]int{1}, nil)", "dot([]int{2}, []int{3})"]) == ["", "6"]
