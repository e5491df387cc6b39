"""Pages that live without a kernel: what is in the file, and what is refused."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil

import pytest

from golifelab import Program, export, sample, show
from golifelab.cli import main
from golifelab.errors import FeatureUnavailable, GolifelabError

HOSTILE = 'package main\n\n// </script><script>alert(1)</script>\nfunc main() { println("<b>&") }\n'


def data(text: str) -> dict:
    found = re.search(r'<script id="golifelab" type="application/json">(.*?)</script>', text)
    assert found is not None
    return json.loads(found[1])


def payload(traits: dict) -> dict:
    return json.loads(gzip.decompress(base64.b64decode(traits["payload"]["$bytes"])))


def test_a_page_holds_modules_and_what_the_view_shows(tmp_path):
    path = export(sample("add"), tmp_path / "add.html", view="tokens")
    text = path.read_text(encoding="utf-8")
    held = data(text)
    (traits,) = held["views"]
    assert traits["view"] == "ribbon"
    assert traits["readonly"] is True
    assert payload(traits)["seq"] == 0
    assert "runtime" not in traits
    modules = json.loads(gzip.decompress(base64.b64decode(held["bundle"])))["modules"]
    assert modules[-1]["name"] == "main.js"
    assert "<noscript><" in text
    assert not re.search(r'(?:src|href)="https?:', text)


def test_hostile_source_stays_text(tmp_path):
    views = [show(Program.from_text(HOSTILE), view=view) for view in ("tokens", "editor")]
    text = export(views, tmp_path / "<b>.html").read_text(encoding="utf-8")
    assert text.count("</script>") == 2
    assert "<b>" not in text
    assert [one["source"] for one in data(text)["views"]] == [HOSTILE, HOSTILE]


def test_a_graph_is_drawn_or_given_as_graphviz_reads_it(tmp_path):
    graph = sample("add").ssa("add").cfg("opt")
    source = export(graph, tmp_path / "add.dot").read_text(encoding="utf-8")
    assert source.startswith("digraph cfg")
    assert all(f"{block.name} [" in source for block in graph)
    if shutil.which("dot"):
        drawn = export(graph, tmp_path / "add.svg").read_text(encoding="utf-8")
        assert drawn.count("<g id=") > len(graph)
    else:
        with pytest.raises(FeatureUnavailable, match="graphviz"):
            export(graph, tmp_path / "add.svg")


def test_what_has_no_widget_is_its_static_twin(tmp_path):
    program = sample("add")
    graph = program.ssa("add").cfg()
    text = export([program.placement, graph], tmp_path / "both.html").read_text(encoding="utf-8")
    assert data(text)["views"] == []
    assert "main.add" in text
    assert graph.function in text
    assert "<table" in text


def test_what_has_no_page_or_drawing_is_refused_in_words(tmp_path):
    program = sample("add")
    with pytest.raises(GolifelabError, match="a Position has no picture of its own"):
        export(program.locate("8:12"), tmp_path / "position.html")
    with pytest.raises(GolifelabError, match="has no drawing"):
        export(program, tmp_path / "program.svg")
    with pytest.raises(GolifelabError, match=r"nothing is exported as \.pdf"):
        export(program, tmp_path / "program.pdf")
    assert not list(tmp_path.iterdir())


def test_a_terminal_exports_too(tmp_path, capsys):
    source = tmp_path / "main.go"
    source.write_text("package main\n\nfunc main() { println(1) }\n")
    page = tmp_path / "page.html"
    assert main(["export", str(source), str(page), "--view", "editor"]) == 0
    assert capsys.readouterr().out.strip() == str(page)
    assert data(page.read_text(encoding="utf-8"))["views"][0]["view"] == "editor"
    assert main(["export", str(source), str(page), "--view", "nothing"]) == 1
