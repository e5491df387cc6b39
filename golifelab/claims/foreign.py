"""Chapter 2, claims about TypeScript: c2.26 to c2.28 and c2.30 to c2.32, with Go's counterparts.

Whether a claim is about Go at all is found out as well: the code it speaks of is given to the Go
compiler, and the names it speaks of are searched in Go's source.
"""

from __future__ import annotations

from golifelab.claims.experiment import Facts, Ruling, experiment
from golifelab.claims.gosource import SYNTAX, TYPES2, search
from golifelab.claims.ledger import Verdict
from golifelab.claims.type_system import LAUNDERED, SATISFACTION, first_refusals, refusal, uses
from golifelab.claims.workbench import Lab
from golifelab.compile.changed.compiler import ready, status
from golifelab.compile.changed.laundering import laundering
from golifelab.compile.changed.linter import lint
from golifelab.compile.changed.verdicts import compile_with
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.source import Source

_NIL = """package main

type S interface{ M() }

func main() {
	var s S
	s.M()
}
"""
_CHANNEL = """package main

func f(r <-chan int) {
	var c chan<- int = r
	_ = c
}
"""


def decide_foreign(facts: Facts) -> Ruling:
    """Whether the claim is about Go: its compiler takes the code, or its source knows the name."""
    counterpart = f"Go's counterpart: {facts['counterpart']}"
    if not facts["refused with"]:
        return Ruling(Verdict.CONFIRMED, f"the Go compiler takes the code. {counterpart}")
    if facts["named by Go"]:
        return Ruling(
            Verdict.CORRECTED,
            f"Go's source names it {facts['named by Go']} times, but the compiler refuses"
            f" the code: {facts['refused with']}. {counterpart}",
        )
    return Ruling(
        Verdict.OFF_TOPIC,
        f"this is about TypeScript. The Go compiler stops at the code ({facts['refused with']}),"
        f" and its source does not know the name. {counterpart}",
    )


def _foreign(lab: Lab, code: str, name: str) -> dict[str, str | int]:
    """Give the code to the Go compiler, and search the name in the compiler and in go/types."""
    said = refusal(lab, f"package main\n\n{code}\n")
    hits = search(lab, name, SYNTAX, TYPES2, "go/types")
    return {"refused with": said, "named by Go": len(hits)}


def _panic_of(lab: Lab, text: str) -> str:
    """What a program says when it panics; where programs can't run, that it was not run."""
    try:
        said = lab.run_text(text, keep="^panic|^goroutine").error_text
    except FeatureUnavailable as unavailable:
        return f"(not run: {unavailable.reason})"
    return said.split("\n")[0] or "no panic"


@experiment("c2.26", decide_foreign)
def measure_plugin(lab: Lab) -> Facts:
    """Look for the ways in which the go command lets a compiler be changed."""
    facts = _foreign(lab, "declare const mark: unique symbol", r"TypeScript")
    found = lab.run(
        [lab.bench.go.command, "help", "build"],
        "go help build | grep -e -overlay -e -toolexec",
        keep=r"^\t-(overlay|toolexec)",
    )
    flags = [flag for flag in ("-overlay", "-toolexec") if f"\t{flag}" in found.text]
    counterpart = (
        f"go build {flags[0] if flags else '(no flag)'} builds a changed compiler without touching"
        f" a file of Go's, and {flags[-1] if flags else '(no flag)'} has the go command use it"
    )
    return facts | {"counterpart": counterpart + _said_by_a_changed_compiler(lab)}


def _said_by_a_changed_compiler(lab: Lab) -> str:
    """What a compiler with a rule of the course says, where one is built; it is not waited for."""
    patch, target = laundering(), lab.bench.target
    try:
        compiler = ready(patch, target) if status(patch, target).state == "ready" else None
    except GolifelabError:  # this Go has another source than the patch knows, or none
        compiler = None
    if compiler is None:
        return ""
    said = compile_with(compiler, Source.from_text(LAUNDERED), target).output.strip()
    lab.note("compile -p main main.go, by a compiler with a rule of its own", said)
    return f". One with a rule of its own says: {said.split(': ', 1)[-1]}"


@experiment("c2.27", decide_foreign)
def measure_double_assertion(lab: Lab) -> Facts:
    """Do in Go what the double assertion does: build it, let vet look at it, run it."""
    facts = _foreign(lab, 'var x = "hello" as any as number', r"\bas any as\b")
    said = refusal(lab, LAUNDERED)
    vetted = lab.go(LAUNDERED, "vet", ".").returncode
    counterpart = (
        f'any("hello").(int) is {"refused" if said else "accepted"} by the compiler and'
        f" {'refused' if vetted else 'accepted'} by vet; running it: {_panic_of(lab, LAUNDERED)}"
    )
    return facts | {"counterpart": counterpart}


@experiment("c2.28", decide_foreign)
def measure_hook(lab: Lab) -> Facts:
    """Find the place where Go's checker looks at a type assertion, and ask a linter instead."""
    facts = _foreign(lab, "checker.checkExpression(node)", r"checkExpression|TS2322")
    seam = search(lab, r"case \*syntax\.AssertExpr:", f"{TYPES2}/expr.go")
    places = ", ".join(f"{hit.file}:{hit.line}" for hit in seam) or "not found"
    linted = lint(Source.from_text(LAUNDERED), lab.bench.target)
    lab.note("linter main.go, a program of ours that asks go/types", linted.output)
    return facts | {
        "counterpart": f"type assertions are checked at {places}, which can be changed; or a"
        f" linter asks go/types and says: {linted.output.strip().split(': ', 1)[-1]}"
    }


@experiment("c2.30", decide_foreign)
def measure_optional(lab: Lab) -> Facts:
    """Call a method of an interface that holds nothing."""
    facts = _foreign(lab, "type T struct {\n\tname? string\n}", "strictNullChecks")
    said = refusal(lab, _NIL)
    counterpart = (
        "pointers and interfaces may be nil. A call through a nil interface is"
        f" {'refused' if said else 'accepted'} by the compiler; running it: {_panic_of(lab, _NIL)}"
    )
    return facts | {"counterpart": counterpart}


@experiment("c2.31", decide_foreign)
def measure_readonly(lab: Lab) -> Facts:
    """Assign a channel for receiving to one for sending."""
    facts = _foreign(lab, "type T struct {\n\treadonly name string\n}", r'"readonly"|_Readonly')
    said = refusal(lab, _CHANNEL)
    return facts | {"counterpart": f"channels have directions: {said or 'not checked'}"}


@experiment("c2.32", decide_foreign)
def measure_all_members(lab: Lab) -> Facts:
    """Ask for an interface that a type does not satisfy, and find who decides."""
    facts = _foreign(lab, "class C implements I {}", "TS2420")
    said = first_refusals(lab, uses("missing", "different"), SATISFACTION)
    found = search(lab, r"^func .*\bmissingMethod\(", f"{TYPES2}/lookup.go")
    who = f"{found[0].file}:{found[0].line}" if found else "nobody"
    first = next(iter(said.values())).partition("declaration: ")[2]
    return facts | {
        "counterpart": f"missingMethod ({who}) compares method sets, and names the first method"
        f" that is missing or different: {first}"
    }
