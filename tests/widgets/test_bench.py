"""An editor with one panel: the panel's payloads follow the text, and nothing else."""

from __future__ import annotations

import pytest

from golifelab import Program, Target, sample, show
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.source import Source
from golifelab.views.html import tag
from golifelab.widgets import Bench
from golifelab.widgets.view import unpack


class Counted(Bench):
    """Shows how many tokens there are; first only that it is counting."""

    def __init__(self, program, **options):
        self.asked = 0
        super().__init__(
            "counted",
            program,
            panel=self._count,
            html=lambda shown: tag("p", shown.get("count", "nothing yet")),
            text=lambda shown: str(shown.get("count", "")),
            **options,
        )

    def _count(self, program):
        self.asked += 1
        if "nonsense" in program.text:
            raise FeatureUnavailable("counting", "there is nonsense", remedy="write sense")
        yield {"state": "counting"}
        yield {"state": "done", "count": len(program.tokens)}


def test_the_panel_follows_the_text():
    bench = Counted(sample("add"))
    assert bench.wait()
    first = unpack(bench.payload)
    assert first == {
        "seq": 0,
        "file": "main.go",
        "note": "",
        "state": "done",
        "count": len(sample("add").tokens),
    }
    bench.source = bench.source + "\nvar more = 1\n"
    assert bench.wait()
    second = unpack(bench.payload)
    assert (second["seq"], second["count"]) == (1, first["count"] + 5)
    assert unpack(bench.marks)["seq"] == 1
    assert bench.panel["count"] == second["count"]


def test_a_selection_asks_for_nothing_new():
    bench = Counted(sample("add"))
    assert bench.wait()
    bench.select("main.go:10:11")
    assert bench.wait()
    assert bench.asked == 1
    assert bench.selection["line"] == 10


def test_the_twin_has_the_source_and_the_panel():
    bench = Counted(sample("add").edit("a + b", "a + 1<2"))
    html = bench._repr_mimebundle_()[0]["text/html"]
    assert "a + 1&lt;2" in html
    assert f"<p>{bench.panel['count']}</p>" in html


def test_what_is_wrong_with_the_panel_is_said_and_forgotten():
    bench = Counted(sample("add"))
    bench.source = "package main // nonsense\n"
    assert bench.wait()
    assert "there is nonsense" in bench.failure
    bench.source = "package main\n"
    assert bench.wait()
    assert bench.failure == ""


def test_a_panel_without_the_helper_says_so(monkeypatch):
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    bench = Counted(sample("add").edit("40", "39"))
    assert bench.wait()
    assert "without the observed compiler" in unpack(bench.payload)["note"]


@pytest.mark.parametrize("view", ["patch", "stackmaps", "rules", "ablation"])
def test_a_page_says_which_function_stands_in_for_one_that_there_is_not(view):
    page = show(sample("add"), view=view, function="main.subtract")
    page.wait(60)
    said = unpack(page.payload)["note"]
    assert said.startswith("There is no function main.subtract with code of its own: this is ")
    page.function = "main.main"
    page.wait(60)
    assert "note" not in page.panel
    page.close()


def test_another_file_of_the_program_is_taken_into_the_editor():
    files = {
        "a.go": "package main\n\nfunc twice(x int) int { return x * 2 }\n",
        "b.go": "package main\n\nfunc main() {\n\tprintln(twice(2) + 1)\n}\n",
    }
    program = Program(Source(tuple(files.items())), Target())
    assert Counted(program).file == "b.go", "the first operator is there"
    assert Counted(program, at="a.go:3:6").source == files["a.go"]
    bench = Counted(program, file="a.go")
    assert bench.wait()
    bench.source = bench.source.replace("2", "two")
    bench.file = "b.go"
    assert bench.wait()
    assert (bench.source, bench.seq) == (files["b.go"], 2)
    marks, payload = unpack(bench.marks), unpack(bench.payload)
    assert (payload["file"], payload["seq"], marks["seq"], marks["squiggles"]) == ("b.go", 2, 2, [])
    assert bench.value.source.names == ("a.go", "b.go")
    assert "x * two" in bench.value.source.text("a.go"), "no edit is lost"
    bench.source = bench.source.replace("twice(2)", "missing")
    bench.file = "a.go"
    assert bench.wait()
    (wrong,) = unpack(bench.marks)["squiggles"]
    assert "undefined: two" in wrong["message"]
    assert "missing" in bench.value.source.text("b.go")
    with pytest.raises(GolifelabError, match=r"no file c\.go"):
        bench.file = "c.go"


def test_the_browser_changes_file_and_text_in_one_piece():
    texts = (("a.go", "package main\n"), ("b.go", "package main\n"))
    bench = Counted(Program(Source(texts), Target()))
    bench.set_state({"source": "package main // typed\n", "seq": 1})
    edited = {"a.go": "package main // typed on\n"}
    bench.set_state({"others": edited, "file": "b.go", "source": texts[1][1], "seq": 3})
    assert bench.wait()
    assert bench.value.source.files == (("a.go", edited["a.go"]), texts[1])
    assert (bench.seq, unpack(bench.payload)["file"]) == (3, "b.go")
