"""The stack frame, against the displacements and pushes that the processor's encoding has."""

from __future__ import annotations

import re

import pytest

from golifelab.compile import dump
from golifelab.compile.machine.frame import frame_layout
from golifelab.compile.machine.gnusyntax import gnu_syntax
from golifelab.compile.machine.stage import machine
from golifelab.errors import FeatureUnavailable
from golifelab.program import Program
from golifelab.source import Source
from golifelab.views.stage import stage_html

ARCHITECTURES = ("amd64", "arm64")
SOURCE = """package main

//go:noinline
func fill(p *[4]int) {}

//go:noinline
func other(a int) int { return a + 1 }

func sum(a, b int, big [2]int) int {
	var list [4]int
	fill(&list)
	n := other(a)
	return n + b + list[1] + big[0]
}

func leaf(a int) int { return a * 3 }

func main() { sum(1, 2, [2]int{}); leaf(1) }
"""
# An address in the frame, in the processor's own notation.
ENCODED = {
    "amd64": re.compile(r"(-?(?:0x)?[0-9a-f]+)?\(%rsp[,)]"),
    "arm64": re.compile(r"\[sp(?:, #(-?(?:0x)?[0-9a-f]+))?\]|add x\d+, sp, #((?:0x)?[0-9a-f]+)"),
}


@pytest.fixture(params=ARCHITECTURES)
def target_of(request, observed):
    return observed.with_(goarch=request.param)


def test_areas_and_slots(tier, target_of):
    layout = frame_layout(Source.from_text(SOURCE), target_of, "sum")
    kinds = [area.kind for area in layout.areas]
    assert {"locals", "saved frame pointer", "return address", "arguments"} <= {*kinds}
    for area, following in zip(layout.areas, layout.areas[1:], strict=False):
        assert area.end == following.start
    assert layout.areas[-1].end == layout.areas[-1].start + layout.arguments_size
    slots = {slot.name: slot for slot in layout.slots if slot.area == "locals"}
    assert slots["list"].room >= 8
    given = {slot.name: slot for slot in layout.slots if slot.area == "arguments"}
    assert given["big"].offset == layout.areas[-1].start, "on the stack: the first of the area"
    assert {"a", "b"} >= {*given} - {"big"}
    if tier == "helper":
        assert [slot.spills for slot in layout.slots if slot.name == "b"] == [("b[int]",)]
    assert layout.area_at(slots["list"].offset).kind == "locals"
    assert layout.area_at(1 << 20) is None


def test_a_leaf_has_no_frame(tier, target_of):
    layout = Program(Source.from_text(SOURCE), target_of).frame_layout("leaf")
    assert layout.frame_size == 0
    assert "locals" not in {area.kind for area in layout.areas}
    assert not layout.slots
    assert layout.frame().empty
    assert "No instruction uses" in stage_html(layout)


def test_other_processors(observed):
    with pytest.raises(FeatureUnavailable):
        frame_layout(Source.from_text(SOURCE), observed.with_(goarch="386"), "sum")


def test_the_layout_as_data(tier, target_of):
    layout = Program(Source.from_text(SOURCE), target_of).frame_layout("sum")
    told = layout.to_json()
    assert told["stage"] == "framelayout"
    assert len(told["slots"]) == len(layout.frame())
    assert "return address" in stage_html(layout)


@pytest.mark.parametrize(
    "package",
    ["path", *(pytest.param(name, marks=pytest.mark.slow) for name in ("strconv", "sort", "fmt"))],
)
def test_the_encoding_agrees(package, target_of, std_source, monkeypatch):
    """Every place that an instruction names is the one in its encoding."""
    monkeypatch.setattr(dump, "_WHOLE", 1 << 30)
    source = std_source(package, target_of)
    compared = 0
    for function in dump.code_of(source, target_of).functions:
        layout = frame_layout(source, target_of, function.symbol)
        code = machine(source, target_of, function.symbol)
        for slot in layout.slots:
            assert slot.area in ("locals", "arguments"), f"{function.symbol}: {slot}"
            for index in slot.instructions:
                shown = gnu_syntax(target_of.goarch, code[index])
                found = ENCODED[target_of.goarch].findall(shown)
                wanted = {int(_number(groups), 0) for groups in found}
                assert slot.offset in wanted, f"{function.symbol}: {code[index].text} = {shown}"
                compared += 1
    assert compared > 100


def _number(groups):
    return "".join(groups) or "0"
