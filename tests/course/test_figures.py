from __future__ import annotations

from golifelab.course.figures import Bar, Bars, Quadrants, bar, size_bars, timeline_bars
from golifelab.link.modes import Build, StaticMatrix
from golifelab.link.timeline import Phase, Timeline


def test_a_bar_is_exact_to_an_eighth():
    assert bar(1, 4) == "████"
    assert bar(0.5, 4) == "██  "
    assert bar(0.28125, 4) == "█▏  "
    assert bar(0, 4) == "    "
    assert bar(1e-9, 4) == "▏   "
    assert bar(7, 4) == "████"


def test_bars_are_a_table_with_values_and_escaped():
    rows = (Bar("<i>", 2.5, 1.0, "front"), Bar("x", 0, 0.0))
    shown = Bars("<b>", "<u>", rows, digits=1).bundle()
    for word in ("<b>", "<i>", "<u>"):
        assert word not in shown["text/html"]
    assert ">2.5<" in shown["text/html"]
    assert ">100%<" in shown["text/html"]
    assert shown["text/html"].count("<tr>") == 3
    assert Bars("t", "ms", ()).bundle()["text/plain"] == "t"


def test_sizes_come_largest_first():
    rows = size_bars([("a", 1), ("b", 3)], "t").rows
    assert [(row.name, row.share) for row in rows] == [("b", 0.75), ("a", 0.25)]


def test_timelines_keep_their_order_unless_the_largest_are_asked_for():
    phases = (Phase("a", "front end", 1, 0.25), Phase("b", "back end", 3, 0.75))
    timeline = Timeline(tool="compile", phases=phases, total_milliseconds=4, command="x")
    assert [row.name for row in timeline_bars(timeline, "t").rows] == ["a", "b"]
    largest = timeline_bars(timeline, "t", largest=1)
    assert [(row.name, row.part) for row in largest.rows] == [("b", "middle")]
    assert "4 ms" in largest.title


def test_the_field_of_four():
    rows = (
        Build("a", "go build", cgo=False, linker="internal", entry_symbol="_rt0_amd64_linux"),
        Build("b", "go build", cgo=True, linker="gcc", interpreter="/lib/ld.so"),
        Build("<c>", "go build", cgo=True, available=False, reason="no gcc"),
    )
    shown = Quadrants(StaticMatrix(rows=rows, command="x")).bundle()
    assert "Go's own linker, static: a" in shown["text/plain"]
    assert "the C compiler, dynamic: b" in shown["text/plain"]
    assert "not built here: <c> (no gcc)" in shown["text/plain"]
    assert "<c>" not in shown["text/html"]
