"""The memory map's payload and its static twin."""

from __future__ import annotations

import pytest

from golifelab import Program
from golifelab.load.memory.residency import FILE
from golifelab.load.moments.plain import states
from golifelab.load.moments.taking import recorded_moments
from golifelab.views import memorymap as module
from golifelab.views.memorymap import memory_payload
from golifelab.views.memorymaptwin import headline, memory_html, memory_text
from golifelab.views.stage import stage_html

TEXT = """package main

var counter = 7

//go:noinline
func tick() { counter++ }

func main() {
	tick()
	println(counter)
}
"""


@pytest.fixture(scope="module")
def program() -> Program:
    return Program.from_text(TEXT)


def test_every_mapping_and_page_is_there(program):
    found = program.moments
    shown = memory_payload(found)
    assert [one["name"] for one in shown["moments"]] == [one.name for one in found]
    for one, moment in zip(shown["moments"], found, strict=True):
        assert [(row["start"], row["end"]) for row in one["rows"]] == [
            (row.start, row.end) for row in moment
        ]
        for row, real in zip(one["rows"], moment.rows, strict=True):
            pages = states(row["pages"])
            assert pages in (moment.pages(real), b"")
            assert row["kind"] in shown["kinds"]
            assert sum(part[1] - part[0] for part in row["parts"]) in (0, real.size)
        assert sum(count for _, count, _ in one["permissions"]) == len(moment)
    # No folder of this machine, but of libraries.
    assert all(not row["path"].startswith("/") for one in shown["moments"] for row in one["rows"])


def test_symbols_are_where_they_are(program):
    shown = memory_payload(program.moments)
    symbols, texts = shown["symbols"], shown["texts"]
    names = {texts[name]: at for name, at in zip(symbols["name"], symbols["start"], strict=True)}
    binary = program.link()
    assert names["main.tick"] == binary.symbol("main.tick").address
    assert names["main.counter"] == binary.symbol("main.counter").address
    assert symbols["start"] == sorted(symbols["start"])
    assert shown["lines"]["main.tick"] == ["main.go", 6]
    data = next(one for one in shown["sections"] if one["name"] == ".noptrdata")
    assert data["start"] <= names["main.counter"] < data["end"]


def test_what_is_too_much_is_cut(program, monkeypatch):
    monkeypatch.setattr(module, "MAX_ROWS", 3)
    monkeypatch.setattr(module, "MAX_SYMBOLS", 5)
    monkeypatch.setattr(module, "MAX_PAGES", 1)
    shown = memory_payload(program.moments)
    assert all(len(one["rows"]) == 3 for one in shown["moments"])
    assert all(
        one["hidden"] == len(m) - 3
        for one, m in zip(shown["moments"], program.moments, strict=True)
    )
    assert len(shown["symbols"]["start"]) == 5
    assert all(row["pages"] == "" for one in shown["moments"][1:] for row in one["rows"])


def test_the_static_twin(program):
    found = program.moments
    html = str(stage_html(found))
    assert "<script" not in html
    for words in ("exec", "schedinit", "main.main", "read-only data", "page summaries, level 4"):
        assert words in html
    text = memory_text(memory_payload(found))
    assert text.count("\n") == len(found)
    assert f"{found['main.main'].totals.resident >> 10:,} KiB in memory" in text
    # One sign a page: the code's pages of the file at the end.
    code = found["exit"].of_kind("code")[0]
    assert "▒" * min(64, found["exit"].pages(code).count(FILE)) in html
    assert memory_text({}) == str(memory_html({})).removeprefix("<p>").removesuffix("</p>")
    assert "no Go" in str(memory_html({"failed": "no Go"}))


def test_a_difference_shows_itself(program):
    change = program.moments.difference("schedinit", "main.main")
    html = str(stage_html(change))
    assert f"{len(change.arrived):,} pages came into memory" in html
    assert html.count("<tr>") == len(change.changes) + 1
    plain = change.to_json()
    assert plain["grown"]["mapped"] == change.grown["mapped"] > 1 << 30
    assert list(change.frame()["what"]) == [one.what for one in change.changes]


def test_a_recording_says_so():
    shown = memory_payload(recorded_moments())
    assert shown["recorded"].startswith("recorded with go")
    assert "recorded with go" in headline(shown)
    assert shown["symbols"]["start"] == []
    assert len(shown["moments"]) == 4
