"""The rule stepper on the real toolchain, without a browser."""

from __future__ import annotations

import pytest
import traitlets

from golifelab import Program, show
from golifelab.views import rulestepper
from golifelab.views.rulestepper import proofs_payload, rules_payload
from golifelab.widgets import RuleStepper
from golifelab.widgets.view import pack, unpack

TEXT = """package main

func sum(values []int) int {
	total := 0
	for i := range values {
		total += values[i] * 8
	}
	return total
}

func main() { println(sum([]int{1, 2, 3})) }
"""


@pytest.fixture
def program(newest):
    return Program.from_text(TEXT, target=newest)


@pytest.fixture(params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    return request.param


def made(stepper):
    assert stepper.wait()
    assert stepper.failure == ""
    return unpack(stepper.payload)


def test_steps_are_those_of_the_stage(target, tier):
    program = Program.from_text(TEXT, target=target)
    stepper = RuleStepper(program)
    payload = made(stepper)
    assert payload["function"] == "main.sum"
    rewrites = program.rewrites("sum")
    assert stepper.rewrites == rewrites
    rules = payload["rules"]
    steps, texts = rules["steps"], rules["texts"]
    assert {len(column) for column in steps.values()} == {len(rewrites)}
    for number, step in enumerate(rewrites):
        assert rules["passes"][steps["pass"][number]] == step.pass_name
        assert texts[steps["before"][number]] == step.before
        assert texts[steps["after"][number]] == step.after
        written = [rules["rules"][one] for one in steps["rules"][number]]
        assert [(rule["file"], rule["line"]) for rule in written] == [
            (rule.file, rule.line) for rule in step.rules[: len(written)]
        ]
        assert len(written) + steps["more"][number] == len(step.rules)
        if step.position is not None:
            place = [step.position.file, step.position.line, step.position.column]
            assert steps["place"][number] == place
    assert payload["proofs"] == unpack(pack(proofs_payload(program.proofs("sum"))))


def test_a_proof_names_facts_and_values(program):
    proofs = made(RuleStepper(program, "sum"))["proofs"]
    proof = next(one for one in proofs["proofs"] if "IsInBounds" in one["text"])
    assert proof["against"]["kind"] == "contradiction"
    words = [proofs["facts"][number]["words"] for number in proof["known"]]
    assert any(" < v" in one for one in words)
    assert not any(str(2**63 - 1) in one for one in words), "true of every number"
    named = {name for number in proof["known"] for name in proofs["facts"][number]["values"]}
    assert named <= set(proofs["values"])
    assert all(text.startswith(f"{name} = ") for name, text in proofs["values"].items())


def test_it_follows_the_editor_and_the_function(program):
    stepper = RuleStepper(program, "sum")
    before = made(stepper)
    stepper.source = TEXT.replace("* 8", "* 7")
    after = made(stepper)
    assert after["seq"] == 1
    assert after["rules"] != before["rules"]
    assert stepper.selection["line"] == 3, "where the function is declared"
    stepper.function = "main.main"
    assert made(stepper)["rules"]["function"] == "main.main"
    stepper.source = TEXT.replace("* 8", '* "8"')
    assert "mismatched" in made(stepper)["failed"]
    html = stepper._repr_mimebundle_()[0]["text/html"]
    assert "steps by" in html, "what it last knew stays"


def test_the_twin_is_tables_of_both(program):
    data, _ = RuleStepper(program, "sum")._repr_mimebundle_()
    assert "=&gt;" in data["text/html"]
    assert "Proved IsInBounds" in data["text/html"]
    assert "lower" in data["text/plain"]


def test_only_two_tabs(program):
    stepper = RuleStepper(program, tab="proofs", step=3, pass_="lower")
    assert (stepper.tab, stepper.step, stepper.pass_) == ("proofs", 3, "lower")
    with pytest.raises(traitlets.TraitError):
        stepper.tab = "breakfast"


def test_values_alone_have_a_view(program):
    rewrites, proofs = program.rewrites("sum"), program.proofs("sum")
    view = show(rewrites)
    assert view.view == "rules"
    assert unpack(view.payload)["rules"]["count"] == len(rewrites)
    assert "proofs" not in unpack(view.payload)
    view = show(proofs)
    assert view.view == "rules"
    assert len(unpack(view.payload)["proofs"]["proofs"]) == len(proofs)
    assert not view.has_trait("tab")
    assert isinstance(show(program, view="rules", function="sum"), RuleStepper)


def test_more_than_a_reader_walks_through_is_counted(program, monkeypatch):
    monkeypatch.setattr(rulestepper, "MAX_STEPS", 3)
    monkeypatch.setattr(rulestepper, "MAX_FACTS", 5)
    rewrites, proofs = program.rewrites("sum"), program.proofs("sum")
    rules = rules_payload(rewrites)
    assert len(rules["steps"]["pass"]) == 3
    assert rules["left"] == len(rewrites) - 3
    shown = proofs_payload(proofs)
    assert len(shown["facts"]) == 5
    assert shown["left"]["facts"] == len(proofs.facts) - 5
    assert all(number < 5 for proof in shown["proofs"] for number in proof["known"])


def test_a_function_without_rewrites_has_an_empty_list(newest):
    stepper = RuleStepper(Program.from_text("package main\n\nfunc main() {}\n", target=newest))
    payload = made(stepper)
    assert payload["rules"]["function"] == "main.main"
    assert payload["proofs"]["proofs"] == []


def test_whatever_is_written_is_answered_as_text(newest):
    for text in ("", "package p", "package main\nfunc main() { <script> }"):
        stepper = RuleStepper(Program.from_text(text, target=newest))
        assert stepper.wait()
        data, _ = stepper._repr_mimebundle_()
        assert "<script" not in data["text/html"]
        assert data["text/plain"]
