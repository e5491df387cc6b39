"""The changed compiler to play with, without a browser."""

from __future__ import annotations

import time

import pytest

from golifelab import Program
from golifelab.compile.changed import compiler
from golifelab.compile.changed.laundering import laundering
from golifelab.run.culprits import culprits
from golifelab.widgets.changed import Rebuild
from golifelab.widgets.export import export


@pytest.fixture
def program() -> Program:
    return Program(culprits()["a laundered string"])


def test_the_button_builds_and_asks_the_compiler(program):
    compiler.wait(laundering())
    view = Rebuild(program)
    view.build()
    until(view, building=False)
    assert "LAB0001: laundering string through any into int" in view._verdict.value
    assert "packages had to be compiled" in view._verdict.value
    assert view._status.value == '<span role="status"></span>'


def test_the_diff_follows_the_words(program):
    view = Rebuild(program, "one")
    assert "LAB0001: one" in view._diff.value
    view.text = "<b>two</b> {to}"
    assert "LAB0001: &lt;b&gt;two&lt;/b&gt; %s" in view._diff.value
    view.text = "x" * 1001
    assert "1,000 characters" in view._diff.value
    view.build()
    assert "1,000 characters" in view._status.value
    assert not view._build.disabled


def test_a_build_can_be_stopped_and_begun_again(program):
    words = f"stop {time.time_ns()}"
    view = Rebuild(program, words)
    view.build()
    assert view._build.disabled
    view.build()  # the second press does nothing
    view.stop()
    until(view, building=False)
    assert "stopped" in view._status.value
    assert compiler.status(laundering(words)).state == "absent"
    assert view._verdict.value == ""


def test_a_page_of_it_is_its_twin(program, tmp_path):
    page = export(Rebuild(program, "my <own> words"), tmp_path / "rebuild.html").read_text()
    assert "LAB0001: my &lt;own&gt; words" in page


def test_the_twin_shows_what_there_is_and_builds_nothing(program):
    words = f"twin {time.time_ns()}"
    bundle = Rebuild(program, words)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "not built yet" in bundle["text/html"]
    assert words in bundle["text/html"]
    assert compiler.status(laundering(words)).state == "absent"
    compiler.wait(laundering())
    assert "refuses this program" in Rebuild(program)._repr_mimebundle_()["text/html"]


def until(view: Rebuild, *, building: bool) -> None:
    deadline = time.monotonic() + 120
    while view._build.disabled is not building:
        assert time.monotonic() < deadline
        time.sleep(0.02)
