"""Recorded processes, and the making of them."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from golifelab.data import data_directory
from golifelab.errors import FeatureUnavailable, GolifelabError, ParseError
from golifelab.load.backtrace import RECORDING, recorded_chain
from golifelab.load.recorded import making, reading
from golifelab.load.recorded.envelope import (
    parse_recorded,
    recorded,
    recorded_names,
    scrubbed,
    shape_difference,
    write,
)
from golifelab.load.recorded.reading import recorded_process
from golifelab.source import Source


@pytest.mark.parametrize("hold", ["exec", "first init", "main.main", "main.other", 5])
def test_a_recording_is_a_process(hold):
    with recorded_process(hold) as process:
        assert process.alive
        assert process.recorded.go
        assert process.held_at == (hold if hold in making.MOMENTS else "main.main")
        text = next(m for m in process.maps if ".text" in m.sections)
        pages = process.pages(text.start, text.start + 5 * 4096)
        assert [page.address for page in pages] == [text.start + i * 4096 for i in range(5)]
        assert process.registers()
        assert process.maps.to_json()["recorded"] == str(process.recorded)
        with pytest.raises(FeatureUnavailable):
            process.memory(text.start, 1)
        for action in (process.resume, process.step, lambda: process.run_to("main.main")):
            with pytest.raises(FeatureUnavailable):
                action()


def test_at_exec_there_are_fewer_mappings():
    assert len(recorded_process("exec").maps) < len(recorded_process("main.main").maps)


def test_a_recorded_chain():
    chain = recorded_chain()
    assert chain.how == "recording"
    assert "recorded with go" in str(chain.recorded)
    assert chain.functions[-3:] == ("main.main", "runtime.main", "runtime.goexit")
    assert chain.frames[0].position.file.startswith("$GOROOT/src/")


def test_every_recording_is_whole():
    assert recorded_names()
    for name in recorded_names():
        found = recorded(name)
        assert found.recording.name == name
        assert found.recording.command == f"golifelab record {name}"
        assert found.source.text()
        for told in (found.recording.go, found.recording.date, found.recording.kernel):
            assert told
        assert len(found.recording.program_sha256) == len(found.recording.sha256) == 64


def test_a_recording_that_was_changed_is_not_shown():
    path = data_directory() / "recordings" / f"{reading.PROCESS}.json"
    whole = json.loads(path.read_bytes())
    assert parse_recorded(path.read_bytes()) == recorded(reading.PROCESS)
    whole["content"]["exec"]["pid"] += 1
    with pytest.raises(ParseError, match="sum"):
        parse_recorded(json.dumps(whole).encode())


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 1 << 16), st.integers(0, 255))
def test_a_damaged_recording_is_an_error(noise, at, byte):
    raw = bytearray((data_directory() / "recordings" / f"{RECORDING}.json").read_bytes())
    raw[at % len(raw)] = byte
    for damaged in (noise, bytes(raw), bytes(raw[: at % len(raw)])):
        with contextlib.suppress(ParseError):
            assert parse_recorded(damaged).content


def test_no_recording_tells_of_the_machine(tmp_path, target):
    options = {"source": Source.from_text("package main"), "target": target, "program": "none"}
    for told in (str(Path.home() / "x"), f"at {Path.cwd()}/x"):
        with pytest.raises(GolifelabError, match="this machine"):
            write(tmp_path, "told", {"file": told}, **options)
    assert scrubbed([f"{Path.home()}/x"], target) == ["$HOME/x"]
    path = write(tmp_path, "told", {"file": "$HOME/x"}, **options)
    assert parse_recorded(path.read_bytes()).content == {"file": "$HOME/x"}
    with pytest.raises(GolifelabError, match="not a name"):
        write(tmp_path, "../told", {}, **options)


def test_shapes_are_compared():
    assert shape_difference({"a": [1, 2]}, {"a": [3]}) == ""
    assert shape_difference({"a": 1.5, "b": None}, {"a": 3, "b": "x"}) == ""
    assert "b" in shape_difference({"a": 1, "b": 1}, {"a": 1})
    assert "content.a[1]" in shape_difference({"a": [{"x": 1}, {"y": 1}]}, {"a": [{"x": 1}]})
    assert "number" in shape_difference({"a": 1}, {"a": "1"})


def test_a_damaged_process(tmp_path, monkeypatch):
    monkeypatch.setenv("GOLIFELAB_DATA", str(tmp_path))
    with pytest.raises(FeatureUnavailable):
        recorded_process("exec")
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / f"{reading.PROCESS}.json").write_text("{")
    with pytest.raises(ParseError):
        recorded_process("exec")
