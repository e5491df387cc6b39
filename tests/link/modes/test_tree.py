"""The decision tree: drawn from builds, and from nothing else."""

from __future__ import annotations

import random

from golifelab.link.modes import Build, Way
from golifelab.link.modes.tree import (
    QUESTIONS,
    Fork,
    Leaf,
    Outcome,
    answer_of,
    decision_tree,
    leaves,
    outcome_of,
    steps,
)
from golifelab.link.modes.way import SETTINGS, STATIC

STATIC_BY_GO = Outcome("static", "Go", "executable")
DYNAMIC_BY_GO = Outcome("dynamic", "Go", "executable")


def row(way, *, interpreter="", linker="internal", c=(), **more):
    told = {"kind": "executable", "program": "p"} | more
    return Build(
        way.name,
        way.command,
        way.cgo,
        way=way,
        interpreter=interpreter,
        linker=linker,
        c=c,
        **told,
    )


def test_a_question_stands_where_it_makes_a_difference():
    rows = [
        row(Way()),
        row(Way(extldflags=STATIC)),
        row(Way(cgo=True), interpreter="/ld.so", c=("net",)),
        row(Way(cgo=True, extldflags=STATIC), interpreter="/ld.so", c=("net",)),
    ]
    tree = decision_tree(rows)
    assert isinstance(tree, Fork)
    assert tree.question == "c"
    assert [branch.answers for branch in tree.branches] == [("none",), ("std",)]
    assert [leaf.outcomes for leaf in leaves(tree)] == [(STATIC_BY_GO,), (DYNAMIC_BY_GO,)]
    assert [len(leaf.rows) for leaf in leaves(tree)] == [2, 2]


def test_answers_that_lead_to_the_same_stand_together():
    rows = [
        row(Way(linkmode="")),
        row(Way(linkmode="internal")),
        row(Way(linkmode="external"), linker="gcc", interpreter="/ld.so"),
    ]
    tree = decision_tree(rows)
    assert isinstance(tree, Fork)
    assert [branch.answers for branch in tree.branches] == [("", "internal"), ("external",)]
    ((fork, taken),) = steps(tree, rows[1])
    assert (fork.question, taken.answers) == ("linkmode", ("", "internal"))


def test_without_a_difference_there_is_no_question():
    assert decision_tree([]) == Leaf((), ())
    assert decision_tree([row(Way()), row(Way(strip=True))]) == Leaf((STATIC_BY_GO,), ())
    assert decision_tree([row(Way(), available=False, missing="gcc")]) == Leaf((), ())


def test_builds_that_nothing_tells_apart_are_said_to_be_so():
    one, other = row(Way(), program="a"), row(Way(), program="b", interpreter="/ld.so")
    assert decision_tree([one, other]).outcomes == (STATIC_BY_GO, DYNAMIC_BY_GO)


def test_builds_that_were_never_compared_are_told_apart_all_the_same():
    rows = [
        row(Way(cgo=False, linkmode="")),
        row(Way(cgo=True, linkmode="external"), linker="gcc", interpreter="/ld.so"),
    ]
    assert all(len(leaf.outcomes) == 1 for leaf in leaves(decision_tree(rows)))


def test_every_build_is_led_to_what_came_of_it():
    random.seed(5)
    for _ in range(60):
        ways = {
            Way(**{name: random.choice(values) for name, values in SETTINGS.items()})
            for _ in range(20)
        }
        rows = [
            row(
                way,
                interpreter=random.choice(["", "/ld.so"]),
                linker=random.choice(["internal", "gcc"]),
                c=random.choice([(), ("net",)]),
            )
            for way in sorted(ways, key=repr)
        ]
        tree = decision_tree(rows)
        assert sum(len(leaf.rows) for leaf in leaves(tree)) == len(rows)
        for one in rows:
            here = tree
            for fork, taken in steps(tree, one):
                assert fork is here
                assert answer_of(one, fork.question) in taken.answers
                here = taken.to
            assert isinstance(here, Leaf)
            assert here.outcomes == (outcome_of(one),)
            assert one in here.rows


def test_every_question_has_an_answer():
    for question in QUESTIONS:
        assert isinstance(answer_of(row(Way()), question), str)
    assert answer_of(row(Way(), left_out=("main.go",)), "c") == "left out"
    assert answer_of(row(Way(cgo=True), c=("main",), own_c=True), "c") == "own"
