"""The five-byte page's payload against the program; its twin."""

from __future__ import annotations

import pytest

from golifelab import Program
from golifelab.source import Source
from golifelab.views.patch import patch_payloads, relocations_payload
from golifelab.views.patchtwin import patch_html, patch_text, relocations_html, relocations_text
from golifelab.views.stage import stage_html


@pytest.fixture(scope="module")
def program(hello):
    return Program(hello)


@pytest.fixture(scope="module")
def payload(program):
    *_, last = patch_payloads(program)
    return last


def test_both_processors_have_the_same_calls(payload):
    assert payload["function"] == "main.main"
    assert payload["native"] == "amd64"
    assert [side["architecture"] for side in payload["sides"]] == ["amd64", "arm64"]
    called = [[h["symbol"] for h in side["holes"] if h["call"]] for side in payload["sides"]]
    assert called[0] == called[1]
    assert {"main.add", "fmt.Fprintln"} <= set(called[0])


def test_five_bytes_before_and_after(payload, program):
    side = payload["sides"][0]
    file, binary = program.object, program.link()
    assert side["base"] == binary.function("main.main").address
    for hole in (one for one in side["holes"] if one["call"]):
        before, after = bytes.fromhex(hole["before"]), bytes.fromhex(hole["after"])
        assert (len(before), hole["start"], before[0], before[1:]) == (5, 1, 0xE8, bytes(4))
        assert file.content[hole["file_offset"] :][:5] == before
        assert binary.image.data[hole["image_offset"] :][:5] == after
        assert binary.bytes_at(hole["address"], 5) == after
        assert after[1:].hex() == hole["computed"]
        terms = {name: value for name, value, _ in hole["terms"]}
        assert hole["result"] == terms["S"] + terms["A"] - (terms["P"] + terms["n"])
    add = next(one for one in side["holes"] if one["symbol"] == "main.add")
    assert (add["text"], add["file"], add["line"]) == ("CALL main.add(SB)", "main.go", 20)


def test_every_hole_has_words(payload):
    for side in payload["sides"]:
        assert all(hole["words"] and hole["formula"] for hole in side["holes"])


def test_the_field_of_bl(payload):
    for hole in (one for one in payload["sides"][1]["holes"] if one["call"]):
        ((word, name, high, low, value),) = hole["fields"]
        assert (word, name, high, low) == (0, "imm26", 25, 0)
        instruction = int.from_bytes(bytes.fromhex(hole["after"]), "little")
        assert instruction & 0x3FFFFFF == value
        assert instruction >> 26 == 0b100101


def test_holes_of_inlined_code_have_the_place_of_the_call(payload):
    holes = {hole["symbol"]: hole for hole in payload["sides"][0]["holes"]}
    assert (holes["os.Stdout"]["file"], holes["os.Stdout"]["line"]) == ("main.go", 20)


def test_another_function_and_one_without_holes(program):
    *_, last = patch_payloads(program, "add")
    assert last["function"] == "main.add"
    assert [side["holes"] for side in last["sides"]] == [[], []]
    assert "main.add on arm64" in patch_html(last)


@pytest.mark.parametrize(
    ("package", "body", "words"),
    [
        ("main", "func main() { x }", "undefined: x"),
        ("shapes", "func Area() { println() }", "only package main is linked"),
        ("main", "var X int", "no function with code"),
    ],
)
def test_what_cannot_be_linked_says_so(package, body, words):
    source = Source((("one.go", f"package {package}\n\n{body}\n"),), package)
    *_, last = patch_payloads(Program(source))
    told = patch_html(last)
    assert words in told
    assert words in patch_text(last)


def test_twins(payload, program):
    found = program.relocations()
    assert "CALL main.add(SB)" in patch_html(payload)
    assert "main.add" in patch_text(payload)
    assert "S + A − (P + n)" in patch_text(payload)
    html = relocations_html(found)
    assert str(html) in str(stage_html(found))
    assert "holes in the code of package main" in html
    lines = relocations_text(found).splitlines()
    assert len(lines) == sum(row.size > 0 for row in found) + 1
    assert any("main.main+" in line and "S + A − (P + n)" in line for line in lines)
    assert relocations_payload(found)["sides"][0]["function"] == "main.main"
    assert "at work" in patch_html({})
    assert "at work" in patch_text({})
