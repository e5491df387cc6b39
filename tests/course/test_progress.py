from __future__ import annotations

import base64
import contextlib
import json
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from golifelab.course.progress import progress, progress_file, record
from golifelab.errors import ParseError


def test_what_is_recorded_is_kept(own_progress):
    record("exercises", "1a", "incorrect")
    record("exercises", "1a", "correct")
    record("exercises", "1a", "not attempted")  # opening the notebook again undoes nothing
    record("predictions", "c1.02", "corrected")
    record("findings", "c1.02", "corrected")
    record("quizzes", "whole-life.1", "right")
    assert progress().record["exercises"] == {"1a": "correct"}
    assert progress().summary() == {
        "exercises correct": 1,
        "claims predicted": 1,
        "claims tried": 1,
        "predictions that were right": 1,
        "quiz questions right": 1,
    }
    assert json.loads(own_progress.read_text())["format"] == 1
    assert [path.name for path in own_progress.parent.iterdir()] == ["progress.json"]


def test_a_token_carries_it_to_another_machine(own_progress):
    record("exercises", "1b", "correct")
    token = progress().token()
    own_progress.unlink()
    assert progress().record["exercises"] == {}
    record("exercises", "1a", "incorrect")
    restored = progress().restore(token + "\n")
    assert restored.record["exercises"] == {"1a": "incorrect", "1b": "correct"}


@pytest.mark.parametrize("token", ["", "hello", "golifelab1.", "golifelab1.!!!", "golifelab1.é"])
def test_a_bad_token_is_refused(token):
    with pytest.raises(ParseError, match="progress token"):
        progress().restore(token)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.characters(codec="ascii"))
def test_a_changed_token_is_refused_or_says_the_same(place, letter):
    token = progress().token()
    index = min(place, len(token) - 1)
    changed = token[:index] + letter + token[index + 1 :]
    with contextlib.suppress(ParseError):
        assert progress().restore(changed).record == progress().record


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"format": 9}', b'{"format": 1, "exercises": 3}', b"[" * 99999]
)
def test_a_damaged_file_stops_nobody(own_progress, content):
    own_progress.parent.mkdir(parents=True)
    own_progress.write_bytes(content)
    assert progress().summary()["exercises correct"] == 0
    record("exercises", "1a", "correct")
    assert progress().summary()["exercises correct"] == 1


def test_where_nothing_can_be_written_it_lives_in_memory(monkeypatch, tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("")
    monkeypatch.setenv("GOLIFELAB_PROGRESS", str(blocker / "progress.json"))
    record("exercises", "1a", "correct")
    record("exercises", "1b", "correct")
    assert not progress().kept
    assert progress().summary()["exercises correct"] == 2
    assert "lost when the kernel stops" in progress().bundle()["text/html"]


def test_it_shows_itself_with_a_file_to_download():
    record("exercises", "1a", "correct")
    html = progress().bundle()["text/html"]
    token = progress().token()
    assert base64.b64encode(token.encode()).decode() in html
    assert token in html


def test_writers_at_the_same_time_leave_a_sound_file():
    threads = [
        threading.Thread(target=record, args=("exercises", f"1{number}", "correct"))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert json.loads(progress_file().read_text())["format"] == 1


def test_by_default_it_is_in_the_users_data_folder(monkeypatch):
    monkeypatch.delenv("GOLIFELAB_PROGRESS")
    path = progress_file()
    assert path.name == "progress.json"
    assert path.parent.name == "golifelab"
    assert path.is_relative_to(Path.home())
