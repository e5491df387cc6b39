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
from golifelab.toolchain.run import run

SSAGEN = "cmd/compile/internal/ssagen"
_PHI = f"{SSAGEN}/phi.go"
_SMALL, _LARGE = "simplePhiState", "phiState"
# What the compiler asks a function for when it wants to know which block dominates which.
_DOMINATORS = "Idom"
_MAIN = "package main\n\nfunc main() {}\n"
_DUMPED = re.compile(r"^# (\S+)\n(?:.*\n)*?dumped SSA for main,", re.MULTILINE)
# How the go command's plan of a build shows that it compiles a package.
_COMPILATION = "/compile -o"


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
    written = "a page" if facts["a page after the second build"] else "no page"
    more = (
        " And what was compiled before is of no use: a program that does nothing takes"
        f" {facts['compiled with it']} compilations instead of {facts['compiled without it']}."
    )
    return settle(
        facts["a page after the second build"] and len(facts["packages that dump a main"]) == 1,
        "the page of the one main is there after every build",
        f"every function of that name is dumped into one file, here of"
        f" {' and '.join(facts['packages that dump a main'])}, in any program also the runtime's"
        f" ({facts['main of the runtime']}). The same build again says the same and writes"
        f" {written}: its words come from the cache."
        + (more if facts["compiled with it"] > facts["compiled without it"] else ""),
    )


@experiment("c2.37", decide_gossafunc)
def measure_gossafunc(lab: Lab) -> Facts:
    """Build two packages twice in an empty cache, and ask what a program would have compiled."""
    bench = lab.bench
    folder = bench.folder(_MAIN)
    for name in ("one", "two"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / f"{name}.go").write_text(f"package {name}\n\nfunc main() {{}}\n")
    page = folder / "ssa.html"
    cache = Path(tempfile.mkdtemp(prefix="cache-", dir=bench.directory))
    try:
        lab.note(
            "cat one/one.go two/two.go",
            "package one\n\nfunc main() {}\n\npackage two\n\nfunc main() {}",
        )
        shown = "GOSSAFUNC=main go build ./one ./two; ls ssa.html"
        said, there = [], []
        for command in (f"{shown}   # in an empty GOCACHE", f"rm ssa.html; {shown}"):
            page.unlink(missing_ok=True)
            words = _go(
                lab, folder, ["build", "./one", "./two"], GOSSAFUNC="main", GOCACHE=str(cache)
            )
            there.append(page.exists())
            listing = "ssa.html" if there[-1] else "ls: cannot access 'ssa.html'"
            lab.note(command, f"{words}{listing}")
            said.append(words)
    finally:
        shutil.rmtree(cache, ignore_errors=True)
    found = search(lab, r"^func main\(\)", "runtime/proc.go")
    counts = []
    for variable in ("main", ""):
        plan = _go(lab, folder, ["build", "-n", "-o", "prog", "."], GOSSAFUNC=variable)
        counts.append(plan.count(_COMPILATION))
        prefix = f"GOSSAFUNC={variable} " if variable else ""
        lab.note(f"{prefix}go build -n . 2>&1 | grep -c '{_COMPILATION}'", str(counts[-1]))
    return {
        "packages that dump a main": sorted(_DUMPED.findall(said[0])),
        "main of the runtime": listed(f"{hit.file}:{hit.line}" for hit in found),
        "a page after the first build": there[0],
        "the second build says it dumped": "dumped SSA" in said[1],
        "a page after the second build": there[1],
        "compiled with it": counts[0],
        "compiled without it": counts[1],
    }


def _go(lab: Lab, folder: Path, words: list[str], **more: str) -> str:
    """What the go command says in a folder; GolifelabError with its words when it refuses."""
    bench = lab.bench
    env = bench.environment(GOFLAGS="-buildvcs=false", **more)
    done = run([bench.go.command, *words], env=env, cwd=folder, timeout=120)
    if done.returncode:
        raise bench.refused(done)
    return done.text + done.error_text


def decide_ir_to_ssa(facts: Facts) -> Ruling:
    """c2.40: whether SSA is made of the syntax tree by giving variables versions."""
    return settle(
        not facts["trees between"],
        "nothing is between the syntax tree and SSA",
        f"{len(facts['trees between'])} states of another tree are between them"
        f" ({listed(facts['trees between'])}). The sum is"
        f" {', then '.join(f'{name} ({form})' for name, form in facts['a + b'].items())}. No"
        " variable gets a version, it is values that have numbers",
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
    forms["a node of the syntax tree"] = node.kind
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
