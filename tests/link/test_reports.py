"""What the tools say of themselves: phase times, reachability, ways to build."""

from __future__ import annotations

import shutil

import pytest

from golifelab.errors import LinkFailed, ParseError
from golifelab.link.executable import link
from golifelab.link.linker import linker_report
from golifelab.link.modes import BUILDS, build, static_matrix
from golifelab.link.reachability import ROOT, parse_dumpdep, reachability
from golifelab.link.timeline import (
    compile_timeline,
    link_timeline,
    parse_compile_bench,
    parse_link_benchmark,
)
from golifelab.source import Source


def test_compiler_phases(hello, target):
    timeline = compile_timeline(hello, target)
    names = [phase.name for phase in timeline.phases]
    assert names.index("parse") < names.index("escapes") < names.index("compilefuncs")
    assert set(timeline.groups()) == {"front end", "back end"}
    assert sum(phase.share for phase in timeline.phases) == pytest.approx(1, abs=0.02)
    assert 0 < timeline.total_milliseconds < 1000 * timeline.seconds
    assert "lines" in timeline.phase("parse").note
    assert len(timeline.frame()) == len(timeline.phases) == len(timeline.to_json()["phases"])
    with pytest.raises(KeyError):
        timeline.phase("lunch")


@pytest.mark.parametrize("measure", ["mem", "cpu"])
def test_linker_phases(hello, target, measure):
    timeline = link_timeline(hello, target, measure)
    names = [phase.name for phase in timeline.phases]
    assert names.index("Loadlib") < names.index("Deadcode") < names.index("Pclntab")
    assert len(names) > 25
    assert sum(phase.share for phase in timeline.phases) == pytest.approx(1, abs=0.02)
    assert timeline.phase("Loadlib").bytes > 1 << 20


def test_the_last_of_several_runs_counts():
    run = (
        "commit: go1\nBenchmarkCompile:main:fe:parse  1  {} ns/op  50 %  1 lines\n"
        "BenchmarkCompile:main:fe:subtotal  1  5 ns/op  50 %\n"
        "BenchmarkCompile:main:total  1  10 ns/op  100.00 %\n"
    )
    phases, total = parse_compile_bench(run.format(5) + run.format(7))
    assert [phase.milliseconds for phase in phases] == [7e-6]
    assert total == 1e-5


@pytest.mark.parametrize("text", ["", "BenchmarkTotalTime 1 5 ns/op", "nonsense\n" * 5])
def test_reports_without_a_run_are_refused(text):
    with pytest.raises(ParseError):
        parse_link_benchmark(text)
    with pytest.raises(ParseError):
        parse_compile_bench(text)


def test_reachability(hello, target):
    found = reachability(hello, target)
    assert found.symbols > found.reachable > 10_000
    path = found.path("main.add")
    assert path[:2] == (ROOT, "_rt0_amd64_linux")
    assert path[-2:] == ("main.main", "main.add")
    assert "runtime.main" in path
    assert found.kept_by("main.add") == ("main.main",)
    assert "main.add" in found.keeps("main.main")
    assert "_rt0_amd64_linux" in found.roots
    assert found.path("main.nobody") == ()
    assert any(edge.mark == "UsedInIface" for edge in found.edges)
    assert reachability(hello, target) == found
    assert len(found.frame()) == len(found.edges)
    kept = {edge.target for edge in found.edges}
    functions = {f.name.removesuffix(".abi0") for f in link(hello, target).functions}
    # But for a handful that the linker makes itself, what is in the file was reached.
    assert len(functions - kept) < 20


def test_an_arrow_within_a_name():
    edges = parse_dumpdep('_ -> a <UsedInIface>\na <UsedInIface> -> go:string." -> "\nnoise\n')
    assert [(e.source, e.target, e.mark) for e in edges] == [
        ("_", "a", "UsedInIface"),
        ("a", 'go:string." -> "', ""),
    ]


def test_a_refusing_linker(newest):
    source = Source.from_text("package main\n\nfunc missing()\n\nfunc main() { missing() }\n")
    with pytest.raises(LinkFailed) as caught:
        linker_report(source, newest.with_(gcflags=("-complete=false",)), (), keep=False)
    assert "missing" in caught.value.output


def test_static_matrix():
    matrix = static_matrix()
    assert [row.name for row in matrix.rows] == [recipe.name for recipe in BUILDS]
    hello = matrix.row("hello")
    assert (hello.linker, hello.static, hello.needed) == ("internal", True, ())
    assert hello.entry_symbol.startswith("_rt0_")
    pie = matrix.row("hello -buildmode=pie")
    assert (pie.linker, pie.static, pie.needed) == ("internal", False, ())
    assert matrix.row("net, CGO_ENABLED=0").static
    has_compiler = any(shutil.which(name) for name in ("gcc", "clang", "cc"))
    for row in matrix.rows:
        assert row.available or row.reason
        assert row.available or row.cgo
    if not has_compiler:
        return
    external = matrix.row("hello -linkmode external")
    assert (external.linker != "internal", external.static) == (True, False)
    assert external.entry_symbol == "_start"
    net = matrix.row("net, CGO_ENABLED=1")
    # No C linker ran, and yet the program is dynamic.
    assert (net.linker, net.static, net.entry_symbol) == ("internal", False, hello.entry_symbol)
    assert net.needed
    assert len(matrix.frame()) == len(matrix.to_json()["builds"]) == 8


def test_without_a_c_compiler(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    row = build("own cgo")
    assert not row.available
    assert "gcc" in row.reason
    assert build("hello").available
