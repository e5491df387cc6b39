"""System calls and nameless traces for the page, and as tables, out of recordings."""

from __future__ import annotations

import json

import pytest

from golifelab.load.recorded.envelope import recorded
from golifelab.load.syscalls.forensics import cases_of
from golifelab.load.syscalls.kept import calls_from
from golifelab.load.syscalls.stage import SystemCalls
from golifelab.load.syscalls.ways import KINDS, Start, StartComparison
from golifelab.views.forensics import forensics_payload
from golifelab.views.html import Markup
from golifelab.views.stage import stage_html
from golifelab.views.syscalls import bytes_text, calls_payload, starts_payload
from golifelab.views.syscallstwin import headline
from golifelab.views.text import text


@pytest.fixture(scope="module")
def compared() -> StartComparison:
    rows = [
        Start(name, kind.label, kind.command, calls_from(recorded(f"syscalls-{name}")))
        for name, kind in KINDS.items()
    ]
    rows[1] = Start("pie", KINDS["pie"].label, "", None, "there is <no> linker")
    return StartComparison(rows=tuple(rows), command="strace ./program")


@pytest.fixture(scope="module")
def static(compared) -> SystemCalls:
    return compared["static"].calls


def test_a_payload_has_all_that_the_page_needs(static):
    shown = calls_payload(static)
    assert len(shown["calls"]) == len(static.rows)
    thread, name, words, result, at, function, group, asked = shown["calls"][0]
    assert (thread, name, result, at) == (0, "execve", "0", 0)
    assert words.startswith('"./')
    assert shown["functions"][function] == shown["functions"][asked] == ""
    assert shown["groups"][group] == "memory"
    assert shown["how"].startswith("recorded with go")
    assert all(shown["functions"][row[5]] for row in shown["calls"] if row[1] == "rt_sigaction")
    last = shown["steps"][-1]
    assert (last[4], last[5]) == (static.space.reserved, static.space.committed)
    assert len(json.dumps(shown)) < 60_000


def test_a_game_s_payload_names_no_program(compared):
    found = cases_of(compared)
    shown = forensics_payload(found)
    assert [kind["id"] for kind in shown["kinds"]] == [kind for kind in KINDS if kind != "pie"]
    assert shown["missing"] == [[KINDS["pie"].label, "there is <no> linker"]]
    for case in shown["cases"]:
        assert set(case["hints"]) <= {clue["name"] for clue in case["clues"]}
        assert all(0 <= row < len(case["calls"]) for clue in case["clues"] for row in clue["rows"])
        assert case["calls"][0][2].startswith('"./program"')


def test_the_starts_side_by_side(compared):
    shown = starts_payload(compared)
    assert [trace["name"] for trace in shown["traces"]] == [
        kind.label for name, kind in KINDS.items() if name != "pie"
    ]
    assert shown["missing"]


def test_the_twins_say_it_in_tables(compared, static):
    for value in (compared, static, cases_of(compared)):
        shown = stage_html(value)
        assert isinstance(shown, Markup)
        assert "<table" in shown
        assert "<script" not in shown
        assert text(value)
    assert "there is &lt;no&gt; linker" in stage_html(compared)
    game = stage_html(cases_of(compared))
    assert game.count("the answer") == len(KINDS) - 1
    assert "rt_sigaction(SIGHUP" in text(static)


def test_what_is_said_of_bytes_and_of_a_run(static):
    assert [bytes_text(n) for n in (0, 12, 4096, 1 << 20, 5 << 28)] == [
        "0 bytes",
        "12 bytes",
        "4 KiB",
        "1 MiB",
        "1.25 GiB",
    ]
    assert f"{len(static.rows)} system calls of" in headline(static)
