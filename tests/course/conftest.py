from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    """No test writes into the progress of whoever runs it."""
    from golifelab.course import card, progress

    monkeypatch.setenv("GOLIFELAB_PROGRESS", str(tmp_path / "progress" / "progress.json"))
    progress._unwritten.clear()
    card._found.clear()
    yield tmp_path / "progress" / "progress.json"
    progress._unwritten.clear()
