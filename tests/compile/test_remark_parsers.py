"""What the compiler prints, damaged: nothing raises but a ParseError, and no line is lost."""

from __future__ import annotations

import random

import pytest

from golifelab.compile.remarks import remarks
from golifelab.compile.remarks.logged import read
from golifelab.compile.remarks.merge import merge
from golifelab.compile.remarks.printed import Said, read_text
from golifelab.compile.remarks.remark import FAMILIES, OUTCOMES
from golifelab.compile.remarks.words import meaning_of_code, meaning_of_text
from golifelab.errors import ParseError
from golifelab.position import Position
from golifelab.source import Source
from golifelab.toolchain.compile import compile_object

AT = Position("main.go", 3, 9)
GOOD = """package main

import "fmt"

type shape interface{ area() int }

type square struct{ side int }

func (s *square) area() int { return s.side * s.side }

func first(list []int) *int { x := list[0]; return &x }

func main() {
	var s shape = &square{3}
	for i, one := range []int{1, 2, 3} {
		defer func() { fmt.Println(i, one, *first([]int{i}), s.area()) }()
	}
}
"""


@pytest.fixture(scope="module")
def printed(newest, std_source):
    """What the compiler prints about a real package, and its records."""
    flags = ("-json=0,file://{dir}/out", "-m=2", "-d=nil=1", "-d=ssa/prove/debug=1")
    done = compile_object(
        std_source("strconv", newest), newest, extra=flags, collect=("out/**/*.json",)
    )
    return done.stdout, max(done.side.values(), key=len).decode()


def damaged(text, seed, most=60):
    """A text with some of its characters cut, doubled, exchanged or replaced."""
    chance = random.Random(seed)
    start = chance.randrange(max(1, len(text) - 20_000))
    piece = text[start : start + 20_000]
    for _ in range(chance.randrange(1, most)):
        at = chance.randrange(len(piece) + 1)
        end = at + chance.randrange(0, 40)
        other = chance.choice(
            ["", "\n", ":", "\x00", "\x85", "{heap}", "  flow:", "é", piece[at:end] * 2]
        )
        piece = piece[:at] + other + piece[end:]
    return piece


@pytest.mark.parametrize("seed", range(150))
def test_damaged_sentences_are_still_sentences(printed, seed):
    text = damaged(printed[0], seed)
    said, rest = read_text(text)
    lines = [line for line in text.split("\n") if line.strip()]
    assert len(said) + sum(len(one.steps) for one in said) + len(rest) == len(lines)
    found = merge([], said)
    for remark in found:
        assert remark.family in FAMILIES
        assert remark.outcome in OUTCOMES[remark.family]
    assert sum(len(remark.said) * remark.times for remark in found) == len(said)


@pytest.mark.parametrize("seed", range(150))
def test_damaged_records_raise_parse_errors_only(printed, seed):
    text = damaged(printed[1], seed)
    header = '{"file":"main.go"}\n'
    try:
        found = read(header + text)
    except ParseError:
        found = []
    merge(found, read_text(damaged(printed[0], seed))[0])
    for line in text.split("\n"):
        try:
            merge(read(header + line), [])
        except ParseError:
            continue


def test_records_are_checked():
    for text in ("{", '{"file":"a.go"}\n{"range":{}}\n', "[]\n{}\n", '{"file":1}\n7\n'):
        with pytest.raises(ParseError):
            read(text)
    assert read("") == []


@pytest.mark.parametrize(
    ("text", "kind", "subject"),
    [
        ("cannot inline f into g: repeated recursive cycle", "cannotInlineCall", "f"),
        ("inlining call to f with score -12", "inlineCall", "f"),
        ("leaking param content: p", "leakContent", "p"),
        ("PGO devirtualizing interface call w.Write to (*File).Write", "devirtualize", "w.Write"),
        ("partially devirtualizing s.area to T", "partlyDevirtualize", "s.area"),
        ("cannot devirtualize s.f(): shaped receiver T", "cannotDevirtualize", "s.f()"),
        ("function f considered 'big'; reducing max cost of inlinees", "bigFunction", "f"),
        ("f capturing by value: x (addr=false assign=false width=8)", "capture", "x"),
        ("index bounds check elided", "boundsElided", ""),
        ("Disproved IsInBounds", "disprovedInBounds", ""),
        ("something that no version says", "note", ""),
    ],
)
def test_rare_sentences(text, kind, subject):
    told = meaning_of_text(text)
    assert (told.kind, told.subject) == (kind, subject)
    assert told.outcome in OUTCOMES[told.family]


def test_calls_that_are_kept():
    over = meaning_of_code("cannotInlineCall", "cost 100 of fmt.F exceeds max caller cost 20")
    assert (over.subject, over.cost, over.budget) == ("fmt.F", 100, 20)
    assert meaning_of_code("cannotInlineCall", "fmt.F cannot be inlined").subject == "fmt.F"
    assert meaning_of_code("cannotInlineCall", "?").subject == ""
    assert meaning_of_code("unheard-of", "words").kind == "unheard-of"


def test_what_says_nothing_new_is_no_remark():
    twice = [Said(AT, "new(int) escapes to heap in f:"), Said(AT, "new(int) escapes to heap")]
    header = '{"file":"main.go"}\n'
    where = '"range":{"start":{"line":3,"character":9},"end":{"line":3,"character":9}}'
    full = f'{{{where},"code":"escape","message":"new(int) escapes to heap"}}\n'
    bare = f'{{{where},"code":"escape","message":""}}\n'
    (one,) = merge(read(header + full + bare), twice)
    assert (one.function, one.message) == ("f", "new(int) escapes to heap")
    assert one.said == tuple(said.text for said in twice)
    (alone,) = merge(read(header + bare), [])
    assert (alone.kind, alone.message) == ("escape", "escape")


@pytest.mark.parametrize("seed", range(25))
def test_damaged_programs_have_remarks_or_errors(seed, newest):
    text = damaged(GOOD, seed, 3)
    found = remarks(Source.from_text(text), newest)
    if found.errors:
        assert len(found) == 0
    for remark in found:
        assert remark.outcome in OUTCOMES[remark.family]
        found.node(remark)
    whole = remarks(Source.from_text(GOOD), newest)
    matched = whole.changes(found)
    assert len(matched.new) + len(matched.changed) + len(matched.same) == len(found)
    assert len(matched.gone) + len(matched.changed) + len(matched.same) == len(whole)
