"""Nameless traces and a program's own system calls as widgets, without a browser."""

from __future__ import annotations

import pytest

from golifelab import show
from golifelab.errors import GolifelabError
from golifelab.program import Program, sample
from golifelab.widgets import Forensics, SystemCallsPage, forensics
from golifelab.widgets.stages import stage_view
from golifelab.widgets.view import unpack

KINDS = ("static", "pie")


def test_a_game_is_made_in_the_background():
    game = Forensics(kinds=KINDS)
    assert game.wait()
    shown = unpack(game.payload)
    assert {case["answer"] for case in shown["cases"]} == set(KINDS)
    assert len(game.cases.rows) == 2
    first = game.cases.rows[0]
    game.answers = {first.name: first.answer}
    assert game.right == 1
    assert "Which program made each" in game.twin()
    assert "trace A" in game._repr_mimebundle_()[0]["text/plain"]
    assert stage_view(game.cases).view == "forensics"
    game.close()


def test_a_program_that_does_not_compile_is_no_game():
    game = forensics(Program.from_text("package main\n\nfunc main() { nothing() }\n"), kinds=KINDS)
    assert game.wait()
    shown = unpack(game.payload)
    # What can be shown then are recordings of another program, and why it is so.
    assert all(reason for _, reason in shown["missing"])
    assert game.cases.recorded is not None
    none = Forensics(kinds=())
    assert none.cases.rows == ()
    assert "Which program" in none.twin()


def test_a_failure_is_told(monkeypatch):
    def refuse(*_args, **_options):
        raise GolifelabError("no disk left")

    monkeypatch.setattr("golifelab.widgets.syscalls.cases", refuse)
    game = Forensics()
    assert game.wait()
    assert unpack(game.payload)["waiting"] == "no disk left"
    assert "no disk left" in game.twin()
    with pytest.raises(GolifelabError, match="no disk left"):
        _ = game.cases


def test_a_program_s_calls_follow_its_text(newest):
    page = show(sample("hello", target=newest), view="syscalls")
    assert isinstance(page, SystemCallsPage)
    assert page.wait()
    (trace,) = unpack(page.payload)["traces"]
    assert len(trace["calls"]) == len(page.calls.rows)
    assert "system calls of" in page.twin()
    if page.calls.recorded is None:
        page.source = page.source.replace("hello, lab", "another text")
        assert page.wait()
        assert page.calls.named("write")[-1].text(1) == "another text\\n"
    page.source = page.source.replace("fmt.Println", "fmt.Nothing")
    assert page.wait()
    assert "Nothing" in unpack(page.payload)["failed"]
    page.close()
    assert stage_view(page.calls).view == "syscalls"
