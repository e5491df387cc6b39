"""Dominators, loops and liveness are those the compiler itself prints, over whole packages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from golifelab.compile import dump
from golifelab.compile.dump import HelperCode
from golifelab.compile.ssa.cfg import cfg
from golifelab.compile.ssa.graph.liveness import liveness
from golifelab.toolchain.go import find_go

M = re.MULTILINE
RESCHED = "insert resched checks"
# The pass that checks for preemption in loops is off unless asked for; it prints dominators.
ASK = (
    "-d=ssa/insert_resched_checks/on,ssa/insert_resched_checks/debug=2,"
    "ssa/likelyadjust/debug=2,ssa/regalloc/debug=3"
)
TREE = re.compile(r"^before (?P<name>\S.*) = \n(?P<tree>(?:\t*b\d+->\[.*\n|\t*\)\n?|\n)+)", M)
NODE = re.compile(r"^(\t*)b(\d+)->\[", M)
LOOPS = re.compile(
    r"^Loops in (?P<name>.*):\n(?P<loops>(?:hdr:.*\n)+)Nonloop blocks in .*?:(?P<rest>.*)\n",
    M,
)
LOOP = re.compile(r"hdr:b(\d+)(, INNER)?(?:, o=b(\d+))?, b=((?: b\d+)*)")
LIVE = re.compile(
    r"^(?P<stage>final|after dfs walk): live values at end of each block: (?P<name>.*)\n"
    r"(?P<lines>(?:  b\d+:.*\n)+)",
    M,
)
OPERATION = re.compile(r'^\t\tname: +"(\w+)",\n((?:\t\t.*\n)*)', M)


def numbers(text):
    return [int(number) for number in re.findall(r"b(\d+)", text)]


def parents(tree):
    """Each block's immediate dominator, from the indented tree that the compiler prints."""
    path, found = [], {}
    for indent, number in NODE.findall(tree):
        del path[len(indent) :]
        found[int(number)] = path[-1] if path else -1
        path.append(int(number))
    return found


def before(passes, name):
    """The graph as a pass finds it."""
    (at,) = [step.index for step in passes if step.name == name]
    return passes[at - 1]


def with_dead_values(block):
    """The register allocator also looks at what the passes before it left behind."""
    return replace(block, values=tuple(replace(value, dead=False) for value in block.values))


class Package:
    """A package compiled once, with what the compiler prints about its graphs."""

    def __init__(self, source, target):
        self.code = HelperCode(source, target.with_(gcflags=("-std", ASK)))
        names = [function.name for function in self.code.functions]
        self.functions = [f for f in self.code.functions if names.count(f.name) == 1]
        self.printed = self.code._dump.stdout
        operations = find_go(target.go).root / "src/cmd/compile/internal/ssa/opGen.go"
        self.again = {
            name
            for name, rest in OPERATION.findall(operations.read_text())
            if re.search(r"rematerializeable: +true", rest)
        }


@pytest.fixture(
    scope="module",
    params=[
        "strconv",
        "strconv oldest",
        "sort arm64",
        *(
            pytest.param(path, marks=pytest.mark.slow)
            for path in ("regexp/syntax", "regexp", "go/parser", "fmt", "math/big")
        ),
    ],
)
def package(request, newest, oldest, std_source):
    path, _, how = request.param.partition(" ")
    target = (oldest if how == "oldest" else newest).with_(gcflags=("-std",))
    if how == "arm64":
        target = target.with_(goarch="arm64")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dump, "_WHOLE", 1 << 30)  # every function in one run
        yield Package(std_source(path, target), target)


def test_what_can_be_reached(package):
    for function in package.functions:
        for step in package.code.passes(function)[::6]:
            dead = tuple(block.id for block in step.blocks if block.dead)
            assert cfg(step).unreachable == dead, (function, step)


def test_dominators(package):
    printed = {match["name"]: parents(match["tree"]) for match in TREE.finditer(package.printed)}
    checked = 0
    for function in package.functions:
        if function.name in printed:
            graph = cfg(before(package.code.passes(function), RESCHED))
            assert {b.id: b.dominator for b in graph} == printed[function.name], function
            checked += 1
    assert checked >= 10


def test_loops(package):
    checked = 0
    seen = {match["name"]: match for match in LOOPS.finditer(package.printed)}
    for function in package.functions:
        if function.name in seen:
            graph = cfg(before(package.code.passes(function), "layout"))
            if any(loop.irreducible for loop in graph.loops):
                continue  # the compiler says itself that it does not treat those well
            theirs = {
                int(header): (int(outer or -1), bool(inner), sorted(numbers(blocks)))
                for header, inner, outer, blocks in LOOP.findall(seen[function.name]["loops"])
            }
            around = {loop.outer for loop in graph.loops}
            assert {
                loop.header: (
                    loop.outer,
                    loop.header not in around,
                    sorted(b.id for b in graph if b.loop == loop.header),
                )
                for loop in graph.loops
            } == theirs, function
            checked += 1
    assert checked >= 10


def test_liveness(package):
    stages = {}
    for match in LIVE.finditer(package.printed):
        stages[match["name"]] = match  # the last one counts
    if package.code.target.go:
        pytest.skip("an older compiler does not say of which function it speaks")
    checked = 0
    for function in package.functions:
        if function.name in stages:
            step = before(package.code.passes(function), "regalloc")
            values = {value.id: value for value in step.values()}
            parts = {v.args[0] for v in values.values() if v.op.startswith("Select")}
            leaving = liveness([with_dead_values(block) for block in step.blocks]).leaving
            for line in stages[function.name]["lines"].splitlines():
                name, _, rest = line.strip().partition(":")
                theirs = {int(number) for number in re.findall(r" v(\d+)\(", rest)}
                ours = leaving[int(name[1:])]
                assert theirs <= ours, (function, name)
                for missing in ours - theirs:
                    # What needs no register, and what is rather made again than kept, is left out.
                    value = values[missing]
                    free = value.type in ("mem", "void", "flags") or missing in parts
                    assert free or value.op in package.again, (function, name, value.text)
            checked += 1
    assert checked >= 10
