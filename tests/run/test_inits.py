"""The order of initialisation: what follows from the imports, beside what Go really does."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from golifelab.errors import GolifelabError
from golifelab.link.executable import link
from golifelab.load.recorded.envelope import recorded
from golifelab.program import sample
from golifelab.run.inits.graph import program_init_order
from golifelab.run.inits.inittrace import inits
from golifelab.run.inits.order import Schedule, init_order, package_named, task_symbol
from golifelab.run.inits.packages import package_order, package_text, random_imports
from golifelab.run.inits.recorded import NAME, recorded_inits
from golifelab.run.inits.records import records
from golifelab.run.inits.tasks import init_tasks
from golifelab.run.inits.variables import checker_order, variable_order
from golifelab.run.program import run_program
from golifelab.source import Source
from golifelab.toolchain.go import find_go
from golifelab.toolchain.link import Mode
from golifelab.toolchain.run import run

STD = ["unicode", "go/types", "os", "time", "html", "regexp/syntax", "compress/flate", "testing"]
STD += ["math/big", "encoding/gob", "text/template", "database/sql", "go/build", "hash/crc32"]


def spread(seed):
    """A program whose variables need each other at random, directly and through functions."""
    dice = random.Random(seed)
    count = dice.randint(4, 14)
    rank = dice.sample(range(count), count)  # a variable needs only those of a lower rank
    lines = [
        "package main",
        "func show(name int, v ...int) int { println(name); return len(v) }",
        "func main() {}",
    ]
    for row in range(count):
        lower = [other for other in range(count) if rank[other] < rank[row]]
        needs = dice.sample(lower, min(len(lower), dice.choice([0, 0, 1, 2, 3])))
        text = ", ".join(f"v{n}" if dice.random() < 0.6 else f"f{n}()" for n in needs)
        made = dice.choice(["show", "show", "show", "plain", "none"])
        if made == "show":
            lines.append(f"var v{row} = show({row}{', ' * bool(text)}{text})")
        elif made == "plain":
            lines.append(f"var v{row} = {row + 1}")
        else:
            lines.append(f"var v{row} int")
        lines.append(f"func f{row}() int {{ return v{row} }}")
    return Source.from_text("\n\n".join(lines) + "\n")


def test_the_first_name_of_those_that_are_ready():
    schedule = init_order({"main": ("z", "m", "a"), "a": ("z",)})
    assert schedule.order == ("m", "z", "a", "main")
    assert [step.ready for step in schedule.steps] == [("m", "z"), ("z",), ("a",), ("main",)]
    assert [step.package for step in schedule.choices] == ["m"]
    assert init_order({"main": ("a", "m", "z"), "a": ["z"]}) == schedule
    assert init_order({"a": ("b",)}, roots=("a", "c")).order == ("b", "a", "c")
    assert init_order({}, roots=()) == Schedule(())


def test_names_are_compared_as_the_linker_writes_them():
    assert task_symbol("gopkg.in/yaml.v3") == "gopkg.in/yaml%2ev3..inittask"
    for package in ("gopkg.in/yaml.v3", "a", "x/ü%", "a-b"):
        assert package_named(task_symbol(package)) == package
    assert package_named("main.main") == ""
    assert init_order({"main": ("a", "a-b", "a/b")}).order == ("a-b", "a", "a/b", "main")


def test_a_cycle_is_named():
    with pytest.raises(GolifelabError, match="b → c → b"):
        init_order({"main": ("a", "b"), "b": ("c",), "c": ("b", "a")})


def test_a_program_is_initialised_as_predicted(target):
    source = sample("hello").source
    found = program_init_order(source, target)
    assert found.agrees
    assert found.traced is not None
    assert found.traced.packages == found.predicted
    lists = {one.package: one.list for one in found.packages}
    assert lists["runtime"] == lists["internal/bytealg"] == "runtime"
    assert (lists["os"], lists["fmt"], lists["main"]) == ("main", "", "")
    assert found.linked.runtime[-1].package == "runtime"
    assert found.records["os"].functions[0] == "os.init"
    assert len(found.frame()) == len(found.to_json()["packages"]) == len(found.order)
    waits = {name: set(record.imports) for name, record in found.records.items()}
    assert all(waits[name] <= set(found.order[:i]) for i, name in enumerate(found.order))


def test_the_lists_are_found_without_symbols_and_in_what_is_moved(target):
    for name in ("hello", "empty"):
        source = sample(name).source
        plain = init_tasks(link(source, target))
        for mode in (Mode(flags=("-s", "-w")), Mode(buildmode="pie")):
            other = init_tasks(link(source, target, mode))
            assert other.order == plain.order
            assert [t.functions for t in other.runtime] == [t.functions for t in plain.runtime]
        assert len(plain.frame()) == len(plain.runtime) + len(plain.main)


def test_a_program_that_never_gets_ready_is_stopped(newest):
    source = Source.from_text(
        'package main\n\nimport "os"\n\nfunc init() { os.Stderr.WriteString("here"); for {} }\n'
        "\nfunc main() {}\n"
    )
    found = inits(link(source, newest), timeout=0.5)
    assert found.ended == "time limit"
    assert "os" in found.packages
    assert "main" not in found.packages
    whole = inits(link(source, newest), packages=("runtime",))
    assert (whole.ended, whole.packages[:1]) == ("initialised", ("internal/bytealg",))
    known = records(source, newest)
    assert known["main"].functions == ("main.init.0",)


def test_packages_from_a_graph(target):
    found = package_order({"main": ("z", "a", "a-b", "m/n"), "a": ("z", "b")}, target)
    assert found.printed == ("a-b", "b", "m/n", "z", "a", "main")
    assert found.agrees
    assert [task.package for task in found.linked.main] == list(found.printed)
    assert list(found.frame()["printed"]) == list(range(6))
    # What is built is what the page shows: see the page's own test.
    text = 'package a\n\nimport _ "z"\nimport _ "b"\n\nfunc init() { println("a") }\n'
    assert package_text("a", found.imports["a"]) == text
    assert package_text("m/n-o", ()).startswith("package n_o\n\nfunc init()")
    assert found.to_json()["agrees"] is True


def test_packages_of_the_readers_own_module(tmp_path, newest):
    (tmp_path / "go.mod").write_text("module example.org/own.v2\n\ngo 1.24\n")
    for name, more in (("z", ""), ("a", 'import _ "example.org/own.v2/z"\n\n'), ("a-b", "")):
        (tmp_path / name).mkdir()
        text = f'package p\n\n{more}func init() {{ println("{name}") }}\n'
        (tmp_path / name / "p.go").write_text(text)
    wanted = "".join(f'import _ "example.org/own.v2/{name}"\n' for name in ("a", "a-b"))
    (tmp_path / "main.go").write_text(f"package main\n\n{wanted}\nfunc main() {{}}\n")
    found = program_init_order(Source.from_directory(tmp_path), newest)
    assert found.agrees
    own = [name.rpartition("/")[2] for name in found.traced.packages if "own" in name]
    assert own == ["a-b", "z", "a"]


@pytest.mark.parametrize(
    ("imports", "what"),
    [
        ({"main": ("a",), "a": ("b",), "b": ("a",)}, "a → b → a"),
        ({"main": ("fmt",)}, "package of Go itself"),
        ({"main": ("../a",)}, "no import path"),
        ({"main": ("A b",)}, "no import path"),
        ({"a": ()}, "no package main"),
        ({"main": ("a",), "a": ("main",)}, "cannot be imported"),
        ({"main": tuple(f"p{n}" for n in range(80))}, "more than"),
    ],
)
def test_graphs_of_which_no_program_can_be(imports, what, newest):
    with pytest.raises(GolifelabError, match=what):
        package_order(imports, newest)


def sweep(seeds, target):
    for seed in seeds:
        imports = random_imports(seed, 6 + seed % 5)
        assert set(imports) >= {"main"}
        assert random_imports(seed, 6 + seed % 5) == imports
        found = package_order(imports, target)
        assert found.agrees, (seed, imports, found.printed)


def test_random_graphs(newest):
    sweep(range(2), newest)


@pytest.mark.slow
def test_many_random_graphs(target):
    sweep(range(2, 40), target)


def variables_agree(seeds, target):
    for seed in seeds:
        source = spread(seed)
        found = variable_order(source, target)
        assert not found.errors, found.errors
        printed = run_program(link(source, target)).error_text.split()
        shown = [
            one.removeprefix("v") for one in found.order if f"var {one} = show" in source.text()
        ]
        assert shown == printed, (seed, source.text())
        assert [one.removeprefix("v") for one in found.code_order] == printed, source.text()


def test_variables_at_random(newest):
    variables_agree(range(4), newest)


@pytest.mark.slow
def test_variables_at_random_many(target):
    variables_agree(range(4, 60), target)


def test_what_each_variable_waits_for(target):
    found = variable_order(sample("inits").source, target)
    by_name = {one.name: one for one in found}
    assert found.order == ("price", "limit", "names", "boxes", "count", "total")
    assert found.code_order == ("price", "boxes", "count", "total")
    assert by_name["count"].needs == ("boxes",)
    assert by_name["count"].through == {"boxes": ("stock",)}
    assert by_name["total"].needs == ("price", "count")
    assert {name: one.how for name, one in by_name.items()} == {
        "total": "code",
        "price": "code",
        "count": "code",
        "boxes": "code",
        "limit": "file",
        "names": "file",
    }
    assert found.functions == ("main.init", "main.init.0", "main.init.1")
    assert list(found.frame()["rank"]) == [one.rank for one in found]
    assert found.to_json()["order"] == list(found.order)


VARIABLES = """package main

func show(name string, v int) int { println(name); return v }

var x, y = show("x", y), show("y", none)
var none int
var p, q = two()
var _ = show("blank", q)
var zero = 0

type held[T any] struct{ value T }

func (h held[T]) late() int { return last }

var early = show("early", held[int]{}.late())
var last = show("last", 3)

func two() (int, int) { return show("two", last), 2 }

func main() {}
"""


@pytest.mark.parametrize("tier", ["helper", "fallback"])
def test_several_on_a_line_and_methods_of_generic_types(tier, target, monkeypatch):
    if tier == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    source = Source.from_text(VARIABLES)
    found = variable_order(source, target)
    # The checker follows no method of an instantiated type: `early` does not wait for `last`.
    assert found.code_order == ("y", "x", "early", "last", "p, q", "_")
    assert run_program(link(source, target)).error_text.split() == [
        "y",
        "x",
        "early",
        "last",
        "two",
        "blank",
    ]
    how = {one.name: one.how for one in found}
    assert (how["none"], how["zero"], how["p, q"]) == ("zero", "zero", "code")
    assert [one.rank for one in found if one.name == "none"] == [-1]


def test_a_wrong_package_has_no_order(newest):
    found = variable_order(Source.from_text("package main\n\nvar a = b\nvar b = a\n"), newest)
    assert "cycle" in found.errors[0].message
    assert found.order == found.code_order == ()
    assert found.frame()["needs"].tolist() == ["b", "a"]
    assert checker_order([{1}, {0}]) == (0, 1)


def test_where_it_can_not_run_a_recording_of_the_same_program_is_shown(newest):
    source = sample("hello").source
    found = program_init_order(source, newest.with_(goarch="arm64"))
    assert found.agrees
    if found.untraced:
        assert "arm64" in found.untraced
        if found.traced is not None:
            assert "recorded with go" in str(found.traced.recorded)
            assert found.traced.packages == found.predicted
    order = [row[0] for row in recorded(NAME).content]
    assert recorded_inits(source, order).packages == tuple(order)
    assert recorded_inits(source, order[1:]) is None
    assert recorded_inits(sample("inits").source, order) is None
    assert recorded_inits(source, order, "no-such") is None


def agrees_on(packages, target):
    go = find_go(target.go)
    for package in packages:
        form = "{{.Dir}}{{range .GoFiles}} {{.}}{{end}}"
        listed = run([go.command, "list", "-f", form, package], env=go.environment(target))
        folder, *names = listed.text.split()
        files = tuple((name, (Path(folder) / name).read_text()) for name in names)
        found = variable_order(Source(files, package), target)
        assert not found.errors, found.errors[0]
        assert found.code_order
        set_by_code = set(found.code_order)
        assert [one for one in found.order if one in set_by_code] == list(found.code_order), package


def test_variables_of_a_package_of_std(newest):
    agrees_on(["mime"], newest)


@pytest.mark.slow
def test_variables_of_std(target):
    agrees_on(STD, target)
