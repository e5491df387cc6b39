from __future__ import annotations

from golifelab.claims.backend import code, note_machine, program, short, source_of
from golifelab.claims.ssa_building import needless, summing
from golifelab.claims.workbench import Lab, workbench
from golifelab.program import Program, sample


def test_the_source_of_a_function_ends_with_it():
    selection = sample("selection")
    assert source_of(selection, "mac") == "func mac(a, b, c int) int { return a + b*c }"
    assert source_of(selection, "sel").startswith("func sel(")
    assert source_of(selection, "sel").endswith("\treturn x\n}")
    assert source_of(selection, "nothing") == ""


def test_a_source_is_shown_once(target):
    lab = Lab(workbench(target))
    program(lab, "loop")
    assert lab.evidence == []
    program(lab, "loop", "sum")
    program(lab, "loop", "sum", goarch="arm64")
    assert [one.command for one in lab.evidence] == ["cat loop/main.go"]


def test_only_the_wanted_instructions_are_shown(target):
    lab = Lab(workbench(target))
    saved = program(lab, "saved", goarch="amd64")
    note_machine(lab, saved.machine("keep"), keep=r"main\.ext")
    (evidence,) = lab.evidence
    head, only = evidence.output.splitlines()
    assert head == "keep:"
    assert only.split()[:2] == ["CALL", "main.ext(SB)"]
    assert evidence.command == short(saved.machine("keep").command)
    assert "importcfg" not in evidence.command


def test_a_phi_is_needless_where_it_has_one_value_to_choose_from():
    start = Program.from_text(summing(1)).ssa("sum")["start"]
    (phi,) = needless(start, "values")
    assert "(values[" in phi
    assert needless(start, "total") == []


def test_instructions_in_a_line():
    assert code(["imul rbx, rcx", "ret"]) == "imul rbx, rcx; ret"
    assert code([]) == "none"
