"""The ablation board on the real toolchain, without a browser."""

from __future__ import annotations

import threading

import pytest

from golifelab import Program, show
from golifelab.compile.ssa.ablation import MEASURES, pass_table
from golifelab.errors import FeatureUnavailable
from golifelab.views.ablationboard import COLUMNS
from golifelab.views.functions import declared_at
from golifelab.widgets import AblationBoard
from golifelab.widgets.view import unpack

TEXT = """package main

func sum(values []int) int {
	total := 0
	for i := range values {
		total += values[i]
	}
	return total
}

func pick(values []int, i int) int { return values[i] }

func main() { println(sum([]int{1, 2, 3}), pick([]int{1}, 0)) }
"""


@pytest.fixture
def program(newest):
    return Program.from_text(TEXT, target=newest)


@pytest.fixture(params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    return request.param


def made(board):
    assert board.wait()
    assert board.failure == ""
    return unpack(board.payload), unpack(board.sweep)


def test_every_pass_has_its_measure(target, tier):
    program = Program.from_text(TEXT, target=target)
    board = AblationBoard(program, "sum")
    payload, sweep = made(board)
    table = pass_table(program.target)
    assert set(COLUMNS) == set(MEASURES) == {column["id"] for column in payload["columns"]}
    assert [entry["name"] for entry in payload["passes"]] == [entry.name for entry in table]
    required = {entry.name: entry.refusal for entry in table if entry.required}
    for entry in payload["passes"]:
        assert entry["refusal"] == required.get(entry["name"], "")
        assert (entry["name"] in sweep["cells"]) != entry["required"]
    assert sweep["done"] == sweep["of"] == len(table)
    whole = program.ablation("sum")
    assert board.ablation == whole
    at = COLUMNS.index("checks")
    assert sweep["cells"]["prove"]["measure"][at] == sweep["baseline"][at] + 1
    assert payload["function"] == "main.sum"
    assert {one["name"] for one in payload["functions"]} >= {"sum", "pick", "main"}


def test_what_passes_are_for_is_said_in_the_compilers_words(program):
    payload, _ = made(AblationBoard(program, "pick"))
    says = {entry["name"]: entry["says"] for entry in payload["passes"]}
    assert says["prove"].startswith("prove removes redundant")
    assert all("\n" not in words and not words.startswith("-d=") for words in says.values())


def test_passes_are_switched_together(program):
    board = AblationBoard(program, "sum", switched=["prove"])
    payload, sweep = made(board)
    assert payload["chosen"]["measure"] == sweep["cells"]["prove"]["measure"]
    assert board.chosen.checks == 1
    board.switched = ["prove", "loop rotate"]
    payload, _ = made(board)
    assert payload["switched"] == ["prove", "loop rotate"]
    both = payload["chosen"]["measure"]
    assert both == [getattr(board.chosen, name) for name in COLUMNS]
    assert both != sweep["cells"]["prove"]["measure"]
    board.switched = []
    assert made(board)[0]["chosen"] is None


def test_a_set_that_cannot_be_is_said(program):
    board = AblationBoard(program, "pick", switched=["regalloc"])
    payload, _ = made(board)
    assert payload["chosen"]["measure"] is None
    assert "regalloc" in payload["chosen"]["error"]
    board.switched = ["breakfast"]
    assert "breakfast" in made(board)[0]["chosen"]["error"]


def test_it_follows_the_editor_and_the_function(program):
    board = AblationBoard(program)
    payload, first = made(board)
    assert payload["function"] == "main.sum", "the first operator is in it"
    board.source = TEXT.replace("+= values[i]", "+= values[i] * values[len(values)-1]")
    payload, second = made(board)
    assert (payload["seq"], second["seq"]) == (1, 1)
    assert second["baseline"] != first["baseline"]
    board.function = "main.pick"
    payload, third = made(board)
    assert payload["function"] == third["function"] == "main.pick"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("pick", 11),
        ("main.sum", 3),
        ("(*T).Inc", 2),
        ("T.Get", 3),
        ("Max[int]", 4),
        ("no", 0),
        ("p.sum", 0),
    ],
)
def test_a_function_is_found_without_compiling(program, name, line):
    methods = "package p\nfunc (t *T) Inc(sum int) {}\nfunc (T) Get() {}\nfunc Max[P any](p P) {}"
    source = program if name in ("pick", "main.sum") else program.with_text(methods)
    found = declared_at(source, name)
    assert (found.line if found else 0) == line


def test_a_text_that_does_not_compile_says_so(program):
    board = AblationBoard(program, "pick")
    made(board)
    board.source = TEXT.replace("return total", "return totally")
    assert "totally" in made(board)[0]["failed"]
    html = board._repr_mimebundle_()[0]["text/html"]
    assert "totally" in html


def test_shares_and_times_on_demand(program):
    board = AblationBoard(program, "sum")
    board.source = TEXT + "\n// asked about at once\n"
    board.switched = ["prove", "generic cse"]
    board.request = {"do": "divide", "what": "instructions", "number": 1}
    made(board)
    shares = unpack(board.sharing)
    assert shares["state"] == "done"
    wanted = program.attribution("sum", ["prove", "generic cse"], what="instructions")
    assert board.shares.shares == wanted.shares
    assert {one["pass"]: one["exact"] for one in shares["shares"]} == {
        name: str(share) for name, share in wanted.ranked()
    }
    board.time("sum(v)", "v := make([]int, 9)")
    made(board)
    times = unpack(board.timing)
    if times["state"] == "failed":
        pytest.skip(times["said"])
    names = [one["name"] for one in times["variants"]]
    assert names == ["", "generic cse", "prove", "generic cse + prove"]
    board.source = TEXT
    made(board)
    assert unpack(board.timing)["seq"] < board.seq, "it is of an earlier text"
    assert board.times.expression == board.expression == "sum(v)"
    html = board._repr_mimebundle_()[0]["text/html"]
    for words in ("its share", "without generic cse + prove", "Together"):
        assert words in html


def test_without_a_switch_those_that_matter_most_take_part(program):
    board = AblationBoard(program, "sum")
    board.divide("bytes")
    made(board)
    passes = {one["pass"] for one in unpack(board.sharing)["shares"]}
    weights = {
        cell.name: abs(board.ablation.change(cell.name))
        for cell in board.ablation
        if cell.measure is not None
    }
    assert "prove" in passes
    assert all(weights[name] for name in passes)
    assert len(passes) <= 3


def test_what_goes_wrong_on_demand_is_said(program):
    board = AblationBoard(program, "pick")
    board.time("nonsense(1)")
    made(board)
    answer = unpack(board.timing)
    assert answer["state"] == "failed"
    assert answer["said"]


def test_long_work_is_given_up(program, monkeypatch):
    started, failing = threading.Event(), threading.Event()

    def slow(*_, progress, **__):
        progress(1, 2)
        started.set()
        failing.wait(20)
        raise FeatureUnavailable("timing", "it was given up")

    monkeypatch.setattr("golifelab.widgets.ablation.run_times", slow)
    board = AblationBoard(program, "pick")
    board.time("pick(nil, 0)")
    assert started.wait(20)
    assert unpack(board.timing) | {"seq": 0} == {
        "seq": 0,
        "function": "main.pick",
        "state": "running",
        "done": 1,
        "of": 2,
    }
    board.request = {"do": "stop", "number": 2}
    assert unpack(board.timing)["state"] == "stopped"
    failing.set()
    assert board.wait()
    assert unpack(board.timing)["state"] == "stopped"


def test_a_value_alone_and_the_words(program):
    value = program.ablation("sum", ["prove", "regalloc", "dse"])
    view = show(value)
    payload = unpack(view.payload)
    assert view.view == "ablation"
    assert [entry["name"] for entry in payload["passes"]] == ["prove", "dse", "regalloc"]
    assert payload["passes"][2]["refusal"]
    assert set(payload["sweep"]["cells"]) == {"prove", "dse"}
    assert not view.has_trait("switched")
    assert "without difference" in view._repr_mimebundle_()[0]["text/html"].lower()
    assert isinstance(show(program, view="ablation", function="pick"), AblationBoard)
