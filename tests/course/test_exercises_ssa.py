from __future__ import annotations

import pytest

from golifelab.course.exercise import State, exercise
from golifelab.course.exercises_ssa import (
    JOINS,
    branch_loser,
    kept_indexes,
    phi_counts,
    reused_numbers,
)
from golifelab.course.trials import phis, program_of
from golifelab.program import Program, sample

FIBONACCI = """func three(n int) int {
	a, b := 0, 1
	for i := 0; i < n; i++ {
		a, b = b, a+b
	}
	return a
}"""


@pytest.fixture(params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")


@pytest.mark.usefixtures("tier")
def test_2_4a_counts_the_phis_that_the_compiler_built():
    truth = phi_counts()
    assert truth == dict(zip(JOINS, (0, 0, 1, 2, 2, 1), strict=True))
    assert [phi.type for phi in phis(sample("joins").ssa("keep")[-1])] == ["mem"]
    one = exercise("2.4a")
    assert one.check(truth).state is State.CORRECT
    wrong = one.check(truth | {"early": 1})
    assert wrong.state is State.INCORRECT
    assert "5 of 6 are right; look again at early" in wrong.message
    # True is no number of phis.
    assert one.check(truth | {"larger": True, "order": False}).state is State.INCORRECT
    assert one.check(dict.fromkeys(JOINS, ...)).state is State.NOT_ATTEMPTED


@pytest.mark.usefixtures("tier")
def test_2_4b_knows_lives_that_begin_twice():
    ssa = sample("risk").ssa("risk")
    found = reused_numbers(ssa)
    assert found
    one = exercise("2.4b")
    for name, (first, last) in found.items():
        assert first == next(v.op for v in ssa["start"].values() if v.name == name)
        assert one.check((name, first, last)).state is State.CORRECT
        assert "look at what they do" in one.check((name, last, first)).message
    single = next(v.name for v in ssa["start"].values() if v.name not in found and not v.dead)
    assert "one value all its life" in one.check((single, "Arg", "Arg")).message
    assert one.check(("v9999", "Arg", "Arg")).state is State.INCORRECT
    assert one.check("v14").state is State.INCORRECT


@pytest.mark.usefixtures("tier")
def test_2_4c_finds_the_pass_by_its_effect():
    assert branch_loser(sample("phi").ssa("addPhi")) == "branchelim"
    one = exercise("2.4c")
    assert one.check("branchelim").state is State.CORRECT
    assert "after opt there are 3 blocks" in one.check("opt").message
    # It is later than the pass that was asked for.
    assert "after trim there is one block, but" in one.check("trim").message
    assert "these ran: start" in one.check("no such pass").message
    assert one.check(3).state is State.INCORRECT


def test_2_4d_wants_no_check_and_the_same_results():
    dot = sample("dot")
    assert len(kept_indexes(dot)) == 1
    one = exercise("2.4d")
    cut = dot.edit("\ttotal := 0", "\tb = b[:len(a)]\n\ttotal := 0")
    assert one.check(cut).state is State.CORRECT
    assert one.check(cut.text).state is State.CORRECT
    assert "still a check at main.go:9:20" in one.check(dot).message
    cheat = one.check(dot.edit("total += a[i] * b[i]", "total += a[i]"))
    assert cheat.state is State.INCORRECT
    assert "another function now: dot([]int{1, 2, 3}, []int{4, 5, 6}) gives 6" in cheat.message
    panics = dot.edit("\ttotal := 0", '\tif len(a) != 3 {\n\t\tpanic("")\n\t}\n\ttotal := 0')
    assert one.check(panics).state is State.INCORRECT


def test_2_4e_asks_the_compiler_without_each_pass():
    one = exercise("2.4e")
    assert one.check(["prove"]).state is State.CORRECT
    assert "without dse there are as many" in one.check("dse").message
    assert "cannot be switched off" in one.check(["opt"]).message
    assert one.check(["no such pass"]).state is State.INCORRECT


def test_2_4f_counts_what_is_left_in_the_end():
    one = exercise("2.4f")
    assert one.check(FIBONACCI).state is State.CORRECT
    assert one.check(Program.from_text(f"package main\n\n{FIBONACCI}\n")).state is State.CORRECT
    branch = "func three(n int) int {\n\tx := n\n\tif n < 0 {\n\t\tx = -n\n\t}\n\treturn x\n}"
    assert "it has 0 in the end; 1 was built" in one.check(branch).message
    assert "no function three" in one.check("func four() {}").message
    assert "Go says “main.go:" in one.check("func three(n int) int {}").message
    assert one.check(3).state is State.INCORRECT


def test_an_answer_may_be_a_whole_program_or_a_function():
    whole = program_of("// About it.\npackage main\n\nfunc f() {}\n\nfunc main() {}\n", "f")
    assert program_of("func f() {}", "f").functions
    assert whole.text.startswith("// About it.")
