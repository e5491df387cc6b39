"""Chapter 2, how a function gets its SSA: claims c2.34, c2.37, c2.40 and c2.43."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from golifelab.claims.backend import listed, note_pass, phis, program, short
from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.gosource import go_file, search
from golifelab.claims.workbench import Lab
from golifelab.program import Program

SSAGEN = "cmd/compile/internal/ssagen"
_PHI = f"{SSAGEN}/phi.go"
_SMALL, _LARGE = "simplePhiState", "phiState"
# What the compiler asks a function for when it wants to know which block dominates which.
_DOMINATORS = "Idom"
_MAIN = "package main\n\nfunc main() {}\n"
_DUMPED = re.compile(r"^# (\S+)\n(?:.*\n)*?dumped SSA for main,", re.MULTILINE)
_PACKAGE = re.compile(r"^[a-z][\w./-]*$", re.MULTILINE)


def decide_dominance_frontiers(facts: Facts) -> Ruling:
    """c2.34: whether phis are placed with dominance frontiers."""
    asks = _DOMINATORS in facts["what the way for small functions calls"]
    small = facts["most blocks"] <= facts["limit"]
    return settle(
        asks or not small,
        "the way that is taken asks for dominators",
        f"up to {facts['limit']} blocks (the {facts['functions']} functions looked at have at most"
        f" {facts['most blocks']}), a variable is looked for backwards through the predecessors,"
        f" and a phi is made where the answers differ: {_SMALL} never asks which block dominates"
        f" which. Only above that limit {_LARGE} asks ({_DOMINATORS}) and follows the frontiers",
    )


@experiment("c2.34", decide_dominance_frontiers)
def measure_dominance_frontiers(lab: Lab) -> Facts:
    """Read which way is taken when, and what each asks for; count the blocks of functions."""
    target = lab.bench.target
    found = search(lab, r"smallBlocks|Braun|Sreedhar|[dD]ominance [fF]rontier", _PHI)
    limits = [re.search(r"smallBlocks = (\d+)", hit.text) for hit in found]
    file = go_file(_PHI, target)
    calls = {}
    for state in (_SMALL, _LARGE):
        names = {
            name for one in file.methods(state) for name in file.function(f"{state}.{one}").calls
        }
        calls[state] = sorted(names)
        lab.note(f"what the methods of {state} call in $GOROOT/src/{_PHI}", " ".join(calls[state]))
    blocks = {}
    for name in ("hello", "decisions", "mirror"):
        studied = program(lab, name)
        for function in studied.functions:
            start = studied.ssa(function.symbol)["start"]
            blocks[f"{name}: {function.name}"] = start.statistics[0]
    return {
        "limit": next((int(match[1]) for match in limits if match), 0),
        "what the way for small functions calls": calls[_SMALL],
        "the way for large ones asks for dominators": _DOMINATORS in calls[_LARGE],
        "functions": len(blocks),
        "most blocks": max(blocks.values()),
    }


def decide_gossafunc(facts: Facts) -> Ruling:
    """c2.37: whether building with GOSSAFUNC gives the page of one function."""
    usable = facts["packages compiled"] - facts["compiled again without it"]
    written = "a page" if facts["a page after the second build"] else "no page"
    return settle(
        facts["a page after the second build"] and len(facts["packages with a main"]) == 1,
        "the page of the one main is there after every build",
        f"the build dumps every function called main, of {listed(facts['packages with a main'])},"
        f" into one file, and compiles all {facts['packages compiled']} packages for it; a build"
        f" without GOSSAFUNC can use {usable} of them. The same build again says the same and"
        f" writes {written}: its words come from the cache. GOSSAFUNC=main go tool compile dumps"
        f" {facts['functions dumped by the compiler']} function and always writes",
    )


@experiment("c2.37", decide_gossafunc)
def measure_gossafunc(lab: Lab) -> Facts:
    """Build twice in an empty cache, and look for the page each time; then ask the compiler."""
    bench = lab.bench
    folder = bench.folder(_MAIN)
    page = folder / "ssa.html"
    cache = Path(tempfile.mkdtemp(prefix="cache-", dir=bench.directory))
    try:
        build = _Build(lab, folder, cache)
        first = build.run("GOSSAFUNC=main go build -v -o prog .   # in an empty GOCACHE")
        written = page.exists()
        page.unlink(missing_ok=True)
        second = build.run("rm ssa.html; GOSSAFUNC=main go build -v -o prog .")
        again = page.exists()
        lab.note("ls ssa.html", "ssa.html" if again else "ls: cannot access 'ssa.html'")
        plain = build.compilations()
    finally:
        shutil.rmtree(cache, ignore_errors=True)
    page.unlink(missing_ok=True)
    direct = lab.run(
        [bench.go.tool("compile"), "-p", "main", "-o", folder / "main.o", "main.go"],
        "GOSSAFUNC=main go tool compile -p main main.go",
        cwd=folder,
        env=bench.environment(GOSSAFUNC="main"),
    )
    return {
        "packages compiled": len(_PACKAGE.findall(first)),
        "compiled again without it": plain,
        "packages with a main": _DUMPED.findall(first),
        "a page after the first build": written,
        "the second build says it dumped": "dumped SSA" in second,
        "a page after the second build": again,
        "functions dumped by the compiler": (direct.text + direct.error_text).count("dumped SSA"),
    }


class _Build:
    """A build of a folder with GOSSAFUNC, in a cache of its own."""

    def __init__(self, lab: Lab, folder: Path, cache: Path) -> None:
        self._lab, self._folder = lab, folder
        self._env = lab.bench.environment(GOCACHE=str(cache), GOFLAGS="-buildvcs=false")

    def run(self, shown: str) -> str:
        """What the build says."""
        done = self._lab.run(
            [self._lab.bench.go.command, "build", "-v", "-o", "prog", "."],
            shown,
            keep=_without_internal,
            env=self._env | {"GOSSAFUNC": "main"},
            cwd=self._folder,
            timeout=300,
        )
        if done.returncode:
            raise self._lab.bench.refused(done)
        return done.text + done.error_text

    def compilations(self) -> int:
        """How many packages a build without GOSSAFUNC would compile, with the same cache."""
        done = self._lab.run(
            [self._lab.bench.go.command, "build", "-n", "-o", "prog", "."],
            "go build -n -o prog . 2>&1 | grep -c '/compile -o'",
            keep=lambda text: str(text.count("/compile -o")),
            env=self._env,
            cwd=self._folder,
        )
        return done.error_text.count("/compile -o")


def _without_internal(text: str) -> str:
    """The output of a build; of the packages under internal only how many there are."""
    lines = text.splitlines()
    kept = [line for line in lines if not line.startswith("internal/")]
    hidden = len(lines) - len(kept)
    return "\n".join([f"({hidden} packages under internal/)", *kept] if hidden else kept)


def decide_ir_to_ssa(facts: Facts) -> Ruling:
    """c2.40: whether SSA is made of the syntax tree by giving variables versions."""
    return settle(
        not facts["trees between"],
        "nothing is between the syntax tree and SSA",
        f"{len(facts['trees between'])} states of another tree are between them"
        f" ({listed(facts['trees between'])}). So a + b is {' → '.join(facts['a + b'].values())};"
        " no variable gets a version, it is values that have numbers",
    )


@experiment("c2.40", decide_ir_to_ssa)
def measure_ir_to_ssa(lab: Lab) -> Facts:
    """Follow a + b from the tokens to SSA, one state after another."""
    studied = program(lab, "add")
    forms = {"three tokens": _tokens_of_sum(studied)}
    node = next(
        node
        for node in studied.syntax
        if node.kind == "Operation" and "+" in _text(studied, node.start, node.end)
    )
    forms["a node of the syntax tree"] = f"{node.kind} {_text(studied, node.start, node.end)}"
    trees = studied.ir_trees("add")
    last = trees.stages[-1]
    forms["a node of the compiler's tree"] = next((one.op for one in last if one.op == "ADD"), "")
    start = studied.ssa("add")["start"]
    forms["a value"] = next(
        (value.text for value in start.values() if value.op.startswith("Add")), ""
    )
    rows = [f"{name:30} {form}" for name, form in forms.items()]
    lab.note("a + b in main.go, from stage to stage", "\n".join(rows))
    lab.note(f"{short(trees.command)} | grep -E '^(before|after)'", "\n".join(trees.headings))
    return {"trees between": list(trees.headings), "a + b": forms}


def _text(studied: Program, start: int, end: int) -> str:
    return studied.text.encode()[start:end].decode()


def _tokens_of_sum(studied: Program) -> str:
    """The three tokens around the first + of a program."""
    tokens = list(studied.tokens)
    at = next(index for index, token in enumerate(tokens) if token.text == "+")
    return " ".join(token.text for token in tokens[at - 1 : at + 2])


def decide_order(facts: Facts) -> Ruling:
    """c2.43: whether the stages come in the order of the drawing."""
    held = facts["phis at the start"] > 0 and not facts["passes that add phis"]
    return settle(
        held and facts["opt"] < facts["lower"],
        f"the tree comes first, and the function enters the first pass with its phis"
        f" ({facts['phis at the start']}; no pass adds one). Of {facts['passes']} passes opt is"
        f" number {facts['opt']}, and lower, where the machine's operations begin, number"
        f" {facts['lower']}",
        f"phis at the start: {facts['phis at the start']}, added by"
        f" {listed(facts['passes that add phis'])}; opt is pass {facts['opt']}, lower"
        f" {facts['lower']}",
    )


@experiment("c2.43", decide_order)
def measure_order(lab: Lab) -> Facts:
    """Find where phis appear, and the places of two passes in the order."""
    ssa = program(lab, "loop").ssa("sum")
    note_pass(lab, ssa, "start", r"= Phi")
    counted = [phis(state) for state in ssa.passes]
    added = [
        state.name
        for state, before, after in zip(ssa.passes[1:], counted, counted[1:], strict=False)
        if after > before
    ]
    names = [state.name for state in ssa.passes]
    lab.note(
        f"{short(ssa.command)} | grep '  pass .* begin'",
        "\n".join(
            f"{index:2} {name}"
            for index, name in enumerate(names)
            if name in ("start", "opt", "lower", "regalloc", names[-1])
        ),
    )
    return {
        "phis at the start": counted[0],
        "passes that add phis": added,
        "opt": ssa["opt"].index,
        "lower": ssa["lower"].index,
        "passes": len(ssa) - 1,
    }
