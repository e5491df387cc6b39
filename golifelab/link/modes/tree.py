"""The decision tree of a matrix: which questions decide what a build makes.

Nothing in it is known beforehand but the order of the questions: one stands where builds that were
measured come out differently by its answer, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from golifelab.link.modes.build import Build

# In the order in which one would ask: what is in the program, then the settings, coarse ones first.
QUESTIONS = ("c", "buildmode", "linkmode", "cgo", "extldflags", "tags", "strip")
# Settings that only a program can answer for: builds that differ in C differ in one of them.
_DECIDED_BY = {"c": ("cgo", "tags")}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a build: `outcome` as Build has it, who linked it ("Go" or "C"), the kind."""

    outcome: str
    linker: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """An end of the tree: what comes of the builds that lead here.

    Several outcomes would mean that no question tells these builds apart.
    """

    outcomes: tuple[Outcome, ...]
    rows: tuple[Build, ...] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Branch:
    """One way on from a question: the answers that lead to the same, and what they lead to."""

    answers: tuple[str, ...]
    to: Leaf | Fork


@dataclass(frozen=True, slots=True)
class Fork:
    """A question of QUESTIONS, and where its answers lead."""

    question: str
    branches: tuple[Branch, ...]

    @property
    def rows(self) -> tuple[Build, ...]:
        """All builds below."""
        return tuple(row for branch in self.branches for row in branch.to.rows)


Decision = Leaf | Fork


def outcome_of(row: Build) -> Outcome:
    """What came of a build, as far as the tree tells builds apart."""
    if not row.available or row.kind == "archive":
        return Outcome(row.outcome)
    return Outcome(row.outcome, "Go" if row.linker == "internal" else "C", row.kind)


def answer_of(row: Build, question: str) -> str:
    """A build's answer to a question, as a word: "" for a setting that was not made."""
    if question == "c":
        if row.left_out:
            return "left out"
        return "own" if row.own_c else "std" if row.c else "none"
    found = getattr(row.way, question)
    if isinstance(found, bool):
        return "yes" if found else "no"
    return ",".join(found) if isinstance(found, tuple) else str(found)


def decision_tree(rows: Sequence[Build], questions: Sequence[str] = QUESTIONS) -> Decision:
    """The tree of the builds that could be measured here; a leaf without outcomes for none."""
    measured = [row for row in rows if not row.missing]
    return _grown(measured, tuple(questions))


def steps(tree: Decision, row: Build) -> Iterator[tuple[Fork, Branch]]:
    """The questions on a build's way through the tree, each with the branch that it takes."""
    here = tree
    while isinstance(here, Fork):
        answer = answer_of(row, here.question)
        taken = next((one for one in here.branches if answer in one.answers), None)
        if taken is None:
            return
        yield here, taken
        here = taken.to


def leaves(tree: Decision) -> Iterator[Leaf]:
    """All ends of a tree, from left to right."""
    if isinstance(tree, Leaf):
        yield tree
    else:
        for branch in tree.branches:
            yield from leaves(branch.to)


def _grown(rows: Sequence[Build], questions: tuple[str, ...]) -> Decision:
    outcomes = tuple(dict.fromkeys(map(outcome_of, rows)))
    open_questions = [one for one in questions if len({answer_of(row, one) for row in rows}) > 1]
    if len(outcomes) < 2 or not open_questions:
        return Leaf(outcomes, tuple(rows))
    telling = (one for one in open_questions if _matters(rows, one, questions))
    question = next(telling, open_questions[0])
    rest = tuple(one for one in questions if one != question)
    groups: dict[str, list[Build]] = {}
    for row in rows:
        groups.setdefault(answer_of(row, question), []).append(row)
    branches: list[Branch] = []
    for answer, group in groups.items():
        to = _grown(group, rest)
        same = next((at for at, one in enumerate(branches) if one.to == to), None)
        if same is None:
            branches.append(Branch((answer,), to))
        else:
            met = branches[same]
            branches[same] = Branch((*met.answers, answer), _joined(met.to, to))
    return Fork(question, tuple(branches)) if len(branches) > 1 else branches[0].to


def _matters(rows: Sequence[Build], question: str, questions: tuple[str, ...]) -> bool:
    """Whether two builds that agree in all other questions come out differently by this one."""
    others = [one for one in questions if one not in (question, *_DECIDED_BY.get(question, ()))]
    seen: dict[tuple[str, ...], set[Outcome]] = {}
    for row in rows:
        key = tuple(answer_of(row, one) for one in others)
        seen.setdefault(key, set()).add(outcome_of(row))
    return any(len(found) > 1 for found in seen.values())


def _joined(one: Decision, other: Decision) -> Decision:
    """Two trees of the same form as one, with the builds of both."""
    if isinstance(one, Leaf):
        return Leaf(one.outcomes, (*one.rows, *other.rows))
    assert isinstance(other, Fork)
    pairs = zip(one.branches, other.branches, strict=True)
    return Fork(one.question, tuple(Branch(a.answers, _joined(a.to, b.to)) for a, b in pairs))
