"""The base of all views, without a browser."""

from __future__ import annotations

import pytest

from golifelab import Position, sample
from golifelab.errors import GolifelabError, LimitExceeded
from golifelab.widgets import Runtime, View, show, view as module
from golifelab.widgets.view import pack, position_of, selection_of, unpack


def test_payloads_survive_the_trip():
    payload = {"text": "é😀 \udc80", "rows": [1, 2], "none": None}
    assert unpack(pack(payload)) == payload | {"text": "é😀 ?"}
    assert unpack(b"") == {}
    assert pack(payload) == pack(payload)


def test_payloads_are_bounded(monkeypatch):
    monkeypatch.setattr(module, "MAX_PAYLOAD", 64)
    with pytest.raises(LimitExceeded, match="a smaller function"):
        pack({"rows": list(range(1000))})


def test_views_share_one_runtime():
    first, second = View("rail", {"seq": 0}), View("rail", {"seq": 0})
    assert first.runtime == second.runtime == Runtime.shared().model_id
    assert len(first._esm) < 800


def test_a_closed_runtime_is_made_anew():
    old = Runtime.shared()
    old.close()
    assert Runtime.shared() is not old
    assert View("rail").runtime == Runtime.shared().model_id


def test_a_view_brings_its_twin():
    data, _ = View("rail", twin=lambda: "<table></table>", text="plain")._repr_mimebundle_()
    assert data["text/html"] == "<table></table>"
    assert data["text/plain"] == "plain"
    assert "application/vnd.jupyter.widget-view+json" in data


def test_selections_are_positions_or_not():
    assert position_of(selection_of(Position("main.go", 8, 12))) == Position("main.go", 8, 12)
    assert position_of({"file": "main.go", "line": 8, "column": 0}) == Position("main.go", 8, 0)
    for other in ({}, {"value": "v13"}, {"file": "main.go", "line": "8"}, {"file": 1, "line": 1}):
        assert position_of(other) is None


def test_a_position_can_be_selected_by_its_text():
    view = View("rail")
    view.select("main.go:6:11")
    assert view.selection == {"file": "main.go", "line": 6, "column": 11}


def test_what_has_no_view_is_refused():
    with pytest.raises(GolifelabError, match="int"):
        show(1)


def test_a_stage_without_a_view_shows_its_tables():
    shown = show(sample("add").placement)
    assert "<table" in shown.value
