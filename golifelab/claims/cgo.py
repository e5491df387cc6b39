"""Chapter 3, what CGO_ENABLED decides and what not: claims c3.23 to c3.26, c3.34, c3.35, c3.38."""

from __future__ import annotations

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.ways import attempt, build, command, image, path, source_of
from golifelab.claims.workbench import Lab
from golifelab.link.cgo import CPackages, c_packages
from golifelab.link.modes import Way, built
from golifelab.link.modes.tree import Fork, decision_tree, leaves, steps
from golifelab.link.modes.way import PURE, STATIC
from golifelab.source import Source

_USERS = """package main

import (
	"fmt"
	"net"
	"os/user"
)

func main() {
	fmt.Println(net.LookupHost("localhost"))
	fmt.Println(user.LookupId("0"))
}
"""
_HELPED = """package main

func main() { println(answer()) }
"""
_HELPER = """package main

// int answer(void) { return 42; }
import "C"

func answer() int { return int(C.answer()) }
"""
_ALL = (
    Way(),
    Way(buildmode="pie"),
    Way(cgo=True),
    Way(cgo=True, tags=PURE),
    Way(cgo=True, extldflags=STATIC),
    Way(cgo=True, linkmode="external"),
    Way(cgo=True, linkmode="external", extldflags=STATIC),
)
_SAMPLES = ("hello", "netapp", "cgoapp")


def _with_c(lab: Lab, source: Source, *, cgo: bool) -> CPackages:
    """Ask which packages have C in them, and write it down."""
    found = c_packages(source, lab.bench.target.with_(cgo=cgo, gcflags=()))
    rows = (f"{one.path:12} {' '.join(one.cgo_files)}" for one in found.packages if one.cgo_files)
    lab.note(found.command, "\n".join(rows) or found.error or "(no package)")
    return found


def decide_pure(facts: Facts) -> Ruling:
    """c3.23: whether CGO_ENABLED=0 leaves no C, and std goes on without it."""
    holds = not facts["packages with C"] and not facts["interpreter"] and facts["in place of C"]
    return settle(
        bool(holds),
        f"without it {_several(facts['packages with C otherwise'])} have C in them, with it none:"
        f" files such as {facts['in place of C'][0] if facts['in place of C'] else ''} take its"
        " place, and the program asks for no library",
        f"there is still C in {_several(facts['packages with C'])}",
    )


@experiment("c3.23", decide_pure)
def measure_pure(lab: Lab) -> Facts:
    """List the packages with C of a program that uses net and os/user, and build it without."""
    source = Source.from_text(_USERS)
    lab.note("cat main.go", _USERS)
    allowed = _with_c(lab, source, cgo=True)
    without = _with_c(lab, source, cgo=False)
    swapped = []
    for name in ("net", "os/user"):
        before, after = allowed.package(name), without.package(name)
        fresh = sorted(set(after.go_files) - set(before.go_files))
        lab.note(
            f"CGO_ENABLED=0 go list -f '{{{{.GoFiles}}}}' {name}   # only now", "\n".join(fresh)
        )
        swapped += [f"{name}/{file}" for file in fresh]
    row = build(lab, "netapp", Way())
    return {
        "packages with C": list(without.with_c),
        "packages with C otherwise": list(allowed.with_c),
        "in place of C": swapped,
        "interpreter": row.interpreter,
        "libraries": list(row.needed),
    }


def _libraries(lab: Lab, ways: dict[str, tuple[str, Way]]) -> dict[str, list[str]]:
    """What each of some builds asks for; those that this machine can't make are left out."""
    rows = {name: attempt(lab, *one) for name, one in ways.items()}
    return {name: list(row.needed) for name, row in rows.items() if row.available}


def decide_price(facts: Facts) -> Ruling:
    """c3.24: whether a program pays with libraries as soon as C is allowed."""
    libraries = facts["libraries"]
    free = [name for name, needed in libraries.items() if not needed]
    paying = {name: needed for name, needed in libraries.items() if needed}
    others = f", while {_several(paying)} ask for some" if paying else ""
    return settle(
        not free,
        "every program that was built with CGO_ENABLED=1 asks for libraries",
        f"{_several(free)} is built with CGO_ENABLED=1 and asks for no library{others}: what counts"
        " is whether a package with C is imported. Both builds of hello differ in"
        f" {_several(facts['what differs in hello'])} of their build information",
    )


@experiment("c3.24", decide_price)
def measure_price(lab: Lab) -> Facts:
    """Build three programs with C allowed; compare the build information of hello's two builds."""
    allowed = Way(cgo=True)
    ways = {name: (name, allowed) for name in _SAMPLES}
    found = {}
    for way in (Way(), allowed):
        info = image(lab, "hello", way).build_info
        found[way.cgo] = info.settings if info else {}
        shown = "\n".join(f"build\t{name}={value}" for name, value in found[way.cgo].items())
        lab.note(f"go version -m hello   # {way.command}", shown)
    names = found[False].keys() | found[True].keys()
    return {
        "libraries": _libraries(lab, ways),
        "what differs in hello": sorted(
            name for name in names if found[False].get(name) != found[True].get(name)
        ),
    }


def decide_static_without(facts: Facts) -> Ruling:
    """c3.25: whether a program that is built without C is static."""
    dynamic = [name for name, interpreter in facts["interpreter"].items() if interpreter]
    pie = facts["interpreter of a position-independent one"]
    exception = (
        f". Only a position-independent program (-buildmode=pie) asks for {pie} all the same,"
        " though for no library"
        if pie
        else ""
    )
    return settle(
        not dynamic,
        f"{_several(facts['interpreter'])}: no interpreter, no library, no dynamic section"
        f"{exception}",
        f"{_several(dynamic)} asks for an interpreter without C",
    )


@experiment("c3.25", decide_static_without)
def measure_static_without(lab: Lab) -> Facts:
    """Build two programs without C, and one of them as a position-independent program too."""
    interpreter = {name: build(lab, name, Way()).interpreter for name in _SAMPLES[:2]}
    sections = [one.name for one in image(lab, "netapp", Way()).sections]
    lab.note("readelf -SW netapp | grep -c ' .dynamic '", str(sections.count(".dynamic")))
    pie = build(lab, "netapp", Way(buildmode="pie"))
    return {
        "interpreter": interpreter,
        "dynamic sections": sections.count(".dynamic"),
        "interpreter of a position-independent one": pie.interpreter,
    }


def decide_dependent(facts: Facts) -> Ruling:
    """c3.26: whether CGO_ENABLED=1 gives a program that depends on the C library."""
    free = [name for name, needed in facts["libraries"].items() if not needed]
    return settle(
        not free,
        "all that was built with CGO_ENABLED=1 depends on the C library",
        f"built with CGO_ENABLED=1, {_several(free)} depend on nothing: the imports decide, and"
        " the tags netgo and osusergo leave out what has C in it",
    )


@experiment("c3.26", decide_dependent)
def measure_dependent(lab: Lab) -> Facts:
    """Build programs with C allowed: with and without C in them, and with C left out by tags."""
    ways = {
        "hello": ("hello", Way(cgo=True)),
        "netapp": ("netapp", Way(cgo=True)),
        "netapp with tags": ("netapp", Way(cgo=True, tags=PURE)),
    }
    return {"libraries": _libraries(lab, ways)}


def decide_skipped(facts: Facts) -> Ruling:
    """c3.34: whether only the comment with C is passed over, or the file with it."""
    return settle(
        not facts["left out"] and not facts["refused with"],
        "the file takes part without its C",
        f"{_several(facts['left out'])} is left out as a whole: “{facts['refused with']}”. Of a"
        f" program whose other file needs it Go says “{facts['the rest is refused with']}”",
    )


@experiment("c3.34", decide_skipped)
def measure_skipped(lab: Lab) -> Facts:
    """Ask go which files take part without cgo; build a program with C in one file of two."""
    found = c_packages(source_of("cgoapp"), lab.bench.target.with_(cgo=False, gcflags=()))
    last = found.packages[-1]
    lab.note(
        "CGO_ENABLED=0 go list -e -f '{{.GoFiles}} {{.CgoFiles}} {{.IgnoredGoFiles}}' ./cgoapp",
        f"{list(last.go_files)} {list(last.cgo_files)} {list(last.ignored)}",
    )
    row = attempt(lab, "cgoapp", Way())
    helped = Source((("helper.go", _HELPER), ("main.go", _HELPED)))
    folder = lab.bench.folder(_HELPED)
    (folder / "helper.go").write_text(_HELPER)
    lab.note("cat helper.go", _HELPER)
    rest = lab.go(_HELPED, "build", "-o", "prog", ".", keep=r"\.go:")
    told = (rest.error_text or rest.text).strip().splitlines()[-1:] or [""]
    return {
        "left out": list(found.left_out),
        "refused with": row.reason,
        "files of the other program that take part": list(
            c_packages(helped, lab.bench.target.with_(cgo=False, gcflags=())).packages[-1].go_files
        ),
        "the rest is refused with": told[0].removeprefix("./"),
    }


def decide_calls(facts: Facts) -> Ruling:
    """c3.35: whether a program calls its own C."""
    return settle(
        facts["prints"] == facts["should print"],
        f"the program prints {facts['prints']}, which C reckoned. It begins at {facts['entry']}:"
        f" {facts['linker']} linked it, without being asked to",
        f"the program prints {facts['prints']!r}",
    )


@experiment("c3.35", decide_calls)
def measure_calls(lab: Lab) -> Facts:
    """Build a program with a C function of its own, and run it."""
    lab.bench.need_processes()
    row = build(lab, "cgoapp", Way(cgo=True))
    ran = lab.run([path(lab, "cgoapp", Way(cgo=True))], "./cgoapp")
    return {
        "prints": ran.text.strip(),
        "should print": "42",  # twice(21)
        "entry": row.entry_symbol,
        "linker": row.linker,
    }


def decide_diagram(facts: Facts) -> Ruling:
    """c3.38: whether two questions decide: is C allowed, and is -static passed on."""
    wrong = facts["comes out otherwise"]
    return settle(
        not wrong,
        f"all {facts['builds']} builds came out as the two questions say",
        f"{len(wrong)} of {facts['builds']} builds came out otherwise, such as"
        f" {next(iter(wrong), '')} ({next(iter(wrong.values()), '')}). The questions that decide"
        f" them: {_several(facts['questions'])}",
    )


@experiment("c3.38", decide_diagram)
def measure_diagram(lab: Lab) -> Facts:
    """Build three programs in seven ways; hold what came of it against the diagram."""
    rows = [
        built(source_of(sample), lab.bench.target, way, program=sample)
        for sample in _SAMPLES
        for way in _ALL
    ]
    rows = [row for row in rows if not row.missing]
    otherwise = [row for row in rows if row.outcome != _by_diagram(row.way)]
    said = {f"{row.program}, {row.way.name}": row.outcome for row in otherwise}
    shown = "\n".join(
        f"{command(row.program, row.way)}   # {row.outcome}, not {_by_diagram(row.way)}"
        for row in otherwise
    )
    lab.note(f"{len(rows)} builds; those that the diagram does not foresee:", shown)
    tree = decision_tree(rows)
    asked = {fork.question for row in rows for fork, _ in steps(tree, row)}
    assert isinstance(tree, Fork)
    return {
        "builds": len(rows),
        "comes out otherwise": said,
        "questions": sorted(_ASKED[one] for one in asked),
        "ends of the tree": sum(1 for _ in leaves(tree)),
    }


_ASKED = {
    "c": "whose C is in it",
    "buildmode": "-buildmode",
    "linkmode": "who links",
    "cgo": "CGO_ENABLED",
    "extldflags": "-extldflags",
    "tags": "tags",
    "strip": "-s -w",
}


def _by_diagram(way: Way) -> str:
    if not way.cgo:
        return "static"
    return "static" if way.extldflags == STATIC else "dynamic"


def _several(names: object) -> str:
    found = [str(one) for one in names] if isinstance(names, (list, dict, tuple)) else [str(names)]
    if len(found) < 2:
        return "".join(found) or "nothing"
    return f"{', '.join(found[:-1])} and {found[-1]}"
