"""The stack-map page on the real toolchain, without a browser."""

from __future__ import annotations

import pytest

from golifelab import Program, show
from golifelab.views import stackmaps as module
from golifelab.views.stackmaps import stackmaps_payload
from golifelab.views.stackmapstwin import page_html, page_text
from golifelab.views.stage import stage_html
from golifelab.widgets import StackMapPage
from golifelab.widgets.view import unpack

TEXT = """package main

type node struct {
	value int
	next  *node
}

//go:noinline
func leaf(p *node) int { return p.value }

//go:noinline
func walk(a *node, k int, b *node) int {
	x := leaf(a)
	y := leaf(b)
	return x + y + k
}

func main() { println(walk(&node{value: 1}, 2, &node{value: 3})) }
"""


@pytest.fixture(params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    return request.param


def made(page):
    assert page.wait()
    assert page.failure == ""
    return unpack(page.payload)


def pointers(payload, step):
    bits = payload["maps"][payload["instructions"]["index"][step]]
    return {c["name"] for c in payload["cells"] if bits[c["area"]][c["word"]] == "1"}


def test_what_is_shown_is_the_stage(target, tier):
    program = Program.from_text(TEXT, target=target)
    page = show(program, view="stackmaps", function="walk")
    assert isinstance(page, StackMapPage)
    payload = made(page)
    maps = program.stack_maps("walk")
    assert page.maps == maps
    columns = payload["instructions"]
    assert {len(column) for column in columns.values()} == {len(maps.instructions)}
    for step, one in enumerate(maps.instructions):
        at = maps.at(one.address)
        assert columns["index"][step] == at.index
        assert pointers(payload, step) == {cell.name for cell in at.live}
        assert columns["stop"][step] == maps.stop(one)
    calls = [step for step, stop in enumerate(columns["stop"]) if stop == "call"]
    assert [pointers(payload, step) for step in calls] == [{"b"}, set()]
    if tier == "helper":
        # The compiler's own list says the same, where both count columns.
        assert [columns["names"][step] for step in calls] == [["b"], []]
    assert payload["arguments"]["data"] == maps.arguments.data.hex()
    assert payload["hidden"] == {"instructions": 0, "cells": 0, "maps": 0}


def test_findfunc_needs_no_kernel(target):
    program = Program.from_text(TEXT, target=target)
    maps = program.stack_maps("walk")
    tables = stackmaps_payload(maps)["lookup"]
    lookup = program.link().find_function(maps.function.entry)
    (bucket,) = (one for one in tables["buckets"] if one["number"] == lookup.bucket)
    assert bucket["first"] + bucket["shares"][lookup.subbucket] == lookup.index
    listed = {index: (entry, name) for index, entry, name in tables["functions"]}
    assert set(range(lookup.index, maps.function.index + 2)) <= set(listed)
    assert listed[maps.function.index] == (maps.function.entry, "main.walk")


def test_an_edit_is_followed(newest):
    page = StackMapPage(Program.from_text(TEXT, target=newest), function="walk")
    assert made(page)["symbol"] == "main.walk"
    page.source = TEXT.replace("y := leaf(b)", "y := leaf(a) + leaf(b)")
    payload = made(page)
    stops = payload["instructions"]["stop"]
    lives = [pointers(payload, step) for step, stop in enumerate(stops) if stop == "call"]
    assert lives == [{"a", "b"}, {"b"}, set()]
    page.source = TEXT.replace("leaf(b)", "leef(b)")
    assert "undefined: leef" in made(page)["failed"]
    # A function that the linker leaves out has no stack maps.
    page.source = TEXT.replace("println(walk(&node{value: 1}, 2, &node{value: 3}))", "")
    assert "no function" in made(page)["failed"]
    page.function = "main"
    page.source = TEXT
    assert made(page)["symbol"] in ("main.main", "main.walk")


def test_the_twin_says_the_same(newest):
    page = StackMapPage(Program.from_text(TEXT, target=newest), function="walk")
    payload = made(page)
    html = page.twin()
    assert "main.walk: 3 bitmaps" in html
    assert str(page_html(payload)) in html
    text = page_text(payload)
    assert text.count("CALL main.leaf(SB)") == 2
    assert "bitmap 1: b\n" in text
    assert "main.walk" in page_text({"failed": "no main.walk"})
    assert "at work" in str(page_html({}))


def test_alone_and_as_tables(newest):
    program = Program.from_text(TEXT, target=newest)
    binary = program.link()
    alone = show(binary.stack_maps("main.walk"))
    payload = unpack(alone.payload)
    assert [cell["name"] for cell in payload["cells"]] == ["b", "k", ""]
    assert any("<main.leaf>" in text for text in payload["instructions"]["text"])
    assert not alone.has_trait("source")
    main = binary.function("main.main").address
    for value, words in (
        (binary.stack_maps("main.walk"), "where the collector can meet main.walk"),
        (binary.find_function(main), f"{main:#x}: main.main"),
        (binary.find_function(1), "no function of the program"),
        (binary.function_tables("main.main"), "PCDATA_StackMapIndex"),
        (binary.module_data, "findfunctab"),
        (binary.metadata_places, "runtime.m0"),
        (binary.pointer_masks, "runtime.itabTable"),
    ):
        assert words in str(stage_html(value)), words
        assert value.to_json()["stage"] == type(value).__name__.lower()
        assert len(value.frame()) > 0


def test_what_is_too_much_is_counted(newest, monkeypatch):
    monkeypatch.setattr(module, "MAX_INSTRUCTIONS", 3)
    monkeypatch.setattr(module, "MAX_CELLS", 1)
    monkeypatch.setattr(module, "MAX_MAPS", 1)
    maps = Program.from_text(TEXT, target=newest).stack_maps("walk")
    payload = stackmaps_payload(maps)
    assert payload["hidden"] == {
        "instructions": len(maps.instructions) - 3,
        "cells": len(maps.cells) - 1,
        "maps": 2,
    }
    assert len(payload["cells"]) == len(payload["maps"]) == 1
