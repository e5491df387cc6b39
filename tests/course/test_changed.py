from __future__ import annotations

import secrets

import pytest

from golifelab.compile.changed.compiler import cancel
from golifelab.compile.changed.laundering import laundering
from golifelab.compile.changed.patch import Edit, Patch
from golifelab.compile.changed.tracing import trace
from golifelab.course.changed import Note, begin, judged_by
from golifelab.course.terminal import Terminal
from golifelab.program import Program

LAUNDERED = Program.from_text("""package main

func main() { println(any("hello").(int)) }
""")


@pytest.fixture
def unbuilt():
    """A patch that nobody has built a compiler with."""
    patch = laundering(f"never said before: {secrets.token_hex(8)}")
    yield patch
    cancel(patch)


def test_the_changed_compiler_judges():
    checked = judged_by(laundering(), LAUNDERED)
    assert not isinstance(checked, Note)
    assert [found.code for found in checked.diagnostics] == ["LAB0001"]
    assert "already" in begin(laundering()).text


def test_the_go_command_uses_the_changed_compiler():
    terminal = Terminal(LAUNDERED)
    checked = judged_by(laundering(), terminal.folder)
    assert [found.code for found in checked.of()] == ["LAB0001"]
    assert "-toolexec=" in checked.command


def test_a_compiler_that_tells_what_it_does():
    good = Program.from_text("package main\n\nconst c = 40 + 2\n\nfunc main() {}\n")
    told = judged_by(trace(), good, environment={"TYPES2TRACE": "1"}).output
    assert "== collectObjects ==" in told
    assert "40 + 2 (untyped int constant 42)" in told
    assert judged_by(trace(), good).output == ""


def test_waiting_is_bounded_and_told(unbuilt):
    assert "in the background" in begin(unbuilt).text
    note = judged_by(unbuilt, LAUNDERED, seconds=0)
    assert isinstance(note, Note)
    assert "says nothing: building" in note.text
    bundle = note._repr_mimebundle_()
    assert note.text in bundle["text/html"]
    assert note.text == bundle["text/plain"] == note.output


def test_a_patch_that_does_not_fit_is_told():
    file = "cmd/compile/internal/types2/expr.go"
    patch = Patch("misfit", (Edit(file, "no such line", ""),))
    assert "cannot be built here" in begin(patch).text
    assert file in begin(patch).text
    assert file in judged_by(patch, LAUNDERED).text


def test_a_condition_that_is_no_go_is_told():
    note = judged_by(laundering(condition="to.IsEmpty("), LAUNDERED)
    assert isinstance(note, Note)
    assert "condition.go" in note.text
