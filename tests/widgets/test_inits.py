"""The init page and the import graph on the real toolchain, without a browser."""

from __future__ import annotations

import pytest

from golifelab import Program, Target, sample, show
from golifelab.run.inits.packages import package_order
from golifelab.views import inits as module
from golifelab.views.inits import init_payload, variables_payload
from golifelab.views.initstwin import page_text
from golifelab.views.stage import stage_html
from golifelab.widgets import InitGraph, InitPage
from golifelab.widgets.view import unpack


def made(page):
    assert page.wait()
    assert page.failure == ""
    return unpack(page.payload)


def test_what_is_shown_is_the_stage(target):
    program = sample("inits").for_target(go=target.go)
    page = show(program, view="inits")
    assert isinstance(page, InitPage)
    payload = made(page)
    assert page.order == program.init_order
    packages, variables = payload["packages"], payload["variables"]
    names = [row["name"] for row in packages["rows"]]
    assert tuple(names) == page.order.order
    for number, row in enumerate(packages["rows"]):
        assert {names[other] for other in row["needs"]} == set(
            page.order.records[names[number]].imports
        )
        assert all(other < number for other in row["needs"])
        assert bool(row["trace"]) == bool(row["functions"])
    assert packages["agrees"]
    early = [row["name"] for row in packages["rows"] if row["early"]]
    assert early == names[: len(early)]
    assert early[-1] == "runtime"
    order = [row["name"] for row in variables["rows"]]
    assert order == ["price", "limit", "names", "boxes", "count", "total", "init.0", "init.1"]
    assert [(row["how"], row["line"]) for row in variables["rows"][-2:]] == [
        ("function", 28),
        ("function", 30),
    ]
    count = variables["rows"][order.index("count")]
    assert (count["needs"], count["through"]) == ([order.index("boxes")], {"3": ["stock"]})


def test_an_edit_is_followed_and_wrong_go_is_told(newest):
    page = InitPage(sample("inits").for_target(go=newest.go))
    made(page)
    page.source = page.source.replace("boxes * 2", "2")
    rows = made(page)["variables"]["rows"]
    assert [row["name"] for row in rows[:3]] == ["price", "count", "total"]
    page.source = page.source.replace('show("price", 3)', "total")
    assert "initialization cycle" in made(page)["failed"]
    assert "initialization cycle" in page.twin()
    page.source = "package lib\n\nvar X = f()\n\nfunc f() int { return 1 }\n"
    told = made(page)
    assert "not package main" in told["untold"]
    assert [row["name"] for row in told["variables"]["rows"]] == ["X"]
    page.source = 'package main\n\nimport "net/url"\n\nvar _ = url.PathEscape\n\nfunc main() {}\n'
    assert "net/url" in [row["name"] for row in made(page)["packages"]["rows"]]


def test_what_can_not_run_here_is_predicted_and_linked(newest):
    program = sample("inits").for_target(goarch="arm64")
    payload = made(InitPage(program))["packages"]
    if payload["traced"] is None:
        assert "arm64" in payload["untraced"]
        assert "It was not run" in page_text({"packages": payload})
    assert payload["agrees"]
    assert payload["linked"] == [row["name"] for row in payload["rows"] if row["functions"]]


def test_a_graph_is_built_and_run_whenever_it_changes(target):
    graph = InitGraph({"main": ("b", "a"), "b": (), "a": ()}, target=target)
    assert graph.wait()
    assert graph.order.printed == ("a", "b", "main")
    graph.imports = {"main": ["a", "b"], "a": ["b"], "b": []}
    assert graph.wait()
    shown = unpack(graph.payload)
    assert shown["printed"] == ["b", "a", "main"] == shown["predicted"] == shown["linked"]
    assert shown["imports"] == {"main": ["a", "b"], "a": ["b"], "b": []}
    graph.imports = {"main": ["fmt"]}
    assert graph.wait()
    assert "package of Go itself" in unpack(graph.payload)["failed"]
    assert graph.order is None
    assert "package of Go itself" in graph.twin()


def test_without_a_graph_there_is_one(newest):
    graph = InitGraph(target=newest)
    assert graph.wait()
    assert graph.order.printed == ("trace", "m", "z", "a", "main")
    assert graph.order.agrees
    assert "predicted order and real order: the same" in graph.twin()
    assert "printed: trace → m" in graph._plain()


def test_alone_and_as_tables(newest):
    program = sample("inits").for_target(go=newest.go)
    for value, view, words in (
        (program.init_order, "inits", "The real order is as predicted"),
        (program.variable_order, "inits", "boxes (through stock)"),
        (
            package_order({"main": ("b", "a")}, newest),
            "initgraph",
            "predicted order and real order",
        ),
        (program.inits, "", "as the runtime tells it"),
    ):
        shown = show(value)
        assert getattr(shown, "view", "") == view
        assert words in str(stage_html(value)), words
        assert value.to_json()["stage"] == type(value).__name__.lower()
        assert len(value.frame()) > 0
    wrong = Program.from_text("package main\n\nvar a = a\n").variable_order
    assert getattr(show(wrong), "view", "") == ""
    assert "initialization cycle" in str(stage_html(wrong))


def test_what_is_too_much_is_counted(newest, monkeypatch):
    program = sample("inits").for_target(go=newest.go)
    monkeypatch.setattr(module, "MAX_ROWS", 3)
    packages, variables = (
        init_payload(program.init_order),
        variables_payload(program.variable_order),
    )
    assert packages["hidden"] == len(program.init_order.packages) - 3
    assert all(other < 3 for row in packages["rows"] for other in row["needs"])
    assert (variables["hidden"], len(variables["rows"])) == (3, 3 + 2)
    assert f"{packages['hidden']} more" in str(module and stage_html(program.init_order))


@pytest.mark.slow
def test_a_large_program(target):
    text = 'package main\n\nimport _ "net/http"\n\nfunc main() {}\n'
    program = Program.from_text(text, target=Target(go=target.go))
    order = program.init_order
    assert order.agrees
    assert len(order.predicted) > 50
    assert len(made(InitPage(program))["packages"]["rows"]) == len(order.order)
