"""The image map's payload and twin, judged by the executable they are about."""

from __future__ import annotations

import json

import pytest

from golifelab.binary import Binary
from golifelab.link.executable import executable
from golifelab.program import sample
from golifelab.views import imagemap
from golifelab.views.imagemap import image_payload, image_payloads, outline_payload
from golifelab.views.imagemaptwin import image_dot, image_html, image_text
from golifelab.views.placementtwin import placement_html


@pytest.fixture(scope="module")
def binary() -> Binary:
    return sample("add").link()


@pytest.fixture(scope="module")
def payload(binary):
    return image_payload(binary)


def test_the_outline_comes_first(payload):
    first, second = image_payloads(sample("add"))
    assert "spans" not in first
    assert first.keys() < second.keys()
    assert json.loads(json.dumps(second)) == second
    assert second["spans"].keys() == payload["spans"].keys()


def test_parts_sections_and_segments_are_the_file_s(binary, payload):
    assert [one["name"] for one in payload["sections"]] == [
        s.name for s in binary.sections if s.name
    ]
    assert payload["parts"][-1]["end"] == payload["size"] == binary.size
    assert len(payload["segments"]) == len(binary.segments)
    for one in payload["sections"]:
        section = binary.image.section(one["name"])
        assert one["loaded"] == section.loaded
        if one["segment"] >= 0:
            load = binary.segments[one["segment"]]
            assert load.covers(section.address)
            assert load == binary.segment_at(section.address)
    zeroed = [one["name"] for one in payload["sections"] if one["loaded"] and not one["file_size"]]
    assert ".bss" in zeroed


def test_spans_are_the_coverage(binary, payload):
    texts, kinds = payload["texts"], payload["kinds"]
    for name, columns in payload["spans"].items():
        spans = binary.coverage(name)
        assert columns["size"] == [span.size for span in spans]
        assert [kinds[kind] for kind in columns["kind"]] == [span.kind for span in spans]
        assert [texts[number] for number in columns["name"]] == [span.name for span in spans]
        assert sum(columns["size"]) == binary.image.section(name).size


def test_pointers_are_the_placement_s(binary, payload):
    pointers = payload["pointers"]
    placed = binary.placement
    first = 0
    for symbol in placed:
        shown = pointers["shown"][symbol.number]
        found = placed.pointers_to(symbol)
        assert pointers["count"][symbol.number] == len(found)
        if symbol.number % 53 == 0:
            sources = pointers["source"][first : first + shown]
            assert sources == [one.symbol.number for one in found[:shown]]
        first += shown
    assert first == len(pointers["source"]) == len(pointers["kind"])


def test_functions_of_the_program_have_lines(binary, payload):
    number = binary.placement.of("main.add").number
    file, line = payload["lines"][str(number)]
    assert file == "main.go"
    assert "func add" in sample("add").text.splitlines()[line - 1]


def test_a_program_of_very_many_symbols_leaves_sections_closed(binary, monkeypatch):
    monkeypatch.setattr(imagemap, "MAX_SPANS", 1000)
    small = image_payload(binary)
    assert ".text" in small["closed"]
    assert ".text" not in small["spans"]
    assert small["pointers"] is None
    assert ".bss" in small["spans"]


def test_a_file_that_was_found(binary):
    found = image_payload(executable(binary.path))
    assert "pointers" not in found
    assert sum(found["spans"][".text"]["size"]) == binary.image.section(".text").size


def test_the_twin_says_it_without_a_widget(binary, payload):
    html = image_html(payload)
    assert ".bss" in html
    assert "data:image/svg+xml" in html or "Not drawn" in html
    assert "main.add" in html
    assert "<script" not in html
    text = image_text(payload)
    assert len(text.splitlines()) == 1 + len(payload["sections"])
    assert "not in the file" in text
    dot = image_dot(outline_payload(binary))
    assert dot.count(" -> ") == sum(s["segment"] >= 0 for s in payload["sections"]) + sum(
        s["type"] == "LOAD" for s in payload["segments"]
    )


def test_the_twin_of_nothing_and_of_a_failure():
    assert "being linked" in image_html({})
    assert "being linked" in image_text({})
    failed = {"failed": "main.go:1:1: <b>no</b>"}
    assert "&lt;b&gt;" in image_html(failed)
    assert "<b>" in image_text(failed)


def test_a_placement_s_own_twin(binary):
    html = placement_html(binary.placement)
    assert "main.add" in html
    assert f"{len(binary.placement):,}" in html
    assert "; 0 conflicts" in html
    assert "symbol table names it" in html
