"""The dead-code pass, done again: the linker itself is the judge."""

from __future__ import annotations

import shutil
from itertools import pairwise

import pytest

from golifelab.errors import CompileFailed, GolifelabError, LinkFailed
from golifelab.link.deadcode.compare import reach_difference
from golifelab.link.deadcode.reach import Reach, reach
from golifelab.link.executable import link
from golifelab.link.linker import linker_report
from golifelab.link.reachability import reachability
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.install import install

METHODS = """package main

import "reflect"

type beast struct{}

//go:noinline
func (beast) Growl() { println("grr") }

//go:noinline
func (beast) Purr() { println("prr") }

//go:noinline
func (beast) hidden() { println("...") }

type growler interface{ Growl() }

var kept any = beast{}

//go:noinline
func use(g growler) { g.Growl() }

func main() {
	CALL
}

var _ = reflect.ValueOf
"""
WAYS = {
    "interface": "use(beast{})",
    "name": 'reflect.ValueOf(kept).MethodByName("Purr").Call(nil)',
    "reflection": "reflect.ValueOf(kept).MethodByName(names[len(names)-1]).Call(nil)",
    "nothing": "println(kept != nil)",
}
TEMPLATE = """package main

import (
	"os"
	"text/template"
)

func main() {
	template.Must(template.New("").Parse("{{.}}")).Execute(os.Stdout, os.Args)
}
"""
SERVER = """package main

import (
	"fmt"
	"net/http"
)

func main() { fmt.Println(http.ListenAndServe("127.0.0.1:0", nil)) }
"""


def methods(call: str) -> Source:
    text = METHODS.replace("CALL", WAYS[call])
    return Source.from_text(text + '\nvar names = []string{"Growl"}\n')


@pytest.fixture(scope="session")
def kept(hello, target) -> Reach:
    return reach(hello, target)


def same_as_the_linker(source: Source, target: Target) -> None:
    """The same symbols are kept. One known by its content has, in the dump, any of its names."""
    made = reach(source, target)
    world, found = made.ways.world, made.ways.found.parent
    numbers: dict[str, set[int]] = {}
    for part, ids in zip(world.parts, world.ids, strict=True):
        for row, number in enumerate(ids):
            numbers.setdefault(part.object.name(row), set()).add(number)
    edges = reachability(source, target).edges
    theirs = {edge.target for edge in edges} - {"go:main.inittasks", "go:runtime.inittasks"}
    # Put in behind the pass, in place of what fills maps that nobody uses.
    theirs |= {"runtime.mapinitnoop", "go:fipsinfo"} & {world.name(n) for n in found}
    unknown = {name for name in theirs if not numbers.get(name, set()) & found.keys()}
    if target.cgo:
        # What C compilers made is in objects of another format, which are not followed; Go's
        # objects have a variable of one byte with the name of each C function that they call.
        places = world.place
        gos = {n for n in unknown if any(places[i][0] >= 0 for i in numbers.get(n, ()))}
        unknown = {name for name in gos if not name.startswith(("_cgo_", "x_cgo_"))}
    assert unknown == set()
    allowed = {number for name in theirs for number in numbers.get(name, ())}
    extra = [world.name(n) for n in found if world.name(n) and n not in allowed]
    assert extra == []


def test_it_keeps_what_the_linker_keeps(hello, target):
    same_as_the_linker(hello, target)


@pytest.mark.parametrize("call", WAYS)
def test_methods_are_kept_as_the_linker_keeps_them(call, newest):
    same_as_the_linker(methods(call), newest)


@pytest.mark.slow
@pytest.mark.parametrize("version", ["", "1.24.11", "1.25.5", "1.26.6"])
@pytest.mark.parametrize("text", [TEMPLATE, SERVER], ids=["template", "server"])
@pytest.mark.parametrize("goarch", ["amd64", "arm64"])
def test_larger_programs_for_both_processors(text, version, goarch):
    if version:
        install(version)
    same_as_the_linker(Source.from_text(text), Target(go=version, goarch=goarch))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
def test_with_c_linked_in_all_of_gos_own_is_the_same():
    same_as_the_linker(Source.from_text(SERVER), Target(cgo=True))


def test_it_counts_as_the_linker_does(hello, target, kept):
    # Without debug info the linker ends with the symbols that it kept, and some of its own making.
    words = linker_report(hello, target, ("-v", "-w"), keep=True).text.split()
    at = words.index("reachable")
    symbols, reachable = int(words[at - 3]), int(words[at - 1])
    made = symbols - kept.symbols
    assert 0 < made < 2000
    assert kept.reachable <= reachable <= kept.reachable + made


def test_every_kept_function_is_in_the_executable(hello, target, kept):
    there = {one.name.removesuffix(".abi0") for one in link(hello, target).functions}
    world = kept.ways.world
    functions = {
        name.replace("·", ".")
        for name in kept.kept
        if any(world.size(n) for n in kept.ways.numbers(name))
    }
    assert functions - there == set()
    # The linker makes a handful itself: marks of where code begins and ends.
    assert len(there - functions) < 20


def test_a_way_has_a_reason_for_every_step(hello, target, kept):
    path = kept.path("main.add")
    assert path[0].kind == "entry"
    assert path[0].target == "_rt0_amd64_linux"
    assert (path[-1].source, path[-1].target, path[-1].kind) == ("main.main", "main.add", "call")
    assert all(one.target == after.source for one, after in pairwise(path))
    linkers = reachability(hello, target)
    for name in kept.kept[::40]:
        # A function and its wrapper for the other ABI are two symbols of one name.
        mine = {step.target for step in kept.path(name)}
        assert 0 < len(mine) < len(linkers.path(name))
    assert kept.path("main.nobody") == ()
    assert "main.nobody" not in kept
    with pytest.raises(GolifelabError):
        kept.without("main.nobody")


def test_what_keeps_and_what_is_kept(kept):
    assert [step.source for step in kept.reasons("main.add")] == ["main.main"]
    assert "main.add" in {step.target for step in kept.keeps("main.main")}
    assert len(kept.reasons("runtime.throw")) > 50
    assert {step.kind for step in kept.reasons("runtime.newobject")} >= {"call"}


def test_an_inlined_function_is_found_in_another(kept):
    assert "fmt.Println" not in kept
    assert "main.main" in kept.inlined_into("fmt.Println")
    last = kept.path("fmt.Println")[-1]
    assert (last.kind, last.source) == ("inlined", "main.main")


def test_why_a_method_is_there(newest):
    made = {call: reach(methods(call), newest) for call in WAYS}
    there = {
        call: {name for name in ("Growl", "Purr", "hidden") if f"main.beast.{name}" in value}
        for call, value in made.items()
    }
    assert there == {
        "interface": {"Growl"},
        "name": {"Purr"},
        "reflection": {"Growl", "Purr"},
        "nothing": set(),
    }
    for call in ("interface", "name", "reflection"):
        step = made[call].path(f"main.beast.{'Purr' if call == 'name' else 'Growl'}")[-1]
        if step.kind == "method":
            assert step.how == call
            assert step.called_by in ("main.use", "main.main")
            assert step.boxed_by
    assert any(
        step.kind == "method"
        for call in ("name", "reflection")
        for step in made[call].reasons("main.beast.Purr")
    )


def test_what_looking_methods_up_costs(newest):
    calm, wild = (reach(methods(call), newest) for call in ("nothing", "reflection"))
    assert calm.reflection.users == ()
    assert calm.reflection.kept.bytes == 0
    would = {one.name for one in calm.reflection.would.functions}
    assert {"main.beast.Growl", "main.beast.Purr"} <= would
    assert "main.main" in wild.reflection.users
    only = {one.name for one in wild.reflection.kept.functions}
    assert {"main.beast.Growl", "main.beast.Purr"} <= only
    # The linker says the same of the same program without that call.
    changed = reach_difference(calm, wild)
    assert {"main.beast.Growl", "main.beast.Purr"} <= {
        one.name for one in changed.appeared.functions
    }
    assert len(changed.frame()) == len(changed.to_json()["symbols"])


def test_what_would_go_is_what_goes(newest):
    text = """package main

import "strconv"

//go:noinline
func shout(n float64) string { return strconv.FormatFloat(n, 'g', -1, 64) }

func main() {
	println(len(shout(1.5)))
}
"""
    before = reach(Source.from_text(text), newest)
    after = reach(Source.from_text(text.replace("len(shout(1.5))", "1")), newest)
    foretold = {one.name for one in before.without("main.shout").functions}
    really = {one.name for one in reach_difference(before, after).gone.functions}
    assert len(foretold) > 1
    assert foretold == really
    assert (
        before.without("main.shout", "main.main").functions
        == before.without("main.shout").functions
    )
    library = next(
        one.package for one in before.without("main.shout").functions if one.package != "main"
    )
    gone = {one.name for one in before.without_package(library).functions}
    assert foretold - {"main.shout"} <= gone
    with pytest.raises(GolifelabError):
        before.without_package("net/http")


def test_what_was_thrown_away(hello, newest):
    made = reach(hello, newest)
    packages = {one.name: one for one in made.packages}
    there = {one.name.removesuffix(".abi0") for one in link(hello, newest).functions}
    fmt = packages["fmt"]
    assert fmt.kept > 20
    assert {"fmt.Sscan", "fmt.Errorf"} & {one.name for one in fmt.thrown}
    thrown = {one.name for package in made.packages for one in package.thrown}
    # Of two ABIs of a function one may be kept.
    assert len({name for name in thrown & there if name not in made}) == 0
    assert fmt.bytes == fmt.kept_bytes + fmt.thrown_bytes > 0
    assert len(made.frame()) == len(made.packages) == len(made.to_json()["packages"])


def test_programs_only(newest):
    with pytest.raises(GolifelabError, match="not a program"):
        reach(Source.from_text("package p\n", package="p"), newest)
    with pytest.raises(CompileFailed):
        reach(Source.from_text("package main\n\nfunc main() { nobody() }\n"), newest)


def test_what_the_linker_refuses_reaches_nothing(newest):
    with pytest.raises(LinkFailed, match="not package main"):
        reach(Source.from_text("package lib\n\nfunc F() int { return 1 }\n"), newest)


def test_names_that_tell_their_abi_as_the_executable_writes_them(hello, newest):
    found = reach(hello, newest)
    written = [one.name for one in link(hello, newest).symbols if one.name.endswith(".abi0")]
    assert written
    assert all(name in found for name in written)
    assert "main.main" in found
    assert "main.main.abi0" not in found
