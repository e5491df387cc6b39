"""The exercises of section 2.5: what instructions write, spills, rounding, and Go's registers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from golifelab.compile.machine.effects import FLAGS, effects
from golifelab.course.exercise import Wrong, judge
from golifelab.course.judging import is_names, judge_rows, same_names
from golifelab.course.trials import fused_operations, printed, program_of, same_results
from golifelab.errors import FeatureUnavailable
from golifelab.program import Program, sample
from golifelab.target import Target

# Eight instructions of amd64 as they are encoded; capstone gives their text and what they write.
ENCODED = "480fafd9 48f7e9 486bd909 488d0c5b 4801d8 4839d8 48f7f1 4893"
MUL = 0x9B027C23
MADD = "madd x3, x1, x2, x0"
SIGNATURE = "func f(a int, x float64, s string, pair [2]int, ok bool) (n int, err error)"
FACTORS = range(2, 31)
_PRESSED = (
    "press(&[16]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})",
    "press(&[16]int{0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1})",
    "press(&[16]int{-7, 1, 2, -1, 1, 5, 1, 1, 3, 1, 1, -1, 1, 1, 1, 4})",
    (
        "func() int { p := [16]int{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};"
        " press(&p); s := 0; for i, x := range p { s = s*31 + (i+1)*x }; return s }()"
    ),
)
_TENTHS = [
    f"fused({a}, {b}, {c})" for a, b, c in product(("-0.01", "0.3", "-1"), ("0.1", "3"), ("0.1",))
]


@judge(
    "2.5a",
    question="Rewrite press so that nothing is spilled on amd64. It must do what it did.",
    hints=(
        "There are thirteen registers. How many of the sixteen numbers are alive at once?",
        "The sum and the product can grow together: what has been added and multiplied is dead.",
        'program.registers("press").spills must be empty. A loop is allowed.',
    ),
    answer=(
        "Use each number as soon as it is read. Three or four registers are enough then:\n\n"
        "func press(p *[16]int) int {\n\tsum, product := 0, 1\n\tfor _, x := range p {\n"
        "\t\tsum += x\n\t\tproduct *= x\n\t}\n\tp[0] = sum\n\treturn product\n}"
    ),
)
def judge_press(answer: Any) -> str:
    """Compile the learner's press for amd64, count its spills, and run it beside the original."""
    original = sample("pressure")
    program = program_of(answer, "press")
    grid, before = program.registers("press"), original.registers("press")
    if grid.spills:
        count = len(grid.spills)
        raise Wrong(
            f"{count} value{'s are' if count > 1 else ' is'} still spilled;"
            f" it was {len(before.spills)} before. At most {max(grid.pressure)} general registers"
            " are needed at once"
        )
    same_results(program, original, _PRESSED)
    used = max(grid.pressure)
    return f"no spills, at most {used} general registers at once, and the results are the same."


@judge(
    "2.5b",
    question=(
        f"For which factors from {FACTORS[0]} to {FACTORS[-1]} does amd64 really need a"
        " multiplication, if a whole number is multiplied?"
    ),
    hints=(
        "A shift multiplies by a power of two. An LEA gives x + x, x + 2x, x + 4x and x + 8x.",
        "Two of these in a row, or one and a subtraction, are still cheaper than a multiplication.",
        "Most factors need none. It begins with a number that is 2·7.",
    ),
    answer=(
        "Compile a function for each factor and look for IMUL:\n\n"
        "costly_factors()  # uses the program that factor_program() gives"
    ),
)
def judge_factors(answer: Any) -> str:
    """Compare a collection of factors with what the compiler makes of each."""
    if not isinstance(answer, list | tuple | set | frozenset | range) or not all(
        isinstance(one, int) for one in answer
    ):
        raise Wrong("give a list of numbers")
    program = factor_program()
    truth, said = set(costly_factors()), set(answer)
    for factor in sorted(said - truth):
        if factor not in FACTORS:
            raise Wrong(f"{factor} was not asked")
        raise Wrong(f"for {factor} there is none: {factor_code(program, factor)}")
    if missing := len(truth - said):
        raise Wrong(f"these are right, but {missing} more need one")
    return f"only {len(truth)} of {len(FACTORS)} factors need a multiplication."


def costly_factors(goarch: str = "amd64") -> list[int]:
    """The factors whose product has a multiplication in its code."""
    program = factor_program().for_target(goarch=goarch)
    return [factor for factor in FACTORS if "MUL" in factor_code(program, factor)]


def factor_program() -> Program:
    """A program with a function by2, by3 … for each factor."""
    functions = "".join(f"func by{k}(x int) int {{ return x * {k} }}\n\n" for k in FACTORS)
    return Program.from_text(f"package main\n\n{functions}func main() {{}}\n")


def factor_code(program: Program, factor: int) -> str:
    """The instructions that multiply by a factor, but for the return."""
    texts = [one.text for one in program.machine(f"by{factor}")]
    return "; ".join(text for text in texts if not text.startswith("RET"))


@judge(
    "2.5c",
    question=f"{SIGNATURE}: which registers carry each part on amd64?",
    hints=(
        "Go counts whole numbers and pointers in one row of registers, and floats in another.",
        "A string is two words, an interface is two words. Results begin with the first again.",
        "Arrays of more than one element do not travel in registers. The stack is an empty list.",
    ),
    answer=(
        "The compiler tells, for any signature:\n\n"
        'sample("add").abi(SIGNATURE)\n\nBoth rows begin anew for results.'
    ),
)
def judge_signature(answer: Any) -> str:
    """Compare {name: registers} with what the real compiler does with this signature."""
    truth = signature_registers()
    if isinstance(answer, Mapping):
        answer = {name: [said] if isinstance(said, str) else said for name, said in answer.items()}
    judge_rows(
        answer,
        truth,
        kind="name → list of registers",
        same=lambda said, fact: is_names(said) and [one.upper() for one in said] == fact,
    )
    return "that is how Go calls it; no other language on this machine does it this way."


def signature_registers(goarch: str = "amd64") -> dict[str, list[str]]:
    """The registers of each parameter and result of the signature; none for those on the stack."""
    made = sample("add", target=Target(goarch=goarch)).abi(SIGNATURE)
    return {one.name: list(one.registers) for one in made.assignments}


@judge(
    "2.5d",
    question=f"{MUL:#x} is mul x3, x1, x2 on arm64. Which number is {MADD}?",
    hints=(
        "madd adds a register. In mul it is number 31, the one that is always zero.",
        "The number of that register is in bits 10 to 14.",
    ),
    answer=(
        "Bits 10 to 14 hold the register that is added; 31 becomes 0:\n\n"
        f"{MUL:#x} & ~(31 << 10)  # {MUL & ~(31 << 10):#x}"
    ),
)
def judge_word(answer: Any) -> str:
    """Disassemble the number that the learner gives."""
    if isinstance(answer, bool) or not isinstance(answer, int) or not 0 <= answer < 1 << 32:
        raise Wrong("give a number of 32 bits, such as 0x9b027c23")
    said = arm64_text(answer)
    if said != MADD:
        raise Wrong(f"that is {said}")
    return f"{answer:#x} is {said}. mul is a name for it when it adds nothing."


def arm64_text(word: int) -> str:
    """The instruction that a number of 32 bits is on arm64, by capstone."""
    found = effects("arm64", word.to_bytes(4, "little"))
    return found[0].text if found else "no instruction"


@judge(
    "2.5e",
    question="Eight instructions of amd64: which registers does each write? Leave the flags out.",
    hints=(
        "In this notation the destination stands first. Not every instruction has one.",
        "imul with one operand and div work on a pair of registers that they do not name.",
    ),
    answer=(
        "The destination and nothing else, except for the forms with one operand, which use rax and"
        " rdx, for cmp, which writes flags only, and for xchg:\n\nwritten_registers()"
    ),
)
def judge_written(answer: Any) -> str:
    """Compare {instruction: registers} with what capstone knows of these encodings."""
    judge_rows(answer, written_registers(), kind="instruction → list of registers", same=same_names)
    return "right. Only instructions with one operand write what they do not name."


def written_registers() -> dict[str, list[str]]:
    """The general registers that each of the eight instructions writes, by its text."""
    found = effects("amd64", bytes.fromhex(ENCODED))
    return {one.text: [name for name in one.writes if name not in FLAGS] for one in found}


@judge(
    "2.5f",
    question=(
        "fused returns a + b*c. Write this expression so that it is rounded in the same way on"
        " every processor: with one conversion."
    ),
    hints=(
        "Go may fuse operations, except across an explicit rounding. Which value must be rounded?",
        "A conversion to float64 rounds, even of a float64. Around which part does it help?",
    ),
    answer="Round the product before it is added:\n\na + float64(b*c)",
)
def judge_fused(answer: Any) -> str:
    """Compile the expression for three processors, and run it beside the original."""
    if not isinstance(answer, str):
        raise Wrong("give the expression as text")
    original = sample("fused")
    program = original.edit("a + b*c", answer.strip().removeprefix("return "))
    if program.errors:
        raise Wrong(f"Go says “{program.errors[0]}”")
    for target in fusing_targets():
        if found := fused_operations(program, "fused", target):
            level = f" with GOAMD64={target.goamd64}" if target.goarch == "amd64" else ""
            raise Wrong(f"on {target.goarch}{level} it is still fused: {found[0]}")
    same_results(program, original, _TENTHS)
    try:
        here = printed(program, _TENTHS)
        later = printed(program.for_target(goamd64="v3"), _TENTHS)
    except FeatureUnavailable:
        return "no processor fuses it any more. This one cannot run v3, so instructions decided."
    if here != later:
        raise Wrong("v1 and v3 still give different results")
    return "v1 and v3 give the same results, and arm64 has no fused instruction either."


def fusing_targets() -> list[Target]:
    """The targets that may multiply and add in one instruction."""
    return [Target(goarch="arm64"), Target(goamd64="v3")]
