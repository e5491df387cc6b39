"""Programs that judge the rule: what must be reported, what must not, and why."""

from __future__ import annotations

from dataclasses import dataclass

from golifelab.source import Source


@dataclass(frozen=True, slots=True)
class Case:
    """A program with one type assertion.

    `flagged` says whether the rule reports it, `extended` whether a rule does that also knows other
    ways to write any. `panics` is whether the program panics when it runs: what is reported always
    does.
    """

    name: str
    source: Source
    flagged: bool
    extended: bool
    panics: bool
    why: str


def cases() -> tuple[Case, ...]:
    """All of them. Not one is refused by the compiler as it ships, and vet accepts each."""
    return tuple(
        Case(name, _program(body, before), "b" in marks, "e" in marks, "p" in marks, why)
        for name, marks, body, before, why in _CASES
    )


def _program(body: str, before: str) -> Source:
    return Source.from_text(f"package main\n\n{before}func main() {{\n\t{body}\n}}\n")


# Marks: b, the basic rule reports it; e, the extended one does; p, it panics.
_CASES = (
    (
        "a constant",
        "bep",
        'println(any("hello").(int))',
        "",
        "a string is never an int",
    ),
    (
        "a named type",
        "bep",
        "println(any(celsius(1)).(float64))",
        "type celsius float64\n\n",
        "a named type is never the type it is made of",
    ),
    (
        "a rune",
        "bep",
        "println(any('a').(byte))",
        "",
        "a rune constant becomes an int32, which is never a byte",
    ),
    (
        "a pointer",
        "bep",
        "println(any(&point{}).(point).x)",
        "type point struct{ x int }\n\n",
        "a pointer is never what it points to",
    ),
    (
        "two instances",
        "bep",
        "println(any(box[int]{}).(box[string]).v)",
        "type box[T any] struct{ v T }\n\n",
        "two instances of one generic type are two types",
    ),
    (
        "parentheses",
        "bep",
        'println(((any)(("hello"))).(int))',
        "",
        "parentheses change nothing",
    ),
    ("the same type", "", "println(any(3).(int))", "", "an int is an int"),
    (
        "an alias",
        "",
        'println(any(text("a")).(string))',
        "type text = string\n\n",
        "an alias is another name for the same type",
    ),
    (
        "comma ok",
        "",
        'n, ok := any("hello").(int)\n\tprintln(n, ok)',
        "",
        "with two results an assertion does not panic",
    ),
    (
        "a type parameter",
        "",
        "println(cast(3))",
        "func cast[T any](v T) int { return any(v).(int) }\n\n",
        "in the instance with int, T is int",
    ),
    (
        "a slice of a type parameter",
        "",
        "println(len(cast([]int{1})))",
        "func cast[T any](v []T) []int { return any(v).([]int) }\n\n",
        "in the instance with int, []T is []int",
    ),
    (
        "an interface inside",
        "p",
        'var v any = "hello"\n\tprintln(any(v).(int))',
        "",
        "the static type is an interface, which may hold anything",
    ),
    (
        "nil",
        "p",
        "println(any(nil).(int))",
        "",
        "nil has no type that could be hidden",
    ),
    (
        "a type switch",
        "",
        'switch any("hello").(type) {\n\tcase int:\n\t\tprintln("int")\n\t}',
        "",
        "a type switch asks and does not panic",
    ),
    (
        "a function called any",
        "",
        'println(any("hello").(int))',
        "func any(s string) interface{} { return len(s) }\n\n",
        "that any is a function, no conversion",
    ),
    (
        "interface{}",
        "ep",
        'println(interface{}("hello").(int))',
        "",
        "interface{} is what any stands for",
    ),
    (
        "interface{} in parentheses",
        "ep",
        'println((interface{})("hello").(int))',
        "",
        "parentheses change nothing",
    ),
    (
        "another name for interface{}",
        "ep",
        'println(thing("hello").(int))',
        "type thing interface{}\n\n",
        "a declared empty interface hides a type just as well",
    ),
    (
        "interface{} with the same type",
        "",
        "println(interface{}(3).(int))",
        "",
        "an int is an int",
    ),
    (
        "interface{} of a type parameter",
        "",
        "println(cast(3))",
        "func cast[T interface{}](v T) int { return interface{}(v).(int) }\n\n",
        "in the instance with int, T is int",
    ),
    (
        "an interface with methods",
        "p",
        "println(named(celsius(1)).(kelvin))",
        """type named interface{ Name() string }

type celsius float64

func (celsius) Name() string { return "celsius" }

type kelvin float64

func (kelvin) Name() string { return "kelvin" }

""",
        "it goes through an interface with methods, and the rule speaks of any",
    ),
)
