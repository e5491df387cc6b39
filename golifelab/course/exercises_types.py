"""The exercises of section 2.3: assignability, a rule of one's own, method sets, generics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from golifelab.claims.workbench import Lab, workbench
from golifelab.compile.changed.verdicts import judge_condition
from golifelab.compile.check.assignability import assignability
from golifelab.course.exercise import Wrong, judge
from golifelab.course.judging import is_names, judge_rows, same_names
from golifelab.program import sample
from golifelab.target import Target

TYPES = ("int", "celsius", "[]int", "list", "named", "any")
# Two types of the course's own with the same insides as int and []int, and an interface.
TYPE_DECLARATIONS = """type celsius int

func (c celsius) Name() string { return "celsius" }

type list []int

type named interface{ Name() string }
"""
_GENERIC = """package main

func launder[T any](v T) int {{ return any(v).(int) }}

func try(name string, f func() int) {{
	defer func() {{ println(name, recover() == nil) }}()
	_ = f()
}}

func main() {{
	try("first", func() int {{ return {first} }})
	try("second", func() int {{ return {second} }})
}}
"""


@judge(
    "2.3a",
    question="Values of six types: to variables of which of these types can each be assigned?",
    hints=(
        "Every value can be assigned to a variable of its own type, and to an any.",
        "An interface takes what has its methods. Does an any have them?",
        (
            "Two different types that are both declared with a name never mix. If one of them has"
            " no name, as []int, and the insides are the same, they do. int has a name."
        ),
    ),
    answer=(
        "Ask the checker for each pair. Only list and []int mix, celsius has the method that named"
        " wants, and all fit into any:\n\n"
        "assignability(TYPES, Target(), declarations=TYPE_DECLARATIONS)"
    ),
)
def judge_assignability(answer: Any) -> str:
    """Compare {type: types of variables} with what the type checker accepts."""
    truth = assignable_types()
    if isinstance(answer, Mapping):
        for said in answer.values():
            if is_names(said) and (extra := sorted(set(said) - set(TYPES))):
                raise Wrong(f"{extra[0]!r} is not one of the six")
    judge_rows(answer, truth, kind="type → list of types", same=same_names)
    return f"{sum(map(len, truth.values()))} of {len(TYPES) ** 2} pairs are assignable."


def assignable_types() -> dict[str, list[str]]:
    """For a value of each type, the types of variables that take it."""
    matrix = assignability(TYPES, Target(), declarations=TYPE_DECLARATIONS)
    return {
        value: [variable for variable in TYPES if matrix.cell(value, variable).assignable]
        for value in TYPES
    }


@judge(
    "2.3b",
    question=(
        "The rule LAB0001 knows only conversions that are spelled any(…). Write a condition that"
        " finds interface{}(…), and any other name for it, as well."
    ),
    hints=(
        (
            "The condition is a Go expression inside the type checker: `to` is the type that the"
            " conversion goes to, of type types2.Type. Do not look at the spelling."
        ),
        (
            "to.Underlying() is an *Interface for every interface type, and IsInterface(to) says"
            " whether it is one. An Interface knows whether it is Empty()."
        ),
        (
            "A type parameter's underlying type is an interface, too, but it is none itself:"
            " IsInterface is false for it."
        ),
    ),
    answer=(
        "Ask what the type is instead of how it was written:\n\n"
        "IsInterface(to) && to.Underlying().(*Interface).Empty()"
    ),
)
def judge_rule(answer: Any) -> str:
    """Build the compiler with the condition in it, and let it judge programs not shown before."""
    if not isinstance(answer, str):
        raise Wrong("give the condition as text")
    results = judge_condition(answer, Target())
    wrong = [result for result in results if not result.right]
    if wrong:
        first = wrong[0]
        word = "was reported" if first.flagged else "was not reported"
        raise Wrong(
            f"{len(results) - len(wrong)} of {len(results)} programs are judged as they should be."
            f" {first.case.name} {word}: {first.case.why}"
        )
    return (
        f"all {len(results)} programs are judged as they should be, by a compiler with your rule."
    )


@judge(
    "2.3c",
    question="Which methods can be called through an interface that holds one of these types?",
    hints=(
        "A method with a pointer receiver is in the set of the pointer type only.",
        (
            "What an embedded type has, the outer one has as well. Embed a pointer, and the methods"
            " of the pointer come along."
        ),
    ),
    answer="They are the method sets:\n\n[m.name for m in sample('counter').methods.of('counter')]",
)
def judge_method_sets(answer: Any) -> str:
    """Compare {type: methods} with the method sets that the type checker has."""
    truth = method_names()
    judge_rows(answer, truth, kind="type → list of methods", same=same_names)
    return "all method sets are right. Only *counter has every method there is."


def method_names() -> dict[str, list[str]]:
    """The names in the method sets that the exercise asks for."""
    sets = sample("counter").methods
    return {
        one: [method.name for method in sets.of(one)]
        for one in ("counter", "*counter", "shared", "*shared")
    }


@judge(
    "2.3d",
    question=(
        "func launder[T any](v T) int { return any(v).(int) } must not be reported. Show why: give"
        " two calls of launder, one that works and one that panics."
    ),
    hints=(
        "The compiler would have to be right for every T. For which T does the assertion hold?",
        'Give a pair of texts, such as ("launder(…)", "launder(…)").',
    ),
    answer=(
        "The same line of code works for one T and panics for another, so the line alone is not"
        ' wrong:\n\n("launder(42)", \'launder("text")\')'
    ),
)
def judge_generic(answer: Any) -> str:
    """Build a program with both calls in it, run it, and see which of them panics."""
    if not isinstance(answer, list | tuple) or len(answer) != 2:
        raise Wrong("give a pair: the call that works, and the call that panics")
    if not all(isinstance(call, str) and "launder" in call for call in answer):
        raise Wrong('both are texts that call launder, such as "launder(…)"')
    ran = Lab(workbench()).run_text(_GENERIC.format(first=answer[0], second=answer[1]))
    said = dict(line.rsplit(" ", 1) for line in ran.error_text.splitlines() if " " in line)
    if said.get("first") == "false":
        raise Wrong(f"{answer[0]} panics; it should be the one that works")
    if said.get("second") == "true":
        raise Wrong(f"{answer[1]} works; it should be the one that panics")
    if (said.get("first"), said.get("second")) != ("true", "false"):
        raise Wrong("the program does not get as far as both calls")
    return f"{answer[0]} works and {answer[1]} panics: only the run time knows."
