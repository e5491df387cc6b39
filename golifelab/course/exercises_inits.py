"""The exercises of section 4.3: in which order packages and variables are initialised."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from golifelab.course.exercise import Wrong, judge
from golifelab.course.judging import is_names
from golifelab.program import Program, sample
from golifelab.run.inits.inittrace import Inits
from golifelab.run.inits.order import init_order
from golifelab.run.inits.packages import package_order, random_imports

_SEED = 23
# main imports a, m and z, and a imports z.
FOUR = {"main": ("a", "m", "z"), "a": ("z",), "m": (), "z": ()}
MOVED = "m"
VARIABLES = Program.from_text("""package main

import "fmt"

var (
	sum   = tell("sum", first+second)
	first = tell("first", third*2)

	second = tell("second", 1)
	third  = tell("third", helper())
	fourth = tell("fourth", 4)
)

func helper() int { return second + 1 }

func tell(name string, value int) int {
	fmt.Println(name)
	return value
}

func main() {}
""")


@judge(
    "4.3a",
    question="In which order are the nine packages of this program initialised?",
    hints=(
        "A package is ready when all that it imports are done. First those that import nothing.",
        (
            "Of all that are ready, always the one whose path comes first in the alphabet. The"
            " order of imports in the source does not matter."
        ),
        (
            "After each package look again: it may have made one ready that comes earlier in the"
            " alphabet than those that wait."
        ),
    ),
    answer="A heap of the packages that are ready:\n\nlist(init_order(asked_imports()).order)",
)
def judge_packages(answer: Any) -> str:
    """Compare with the order in which a program with these imports initialises its packages."""
    graph = asked_imports()
    _judge_order(answer, package_order(graph).printed, tuple(graph))
    return "the program was built, and its packages said the same."


@cache
def asked_imports() -> dict[str, tuple[str, ...]]:
    """An import graph of main and eight packages in which the alphabet alone is not enough."""
    seed = _SEED
    while True:
        graph = random_imports(seed)
        schedule = init_order(graph)
        others = schedule.order[:-1]
        if list(others) != sorted(others) and len(schedule.choices) > 3:
            return graph
        seed += 1


def _judge_order(answer: Any, truth: Sequence[str], names: Sequence[str]) -> None:
    """Wrong, with the first place that differs, unless the answer is this order."""
    if not is_names(answer) or isinstance(answer, set | frozenset):
        raise Wrong("give a list of names, in order")
    said = [name.strip() for name in answer]
    unknown = [name for name in said if name not in names]
    if unknown:
        raise Wrong(f"{unknown[0]!r} is not among {', '.join(names)}")
    if len(set(said)) < len(said):
        raise Wrong("each of them comes once")
    for number, (ours, theirs) in enumerate(zip(said, truth, strict=False)):
        if ours != theirs:
            right = f"the first {number} are right; then" if number else "at the beginning"
            raise Wrong(f"{right} it is not {ours}")
    if len(said) < len(truth):
        raise Wrong(f"the first {len(said)} are right; go on")


@judge(
    "4.3b",
    question="In which order do these five variables get their values?",
    hints=(
        (
            "Take the first in the source that needs no other variable that is still waiting. Then"
            " begin again."
        ),
        "A variable needs also what the functions need that its text names.",
        "third calls helper, and helper reads second.",
    ),
    answer=(
        "second needs nothing, so it is first, although two stand before it; fourth has to wait"
        " for its turn:\n\nlist(VARIABLES.variable_order.code_order)"
    ),
)
def judge_variables(answer: Any) -> str:
    """Compare with the order in which the compiled init function sets them."""
    found = VARIABLES.variable_order
    _judge_order(answer, found.code_order, [one.name for one in found])
    return "the function init sets them in this order; the compiler has worked it out."


@judge(
    "4.3c",
    question=(
        "main imports a, m and z, and a imports z. Add one import, (who, whom), so that m is"
        " initialised last before main."
    ),
    hints=(
        "m goes early because it imports nothing. What could it wait for?",
        "When it is its turn, no other may be waiting that comes later in the alphabet.",
    ),
    answer=(
        "m has to wait for a, which waits for z itself. (To wait for z is enough, too: then a and m"
        ' are ready, and a comes first.)\n\nadded = ("m", "a")'
    ),
)
def judge_import(answer: Any) -> str:
    """Build the program with the import, and see in which order its packages report."""
    if not isinstance(answer, Sequence) or len(answer) != 2 or not is_names(list(answer)):
        raise Wrong('give two names, such as ("a", "z")')
    who, whom = answer
    if who not in FOUR or whom not in FOUR:
        raise Wrong(f"the packages are {', '.join(FOUR)}")
    printed = package_order(FOUR | {who: (*FOUR[who], whom)}).printed
    if printed[-2] != MOVED:
        raise Wrong(f"then the order is {', '.join(printed)}")
    return f"{', '.join(printed)}: {MOVED} is the last before main."


@judge(
    "4.3d",
    question="Which package allocates most often while netapp is initialised?",
    hints=(
        "`sample('netapp').inits.frame()` has a column for it.",
        "Sort by the number of allocations, not by their bytes.",
    ),
    answer=(
        "The largest number in the column:\n\n"
        "rows = sample('netapp').inits.rows\n"
        "max(rows, key=lambda row: row.allocations).package"
    ),
)
def judge_allocations(answer: Any) -> str:
    """Compare with what the runtime reports of the start of netapp."""
    if not isinstance(answer, str):
        raise Wrong("give the import path of a package")
    rows = {row.package: row for row in traced_inits().rows}
    if answer not in rows:
        raise Wrong(f"the trace has no line about {answer}")
    most = max(row.allocations for row in rows.values())
    if rows[answer].allocations < most:
        raise Wrong(f"{answer} makes {rows[answer].allocations}, and another one makes more")
    return f"{most} allocations, before main.main begins."


@cache
def traced_inits() -> Inits:
    """What the runtime reports of the initialisation of netapp."""
    return sample("netapp").inits
