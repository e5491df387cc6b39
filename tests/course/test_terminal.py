from __future__ import annotations

import pytest

from golifelab.course.terminal import Terminal
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.program import sample


@pytest.fixture
def terminal():
    return Terminal(sample("hello"))


def test_it_compiles_links_and_runs(terminal):
    form = "'{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}'"
    assert terminal(f"go list -export -f {form} -deps fmt", into="importcfg").status == 0
    assert terminal("go tool compile -p main -importcfg importcfg main.go").status == 0
    assert terminal("go tool link -importcfg importcfg -o hello main.o").status == 0
    assert terminal("./hello").text == "hello, lab\n"
    assert "main.o" in terminal.files().text
    assert terminal.read("main.o").startswith(b"!<arch>")


def test_a_failing_command_is_a_value(terminal):
    failed = terminal("go tool compile -S main.go")
    assert failed.status == 2
    assert failed.lines[0] == "main.go:3:8: could not import fmt (file not found)"
    assert "(exit status 2)" in failed.bundle()["text/html"]
    assert failed.grep("nothing").lines == []


def test_variables_may_stand_before_a_command(terminal):
    terminal("go build -o hello .")
    assert "init runtime @" in terminal("GODEBUG=inittrace=1 ./hello").text


def test_output_is_folded_and_escaped(terminal):
    (terminal.folder / "main.go").write_text(
        "package main\n\nfunc main() {\n" + "<b>\n" * 9 + "}\n"
    )
    shown = terminal("go vet .").bundle()["text/html"]
    assert "<b>" not in shown
    many = terminal("go env").bundle()["text/html"]
    assert "<details>" in many


@pytest.mark.parametrize("line", ["", "A=b", "go version | cat", "go version > x", "a && b"])
def test_what_it_is_not_it_says(terminal, line):
    with pytest.raises(GolifelabError):
        terminal(line)


def test_a_missing_program_is_named(terminal):
    with pytest.raises(FeatureUnavailable, match="no-such-program"):
        terminal("no-such-program")
    with pytest.raises(GolifelabError, match="no file"):
        terminal.read("../main.go")
