"""Object page and five-byte page follow text and function, without a browser."""

from __future__ import annotations

import pytest

from golifelab import Program
from golifelab.display import _stage
from golifelab.widgets import ObjectView, PatchView, show
from golifelab.widgets.view import unpack

CALLS = """package main

//go:noinline
func other(a int) int { return a + 1 }

func main() { println(other(1)) }
"""
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    return request.param


def newest(widget):
    assert widget.wait()
    assert widget.failure == ""
    payload = unpack(widget.payload)
    assert payload["seq"] == widget.seq
    return payload


def calls(payload):
    return [[h["symbol"] for h in side["holes"] if h["call"]] for side in payload["sides"]]


def test_the_object_follows_the_text(tier):
    widget = show(Program.from_text(CALLS), view="object")
    assert isinstance(widget, ObjectView)
    assert "main.other" in newest(widget)["symbols"]["name"]
    widget.source = CALLS.replace("other", "another")
    assert "main.another" in newest(widget)["symbols"]["name"]
    widget.source = CALLS.replace("a + 1", "a + x")
    assert newest(widget)["errors"] == 1
    widget.source = CALLS
    newest(widget)
    assert "main.other" in widget._repr_mimebundle_()[0]["text/html"]


def test_the_bytes_follow_text_and_function(tier):
    widget = show(Program.from_text(CALLS), view="patch", function="main.main")
    assert isinstance(widget, PatchView)
    first = calls(newest(widget))
    assert first[0] == first[1]
    assert first[0][0] == "main.other"
    widget.source = CALLS.replace("println(other(1))", "println(1)")
    assert "main.other" not in calls(newest(widget))[0]
    widget.function = "main.other"
    assert newest(widget)["function"] == "main.other"
    html = widget._repr_mimebundle_()[0]["text/html"]
    assert "main.other on amd64" in html


def test_values_show_themselves():
    program = Program.from_text(CALLS)
    for value, key in ((program.object, "content"), (program.relocations(), "sides")):
        data, _ = _stage(value)
        assert WIDGET in data
        assert "<table" in data["text/html"]
        assert data["text/plain"]
        assert key in unpack(show(value).payload)
