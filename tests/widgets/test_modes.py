"""Ways to build on the real toolchain, without a browser."""

from __future__ import annotations

import shutil

import pytest

from golifelab import show
from golifelab.link.modes import ModeMatrix, Way, modes as modes_of
from golifelab.link.modes.way import PURE, STATIC
from golifelab.program import sample
from golifelab.views.modes import way_payload
from golifelab.widgets import Modes
from golifelab.widgets.stages import stage_view
from golifelab.widgets.view import unpack

WAYS = (Way(), Way(cgo=True), Way(cgo=True, tags=PURE), Way(linkmode="external"))
C = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")


@pytest.fixture
def modes(newest):
    return show(sample("netapp", target=newest), view="modes", ways=WAYS)


def shown(modes):
    assert modes.wait()
    assert modes.failure == ""
    return unpack(modes.payload), unpack(modes.measured)


@C
def test_every_way_is_built_and_the_one_in_view_is_told(modes):
    facts, made = shown(modes)
    assert isinstance(modes, Modes)
    assert [row["outcome"] for row in made["rows"]] == ["static", "dynamic", "static", "refused"]
    assert made["of"] == facts["of"] == 4
    assert facts["imports"]["net"]["line"] == 5
    assert {(one["cgo"], one["uses_c"]) for one in made["c"]} == {
        (False, "none"),
        (True, "std"),
        (True, "none"),
    }
    assert modes.build.way == Way(cgo=True)
    assert isinstance(modes.matrix, ModeMatrix)
    assert "dynamic" in modes._repr_mimebundle_()[0]["text/plain"]
    assert "What is to be made?" not in modes.twin(), "all four make a program"


@C
def test_a_way_that_nobody_measured_is_built_when_it_is_chosen(modes):
    shown(modes)
    modes.choose(Way(cgo=True, extldflags=STATIC))
    _, made = shown(modes)
    assert len(made["rows"]) == made["of"] == 5
    assert made["rows"][4]["silence"]
    assert modes.build.ignored == ("extldflags",)
    # As the browser asks for it; one that is there is not built again.
    rows = modes.matrix.rows
    modes.way = way_payload(Way())
    assert modes.wait()
    assert modes.matrix.rows == rows
    assert modes.build.outcome == "static"


def test_the_builds_follow_the_text(newest):
    modes = Modes(sample("hello", target=newest), ways=WAYS[:1])
    shown(modes)
    first = modes.matrix.rows
    modes.source = modes.source.replace("hello, lab", "hello, all of you")
    facts, made = shown(modes)
    assert facts["seq"] == made["seq"] == 1
    assert modes.matrix.rows[0].outcome == "static"
    # A broken text keeps what was there, and says what is wrong.
    modes.source = modes.source.replace("func main", "func")
    facts, _ = shown(modes)
    assert "does not compile" in facts["failed"]
    assert "does not compile" in modes.twin()
    modes.source = sample("hello").text
    facts, made = shown(modes)
    assert facts["seq"] == made["seq"] == 3
    assert modes.matrix.rows == first


def test_a_program_with_c_of_its_own_is_no_broken_one(newest):
    modes = Modes(sample("cgoapp", target=newest), ways=WAYS[:1])
    facts, made = shown(modes)
    assert "failed" not in facts
    assert "cgo translate" in facts["note"]
    assert made["rows"][0]["outcome"] == "refused"
    assert made["c"][0]["left_out"] == ["main.go"]


def test_a_matrix_alone_is_a_view_of_its_own(newest):
    matrix = modes_of(sample("hello").source, newest, WAYS[:1], name="hello")
    view = stage_view(matrix)
    assert view.view == "modes"
    assert not view.has_trait("measured")
    payload = unpack(view.payload)
    assert (payload["of"], payload["programs"]) == (1, ["hello"])


def test_without_a_c_compiler_the_rest_is_shown(newest, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    modes = Modes(sample("netapp", target=newest), ways=WAYS)
    _, made = shown(modes)
    assert [row["outcome"] for row in made["rows"]] == [
        "static",
        "unavailable",
        "static",
        "refused",
    ]
    assert "apt install gcc" in made["missing"][0]
    assert made["rows"][1]["missing"] == made["missing"][0]
    # Without graphviz, too: the tree is in words.
    assert "What is not possible here: install gcc" in modes.twin()
