"""Register grid and ABI explorer follow text, function and signature, without a browser."""

from __future__ import annotations

import pytest

from golifelab import Program, sample
from golifelab.views.stage import stage_html
from golifelab.widgets import ABIExplorer, Registers, show
from golifelab.widgets.view import unpack

SPILLING = """package main

//go:noinline
func other(a int) int { return a + 1 }

func keep(a, b int) int {
	n := other(a)
	return n*b + a
}

func main() { keep(1, 2) }
"""


@pytest.fixture(params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    return request.param


def spilled(widget):
    assert widget.wait()
    assert widget.failure == ""
    payload = unpack(widget.payload)
    assert payload["seq"] == widget.seq
    return [len(grid["spills"]) for grid in payload["grids"]]


def test_the_grid_follows_text_and_function(tier):
    widget = show(Program.from_text(SPILLING), view="registers", function="keep")
    assert isinstance(widget, Registers)
    assert spilled(widget) == [2, 2]
    widget.source = SPILLING.replace("n*b + a", "n")
    assert spilled(widget) == [0, 0]
    widget.function = "other"
    assert spilled(widget) == [0, 0]
    assert unpack(widget.payload)["function"] == "main.other"
    html = widget._repr_mimebundle_()[0]["text/html"]
    assert "amd64: no value is spilled" in html
    assert "arm64: no value is spilled" in html


def test_an_error_leaves_no_grid_and_no_failure():
    widget = Registers(Program.from_text(SPILLING), "keep")
    assert spilled(widget) == [2, 2]
    widget.source = SPILLING.replace("n*b", "n*m")
    assert spilled(widget) == []
    assert unpack(widget.payload)["errors"] == 1
    widget.source = SPILLING
    assert spilled(widget) == [2, 2]


def test_a_function_that_is_gone_is_said():
    widget = Registers(sample("add"), "nowhere")
    assert widget.wait()
    assert "nowhere" in widget.failure
    widget.function = "add"
    assert widget.wait()
    assert widget.failure == ""


def test_the_explorer_follows_signature_and_types():
    widget = show(
        Program.from_text("package main\n\ntype T struct{ a int }\n\nfunc main() {}\n"),
        view="abi",
        signature="func(t T) string",
    )
    assert isinstance(widget, ABIExplorer)
    assert widget.wait()
    pieces = [one["pieces"] for one in widget.panel["columns"][0]["assignments"]]
    assert [len(one) for one in pieces] == [1, 2]
    widget.source = widget.source.replace("a int", "a [2]int")
    assert widget.wait()
    first = widget.panel["columns"][0]["assignments"][0]
    assert (first["pieces"], first["offset"]) == ([], 0)
    widget.signature = "func(x Missing)"
    assert widget.wait()
    assert widget.panel["problem"] == "undefined: Missing"
    assert widget.failure == ""
    assert "undefined: Missing" in widget._repr_mimebundle_()[0]["text/plain"]


def test_values_alone():
    program = sample("add")
    for value, part in (
        (program.registers("add"), "steps"),
        (program.frame_layout("add"), "areas"),
        (program.abi("add"), "assignments"),
    ):
        widget = show(value)
        assert not widget.has_trait("source")
        assert unpack(widget.payload)[part]
        assert widget._repr_mimebundle_()[0]["text/html"] == str(stage_html(value))
