"""Who notices what, on both tiers, with and without a patched compiler."""

from __future__ import annotations

import pytest

from golifelab.compile.changed import compiler
from golifelab.compile.changed.laundering import laundering
from golifelab.compile.changed.patch import Edit, Patch
from golifelab.errors import GolifelabError
from golifelab.run import notices as notices_module
from golifelab.run.culprits import culprits
from golifelab.run.notices import COLUMNS, PATCHED, who_notices
from golifelab.toolchain.cache import cache

FIRST = {
    "a stray character": "scanner",
    "a brace on its own line": "parser",
    "a string added to an int": "types2",
    "a variable nobody uses": "types2",
    "a wrong verb": "vet",
    "a laundered string": "linter",
    "a laundered type parameter": "run time",
    "an index too far": "run time",
    "a wrong idea": "",
}
RULE = ("linter", "vet check", PATCHED)


@pytest.mark.parametrize("helper", ["on", "off"])
def test_each_fault_has_its_first_witness(newest, monkeypatch, helper):
    monkeypatch.setenv("GOLIFELAB_HELPER", helper)
    compiler.wait(laundering(), newest)
    found = who_notices(target=newest)
    assert {name: found.first(name) for name in found.programs} == FIRST
    assert (found.columns, found.building) == (COLUMNS, False)
    assert len(found.cells) == len(FIRST) * len(COLUMNS) == len(found.frame())
    assert len({found.cell("a laundered string", column).message for column in RULE}) == 1
    for cell in found.cells:
        assert bool(cell.message) is bool(cell.noticed), cell
        assert bool(cell.why) is (cell.noticed is None), cell
    assert found.to_json()["columns"] == list(COLUMNS)
    assert "-vettool" in found.command


def test_a_program_that_never_ran_and_one_that_never_ends(newest, monkeypatch):
    monkeypatch.setattr(notices_module, "_RUN_SECONDS", 0.5)
    compiler.wait(laundering(), newest)
    endless = "package main\n\nfunc main() { for { } }\n"
    library = "package main\n\nfunc helper() {}\n"
    found = who_notices({"endless": endless, "library": library}, newest)
    run = found.cell("endless", "run time")
    assert (run.noticed, run.why) == (None, run.why)
    assert "0.5 s" in run.why
    assert found.cell("library", "run time").why == (
        "it never runs: runtime.main_main·f: function main is undeclared in the main package"
    )
    with pytest.raises(GolifelabError, match=r"'nobody' about .*\n.*asked were scanner"):
        found.cell("endless", "nobody")


def test_while_the_compiler_is_built_its_cells_say_so(newest, tmp_path, monkeypatch):
    compiler.wait(laundering(), newest)
    (tmp_path / "go-build").symlink_to(cache().directory("go-build"))
    monkeypatch.setenv("GOLIFELAB_CACHE", str(tmp_path))
    one = {"laundered": culprits()["a laundered string"]}
    found = who_notices(one, newest)
    assert found.building
    cell = found.cell("laundered", PATCHED)
    assert cell.noticed is None
    assert cell.why.startswith("being built")
    compiler.wait(laundering(), newest)
    assert who_notices(one, newest).cell("laundered", PATCHED).noticed


def test_a_patch_that_does_not_fit_leaves_the_rest_of_the_table(newest):
    patch = Patch("mine", (Edit("cmd/compile/main.go", "no such words", ""),))
    one = {"laundered": culprits()["a laundered string"]}
    found = who_notices(one, newest, patch=patch)
    assert not found.building
    assert "no such words" in found.cell("laundered", PATCHED).why
    assert found.first("laundered") == "linter"
