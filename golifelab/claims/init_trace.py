"""Chapter 4, what the runtime tells of initialisation while it runs: claims c4.38 to c4.43."""

from __future__ import annotations

import re
from itertools import permutations

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.gosource import search
from golifelab.claims.images import built, called_by
from golifelab.claims.initialisation import GRAPH, ordered, tasks_of
from golifelab.claims.stacks import parse_stacks
from golifelab.claims.workbench import Lab
from golifelab.run.inits.inittrace import InitTask, parse_inittrace
from golifelab.run.inits.records import records
from golifelab.run.inits.tasks import RUNTIME_LIST
from golifelab.source import Source

_PANIC = """package main

func init() { panic("an init") }

func main() {}
"""


def traced(lab: Lab, build: str) -> tuple[tuple[InitTask, ...], str]:
    """A build's own trace of its initialisation, and its text."""
    lab.bench.need_processes()
    program = lab.bench.build(build)
    env = {"GODEBUG": "inittrace=1"}
    done = lab.run([program], f"GODEBUG=inittrace=1 ./{build}", env=env, keep=r"^init ", timeout=20)
    return parse_inittrace(done.error_text), done.error_text


def decide_numbers(facts: Facts) -> Ruling:
    """c4.38: whether init.0, init.1 … number the packages of a program."""
    zero = facts["packages with an init.0"]
    without = [name for name, has in facts["has init work"].items() if not has]
    return settle(
        len(zero) == 1 and not without,
        f"only {zero[0] if zero else 'none'} has an init.0",
        f"the numbers count the functions named init of one package: {len(zero)} packages have an"
        f" init.0 ({', '.join(zero[:6])} …). Of the packages that were named,"
        f" {' and '.join(without)} {'has' if len(without) == 1 else 'have'} nothing to initialise"
        f" in this program{'' if facts['log is in the program'] else '; log is not even in it'}",
    )


@experiment("c4.38", decide_numbers)
def measure_numbers(lab: Lab) -> Facts:
    """Read which functions each package of hello runs to initialise itself."""
    found = tasks_of(lab, "hello")
    tasks = {task.package: task.functions for task in (*found.runtime, *found.main)}
    zero = [name for name, functions in tasks.items() if f"{name}.init.0" in functions]
    packages = lab.packages("hello")
    lab.note("go tool nm hello | grep '[.]init[.]0$'", "\n".join(f"{n}.init.0" for n in zero))
    return {
        "packages with an init.0": zero,
        "has init work": {name: name in tasks for name in ("log", "fmt")},
        "log is in the program": "log" in packages,
    }


def decide_switch(facts: Facts) -> Ruling:
    """c4.39: whether GODEBUG=inittrace=1 turns the trace on."""
    return settle(
        facts["lines with it"] > 0 and not facts["lines without it"],
        f"{facts['lines with it']} lines with it, none without: one for each of the"
        f" {facts['packages with work']} packages that have something to initialise",
        f"{facts['lines with it']} lines with it, {facts['lines without it']} without",
    )


@experiment("c4.39", decide_switch)
def measure_switch(lab: Lab) -> Facts:
    """Run hello with the setting and without."""
    rows, _ = traced(lab, "hello")
    plain = lab.run([lab.bench.build("hello")], "./hello", env={}, timeout=20)
    return {
        "lines with it": len(rows),
        "lines without it": len(parse_inittrace(plain.error_text)),
        "packages with work": len(tasks_of(lab, "hello").order),
    }


def decide_levels(facts: Facts) -> Ruling:
    """c4.40: whether the trace tells what depends on what."""
    return settle(
        facts["lines that name what a package needs"] > 0 and not facts["packages left out"],
        f"{facts['lines that name what a package needs']} lines name what a package needs",
        f"a line has {', '.join(facts['fields'])}, and no word about other packages. It is not even"
        f" the whole graph: {len(facts['packages left out'])} packages that take part in the order"
        " have nothing to run and are missing. What needs what is in the objects, and in"
        " go list -deps",
    )


@experiment("c4.40", decide_levels)
def measure_levels(lab: Lab) -> Facts:
    """Read the lines of the trace, and what the runtime's documentation says is in them."""
    rows, text = traced(lab, "hello")
    known = records(Source.from_file(lab.bench.source("hello")), lab.bench.target)
    names = {row.package for row in rows}
    lines = [line for line in text.splitlines() if line.startswith("init ")]
    others = [line for line in lines if len(names & set(re.split(r"[\s,]+", line))) > 1]
    hits = search(lab, r"init # @#ms", "runtime")
    fields = [part.strip() for part in re.split(r"[@,]", hits[0].text)[1:]] if hits else []
    return {
        "fields": fields,
        "lines that name what a package needs": len(others),
        "packages left out": sorted(set(known) - names - {"main"}),
    }


def decide_when(facts: Facts) -> Ruling:
    """c4.41: whether a package is initialised when it is imported first."""
    orders = facts["orders at run"]
    return settle(
        len(orders) > 1,
        f"another order of the imports gives another order at run: {orders}",
        f"{facts['orders in the source']} orders of the same imports gave one and the same order at"
        f" run ({' '.join(orders[0]) if orders else ''}). Nothing is imported at run time: a panic"
        f" in an init shows it on goroutine {facts['goroutine']}, called by"
        f" {' < '.join(facts['callers'])}, before main.main",
    )


@experiment("c4.41", decide_when)
def measure_when(lab: Lab) -> Facts:
    """Change only the order of imports in the source; then look at the stack of an init."""
    ways = list(permutations(GRAPH["main"]))[::2]
    runs = {ordered(lab, {**GRAPH, "main": way}).printed for way in ways}
    lab.bench.need_processes()
    lab.go(_PANIC, "build", "-o", "prog", ".")
    program = lab.bench.folder(_PANIC) / "prog"
    env = {"GOTRACEBACK": "system"}
    died = lab.run([program], "GOTRACEBACK=system ./prog", env=env, timeout=20)
    stacks = parse_stacks(died.error_text)
    stack = next((one for one in stacks if "main.init.0" in one.functions), None)
    functions = list(stack.functions) if stack else []
    after = functions.index("main.init.0") + 1 if functions else 0
    return {
        "orders in the source": len(ways),
        "orders at run": [list(one) for one in sorted(runs)],
        "goroutine": stack.goroutine if stack else 0,
        "callers": functions[after:],
    }


def decide_main_last(facts: Facts) -> Ruling:
    """c4.42: whether package main is initialised last."""
    lasts = facts["last"]
    others = {name: last for name, last in lasts.items() if last != "main"}
    return settle(
        not others,
        f"in {len(lasts)} programs main came last: everything else is imported by it, by a way",
        f"last was {', '.join(f'{last} in {name}' for name, last in others.items())}",
    )


@experiment("c4.42", decide_main_last)
def measure_main_last(lab: Lab) -> Facts:
    """Look at the end of the order in several programs whose main has something to initialise."""
    return {
        "last": {
            "inits": traced(lab, "inits")[0][-1].package,
            "inits, as linked": tasks_of(lab, "inits").main[-1].package,
            "packages a, m, z": ordered(lab, GRAPH).printed[-1],
        }
    }


def decide_runtime_first(facts: Facts) -> Ruling:
    """c4.43: whether the runtime is initialised at its start, by a record runtime..inittask."""
    steps = facts["runtime.main calls"]
    before = "doInit" in str(steps[:1])
    return settle(
        all(facts["symbols"].values()) and facts["runtime’s list"][-1:] == ["runtime"] and before,
        f"runtime.main has a list of its own run first: {', '.join(facts['runtime’s list'])}; only"
        f" then it calls {', '.join(step.removeprefix('runtime.') for step in steps[1:])}",
        f"found: {facts['symbols']}, {facts['runtime’s list']}, in the order {steps}",
    )


@experiment("c4.43", decide_runtime_first)
def measure_runtime_first(lab: Lab) -> Facts:
    """Read the runtime's list, and in which order runtime.main runs it and starts the collector."""
    hello = built(lab, "hello")
    found = tasks_of(lab, "hello")
    called = called_by(hello, "runtime.main")
    telling = [name for name in called if re.search(r"\.(doInit1?|gcenable|main_main)$", name)]
    lab.note(
        "go tool objdump -s '^runtime.main$' hello | grep -E 'doInit|gcenable'", "\n".join(telling)
    )
    names = ("runtime..inittask", RUNTIME_LIST)
    return {
        "symbols": {name: hello.symbol(name) is not None for name in names},
        "runtime’s list": [task.package for task in found.runtime],
        "runtime.main calls": telling,
    }
