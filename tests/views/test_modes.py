"""Ways to build, as payload, words, picture and static twin."""

from __future__ import annotations

import json
import shutil

import pytest

from golifelab.errors import FeatureUnavailable
from golifelab.link.cgo import c_packages
from golifelab.link.modes import WAYS, Build, ModeMatrix, Way
from golifelab.link.modes.tree import QUESTIONS, Leaf, answer_of, decision_tree, leaves
from golifelab.link.modes.way import PURE, SETTINGS, STATIC
from golifelab.load.syscalls.opened import Opened
from golifelab.program import Program, sample
from golifelab.run.resolver import Resolution, ResolverTable
from golifelab.target import Target
from golifelab.views import modestwin, modeswords as words
from golifelab.views.modes import builds_payload, import_places, matrix_payload, way_of, way_payload
from golifelab.views.modestree import tree_dot
from golifelab.views.resolver import resolver_payload
from golifelab.views.stage import stage_html
from golifelab.views.text import text

LOADER = "/lib64/ld-linux.so.2"


def row(way, **facts):
    told = {"program": "<p>", "kind": "executable", "linker": "internal", "size": 1000} | facts
    return Build(way.name, way.command, way.cgo, way=way, **told)


ROWS = (
    row(Way(), entry_symbol="_rt0"),
    row(Way(cgo=True), interpreter=LOADER, needed=("libc.so.6", "<lib>"), c=("net",)),
    row(Way(cgo=True, extldflags=STATIC), interpreter=LOADER, needed=("libc.so.6",), c=("net",)),
    row(Way(cgo=True, linkmode="external"), linker="gcc", warnings=("<careful>",)),
    row(Way(buildmode="pie"), kind="position-independent executable", interpreter=LOADER),
    row(Way(buildmode="c-archive"), kind="archive", linker=""),
    row(Way(cgo=True, buildmode="c-shared"), kind="shared library", linker="gcc"),
    row(Way(linkmode="external"), available=False, reason="cgo is not enabled"),
    row(Way(cgo=True, buildmode="pie"), available=False, reason="no gcc", missing="install gcc"),
    row(
        Way(cgo=True, buildmode="pie", linkmode="external"),
        kind="position-independent executable",
        linker="gcc",
    ),
    row(Way(strip=True), available=False, reason="excluded", left_out=("main.go",)),
    row(Way(cgo=True, buildmode="pie", extldflags=STATIC), linker="gcc"),
)
MATRIX = ModeMatrix(rows=ROWS, command="go build")


def test_every_build_has_a_story_of_its_own():
    stories = [words.story(one) for one in ROWS]
    assert len(set(stories)) == len(stories) - 1, "but two that only differ in what was asked for"
    assert (
        stories[0]
        == "Go's linker made it. The kernel starts it directly, and no library is loaded."
    )
    assert "ld-linux.so.2, which loads libc.so.6 and <lib> first" in stories[1]
    assert "needs no library, and yet the kernel starts ld-linux.so.2 first" in stories[4]
    assert stories[7] == "Go refuses: cgo is not enabled."
    assert stories[8] == "Not possible on this machine: no gcc."
    assert 'imports "C" is left out as a whole' in stories[10]
    # Only those whose flag was not heard.
    assert [number for number, one in enumerate(ROWS) if words.silence(one)] == [2, 11]
    assert words.silence(ROWS[11]).startswith("-buildmode=pie had no effect")


def test_every_question_and_setting_has_words():
    assert set(words.QUESTIONS) == set(QUESTIONS)
    assert set(words.SETTINGS) == set(SETTINGS)
    for way in WAYS:
        for question in QUESTIONS:
            told = words.answer_words(question, (answer_of(row(way), question),))
            assert told, (question, way)
    assert words.answer_words("linkmode", ("", "internal")) == "Go decides, or Go's linker"


def test_the_payload_leads_from_the_tree_to_the_builds():
    payload = matrix_payload(MATRIX)
    assert json.loads(json.dumps(payload)) == payload
    assert payload["programs"] == ["<p>"]
    assert payload["missing"] == ["install gcc"]

    def ends(tree):
        if "says" in tree:
            return [tree]
        return [end for branch in tree["branches"] for end in ends(branch["to"])]

    numbers = [number for end in ends(payload["tree"]) for number in end["rows"]]
    # All but the one that this machine cannot build.
    assert sorted(numbers) == [number for number in range(len(ROWS)) if number != 8]
    for end in ends(payload["tree"]):
        assert {payload["rows"][number]["outcome"] for number in end["rows"]} == {end["outcome"]}
    assert builds_payload((), of=24)["tree"] == {
        "says": "nothing was measured",
        "outcome": "",
        "rows": [],
    }


def test_a_way_goes_to_the_page_and_comes_back():
    for way in WAYS:
        assert way_of(json.loads(json.dumps(way_payload(way)))) == way
    # What does not exist cannot be asked for.
    odd = {"cgo": "yes", "buildmode": "; rm", "tags": ["netgo"], "extldflags": 5, "more": 1}
    assert way_of(odd) == Way()
    assert way_of({"cgo": 1, "strip": True, "tags": list(PURE)}) == Way(strip=True, tags=PURE)


def test_imports_are_found_in_the_source():
    places = import_places(sample("netapp"))
    assert set(places) == {"fmt", "net"}
    place = places["net"]
    raw = sample("netapp").text.encode()
    assert raw[place["start"] : place["end"]] == b'"net"'
    assert (place["line"], place["column"]) == (5, 2)
    assert import_places(Program.from_text("package main\n")) == {}


def test_the_twin_escapes_and_says_it_all():
    html = stage_html(MATRIX)
    assert "<p>:" not in html
    assert "&lt;careful&gt;" in html
    assert "<lib>" not in html
    assert "had no effect, and nobody said so" in html
    assert "What is not possible here: install gcc." in html
    assert html.count("<tr>") == len(ROWS) + 1
    plain = text(MATRIX)
    assert "What is to be made?" in plain
    assert plain.count("go build") == len(ROWS)


@pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")
def test_the_tree_is_drawn():
    dot = tree_dot(MATRIX.tree)
    for leaf in leaves(MATRIX.tree):
        assert f"({len(leaf.rows)} build" in dot
    assert 'src="data:image/svg+xml' in modestwin.mode_matrix_html(MATRIX)


def test_without_graphviz_the_tree_is_words(monkeypatch):
    def missing(_):
        raise FeatureUnavailable("drawing with graphviz", "dot is not installed")

    monkeypatch.setattr(modestwin, "svg", missing)
    html = modestwin.mode_matrix_html(MATRIX)
    assert "<img" not in html
    assert "Who is to link?" in html


def test_a_leaf_of_builds_that_nothing_tells_apart():
    same = [row(Way()), row(Way(), interpreter=LOADER)]
    assert words.leaf_words(decision_tree(same)) == (
        "static, by Go's linker or dynamic, by Go's linker"
    )
    assert words.leaf_words(Leaf((), ())) == "nothing was measured"


def test_whose_c_comes_in(newest):
    html = stage_html(c_packages(sample("netapp").source, newest.with_(cgo=True)))
    assert "main → net → runtime/cgo" in html
    assert "cgo_unix_cgo.go" in html
    assert "left out" in stage_html(c_packages(sample("cgoapp").source, newest))
    assert "None of" in stage_html(c_packages(sample("hello").source, Target(cgo=True)))


def test_who_answers():
    seen = (Opened("open", "/etc/<hosts>"), Opened("connect", "/run/nscd", "ENOENT"))
    said = ("hostLookupOrder(localhost) = cgo",)
    rows = (
        Resolution(build="a", netdns="cgo", words=said, opened=seen, answer="[::1]", command="a"),
        Resolution(build="b", netdns="", words=("ignoring <it>",), untraced="no", command="b"),
        Resolution(build="c", netdns="", unavailable="no gcc", command="c"),
    )
    html = stage_html(ResolverTable(rows=rows, command="x"))
    assert "the C library" in html
    assert "/etc/&lt;hosts&gt;, /run/nscd" in html
    assert "ignoring &lt;it&gt;" in html
    assert "no gcc" in html
    payload = resolver_payload(ResolverTable(rows=rows, command="x"))
    assert [one["path"] for one in payload["files"]] == ["/etc/<hosts>", "/run/nscd"]
    assert payload["rows"][0]["opened"] == {"/etc/<hosts>": "read", "/run/nscd": "ENOENT"}
    assert [one["who"] for one in payload["rows"]] == ["the C library", "not known", "not known"]
    assert [one["value"] for one in payload["settings"][1]["options"]] == ["cgo", ""]
    assert "/run/nscd" in stage_html(rows[0])
    assert "no" in stage_html(rows[1])
