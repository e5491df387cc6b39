"""go/scanner's tokens and go/ast's trees as stages, held against Go itself over std."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from golifelab.compile.gosyntax import go_syntax
from golifelab.compile.gotokens import go_tokens
from golifelab.compile.numbering import numbering
from golifelab.source import Source
from golifelab.toolchain.go import find_go
from golifelab.toolchain.helper import build
from golifelab.toolchain.helper.front import front
from golifelab.toolchain.run import run


@pytest.mark.parametrize("package", ["net/http", "go/types", "runtime", "reflect"])
def test_the_tree_is_what_ast_inspect_visits(target, judge, package):
    folder = find_go(target.go).root / "src" / package
    files = sorted(path for path in folder.glob("*.go") if not path.name.endswith("_test.go"))
    source = Source(tuple((path.name, path.read_text()) for path in files), package=package)
    tree = go_syntax(source, target)
    assert not tree.errors
    said = run([judge("gotree"), *files]).text.splitlines()
    assert len(said) == len(tree) > 10_000
    table, marks = tree.table, tree.marks_table
    operators = {
        node: (marks["line"][row], marks["column"][row])
        for row, node in enumerate(marks["node"])
        if marks.text("name", row) == "OpPos"
    }
    depths: list[int] = []
    for row, line in enumerate(said):
        parent = table["parent"][row]
        depths.append(depths[parent] + 1 if parent >= 0 else 0)
        kind = table.text("kind", row)
        operator = operators.get(row, (0, 0)) if kind == "BinaryExpr" else (0, 0)
        span = table["start"][row], table["end"][row]
        mine = (table["file"][row], depths[row], kind, *span, *operator)
        assert " ".join(map(str, mine)) == line, files[table["file"][row]]


@pytest.mark.slow
def test_both_scanners_say_the_same_of_all_of_std(target):
    """Token by token, and each of the compiler's words always has one and the same number."""
    build.wait(target)
    expected = {(word.compiler_name, word.operator, word.go_number) for word in numbering(target)}
    root = find_go(target.go).root / "src"
    paths = [
        path
        for path in sorted(root.rglob("*.go"))
        if "testdata" not in path.parts and path.relative_to(root).parts[0] != "cmd"
    ]
    assert len(paths) > 4000
    words = _words(target)
    seen: set[tuple[str, str, int]] = set()
    count = 0
    for start in range(0, len(paths), 100):
        source = _together(paths[start : start + 100])
        mine = front(source, target, only_tokens=True).tokens
        other = go_tokens(source, target)
        assert len(mine) == len(other)
        ours = {name: np.asarray(column) for name, column in mine.columns.items()}
        theirs = {name: np.asarray(column) for name, column in other.table.columns.items()}
        assert (ours["file"] == theirs["file"]).all()
        apart = np.flatnonzero(ours["start"] != theirs["start"])
        # Only of a comment of several lines that ends a statement: see pair_rows.
        assert theirs["automatic"][apart].all()
        assert (ours["start"][apart] < theirs["start"][apart]).all()
        assert (theirs["start"][apart] < ours["end"][apart]).all()
        rows = np.unique([ours["kind"], ours["operator"], theirs["number"]], axis=1).T
        strings = mine.strings
        for kind, operator, number in rows.tolist():
            spelled = strings[operator] if operator >= 0 else ""
            seen.add((*words.get((strings[kind], spelled), ("", "")), number))
        count += len(mine)
    assert count > 5_000_000
    # ILLEGAL is the one word that good source lacks.
    assert seen == {word for word in expected if word[2]}


def _words(target):
    """(kind, operator text) → the compiler's names of both."""
    spelled = {
        word.operator: word.text for word in numbering(target) if word.compiler_name == "_Operator"
    }
    kinds = {"_Operator": "op", "_AssignOp": "op=", "_IncOp": "opop", "_Star": "*"}
    kinds |= {"_Name": "name", "_Literal": "literal", "_EOF": "EOF"}
    found = {}
    for word in numbering(target):
        kind = kinds.get(word.compiler_name, word.text)
        operator = spelled.get(word.operator, "*" if word.operator == "Mul" else "")
        if word.compiler_name:
            found[kind, operator] = word.compiler_name, word.operator
    return found


def _together(paths: list[Path]) -> Source:
    texts = (path.read_bytes().decode("utf-8", "surrogateescape") for path in paths)
    return Source(tuple((f"{i}.go", text) for i, text in enumerate(texts)))
