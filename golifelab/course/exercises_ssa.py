"""The exercises of section 2.4: phis, passes, numbers that are used twice, and checks."""

from __future__ import annotations

from typing import Any

from golifelab.compile.remarks import Remark
from golifelab.compile.ssa.ablation import Ablation
from golifelab.compile.ssa.biography import Biography
from golifelab.compile.ssa.stage import SSA
from golifelab.course.exercise import Wrong, judge
from golifelab.course.judging import is_names, judge_rows
from golifelab.course.trials import living_blocks, phis, program_of, same_results
from golifelab.program import Program, sample

JOINS = ("straight", "early", "larger", "order", "power", "keep")
# Copies are gone after this pass, and with them phis of one value.
TIDY = "early phielim and copyelim"
WANTED_PHIS = 3
_DOTS = (
    "dot([]int{1, 2, 3}, []int{4, 5, 6})",
    "dot([]int{7}, []int{-3})",
    "dot([]int{}, []int{})",
    "dot([]int{1, -1, 2, 9, 4}, []int{3, 3, 5, 0, 8})",
)


@judge(
    "2.4a",
    question="Six functions: how many phis does each have, once needless copies are gone?",
    hints=(
        "A phi stands where ways meet, and only for what is not the same on all of them.",
        "A loop's first block has two ways in: from above, and from the end of the loop.",
        "What a function writes to memory is a value as well, and is handed on like any other.",
    ),
    answer=(
        "One for each variable that comes in two ways with two values; in keep it is the memory:"
        '\n\n{name: len(phis(sample("joins").ssa(name)[TIDY])) for name in JOINS}'
    ),
)
def judge_phis(answer: Any) -> str:
    """Compare {function: number} with the phis that the compiler has built."""
    truth = phi_counts()
    judge_rows(
        answer,
        truth,
        kind="function → number",
        same=lambda said, fact: isinstance(said, int) and said == fact,
    )
    return f"{sum(truth.values())} phis in six functions, and one of them carries memory."


def phi_counts() -> dict[str, int]:
    """How many phis each of the six functions has when it has been built and tidied."""
    joins = sample("joins")
    return {name: len(phis(joins.ssa(name)[TIDY])) for name in JOINS}


@judge(
    "2.4b",
    question=(
        "Find a number in risk that the compiler has used for two different values. Give its name,"
        " what the first value did and what the last one does."
    ),
    hints=(
        "A number is free again when its value is gone. Many go at lower, and others come there.",
        'sample("risk").ssa("risk").biography("v10") tells the life of a number.',
        "A value that only changes what it does is still the same value: it was never gone.",
    ),
    answer=(
        "Look for a life that begins twice:\n\n"
        'reused_numbers(sample("risk").ssa("risk"))  # name → operations, first and last'
    ),
)
def judge_reuse(answer: Any) -> str:
    """Compare (name, operation, operation) with the lives that the passes show."""
    if not isinstance(answer, list | tuple) or not is_names(answer) or len(answer) != len("abc"):
        raise Wrong('give three texts, such as ("v10", "Less64", "CMPQ")')
    name, first, last = (text.strip() for text in answer)
    ssa = sample("risk").ssa("risk")
    life = ssa.biography(name)
    found = reused_numbers(ssa).get(name)
    if found is None:
        raise Wrong(f"{name} is one value all its life:\n{life}")
    if (first, last) != found:
        raise Wrong(f"{name} does name two values, but look at what they do:\n{life}")
    return f"{name} is {first} when the function is built, and a different value, {last}, later."


def reused_numbers(ssa: SSA) -> dict[str, tuple[str, str]]:
    """The names that mean more than one value, with the first operation and the last one."""
    numbers = {value.id for step in ssa.passes for value in step.values() if not value.dead}
    found = {}
    for number in sorted(numbers):
        life = ssa.biography(number)
        if sum(event.kind == "built" for event in life.events) > 1:
            operations = _operations(life)
            found[f"v{number}"] = (operations[0], operations[-1])
    return found


def _operations(life: Biography) -> list[str]:
    return [event.value.op for event in life.events if event.value is not None]


@judge(
    "2.4c",
    question="After which pass does addPhi have only one block left?",
    hints=(
        "The graph has boxes with two arrows out of them, until it has one box. Scrub the passes.",
        'sample("phi").ssa("addPhi").impact() lists what each pass did; look for blocks.',
    ),
    answer=(
        "Go through the passes and count living blocks:\n\n"
        'for step in sample("phi").ssa("addPhi").passes:\n    print(step.name, step.statistics[0])'
    ),
)
def judge_branch(answer: Any) -> str:
    """Compare the name of a pass with the one after which no branch is left."""
    ssa = sample("phi").ssa("addPhi")
    if not isinstance(answer, str):
        raise Wrong('give the name of a pass, such as "opt"')
    said = ssa[answer.strip()]  # GolifelabError lists the names when it is none.
    truth = branch_loser(ssa)
    if said.name != truth:
        count = len(living_blocks(said))
        if count == 1:
            raise Wrong(f"after {said.name} there is one block, but an earlier pass has done it")
        raise Wrong(f"after {said.name} there are {count} blocks")
    return f"{truth} makes one block of three. It computes both values and chooses one."


def branch_loser(ssa: SSA) -> str:
    """The first pass after which a function is one block."""
    return next(step.name for step in ssa.passes if len(living_blocks(step)) == 1)


@judge(
    "2.4d",
    question=(
        "Change dot so that no index is checked in its loop any more. For slices of equal length"
        " it must give what it gave."
    ),
    hints=(
        "The check of a[i] is gone already: i comes from range over a. What would b need?",
        "prove remembers every comparison that lies behind it. Tell it something about len(b).",
        "One line before the loop will do. A slice expression is checked once, not in every round.",
    ),
    answer=(
        "Cut b to the length of a before the loop. That is checked once:\n\n"
        'sample("dot").edit("\\ttotal := 0", "\\tb = b[:len(a)]\\n\\ttotal := 0")'
    ),
)
def judge_checks(answer: Any) -> str:
    """Compile the learner's program, see which checks are kept, and run it beside the original."""
    program = program_of(answer, "dot")
    kept = kept_indexes(program)
    if kept:
        raise Wrong(f"there is still a check at {kept[0].position}: “{kept[0].message}”")
    same_results(program, sample("dot"), _DOTS)
    once = [one for one in program.remarks.of("bounds") if one.outcome == "kept"]
    more = f" What is left is done once, at {once[0].position}." if once else ""
    return f"no index of the loop is checked any more, and the results are the same.{more}"


def kept_indexes(program: Program) -> list[Remark]:
    """The checks of indexes that stay in a program, those of slice expressions left out."""
    return [
        one
        for one in program.remarks.of("bounds")
        if one.outcome == "kept" and "IsInBounds" in one.message
    ]


@judge(
    "2.4e",
    question="Which passes, switched off alone, bring a check back into the loop of sum?",
    hints=(
        "Somebody has to know that i is less than len(values). Which pass collects such facts?",
        (
            'sample("decisions").ablation("sum") compiles once without each pass;'
            ' .change("opt", "checks") says how many checks more there are then.'
        ),
    ),
    answer=(
        "Ask for each pass that can be switched off:\n\n"
        'made = sample("decisions").ablation("sum")\n'
        '[one.name for one in made if (made.change(one.name, "checks") or 0) > 0]'
    ),
)
def judge_ablation(answer: Any) -> str:
    """Compare a list of passes with those whose absence leaves checks in the code."""
    if isinstance(answer, str):
        answer = [answer]
    if not is_names(answer):
        raise Wrong('give a list of names of passes, such as ["opt"]')
    # Those named first: what is wrong is then said after a few runs of the compiler, not fifty.
    named = sample("decisions").ablation("sum", tuple(answer))
    for one in named:
        if one.required:
            raise Wrong(f"{one.name} cannot be switched off; the compiler insists on it")
        if one.name not in check_removers(named):
            raise Wrong(f"without {one.name} there are as many checks as with it")
    truth = check_removers(sample("decisions").ablation("sum"))
    if missing := len(truth) - len(set(answer)):
        raise Wrong(f"these are right, but {missing} more would be needed")
    return f"it is {', '.join(truth)}, and what it was good for here is one comparison a round."


def check_removers(made: Ablation) -> list[str]:
    """The passes without which more bounds checks stay in a function."""
    return [one.name for one in made if (made.change(one.name, "checks") or 0) > 0]


@judge(
    "2.4f",
    question=(
        "Write a function three(n int) int with exactly three phis left after the last pass. Phis"
        " of memory do not count."
    ),
    hints=(
        "A branch may become a conditional move, and its phi is gone. A loop stays a loop.",
        "Each variable that a loop changes and needs again has a phi at the loop's head.",
        'phis(program.ssa("three")[-1], memory=False) are those that count.',
    ),
    answer=(
        "A loop that carries three variables, its counter among them:\n\n"
        "func three(n int) int {\n\ta, b := 0, 1\n\tfor i := 0; i < n; i++ {\n\t\ta, b = b, a+b\n"
        "\t}\n\treturn a\n}"
    ),
)
def judge_three(answer: Any) -> str:
    """Compile the learner's function, and count the phis of the last pass."""
    ssa = program_of(answer, "three").ssa("three")
    built, left = phis(ssa["start"], memory=False), phis(ssa[-1], memory=False)
    if len(left) != WANTED_PHIS:
        was = "was" if len(built) == 1 else "were"
        raise Wrong(f"it has {len(left)} in the end; {len(built)} {was} built")
    return "three phis live to the end: " + ", ".join(
        f"{phi.name} in {phi.location or 'no register'}" for phi in left
    )
