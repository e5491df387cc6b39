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
from golifelab.compile.ssa.passes import Pass
from golifelab.program import Program
from golifelab.toolchain.run import run

SSAGEN = "cmd/compile/internal/ssagen"
_PHI = f"{SSAGEN}/phi.go"
_SMALL, _LARGE = "simplePhiState", "phiState"
_MAIN = "package main\n\nfunc main() {}\n"
_DUMPED = re.compile(r"^# (\S+)\n(?:.*\n)*?dumped SSA for main,", re.MULTILINE)
# How the go command's plan of a build shows that it compiles a package.
_COMPILATION = "/compile -o"


def summing(branches: int) -> str:
    """A program with a function sum that never assigns to its parameter, with so many ifs."""
    ifs = "".join(f"\tif total == {n} {{\n\t\ttotal *= 3\n\t}}\n" for n in range(branches))
    loop = "\tfor i := range values {\n\t\ttotal += values[i]\n\t}\n"
    body = f"\ttotal := 0\n{loop}{ifs}\treturn total\n"
    return f"package main\n\nfunc sum(values []int) int {{\n{body}}}\n\nfunc main() {{}}\n"


def needless(state: Pass, variable: str) -> list[str]:
    """The phis of a variable after a pass that have one value to choose from, beside themselves."""

    def origin(number: int) -> int:
        value = state.value(number)
        return origin(value.args[0]) if value and value.op == "Copy" else number

    return [
        value.text
        for value in state.values()
        if value.op == "Phi"
        and any(name.startswith(f"{variable}[") for name in value.names)
        and len({origin(argument) for argument in value.args} - {value.id}) < 2
    ]


def decide_dominance_frontiers(facts: Facts) -> Ruling:
    """c2.34: whether phis are placed with dominance frontiers."""
    found = facts["phis of what is never assigned"]
    (small, phi), (large, other) = found.items()
    return settle(
        not phi,
        f"a function of {small} blocks has no phi that a dominance frontier would not ask for",
        f"sum never assigns to values, so no frontier asks for a phi of it. With {small} blocks it"
        f" is built with one all the same ({listed(phi)}), with {large} blocks with"
        f" {listed(other)}. Up to {facts['limit']} Go looks a variable up backwards through the"
        f" predecessors; only above does it ask for dominators. The largest of {facts['functions']}"
        f" functions in the samples has {facts['most blocks']}",
    )


@experiment("c2.34", decide_dominance_frontiers)
def measure_dominance_frontiers(lab: Lab) -> Facts:
    """Let a function grow over the limit by one if; read what either way asks for."""
    target = lab.bench.target
    found = search(lab, r"smallBlocks|Braun|Sreedhar", _PHI)
    limits = [re.search(r"smallBlocks = (\d+)", hit.text) for hit in found]
    limit = next((int(match[1]) for match in limits if match), 0)
    file = go_file(_PHI, target)
    for state in (_SMALL, _LARGE):
        methods = (file.function(f"{state}.{name}").calls for name in file.methods(state))
        calls = " ".join(sorted({name for names in methods for name in names}))
        lab.note(f"what the methods of {state} call in $GOROOT/src/{_PHI}", calls)
    lab.note("cat main.go   # with one if; it gets more of them", summing(1))
    start = Program.from_text(summing(0), target=target).ssa("sum")["start"]
    # Every if adds two blocks: its body, and what follows.
    below = max(0, limit - start.statistics[0]) // 2
    phis_of_values = {}
    for branches in (below, below + 1):
        ssa = Program.from_text(summing(branches), target=target).ssa("sum")
        blocks = ssa["start"].statistics[0]
        phis_of_values[blocks] = needless(ssa["start"], "values")
        lab.note(
            f"{short(ssa.command)} | grep 'Phi.*values'   # {branches} ifs: {blocks} blocks",
            "\n".join(phis_of_values[blocks]) or "(nothing)",
        )
    blocks_of = [
        studied.ssa(function.symbol)["start"].statistics[0]
        for studied in (program(lab, name) for name in ("hello", "decisions", "mirror"))
        for function in studied.functions
    ]
    return {
        "limit": limit,
        "phis of what is never assigned": phis_of_values,
        "functions": len(blocks_of),
        "most blocks": max(blocks_of),
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
    env = bench.environment(GOFLAGS="-buildvcs=false") | more
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
    studied = program(lab, "add", "add")
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
    ssa = program(lab, "loop", "sum").ssa("sum")
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
