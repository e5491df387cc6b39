"""The exercises of section 2.2: what is legal, who finds an error, and where it is said to be."""

from __future__ import annotations

from typing import Any

from golifelab.claims.gosource import SYNTAX, go_file
from golifelab.claims.workbench import Lab, workbench
from golifelab.course.exercise import Wrong, judge
from golifelab.course.judging import is_names, judge_rows, verdict_word
from golifelab.program import Program

DECLARATIONS = (
    "type T *T",
    "type T T",
    "type T []T",
    "type T [2]T",
    "type T func(T) T",
    "type T struct{ next *T }",
    "type T struct{ next T }",
    "type T map[string]T",
)
# One fault each. `phase` of an answer is the name of one of the checker's phases, or scan or parse.
FAULTS = {
    "strange": "package main\n\nfunc main() {\n\tprintln('ab')\n}\n",
    "unfinished": "package main\n\nfunc main() {\n\tprintln(42\n}\n",
    "twice": "package main\n\nvar a = 1\nvar a = 2\n\nfunc main() {}\n",
    "mixed": 'package main\n\nfunc main() {\n\tprintln(1 + "one")\n}\n',
    "circle": "package main\n\nvar a = f()\n\nfunc f() int { return a }\n\nfunc main() {}\n",
    "idle": 'package main\n\nimport "os"\n\nfunc main() {}\n',
}
BLAMED = "fake.go:99"


@judge(
    "2.2a",
    question="Eight declarations in which a type mentions itself. Which are legal?",
    hints=(
        "How large is a value of the type? If the answer needs the answer, it is illegal.",
        "Pointers, slices, maps and functions have one size, whatever they are made of.",
    ),
    answer=(
        "A type may mention itself wherever its size does not depend on it. Ask the checker:\n\n"
        'not Program.from_text(f"package main\\n\\n{declaration}\\n").errors'
    ),
)
def judge_declarations(answer: Any) -> str:
    """Compare {declaration: "legal" or "illegal"} with what the type checker says."""
    truth = {text: "legal" if is_legal(text) else "illegal" for text in DECLARATIONS}
    judge_rows(
        answer,
        truth,
        kind='declaration → "legal" or "illegal"',
        same=lambda said, fact: verdict_word(said) == fact,
    )
    return f"{sum(word == 'legal' for word in truth.values())} of {len(truth)} are legal."


def is_legal(declaration: str) -> bool:
    """Whether the compiler's front end accepts a declaration."""
    return not Program.from_text(f"package main\n\n{declaration}\n").errors


@judge(
    "2.2b",
    question="Six programs with one fault each. In which phase is it found?",
    hints=(
        (
            "Three questions: can the text be cut into tokens? Do the tokens make a tree? And then,"
            " what has to be known before this fault can be seen?"
        ),
        (
            "Names of the package come first, bodies of functions late, and only after all bodies"
            " is it known what was used."
        ),
        "Program.from_text(FAULTS[name]).checks has a row a phase, with the number of errors.",
    ),
    answer=(
        "Let the checker tell:\n\n"
        "{name: Program.from_text(text).checks.first.name for name, text in FAULTS.items()}"
    ),
)
def judge_phases(answer: Any) -> str:
    """Compare {fault: phase} with the phase that complained first."""
    truth = {name: phase_of(text) for name, text in FAULTS.items()}
    phases = [phase.name for phase in Program.from_text(FAULTS["idle"]).checks]
    if isinstance(answer, dict):
        for said in answer.values():
            if isinstance(said, str) and said.strip() and said.strip() not in phases:
                raise Wrong(f"{said!r} is no phase; there are {', '.join(phases)}")
    judge_rows(answer, truth, kind="fault → phase", same=_same_phase)
    return f"all six, in {len(set(truth.values()))} different phases."


def phase_of(text: str) -> str:
    """The phase that complained first about a program; empty when none did."""
    first = Program.from_text(text).checks.first
    return first.name if first else ""


def _same_phase(said: Any, fact: str) -> bool:
    return isinstance(said, str) and said.strip() == fact


@judge(
    "2.2c",
    question="What are the fields of the compiler's struct File, in your own Go?",
    hints=(
        f"The struct is in $GOROOT/src/{SYNTAX}/nodes.go, and a cell above prints it.",
        "An embedded field has the name of its type. It counts.",
    ),
    answer=f'Read them from the source:\n\ngo_file("{SYNTAX}/nodes.go").fields("File")',
)
def judge_file_fields(answer: Any) -> str:
    """Compare with the fields that the source of this Go declares."""
    if not is_names(answer):
        raise Wrong('give a list of names, such as ["Pragma", …]')
    truth = go_file(f"{SYNTAX}/nodes.go").fields("File")
    if extra := [name for name in answer if name not in truth]:
        raise Wrong(f"File has no field {extra[0]}")
    if missing := [name for name in truth if name not in answer]:
        raise Wrong(f"these are right, but {len(missing)} of {len(truth)} are missing")
    return f"{', '.join(truth)}: that is all of File."


@judge(
    "2.2d",
    question=f"Write a program for whose error the compiler blames line 99 of a file {BLAMED[:7]}.",
    hints=(
        "There must be an error: a name that nobody declared will do.",
        (
            "A comment that starts with //line, at the very beginning of a line, says where the"
            " next line comes from."
        ),
    ),
    answer=(
        "The comment stands just above the line with the mistake:\n\n"
        f"package main\n\nfunc main() {{\n//line {BLAMED}\n\tprintln(x)\n}}"
    ),
)
def judge_blame(answer: Any) -> str:
    """Compile the given text with the real compiler, and read the place it names first."""
    if not isinstance(answer, str):
        raise Wrong("give the program as text")
    done = Lab(workbench()).compile_text(answer)
    if not done.returncode:
        raise Wrong("the compiler has nothing to complain of. Put a mistake in")
    first = done.text.splitlines()[0] if done.text.strip() else done.error_text
    if first.startswith((f"{BLAMED}:", f"./{BLAMED}:")):
        return f"the compiler says “{first}”, and there is no such file."
    raise Wrong(f"the compiler says “{first}”")
