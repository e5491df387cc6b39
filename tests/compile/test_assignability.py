"""Values and variables: each pair is a real assignment."""

from __future__ import annotations

import json

import pytest

from golifelab.compile.check.assignability import assignability
from golifelab.errors import GolifelabError, LimitExceeded
from golifelab.program import Program
from golifelab.source import Source

TYPES = (
    "int",
    "My",
    "[]int",
    "List",
    "chan int",
    "<-chan int",
    "any",
    "error",
    "*int",
    "map[",
    "T",
)
DECLARED = "type My int\ntype List []int"


@pytest.fixture
def matrix(tier, observed):
    return assignability(
        TYPES, observed, values=("nil", "1", "1.5", '"x" +'), declarations=DECLARED
    )


@pytest.mark.parametrize(
    ("value", "variable", "assignable"),
    [
        ("int", "int", True),
        ("int", "My", False),
        ("My", "int", False),
        ("[]int", "List", True),
        ("List", "[]int", True),
        ("chan int", "<-chan int", True),
        ("<-chan int", "chan int", False),
        ("int", "any", True),
        ("any", "int", False),
        ("int", "error", False),
        ("nil", "*int", True),
        ("nil", "int", False),
        ("1", "My", True),
        ("1.5", "int", False),
        ("map[", "int", None),
        ("int", "T", None),
        ('"x" +', "any", None),
    ],
)
def test_pairs(value, variable, assignable, matrix):
    cell = matrix.cell(value, variable)
    assert cell.assignable is assignable
    assert bool(cell.message) == (assignable is not True)


def test_the_words_are_the_checkers(matrix, tier, observed):
    assert matrix.tier == tier
    cell = matrix.cell("My", "int")
    assert cell.code == "IncompatibleAssign"
    text = f"package p\n{DECLARED}\n{cell.question}\n"
    assert Program.from_text(text, target=observed).errors[0].message == cell.message
    assert matrix.cell("1.5", "int").code == "TruncatedFloat"
    assert "undefined: T" in matrix.cell("T", "int").message


def test_forms(matrix, observed):
    frame = matrix.frame()
    assert list(frame.columns) == ["value", *TYPES]
    assert list(frame["value"]) == list(matrix.values)
    assert frame.loc[0, "int"] is True
    assert len(matrix) == len(matrix.values) * len(TYPES)
    assert len(json.loads(json.dumps(matrix.to_json()))["cells"]) == len(matrix)
    with pytest.raises(GolifelabError) as caught:
        matrix.cell("int", "nothing")
    assert "chan int" in caught.value.remedy
    with pytest.raises(LimitExceeded):
        assignability([f"[{n}]int" for n in range(101)], observed)


def test_packages_are_found_and_whole_packages_asked(tier, observed):
    found = assignability(["*os.File", "io.Reader", "http.Handler"], observed)
    assert found.cell("*os.File", "io.Reader").assignable
    assert found.cell("*os.File", "http.Handler").assignable is False
    source = Source.from_text('package p\nimport text "io"\ntype R = text.Reader\n')
    own = assignability(["R", "text.Reader"], observed, source=source)
    assert all(cell.assignable for cell in own)


def test_broken_declarations(tier, observed):
    broken = assignability(["int"], observed, declarations="func (")
    assert broken.errors
    assert broken.cell("int", "int").assignable is None
    assert "syntax" in broken.cell("int", "int").message


def test_the_command_says_the_same_in_a_terminal(observed, terminal):
    declarations = 'type mine int // "it\'s"'
    found = assignability(["mine", "int"], observed, values=["'a'"], declarations=declarations)
    assert terminal(found.command) == str(found.frame())
