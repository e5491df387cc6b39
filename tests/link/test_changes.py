"""A linked program with other calls: Go's own disassembler reads what they are now."""

from __future__ import annotations

import pytest

from golifelab.link.changes import changed_copy, files_without_folder
from golifelab.link.executable import link
from golifelab.link.redirect import Redirect, calls_redirected
from golifelab.run.program import run_program
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

TEXT = """package main

//go:noinline
func one(n int) int { return n + 1 }

//go:noinline
func other(n int) int { return n * 100 }

//go:noinline
func caller(n int) int { return one(n) + one(n+1) + other(1) }

func main() { println(caller(3)) }
"""
REDIRECTS = (
    Redirect("main.caller", "main.one", "main.other"),
    Redirect("main.caller", "main.none", "main.other"),
)


@pytest.mark.parametrize("goarch", ["amd64", "arm64"])
def test_the_calls_lead_elsewhere_and_nothing_else_is_different(goarch):
    target = Target(goarch=goarch)
    program = link(Source.from_text(TEXT), target)
    made = changed_copy(program, calls_redirected(program, REDIRECTS))
    assert (made.size, made.path == program.path) == (program.size, False)
    go = find_go(target.go)
    words = [go.command, "tool", "objdump", "-s", "^main.caller$", made.path]
    said = run(words, env=go.host_environment()).text
    assert said.count("CALL main.other(SB)") == 3
    assert "main.one" not in said
    pairs = zip(program.image.data, made.image.data, strict=True)
    assert 2 <= sum(before != after for before, after in pairs) <= 8
    # The same again is the same file.
    assert changed_copy(program, calls_redirected(program, REDIRECTS)).path == made.path


def test_the_changed_program_runs():
    program = link(Source.from_text(TEXT), Target())
    made = changed_copy(program, calls_redirected(program, REDIRECTS))
    assert run_program(program).error_text == f"{4 + 5 + 100}\n"
    assert run_program(made).error_text == f"{300 + 400 + 100}\n"


def test_files_lose_their_folder_and_no_others():
    program = link(Source.from_text('package main\n\nfunc main() { panic("oh") }\n'), Target())
    made = changed_copy(program, files_without_folder(program, "panic.go"))
    before, after = (run_program(one).error_text for one in (program, made))
    assert before == after
    names = {one.file for one in made.pclntab}
    assert "proc.go" in names
    assert "main.go" in names
    root = str(find_go("").root)
    assert f"{root}/src/runtime/proc.go" not in names
    assert any(name.startswith(root) for name in names)
