from __future__ import annotations

import pytest

from golifelab.claims.workbench import Lab, workbench
from golifelab.course.exercise import State, exercise
from golifelab.course.exercises_types import (
    TYPE_DECLARATIONS,
    TYPES,
    assignable_types,
    method_names,
)
from golifelab.errors import FeatureUnavailable


@pytest.fixture(params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")


def test_2_3a_is_decided_by_the_compiler(tier):
    lab = Lab(workbench())
    truth = assignable_types()
    for value in TYPES:
        for variable in TYPES:
            text = f"package main\n\n{TYPE_DECLARATIONS}\nfunc f(v {value}) {{\n"
            text += f"\tvar w {variable} = v\n\t_ = w\n}}\n"
            accepted = lab.compile_text(text).returncode == 0
            assert (variable in truth[value]) == accepted, (value, variable)
    one = exercise("2.3a")
    assert one.check(truth).state is State.CORRECT
    assert one.check({name: set(taken) for name, taken in truth.items()}).state is State.CORRECT
    wrong = one.check(truth | {"int": ["int", "any", "celsius"]})
    assert "5 of 6 are right; look again at int" in wrong.message
    assert "'float64' is not one" in one.check(truth | {"int": ["float64"]}).message
    for strange in (7, truth | {"int": "int"}, truth | {"int": [["int"]]}):
        assert one.check(strange).state is State.INCORRECT
    assert one.check(dict.fromkeys(TYPES, ...)).state is State.NOT_ATTEMPTED


def test_2_3b_is_judged_by_a_compiler_with_the_rule():
    one = exercise("2.3b")
    right = "IsInterface(to) && to.Underlying().(*Interface).Empty()"
    assert one.check(right).state is State.CORRECT
    for wrong in ("true", 'isName(fun, "any")'):
        result = one.check(wrong)
        assert result.state is State.INCORRECT, wrong
        assert "programs are judged" in result.message
    broken = one.check("to.IsEmpty(")
    assert broken.state is State.INCORRECT
    assert "condition.go" in broken.message
    assert one.check(True).state is State.INCORRECT
    assert one.check("...").state is State.NOT_ATTEMPTED


def test_2_3b_without_a_compiler_cannot_be_checked(monkeypatch):
    from golifelab.course import exercises_types

    def refuse(condition, target):
        raise FeatureUnavailable("changing the compiler", "there are no sources")

    # No machine under test lacks Go's sources.
    monkeypatch.setattr(exercises_types, "judge_condition", refuse)
    result = exercise("2.3b").check("true")
    assert result.state is State.UNCHECKABLE
    assert "no sources" in result.message


def test_2_3c_wants_the_method_sets(tier):
    truth = method_names()
    assert truth["counter"] == ["Name", "Value"]
    assert truth["*counter"] == ["Inc", "Name", "Rename", "Value"]
    assert truth["shared"] == truth["*shared"] == ["Name", "Rename"]
    one = exercise("2.3c")
    assert one.check(truth).state is State.CORRECT
    assert one.check(truth | {"counter": truth["*counter"]}).state is State.INCORRECT
    assert one.check(truth | {"counter": "Name"}).state is State.INCORRECT


def test_2_3d_runs_both_calls():
    one = exercise("2.3d")
    assert one.check(("launder(42)", 'launder("text")')).state is State.CORRECT
    assert one.check(["launder[any](42)", "launder[any](nil)"]).state is State.CORRECT
    swapped = one.check(('launder("text")', "launder(42)"))
    assert 'launder("text") panics' in swapped.message
    assert "launder(1) works" in one.check(("launder(42)", "launder(1)")).message
    broken = one.check(("launder(42)", "launder("))
    assert broken.state is State.INCORRECT
    for strange in (42, ("launder(42)",), ("f()", "g()")):
        assert one.check(strange).state is State.INCORRECT
