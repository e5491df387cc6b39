"""Programs with a changed runtime, really built and run."""

from __future__ import annotations

import pytest

from golifelab.compile.changed.patch import Edit
from golifelab.errors import CompileFailed, GolifelabError, PatchFailed
from golifelab.run.changed import changed_runtime
from golifelab.run.program import run_program
from golifelab.source import Source

MAIN = "\nfunc main() {\n"
QUIET = Source.from_text('package main\n\nfunc main() { println("mine") }\n')


def before_main(text: str) -> list[Edit]:
    return [Edit("runtime/proc.go", MAIN, f"{MAIN}\t{text}\n")]


def test_the_change_runs(newest):
    edits = before_main('print("goroutine ", getg().goid, "\\n")')
    done = run_program(changed_runtime(QUIET, newest, edits))
    assert done.error_text.splitlines() == ["goroutine 1", "mine"]
    assert done.returncode == 0


def test_another_program_has_the_same_change(newest):
    edits = before_main('print("goroutine ", getg().goid, "\\n")')
    other = Source.from_text('package main\n\nfunc main() { println("other") }\n')
    done = run_program(changed_runtime(other, newest, edits))
    assert done.error_text.splitlines() == ["goroutine 1", "other"]


def test_goexit_instead_of_the_end(newest):
    end = Edit("runtime/proc.go", "\n\texit(0)\n", "\n\tGoexit()\n\texit(0)\n")
    done = run_program(changed_runtime(QUIET, newest, [end]))
    assert done.returncode == 2
    assert "no goroutines (main called runtime.Goexit) - deadlock!" in done.error_text


def test_a_change_that_does_not_compile_has_a_position(newest, target):
    with pytest.raises(CompileFailed) as caught:
        changed_runtime(QUIET, newest, before_main("nobody()"))
    found = caught.value.diagnostics[0]
    assert found.position.file == "runtime/proc.go"
    assert found.position.line > 100
    assert "undefined: nobody" in found.message
    # The line itself, with a caret below.
    assert "\tnobody()\n" in str(caught.value).replace("    ", "\t")


def test_a_program_that_does_not_compile_has_its_own_positions(newest):
    bad = Source.from_text("package main\n\nfunc main() { oops() }\n")
    edits = before_main('print("goroutine ", getg().goid, "\\n")')
    with pytest.raises(CompileFailed) as caught:
        changed_runtime(bad, newest, edits)
    assert str(caught.value.diagnostics[0].position) == "main.go:3:15"


def test_an_anchor_that_is_not_there(target):
    with pytest.raises(PatchFailed, match="no place that reads") as caught:
        changed_runtime(QUIET, target, [Edit("runtime/proc.go", "func nobody() {", "")])
    assert (caught.value.file, caught.value.count) == ("runtime/proc.go", 0)
    with pytest.raises(PatchFailed, match="places that read"):
        changed_runtime(QUIET, target, [Edit("runtime/proc.go", "return", "")])


def test_only_what_programs_are_made_of(newest):
    with pytest.raises(GolifelabError, match="no part of a program"):
        changed_runtime(QUIET, newest, [Edit("cmd/compile/main.go", "x", "y")])
    with pytest.raises(GolifelabError, match="not the path"):
        changed_runtime(QUIET, newest, [Edit("../runtime/proc.go", "x", "y")])
