"""The exercises of section 2.1: what the scanner makes of the text."""

from __future__ import annotations

from typing import Any

from golifelab.course.exercise import Wrong, judge
from golifelab.course.judging import is_names, judge_rows, verdict_word
from golifelab.program import Program

# Ten pieces of text. A scanner needs no whole program.
SNIPPETS = {
    "a": "x := 1\ny := 2\n",
    "b": "return\nx\n",
    "c": "x++\n<-done\n",
    "d": "sum := a +\n\tb\n",
    "e": "sum := a\n\t+ b\n",
    "f": "if ok {\n\tf()\n}\nelse {\n",
    "g": "p := point{\n\t1,\n\t2,\n}\n",
    "h": "f(a, // first\n\tb) // second\n",
    "i": "x := 1 /* one\nmore */ y := 2\n",
    "j": "var s = `one\ntwo`\nfor {\n",
}
SPELLINGS = (
    "42",
    "0x2a",
    "0b101010",
    "0o52",
    "052",
    "0_42",
    "4_2",
    "4__2",
    "'*'",
    "'4'",
    '"42"',
    "42.0",
    "4.2e1",
    "0x15p1",
    "42i",
)
COUNT_ME = """package main // the start

var (
	answer = 6 * 7
	half   = answer >> 1
)
"""
STATEMENTS = (
    "a := 1;; b := 2",
    "x++ + y",
    "if ok\n{\n}",
    "for ;; {\n}",
    "f(1,\n\t2\n)",
    "f(1,\n\t2,\n)",
    "x := y--",
    "if x := f(); x {\n}",
)


@judge(
    "2.1a",
    question=(
        "In ten pieces of text, at the ends of which lines does the scanner put a semicolon that"
        " nobody typed?"
    ),
    hints=(
        "Ask for each line: what is the last token on it? Comments do not count.",
        (
            "After a name, a literal, return, break, continue, fallthrough, ++, --, ), ] or }, the"
            " end of the line becomes a semicolon. After anything else it does not."
        ),
        "A comment of several lines counts as the end of a line. A raw string does not.",
    ),
    answer=(
        "The scanner never looks at the next line, and it knows nothing of statements. One flag is"
        " set by the last token of the line:\n\n"
        "[token.line for token in Program.from_text(text).tokens if token.automatic]"
    ),
)
def judge_semicolons(answer: Any) -> str:
    """Compare {snippet: lines} with the semicolons that the scanner puts there."""
    truth = {name: _automatic_lines(text) for name, text in SNIPPETS.items()}
    judge_rows(answer, truth, kind="snippet → list of line numbers", same=_same_lines)
    return f"all {sum(map(len, truth.values()))} semicolons are where the scanner puts them."


def _automatic_lines(text: str) -> list[int]:
    return [token.line for token in Program.from_text(text).tokens if token.automatic]


def _same_lines(said: Any, fact: list[int]) -> bool:
    return isinstance(said, list | tuple | set) and sorted(said, key=str) == sorted(fact, key=str)


@judge(
    "2.1b",
    question="Which spellings stand for the number 42, but are another text to the scanner?",
    hints=(
        "A literal may be an integer, a float or a rune. As constants they can all be equal.",
        (
            "An underscore may stand between two digits, and after a prefix. A 0 in front is a"
            " prefix, too: it means octal."
        ),
        "What is the number of the character '*'? And of '4'?",
    ),
    answer=(
        "Write c = spelling == 42 and see whether the type checker finds true:\n\n"
        '[one for one in SPELLINGS if one != "42" and is_42(one)]'
    ),
)
def judge_spellings(answer: Any) -> str:
    """Compare with the spellings that the type checker finds equal to 42."""
    if not is_names(answer):
        raise Wrong('give a list of spellings, such as ["0x2a", …]')
    truth = {one for one in SPELLINGS if one != "42" and is_42(one)}
    said = set(answer) - {"42"}
    if strange := sorted(said - set(SPELLINGS)):
        raise Wrong(f"{strange[0]} is not in the list")
    if extra := sorted(said - truth):
        errors = Program.from_text(f"package main\n\nconst c = {extra[0]}\n").errors
        raise Wrong(
            f"{extra[0]}: the compiler says “{errors[0].message}”"
            if errors
            else f"{extra[0]} has another value"
        )
    if len(said) < len(truth):
        raise Wrong(f"these are right; {len(truth) - len(said)} more are equal to 42")
    return f"{len(truth) + 1} spellings, one value."


def is_42(spelling: str) -> bool:
    """Whether the type checker finds a literal equal to 42."""
    program = Program.from_text(f"package main\n\nconst c = {spelling} == 42\n")
    return any(item.name == "c" and item.constant == "true" for item in program.types.objects)


@judge(
    "2.1c",
    question="How many tokens does the scanner hand to the parser for this text, EOF included?",
    hints=(
        "Go line by line. Comments and spaces are no tokens, >> is one.",
        "Do not forget the semicolons: where does a line end after a name, a literal or a )?",
    ),
    answer=(
        "Count them:\n\ntokens = Program.from_text(COUNT_ME).tokens\n"
        "len([token for token in tokens if token.kind != 'comment'])"
    ),
)
def judge_token_count(answer: Any) -> str:
    """Compare with the number of tokens, comments left out."""
    if not isinstance(answer, int) or isinstance(answer, bool):
        raise Wrong("give a whole number")
    tokens = [token for token in Program.from_text(COUNT_ME).tokens if token.kind != "comment"]
    truth = len(tokens)
    automatic = sum(token.automatic for token in tokens)
    if answer == truth - automatic:
        raise Wrong("that is all that was typed. The scanner adds something")
    if answer == truth - 1:
        raise Wrong("very close. The parser has to learn that the text is over, too")
    if answer == truth + 1:
        raise Wrong("very close. Is a comment a token?")
    if answer != truth:
        raise Wrong(f"it is {'less' if answer > truth else 'more'} than {answer}")
    return f"{truth} tokens, {automatic} of them semicolons that nobody typed."


@judge(
    "2.1d",
    question="Which of these statements does the parser accept? Types do not matter here.",
    hints=(
        "Write the semicolons into the text that the scanner puts there, and read it again.",
        "An empty statement is a statement. x++ is one, too, and no expression.",
    ),
    answer=(
        "Ask the parser, in a function:\n\n"
        'not Program.from_text("package main\\n\\nfunc g() {\\n" + text + "\\n}\\n").syntax.errors'
    ),
)
def judge_statements(answer: Any) -> str:
    """Compare {statement: "legal" or "illegal"} with what the parser says."""
    truth = {text: "legal" if parses(text) else "illegal" for text in STATEMENTS}
    judge_rows(
        answer,
        truth,
        kind='statement → "legal" or "illegal"',
        same=lambda said, fact: verdict_word(said) == fact,
    )
    return f"the parser accepts {sum(word == 'legal' for word in truth.values())} of {len(truth)}."


def parses(statement: str) -> bool:
    """Whether the parser accepts a statement in a function."""
    return not Program.from_text(f"package main\n\nfunc g() {{\n{statement}\n}}\n").syntax.errors
