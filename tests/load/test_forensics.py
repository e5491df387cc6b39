"""One program started in every way, and traces without names."""

from __future__ import annotations

import pytest

from golifelab.errors import FeatureUnavailable, ParseError
from golifelab.load.recorded.envelope import Recorded, recorded
from golifelab.load.syscalls import kept, ways
from golifelab.load.syscalls.clues import clues, kind_of
from golifelab.load.syscalls.forensics import Cases, cases, cases_of
from golifelab.load.syscalls.kept import calls_content, calls_from, plain_calls, seen_calls
from golifelab.load.syscalls.ways import KINDS, StartComparison, figures, start_comparison
from golifelab.stage import Recording


@pytest.fixture(scope="session")
def compared(hello, newest) -> StartComparison:
    return start_comparison(hello, newest)


def live(compared: StartComparison) -> dict[str, object]:
    found = {row.kind: row for row in compared.rows if row.calls and not row.reason}
    if not found:
        pytest.skip("nobody may trace here")
    return found


def test_the_ways_of_a_start_differ_as_they_must(compared):
    found = live(compared)
    told = {kind: figures(row.calls) for kind, row in found.items()}
    assert not told["static"]["mmap of a file"]
    assert not told["static"]["brk"]
    assert not told["static"]["mprotect"]
    assert told["static"]["bytes reserved"] > 1 << 30
    for kind in set(found) & {"dynamic", "c"}:
        assert told[kind]["libraries opened"]
        assert told[kind]["mmap of a file"] >= 4
        assert told[kind]["mprotect"] >= 2
    if "c" in found:
        assert told["c"]["threads"] == 1
        assert not told["c"]["signal handlers"]
    assert len(compared.frame()) == len(compared.to_json()["starts"]) == len(KINDS)
    with pytest.raises(Exception, match="there are static"):
        compared["nothing"]


def test_every_kind_follows_from_its_trace_alone(compared):
    found = cases_of(compared)
    assert {case.answer for case in found.rows} == {r.kind for r in compared.rows if r.calls}
    assert [case.name for case in found.rows] == sorted(case.name for case in found.rows)
    for case in found.rows:
        assert case.deduced == case.answer
        assert "/root" not in str(case.calls.to_json()["calls"])
        assert case.calls.rows[0].arguments.startswith('"./program", ["./program"], 0x')
        for name in case.hints:
            assert case.clue(name).says
    assert [c.answer for c in cases_of(compared, seed=1).rows] != [c.answer for c in found.rows]
    assert len(found.frame()) == len(found.to_json()["cases"]) == len(found.rows)


@pytest.mark.slow
def test_every_kind_follows_from_its_trace_in_every_version(hello, target):
    assert all(case.deduced == case.answer for case in cases(hello, target).rows)


@pytest.mark.parametrize("kind", KINDS)
def test_a_recorded_start_is_told_apart_like_a_live_one(kind):
    calls = calls_from(recorded(f"syscalls-{kind}"))
    assert calls.how == "recording"
    assert calls.recorded.go
    assert kind_of(clues(calls)) == kind
    again = calls_from(Recorded(calls.recorded, None, calls_content(calls)))
    assert again.rows == calls.rows


def test_without_tracing_recordings_take_their_place(hello, newest, program, monkeypatch):
    def refuse(*_args, **_options):
        raise FeatureUnavailable("tracing", "nobody may")

    monkeypatch.setattr(ways, "system_calls", refuse)
    monkeypatch.setattr(kept, "system_calls", refuse)
    found = cases(hello, newest)
    assert isinstance(found, Cases)
    assert {case.answer for case in found.rows} == set(KINDS)
    assert found.recorded is not None
    assert dict(found.missing)[KINDS["static"].label] == "nobody may"
    assert seen_calls(program).recorded is not None


def test_damaged_calls_are_an_error():
    head = Recording("1.27", "2026-01-01", "golifelab record")
    for content in ({}, {"functions": [], "structures": [], "calls": [[1]]}, []):
        with pytest.raises(ParseError):
            calls_from(Recorded(head, None, content))


def test_calls_without_a_run_s_own_numbers(program):
    try:
        calls = seen_calls(program)
    except FeatureUnavailable as error:
        pytest.skip(error.message)
    told = plain_calls(calls, "hello")
    assert told.threads[0] == 1000
    assert told.named("gettid")[0].result == 1000
    assert str(calls.threads[0]) not in {word for row in told.rows for word in row.words}
