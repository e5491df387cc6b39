"""The size map and the reach page: payloads, edits, twins."""

from __future__ import annotations

import pytest

from golifelab import Program, show
from golifelab.errors import GolifelabError
from golifelab.views.sizes import MAX_ROWS, sizes_payload
from golifelab.widgets import ReachPage, SizeMap
from golifelab.widgets.view import View, unpack

TEXT = """package main

import "strings"

func main() { println(strings.ToUpper("a")) }
"""


@pytest.fixture(scope="module")
def program() -> Program:
    return Program.from_text(TEXT)


def test_the_map_has_every_byte_and_follows_edits(program):
    shown = SizeMap(program)
    assert shown.wait()
    panel = shown.panel
    assert sum(panel["file"]) == shown.sizes.file == program.link().size
    assert not panel["compared"]
    assert {one["id"] for one in panel["choices"]} >= {"", "-s -w", "GOARCH=arm64"}
    assert panel["file"] == sorted(panel["file"], reverse=True) or panel["memory"]
    shown.source = TEXT.replace("ToUpper", "ToLower")
    assert shown.wait()
    panel = shown.panel
    assert panel["compared"]
    assert panel["labels"] == ["the text as it was", "the text now"]
    assert sum(panel["file_before"]) == program.sizes.file
    gone = panel["names"].index("strings.ToUpper")
    rows = [row for row, name in enumerate(panel["name"]) if name == gone]
    assert all(panel["file"][row] == 0 < panel["file_before"][row] for row in rows)
    assert shown.change.file == sum(panel["file"]) - sum(panel["file_before"])
    assert "strings.ToUpper" in shown.twin()
    before = shown.panel
    shown.source = TEXT.replace("println(", "println(nobody, ")
    assert shown.wait()
    assert "nobody" in shown.panel["failed"]
    shown.source = TEXT
    assert shown.wait()
    assert shown.panel["file"] != before["file"]
    assert not shown.panel["compared"]


def test_the_map_compares_ways_to_build(program):
    shown = show(program, view="sizes", against="-s -w")
    assert shown.wait()
    panel = shown.panel
    assert panel["labels"] == ["as it is", "-s -w"]
    assert sum(panel["file"]) < sum(panel["file_before"]) == program.sizes.file
    other = show(
        program, view="sizes", against=Program.from_text("package main\n\nfunc main() {}\n")
    )
    assert other.wait()
    assert sum(other.panel["file"]) == program.sizes.file > sum(other.panel["file_before"])
    with pytest.raises(GolifelabError, match="nothing to compare"):
        show(program, view="sizes", against="fewer bytes")


def test_a_large_program_is_folded(program):
    value = program.sizes
    payload = sizes_payload(value, labels=("", "now"))
    assert len(payload["name"]) <= MAX_ROWS
    assert set(payload["kind"]) <= set(range(len(payload["kinds"])))
    assert payload["kinds"][payload["kind"][0]] != "other"


def test_the_page_knows_ways_and_what_was_thrown(program):
    shown = ReachPage(program, function="strings.ToUpper")
    assert shown.wait()
    panel = shown.panel
    nodes = panel["nodes"]
    place = nodes["name"].index("strings.ToUpper")
    way = []
    while place >= 0:
        way.append(nodes["name"][place])
        place = nodes["parent"][place]
    assert way[-1] == "_rt0_amd64_linux"
    assert way[:2] == ["strings.ToUpper", "main.main"]
    assert panel["counts"]["functions"] == sum(nodes["function"]) == len(shown.reach.kept)
    thrown = {name for one in panel["thrown"] for name in one["names"]}
    assert "strings.ToLower" in thrown
    assert not thrown & {n for n, f in zip(nodes["name"], nodes["function"], strict=True) if f} - {
        "runtime.memequal",
        *shown.reach.kept,
    }
    assert "strings.ToUpper" in shown.twin()
    assert "calls it" in shown.twin()
    shown.source = TEXT.replace("ToUpper", "nobody")
    assert shown.wait()
    assert "nobody" in shown.panel["failed"]


def test_what_would_go_is_asked_for(program):
    shown = show(program, view="reach", function="strings.ToUpper")
    assert shown.wait()
    assert unpack(shown.effect) == {}
    shown.cut = "strings.ToUpper"
    assert shown.wait()
    effect = unpack(shown.effect)
    assert effect["of"] == "strings.ToUpper"
    assert effect["bytes"] == shown.reach.without("strings.ToUpper").bytes > 0
    shown.cut = "strings.Nobody"
    assert shown.wait()
    assert "not in the program" in unpack(shown.effect)["failed"]


def test_values_show_themselves(program):
    for value in (program.sizes, program.reach):
        shown = show(value)
        assert isinstance(shown, View)
        assert "main" in shown.twin()
    text = dict(show(program.reach)._repr_mimebundle_()[0])["text/plain"]
    assert "strings" in text
