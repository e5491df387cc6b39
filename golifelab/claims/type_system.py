"""Chapter 2, checks and types: claims c2.16 to c2.18, c2.24, c2.25 and c2.29."""

from __future__ import annotations

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.workbench import Lab

_HEAD = "package main\n\n"
# One declaration each, in which T mentions T.
CYCLES = {
    "type T *T": "pointer to itself",
    "type T []T": "slice of itself",
    "type T T": "itself",
    "type T struct{ t T }": "a struct with itself in it",
}
# Were Go's assignments about subtypes, then what holds for two types would hold for what is made
# of them: an int may be put into an any, so a []int could be read as a []any.
_MADE_OF = {
    "[]int → []any": ("[]int", "[]any"),
    "[2]int → [2]any": ("[2]int", "[2]any"),
    "func() int → func() any": ("func() int", "func() any"),
    "<-chan int → <-chan any": ("<-chan int", "<-chan any"),
    "map[string]int → map[string]any": ("map[string]int", "map[string]any"),
}
# Two methods wanted; three types that lack them in three ways, and one that has more.
SATISFACTION = """package main

type S interface {
	M()
	N()
}

type pointer struct{}

func (*pointer) M() {}
func (pointer) N()  {}

type missing struct{}

func (missing) M() {}

type different struct{}

func (different) M(int) {}
func (different) N()    {}

type more struct{}

func (more) M()     {}
func (more) N()     {}
func (more) Extra() {}
"""
LAUNDERED = """package main

func main() {
	n := any("hello").(int)
	println(n)
}
"""


def refusal(lab: Lab, text: str) -> str:
    """What the compiler says first against a program, without the place; empty when it takes it."""
    done = lab.compile_text(text)
    said = (done.text + done.error_text).strip() or f"exit status {done.returncode}"
    first = said.split("\n")[0] if done.returncode else ""
    return first.split(": ", 1)[-1]


def first_refusals(lab: Lab, programs: dict[str, str], common: str = "") -> dict[str, str]:
    """The same for several programs by name; the evidence is what they begin with, and a table."""
    if common:
        lab.note("head main.go", common)
    scratch = Lab(lab.bench)  # a table says more than a list of commands
    said = {name: refusal(scratch, text) for name, text in programs.items()}
    rows = [f"{name:32} {message or 'accepted'}" for name, message in said.items()]
    lab.note("go tool compile -p main main.go, for each", "\n".join(rows))
    return said


def decide_mismatch(facts: Facts) -> Ruling:
    """c2.16: whether the sum of an int and a string is refused."""
    return settle(
        all("mismatched types" in message for message in facts["messages"].values()),
        "refused, as variables and as constants: " + "; ".join(facts["messages"].values()),
        "the compiler takes such a sum",
    )


@experiment("c2.16", decide_mismatch)
def measure_mismatch(lab: Lab) -> Facts:
    """Add an int and a string, once as variables and once as constants."""
    programs = {
        "variables": f"{_HEAD}func f(x int, s string) {{ _ = x + s }}\n",
        "constants": f'{_HEAD}const c = 1 + "one"\n',
    }
    return {"messages": first_refusals(lab, programs)}


def decide_undefined(facts: Facts) -> Ruling:
    """c2.17: whether an undeclared name is refused in these words."""
    return settle(
        facts["message"] == "undefined: x",
        f"the compiler says “{facts['message']}”",
        f"the compiler says “{facts['message'] or 'nothing'}”",
    )


@experiment("c2.17", decide_undefined)
def measure_undefined(lab: Lab) -> Facts:
    """Use a name that nobody declared."""
    return {"message": refusal(lab, f"{_HEAD}func main() {{ println(x) }}\n")}


def decide_cycles(facts: Facts) -> Ruling:
    """c2.18: whether `type T *T` is refused as a cycle."""
    said = facts["messages"]
    accepted = [one for one, message in said.items() if not message]
    refused = [f"{one} ({message})" for one, message in said.items() if message]
    return settle(
        bool(said["type T *T"]),
        f"it is refused: {said['type T *T']}",
        f"accepted: {', '.join(accepted)}; refused: {', '.join(refused)}",
    )


@experiment("c2.18", decide_cycles)
def measure_cycles(lab: Lab) -> Facts:
    """Compile declarations in which a type mentions itself, and use the first one."""
    programs = {one: f"{_HEAD}{one}\n" for one in CYCLES}
    used = f"{_HEAD}type T *T\n\nfunc main() {{\n\tvar t T\n\tt = &t\n\tprintln(t == *t)\n}}\n"
    said = first_refusals(lab, programs)
    refusal(lab, used)
    return {"messages": said}


def decide_subtypes(facts: Facts) -> Ruling:
    """c2.24: whether assignments follow a relation of subtypes."""
    refused = [message for message in facts["messages"].values() if message]
    return settle(
        not facts["int → any"] and not refused,
        "what holds for two types holds for all that is made of them, as with subtypes",
        f"an int is {'refused' if facts['int → any'] else 'accepted'} as an any, but"
        f" {len(refused)} of {len(facts['messages'])} pairs made of the two are refused. Go"
        f" compares types for identity and assignability: {refused[0] if refused else ''}",
    )


@experiment("c2.24", decide_subtypes)
def measure_subtypes(lab: Lab) -> Facts:
    """Assign an int to an any, and then what is made of int to what is made of any."""

    def program(value: str, variable: str) -> str:
        return f"{_HEAD}func f(a {value}) {{\n\tvar b {variable} = a\n\t_ = b\n}}\n"

    single = refusal(lab, program("int", "any"))
    pairs = {name: program(*pair) for name, pair in _MADE_OF.items()}
    return {"int → any": single, "messages": first_refusals(lab, pairs)}


def decide_satisfaction(facts: Facts) -> Ruling:
    """c2.25: whether a type may also say what it implements."""
    said = facts["messages"]
    return settle(
        not facts["an implements clause"] and not said["more"],
        "a type satisfies an interface by its methods, and may say so",
        f"there is no implements clause ({facts['an implements clause']}). Methods decide, where a"
        f" value is used: {'; '.join(message for message in said.values() if message)}",
    )


def uses(*types: str) -> dict[str, str]:
    """Programs that put a value of each type into a variable of the interface S, by type."""
    return {name: f"{SATISFACTION}\nvar _ S = {name}{{}}\n" for name in types}


@experiment("c2.25", decide_satisfaction)
def measure_satisfaction(lab: Lab) -> Facts:
    """Try an implements clause, and use four types where an interface is wanted."""
    clause = refusal(lab, f"{_HEAD}type S interface{{ M() }}\n\ntype T struct{{}} implements S\n")
    said = first_refusals(lab, uses("more", "pointer", "missing", "different"), SATISFACTION)
    shorter = {name: message.partition("declaration: ")[2] for name, message in said.items()}
    return {"an implements clause": clause, "messages": shorter}


def decide_both_directions(facts: Facts) -> Ruling:
    """c2.29: whether members have to match both ways, and nothing gets around it."""
    word = {name: "refused" if said else "accepted" for name, said in facts.items()}
    return settle(
        bool(facts["one method more"]) and bool(facts["through any"]),
        "a method more is refused, and so is the way through any",
        "one direction only: a type with one method more than the interface is"
        f" {word['one method more']}, one with a method less is {word['one method less']}. And any"
        f' puts the check off until run time: any("hello").(int) is {word["through any"]}',
    )


@experiment("c2.29", decide_both_directions)
def measure_both_directions(lab: Lab) -> Facts:
    """Use a type with a method more and one with a method less, and go through any."""
    said = first_refusals(lab, uses("more", "missing"), SATISFACTION)
    return {
        "one method more": said["more"],
        "one method less": said["missing"],
        "through any": refusal(lab, LAUNDERED),
    }
