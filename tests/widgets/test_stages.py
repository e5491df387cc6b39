"""Stage values that draw themselves, with the stage's own twin."""

from __future__ import annotations

import pytest

from golifelab import Program, sample
from golifelab.display import _stage
from golifelab.source import Source
from golifelab.views.stage import stage_html
from golifelab.widgets import show, view as module
from golifelab.widgets.stages import stage_view
from golifelab.widgets.view import unpack

WIDGET = "application/vnd.jupyter.widget-view+json"


def stages(program):
    return {
        "tokens": program.tokens,
        "syntax": program.syntax,
        "go": program.go_syntax,
        "ir": program.ir_trees("add"),
    }


@pytest.mark.parametrize("name", ["tokens", "syntax", "go", "ir"])
def test_a_stage_is_a_widget_with_its_own_twin(name):
    value = stages(sample("add"))[name]
    data, _ = _stage(value)
    assert WIDGET in data
    assert data["text/html"] == str(stage_html(value))
    assert data["text/plain"]
    shown = show(value)
    assert not shown.has_trait("source"), "there is nothing to edit"
    payload = unpack(shown.payload)
    assert ("cells" in payload) == (name == "tokens")
    assert [tree["id"] for tree in payload.get("trees", [])] == ([] if name == "tokens" else [name])


def test_ssa_alone_is_scrubbed_without_its_program():
    body = sample("add").ssa("add")
    payload = unpack(show(body).payload)
    assert [one["name"] for one in payload["passes"]] == [step.name for step in body.passes]
    plus = next(row for row, line in enumerate(payload["lines"]) if "Add64" in line)
    assert payload["places"][plus] == [8, 12]


def test_a_broken_program_shows_the_tree_so_far_and_its_errors():
    program = Program.from_text("package main\n\nfunc main() {\n\tx := 1 +\n}\n")
    payload = unpack(show(program.syntax).payload)
    assert payload["trees"][0]["stages"][0]["count"] > 3
    assert {error["phase"] for error in payload["errors"]} == {"parse"}


def test_tokens_of_several_files_are_a_table():
    files = (("a.go", "package p\n"), ("b.go", "package p\n"))
    tokens = Program(Source(files, "p")).tokens
    assert stage_view(tokens) is None
    assert WIDGET not in _stage(tokens)
    assert "<table" in show(tokens).value


def test_a_stage_too_large_for_the_page_has_its_twin(monkeypatch):
    monkeypatch.setattr(module, "MAX_PAYLOAD", 64)
    assert stage_view(sample("add").syntax) is None


def test_other_stages_keep_their_twin():
    assert stage_view(sample("add").types) is None


def test_machine_code_is_a_list_of_instructions():
    machine = sample("add").machine("add")
    payload = unpack(show(machine).payload)
    assert payload["texts"] == [one.text for one in machine]
    assert payload["file"] == "main.go"
    data, _ = _stage(machine)
    assert WIDGET in data
    assert data["text/html"] == str(stage_html(machine))
