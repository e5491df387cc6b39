from __future__ import annotations

import pytest

from golifelab.claims.workbench import Lab, workbench
from golifelab.course.exercise import State, exercise
from golifelab.course.exercises_trees import DECLARATIONS, FAULTS, is_legal, phase_of
from golifelab.program import Program


@pytest.fixture(autouse=True, params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")


def test_2_2a_is_decided_by_the_compiler():
    lab = Lab(workbench())
    truth = {}
    for text in DECLARATIONS:
        accepted = lab.compile_text(f"package main\n\n{text}\n").returncode == 0
        assert is_legal(text) == accepted, text
        truth[text] = "legal" if accepted else "illegal"
    one = exercise("2.2a")
    assert one.check(truth).state is State.CORRECT
    assert one.check(truth | {"type T *T": "illegal"}).state is State.INCORRECT
    assert one.check(dict.fromkeys(DECLARATIONS, ...)).state is State.NOT_ATTEMPTED


def test_2_2b_is_graded_from_the_trace():
    truth = {name: phase_of(text) for name, text in FAULTS.items()}
    assert truth == {
        "strange": "scan",
        "unfinished": "parse",
        "twice": "collectObjects",
        "mixed": "processDelayed",
        "circle": "initOrder",
        "idle": "unusedImports",
    }
    one = exercise("2.2b")
    assert one.check(truth).state is State.CORRECT
    wrong = one.check(truth | {"circle": "parse"})
    assert wrong.state is State.INCORRECT
    assert "look again at circle" in wrong.message
    assert "is no phase; there are scan, parse" in one.check(truth | {"idle": "later"}).message


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_one_fault(name):
    phases = [phase for phase in Program.from_text(FAULTS[name]).checks if phase.errors]
    assert len(phases) == 1
    assert Lab(workbench()).compile_text(FAULTS[name]).returncode


def test_2_2c_reads_the_struct():
    one = exercise("2.2c")
    right = ["Pragma", "PkgName", "DeclList", "EOF", "GoVersion", "node"]
    assert one.check(right).state is State.CORRECT
    assert one.check(set(right)).state is State.CORRECT
    assert "no field Decls" in one.check(["Pragma", "Decls"]).message
    assert "1 of 6 are missing" in one.check(right[:-1]).message
    assert one.check("Pragma").state is State.INCORRECT


def test_2_2d_reads_what_the_compiler_says():
    one = exercise("2.2d")
    good = "package main\n\nfunc main() {\n//line fake.go:99\n\tprintln(x)\n}\n"
    assert one.check(good).state is State.CORRECT
    # The other form of the directive.
    assert one.check(good.replace("//line fake.go:99\n", "/*line fake.go:99*/")).state is (
        State.CORRECT
    )
    assert "main.go:5:10" in one.check(good.replace("//line", "// line")).message
    assert "nothing to complain" in one.check("package main\n\nfunc main() {}\n").message
    assert one.check(99).state is State.INCORRECT
