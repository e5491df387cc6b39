"""Chapter 4, who initialises what in which order: claims c4.32 to c4.37."""

from __future__ import annotations

import re

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.images import built, called_by
from golifelab.claims.workbench import Lab
from golifelab.link.executable import executable
from golifelab.run.inits.order import init_order
from golifelab.run.inits.packages import ImportGraph, PackageOrder, package_order, random_imports
from golifelab.run.inits.records import records
from golifelab.run.inits.tasks import MAIN_LIST, RUNTIME_LIST, InitTasks, init_tasks
from golifelab.source import Source

# Functions that initialise a package: init sets its variables, init.0 is the first func init.
INIT = re.compile(r"^(?P<package>.+)\.(?:map\.)?init(?:\.(?P<number>\d+))?$")
_TWO = """package main

func init() { println("one") }

func init() { println("two") }

func main() {}
"""
# Imported in the order z, m, a; and a waits for z.
GRAPH: ImportGraph = {
    "main": ("z", "m", "a"),
    "a": ("z", "trace"),
    "m": ("trace",),
    "z": ("trace",),
}
_SEEDS = (3, 4)


def tasks_of(lab: Lab, build: str) -> InitTasks:
    """Both lists of a build, written down as evidence."""
    found = init_tasks(built(lab, build))
    lists = ((RUNTIME_LIST, found.runtime), (MAIN_LIST, found.main))
    lab.note(
        f"go tool nm -size {build} | grep inittask   # and the records that the lists point to",
        "\n".join(f"{name}: {' '.join(task.package for task in tasks)}" for name, tasks in lists),
    )
    return found


def ordered(lab: Lab, imports: ImportGraph) -> PackageOrder:
    """A program of these imports, built and run; each init prints its package."""
    lab.bench.need_processes()
    found = package_order(imports, lab.bench.target)
    wanted = "; ".join(f"{name}: {' '.join(needs)}" for name, needs in imports.items() if needs)
    lab.note(f"go run .   # {wanted}", " ".join(found.printed))
    return found


def decide_chain(facts: Facts) -> Ruling:
    """c4.32: whether runtime.init is a chain of all inits."""
    lists = facts["lists"]
    return settle(
        bool(facts["inits that runtime.init calls"]),
        f"runtime.init calls {', '.join(facts['inits that runtime.init calls'])}",
        "runtime.init calls the init of no other package: it is one of the functions in the record"
        f" of package runtime. Each package has a record of its own; the linker put"
        f" {lists['runtime']} of them into {RUNTIME_LIST} and {lists['main']} into {MAIN_LIST}, and"
        f" {' and '.join(facts['who calls doInit1']) or 'runtime.main'} has doInit1 run them",
    )


@experiment("c4.32", decide_chain)
def measure_chain(lab: Lab) -> Facts:
    """See which functions runtime.init calls; read both lists; see who runs their records."""
    hello = built(lab, "hello")
    called = called_by(hello, "runtime.init")
    inits = [
        name for name in called if (match := INIT.match(name)) and match["package"] != "runtime"
    ]
    lab.note("go tool objdump -s '^runtime.init$' hello | grep CALL", "\n".join(called) or "(none)")
    found = tasks_of(lab, "hello")
    callers = [
        name
        for name in ("runtime.main", "runtime.doInit")
        if "doInit" in str(called_by(hello, name))
    ]
    return {
        "inits that runtime.init calls": inits,
        "lists": {"runtime": len(found.runtime), "main": len(found.main)},
        "functions of package runtime": list(found.runtime[-1].functions),
        "who calls doInit1": callers,
    }


def decide_follows_imports(facts: Facts) -> Ruling:
    """c4.33: whether packages are initialised behind those that they import."""
    early = facts["before what they import"]
    ties = (
        "; of those that were ready, the first by name always came first"
        if facts["as predicted"]
        else "; but names do not decide between those that are ready"
    )
    return settle(
        not early,
        f"in {len(facts['orders'])} programs every package came behind all that it imports{ties}",
        f"initialised before a package that they import: {', '.join(early)}",
    )


@experiment("c4.33", decide_follows_imports)
def measure_follows_imports(lab: Lab) -> Facts:
    """Run programs of several packages, whose imports are drawn at random but for the first."""
    found = [ordered(lab, graph) for graph in (GRAPH, *(random_imports(seed) for seed in _SEEDS))]
    early = [
        f"{importer} before {imported}"
        for one in found
        for importer, wanted in one.imports.items()
        for imported in wanted
        if one.printed.index(importer) < one.printed.index(imported)
    ]
    return {
        "orders": [list(one.printed) for one in found],
        "before what they import": early,
        "as predicted": all(one.agrees for one in found),
    }


def decide_own_symbols(facts: Facts) -> Ruling:
    """c4.34: whether each func init is a symbol of its own."""
    names = facts["functions"]
    numbered = [name for name in names if (match := INIT.match(name)) and match["number"]]
    return settle(
        len(numbered) == facts["func init in the source"],
        f"the source has {facts['func init in the source']} functions named init, and the program"
        f" {' and '.join(numbered)}; {', '.join(set(names) - set(numbered))} sets the variables",
        f"the program has {', '.join(names) or 'none of them'}",
    )


@experiment("c4.34", decide_own_symbols)
def measure_own_symbols(lab: Lab) -> Facts:
    """Search the symbols of a program with two functions named init, and with variables."""
    program = built(lab, "inits")
    names = [one.name for one in program.functions if one.name.startswith("main.init")]
    lab.note("go tool nm inits | grep ' main.init'", "\n".join(names) or "(none)")
    text = lab.bench.source("inits").read_text()
    return {
        "functions": sorted(names),
        "func init in the source": len(re.findall(r"^func init\(\)", text, re.MULTILINE)),
    }


def decide_edges(facts: Facts) -> Ruling:
    """c4.35: whether the compiler draws edges from what is needed to what needs it."""
    forth, back = facts["from importer to imported"], facts["from imported to importer"]
    return settle(
        back > 0 and not forth,
        f"{back} records point to a package that imports theirs",
        f"it is the other way round: all {forth} notes (R_INITORDER) in the records point from a"
        " package to one that it imports. The compiler sees one package at a time and sorts only"
        " its variables; the order of the packages is the linker's work: from these notes alone"
        + (
            " follows the list in the executable"
            if facts["the order follows from them"]
            else " does not follow the list in the executable"
        ),
    )


@experiment("c4.35", decide_edges)
def measure_edges(lab: Lab) -> Facts:
    """Read the notes in the objects of hello, and compare them with what each package imports."""
    bench = lab.bench
    found = records(Source.from_file(bench.source("hello")), bench.target)
    names = sorted(name for name in found if name != "main")
    form = "{{.ImportPath}} {{range .Imports}}{{.}} {{end}}"
    listed = lab.run(
        [bench.go.command, "list", "-f", form, *names], f"go list -f '{form}' os …", keep=r"^os "
    ).text
    imports = {line.split()[0]: set(line.split()[1:]) for line in listed.splitlines()}
    edges = [(name, other) for name in names for other in found[name].imports]
    lab.note(
        "the relocations of os..inittask in os.a",
        "\n".join(f"R_INITORDER {name}..inittask" for name in found["os"].imports),
    )
    order = init_order({name: record.imports for name, record in found.items()}).order
    linked = [task.package for task in init_tasks(built(lab, "hello")).main]
    return {
        "from importer to imported": sum(other in imports[name] for name, other in edges),
        "from imported to importer": sum(name in imports[other] for name, other in edges),
        "edges": len(edges),
        "the order follows from them": [n for n in order if found[n].functions] == linked,
    }


def decide_command(facts: Facts) -> Ruling:
    """c4.36: whether the command prints the order of initialisation."""
    named = facts["other packages in the output of go build"]
    return settle(
        not facts["refused with"] and bool(named),
        f"the output names the inits of {', '.join(named)}",
        f"go tool compile refuses it ({facts['refused with']}): -gcflags belongs to go build. And"
        f" there the same flags print {facts['lines about init'] or 'no'} lines about init, and"
        " nothing about another package: -m tells what is inlined and what escapes",
    )


@experiment("c4.36", decide_command)
def measure_command(lab: Lab) -> Facts:
    """Give the article's flags to the compiler, then to the go command."""
    refused = lab.compile("inits", "-gcflags=-l -m=2", keep="flag provided")
    said = next(iter(refused.error_text.splitlines()), "") if refused.returncode else ""
    lines = _about_init(lab, "-gcflags=-l -m=2")
    others = {
        match["package"]
        for line in lines
        for word in line.replace("(", " ").split()
        if (match := INIT.match(word)) and match["package"] != "main"
    }
    return {
        "refused with": said,
        "lines about init": len(lines),
        "other packages in the output of go build": sorted(others),
    }


def _about_init(lab: Lab, flags: str) -> list[str]:
    """The lines that go build prints about init functions of a program with two."""
    done = lab.go(_TWO, "build", flags, "-o", "prog", ".", keep=r"\binit\b")
    return [line for line in done.error_text.splitlines() if re.search(r"\binit\b", line)]


def decide_flags(facts: Facts) -> Ruling:
    """c4.37: whether -l keeps init symbols, and -m=2 prints how inits are scheduled."""
    kept = set(facts["symbols with -l"]) - set(facts["symbols without"])
    scheduled = [line for line in facts["lines without -l"] if "order" in line or "sched" in line]
    return settle(
        bool(kept or scheduled),
        f"with -l there are {', '.join(sorted(kept)) or 'no more symbols'}; -m=2 says {scheduled}",
        f"the program has the same symbols ({', '.join(facts['symbols without'])}) with -l and"
        f" without. About init -l -m=2 prints {len(facts['lines with -l']) or 'no'} lines; without"
        f" -l it prints {len(facts['lines without -l'])}, about inlining:"
        f" {''.join(facts['lines without -l'][:1])}",
    )


@experiment("c4.37", decide_flags)
def measure_flags(lab: Lab) -> Facts:
    """Build one program with -l and without, and compare output and symbols."""
    lines, symbols = {}, {}
    for name, flags in (("with", "-gcflags=-l -m=2"), ("without", "-gcflags=-m=2")):
        lines[name] = _about_init(lab, flags)
        program = executable(lab.bench.folder(_TWO) / "prog")
        names = (one.name for one in program.functions)
        symbols[name] = sorted(one for one in names if one.startswith("main.init"))
        lab.note("go tool nm prog | grep ' main.init'", "\n".join(symbols[name]))
    return {
        "symbols with -l": symbols["with"],
        "symbols without": symbols["without"],
        "lines with -l": lines["with"],
        "lines without -l": lines["without"],
    }
