"""Recorded processes, and the making of them."""

from __future__ import annotations

import json

import pytest

from golifelab.errors import FeatureUnavailable, ParseError
from golifelab.load.backtrace import recorded_chain
from golifelab.load.recorded import making, reading
from golifelab.load.recorded.reading import recorded_process


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


def test_recordings_can_be_made_again(tmp_path):
    assert making.main([str(tmp_path)]) == 0
    made = json.loads((tmp_path / reading.PROCESS).read_text())
    kept = json.loads((reading.data_directory() / "recordings" / reading.PROCESS).read_text())
    assert made.keys() == kept.keys()
    assert made["source"] == kept["source"]
    assert "/root" not in json.dumps(kept)
    assert "home" not in json.dumps(kept)
    for name in making.MOMENTS:
        assert made["moments"][name].keys() == kept["moments"][name].keys()


def test_a_recorded_chain():
    chain = recorded_chain()
    assert chain.how == "recording"
    assert "recorded with go" in str(chain.recorded)
    assert chain.functions[-3:] == ("main.main", "runtime.main", "runtime.goexit")
    assert chain.frames[0].position.file.startswith("$GOROOT/src/")


def test_a_damaged_recording(tmp_path, monkeypatch):
    monkeypatch.setenv("GOLIFELAB_DATA", str(tmp_path))
    with pytest.raises(FeatureUnavailable):
        recorded_process("exec")
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / reading.PROCESS).write_text("{")
    with pytest.raises(ParseError):
        recorded_process("exec")
